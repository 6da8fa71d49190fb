// Scales and ticks over everything that a chart may be given.
#include "gimbal/report/charts/linear_scale.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

namespace gimbal::report {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

TEST(LinearScale, AnIntervalHoldsWhatIsFinite) {
  const double values[] = {3.0, not_a_number, -1.0, HUGE_VAL};
  EXPECT_EQ(interval_of(values), (Interval{-1.0, 3.0}));
  EXPECT_EQ(interval_of(values, 0.25), (Interval{-2.0, 4.0}));
}

TEST(LinearScale, OneValueAndNoneHaveAnIntervalToo) {
  EXPECT_EQ(interval_of({}), (Interval{0.0, 1.0}));
  const double one[] = {5.0};
  EXPECT_EQ(interval_of(one), (Interval{4.5, 5.5}));
  const double zeros[] = {0.0, 0.0};
  EXPECT_EQ(interval_of(zeros), (Interval{-1.0, 1.0}));
}

TEST(LinearScale, WhatIsOutsideIsShownAtTheEdge) {
  const LinearScale scale{{0.0, 10.0}, {200.0, 100.0}};
  EXPECT_EQ(scale.at(0.0), 200.0);
  EXPECT_EQ(scale.at(5.0), 150.0);
  EXPECT_EQ(scale.at(HUGE_VAL), 100.0);
  EXPECT_EQ(scale.at(-3.0), 200.0);
}

TEST(LinearScale, TicksAreRound) {
  EXPECT_EQ(round_ticks({0.0, 1.0}, 6).values, (std::vector<double>{0.0, 0.2, 0.4, 0.2 * 3, 0.8, 1.0}));
  EXPECT_EQ(round_ticks({-250.0, 130.0}, 5).values, (std::vector<double>{-200.0, -100.0, 0.0, 100.0}));
  EXPECT_EQ(tick_text(0.2 * 3, 0.2), "0.6");
  EXPECT_EQ(tick_text(-25000.0, 5000.0), "-25,000");
}

RC_GTEST_PROP(LinearScale, TicksAreInsideAndNotTooMany, (std::int32_t a, std::uint16_t b, std::uint8_t power)) {
  double width = 1.0 + b;
  for (int i = 0; i < power % 12; ++i) width *= power % 2 == 0 ? 10.0 : 0.1;
  const Interval domain{a * width * 1e-3, a * width * 1e-3 + width};
  RC_PRE(domain.width() > 1e-9 * std::fabs(domain.lower));
  const Ticks ticks = round_ticks(domain, 6);
  RC_ASSERT(ticks.values.size() >= 1U);
  RC_ASSERT(ticks.values.size() <= 6U);
  for (const double value : ticks.values) RC_ASSERT(value >= domain.lower && value <= domain.upper);
}

}  // namespace
}  // namespace gimbal::report
