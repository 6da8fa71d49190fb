// SHA-256 digests: the journal's chain, state digests, and ids that are hashes of their causes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "gimbal/foundation/result.hpp"

namespace gimbal {

using Digest = std::array<std::uint8_t, 32>;

/// Hash of one run of bytes.
/// Source    FIPS 180-4, through OpenSSL's libcrypto.
[[nodiscard]] Digest sha256(std::span<const std::uint8_t> bytes);
[[nodiscard]] Digest sha256(std::string_view text);

/// Hash of bytes that arrive in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(std::span<const std::uint8_t> bytes);
  void update(std::string_view text);
  /// The digest of all that was given, after which the object starts anew.
  [[nodiscard]] Digest finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// 64 lower-case hexadecimal digits.
[[nodiscard]] std::string to_hex(const Digest& digest);
/// The reverse, strictly: 64 digits, lower case only, so that one digest has one spelling.
[[nodiscard]] Result<Digest> digest_from_hex(std::string_view text);

}  // namespace gimbal
