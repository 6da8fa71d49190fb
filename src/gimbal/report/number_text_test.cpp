// Numbers as people write them, at every size that a double can have.
#include "gimbal/report/number_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

namespace gimbal::report {
namespace {

TEST(NumberText, SeparatesThousandsAndKeepsItsDecimals) {
  EXPECT_EQ(fixed_text(1234567.891, 2), "1,234,567.89");
  EXPECT_EQ(fixed_text(-999.5, 1), "-999.5");
  EXPECT_EQ(fixed_text(-1000.0, 0), "-1,000");
  EXPECT_EQ(fixed_text(12.0, 0), "12");
  EXPECT_EQ(change_text(1200.0, 0), "+1,200");
  EXPECT_EQ(change_text(-0.25, 2), "-0.25");
  EXPECT_EQ(count_text(18'446'744'073'709'551'615U), "18,446,744,073,709,551,615");
}

TEST(NumberText, ZeroHasNoSign) {
  EXPECT_EQ(fixed_text(-0.0, 2), "0.00");
  EXPECT_EQ(fixed_text(-0.001, 2), "0.00");
  EXPECT_EQ(change_text(0.0, 0), "0");
}

TEST(NumberText, WhatIsNoNumberIsADash) {
  EXPECT_EQ(fixed_text(std::numeric_limits<double>::quiet_NaN(), 2), text_absent);
  EXPECT_EQ(change_text(std::numeric_limits<double>::infinity(), 2), text_absent);
  EXPECT_EQ(significant_text(std::nullopt), text_absent);
  EXPECT_EQ(percent_text(std::numeric_limits<double>::infinity()), text_absent);
}

TEST(NumberText, SignificantDigitsFollowTheMagnitude) {
  EXPECT_EQ(significant_text(78101.5), "78,102");
  EXPECT_EQ(significant_text(310.24), "310.2");
  EXPECT_EQ(significant_text(0.0415), "0.04150");
  EXPECT_EQ(significant_text(-0.00012345, 3), "-0.000123");
  EXPECT_EQ(significant_text(0.0), "0");
  EXPECT_EQ(significant_text(1.0, 3), "1.00");
  EXPECT_EQ(significant_text(9.9999, 3), "10.00");
  EXPECT_EQ(significant_text(1e-30), "0");  // dust of sums
  EXPECT_EQ(significant_text(6e-9), "0.00000001");
}

TEST(NumberText, MoneyShowsWhatItsSizeMakesWorthwhile) {
  EXPECT_EQ(money_text(589.5, "USD"), "589.50");
  EXPECT_EQ(money_text(2'345'678.12, "USD"), "2,345,678");
  EXPECT_EQ(money_text(29.50312, "BTC"), "29.5031");
}

TEST(NumberText, ExactDecimalsStayExact) {
  EXPECT_EQ(decimal_text(Decimal::of("-1234567.00000003")), "-1,234,567.00000003");
  EXPECT_EQ(decimal_change_text(Decimal::of("12000")), "+12,000");
  EXPECT_EQ(decimal_change_text(Decimal{}), "0");
}

TEST(NumberText, FractionsAreGivenInPercent) {
  EXPECT_EQ(percent_text(0.4823), "48.2%");
  EXPECT_EQ(percent_text(1.0, 0), "100%");
}

RC_GTEST_PROP(NumberText, AnyDoubleIsAtMostTwentySixCharacters, ()) {
  const auto value = *rc::gen::arbitrary<double>();
  const int decimals = *rc::gen::inRange(-2, 12);
  RC_ASSERT(fixed_text(value, decimals).size() <= 32U);
  RC_ASSERT(fixed_text(value, 2).size() <= 26U);
}

}  // namespace
}  // namespace gimbal::report
