// Result carries a value or an error, never both, and stops the process when the wrong one is asked for.
#include "gimbal/foundation/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

namespace gimbal {
namespace {

Result<int> halved(int value) {
  if (value % 2 != 0) return fail(ErrorCode::invalid_argument, "{} is odd", value);
  return value / 2;
}

Result<void> checked(int value) {
  if (const auto half = halved(value); !half) return with_context(half.error(), "line 7");
  return {};
}

TEST(Result, HoldsAValue) {
  const auto half = halved(8);
  ASSERT_TRUE(half.has_value());
  EXPECT_TRUE(static_cast<bool>(half));
  EXPECT_EQ(*half, 4);
  EXPECT_EQ(half.value(), 4);
  EXPECT_TRUE(checked(8).has_value());
}

TEST(Result, HoldsAnErrorWithTheOffendingValue) {
  const auto half = halved(7);
  ASSERT_FALSE(half.has_value());
  EXPECT_EQ(half.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(half.error().message, "7 is odd");
}

TEST(Result, ErrorsGainContextOnTheWayUp) {
  const auto result = checked(7);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(result.error().message, "line 7: 7 is odd");
}

TEST(Result, MovesWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> owner{std::make_unique<int>(5)};
  const std::unique_ptr<int> taken = *std::move(owner);
  EXPECT_EQ(*taken, 5);
}

TEST(Result, ReachesMembersThroughAnArrow) {
  Result<std::string> text{std::string{"abc"}};
  EXPECT_EQ(text->size(), 3U);
  text->push_back('d');
  EXPECT_EQ(*text, "abcd");
}

TEST(Result, StopsTheProcessWhenTheWrongSideIsAsked) {
  const auto good = halved(8);
  const auto bad = halved(7);
  EXPECT_DEATH((void)good.error(), "has_value");
  EXPECT_DEATH((void)bad.value(), "has_value");
  EXPECT_DEATH((void)*bad, "has_value");
  EXPECT_DEATH((void)checked(8).error(), "has_value");
}

TEST(ErrorCode, EveryCodeHasANameOfItsOwn) {
  std::set<std::string> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::cancelled); ++code)
    names.insert(to_string(static_cast<ErrorCode>(code)));
  EXPECT_EQ(names.size(), 12U);
  EXPECT_EQ(names.count("unknown"), 0U);
}

}  // namespace
}  // namespace gimbal
