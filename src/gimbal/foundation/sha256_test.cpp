// SHA-256 against the examples that NIST publishes with FIPS 180, and the strictness of the hexadecimal form.
#include "gimbal/foundation/sha256.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace gimbal {
namespace {

// NIST, "SHA-256 examples" to FIPS 180-4, and the long message of FIPS 180-2, appendix B.3.
TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(to_hex(sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, StartsAnewAfterFinish) {
  Sha256 hash;
  hash.update("something else");
  (void)hash.finish();
  hash.update("abc");
  EXPECT_EQ(hash.finish(), sha256("abc"));
  EXPECT_EQ(hash.finish(), sha256(""));
}

RC_GTEST_PROP(Sha256, DoesNotSeeWhereThePiecesEnd, (const std::string& text)) {
  const auto cut = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
  Sha256 hash;
  hash.update(std::string_view{text}.substr(0, cut));
  hash.update(std::string_view{text}.substr(cut));
  RC_ASSERT(hash.finish() == sha256(text));
}

RC_GTEST_PROP(DigestFromHex, InvertsToHex, (const std::string& text)) {
  const Digest digest = sha256(text);
  RC_ASSERT(*digest_from_hex(to_hex(digest)) == digest);
}

TEST(DigestFromHex, AcceptsOneSpellingOnly) {
  const std::string good = to_hex(sha256("abc"));
  EXPECT_TRUE(digest_from_hex(good).has_value());
  std::string upper = good;
  upper[0] = 'B';
  std::string foreign = good;
  foreign[63] = 'g';
  for (const std::string& text : {std::string{}, good.substr(1), good + "0", upper, foreign}) {
    const auto digest = digest_from_hex(text);
    ASSERT_FALSE(digest.has_value()) << text;
    EXPECT_EQ(digest.error().code, ErrorCode::parse);
  }
}

}  // namespace
}  // namespace gimbal
