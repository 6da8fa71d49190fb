// SHA-256 through libcrypto's EVP interface. The algorithm object is fetched once a context, since in OpenSSL 3 a fetch
// costs more than hashing a small record.
#include "gimbal/foundation/sha256.hpp"

#include <openssl/evp.h>

namespace gimbal {

struct Sha256::Context {
  EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* hash = EVP_MD_CTX_new();

  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() {
    EVP_MD_CTX_free(hash);
    EVP_MD_free(algorithm);
  }
  void begin() const {
    const int begun = EVP_DigestInit_ex2(hash, algorithm, nullptr);
    GIMBAL_ASSERT(begun == 1);
  }
};

Sha256::Sha256() : context_{std::make_unique<Context>()} {
  GIMBAL_ASSERT(context_->algorithm != nullptr);
  GIMBAL_ASSERT(context_->hash != nullptr);
  context_->begin();
}

Sha256::~Sha256() = default;

void Sha256::update(std::span<const std::uint8_t> bytes) {
  const int updated = EVP_DigestUpdate(context_->hash, bytes.data(), bytes.size());
  GIMBAL_ASSERT(updated == 1);
}

void Sha256::update(std::string_view text) {
  update({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

Digest Sha256::finish() {
  Digest digest{};
  unsigned size = 0;
  const int finished = EVP_DigestFinal_ex(context_->hash, digest.data(), &size);
  GIMBAL_ASSERT(finished == 1);
  GIMBAL_ASSERT(size == digest.size());
  context_->begin();
  return digest;
}

Digest sha256(std::span<const std::uint8_t> bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

Digest sha256(std::string_view text) {
  Sha256 hash;
  hash.update(text);
  return hash.finish();
}

std::string to_hex(const Digest& digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * digest.size());
  for (const std::uint8_t byte : digest) {
    text.push_back(digits[byte >> 4]);
    text.push_back(digits[byte & 15]);
  }
  return text;
}

Result<Digest> digest_from_hex(std::string_view text) {
  Digest digest{};
  if (text.size() != 2 * digest.size())
    return fail(ErrorCode::parse, "a digest has 64 hexadecimal digits, this text has {} characters", text.size());
  const auto nibble = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const int high = nibble(text[2 * i]);
    const int low = nibble(text[2 * i + 1]);
    if (high < 0 || low < 0)
      return fail(ErrorCode::parse, "'{}' is not a digest of lower-case hexadecimal digits", text);
    digest[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return digest;
}

}  // namespace gimbal
