// Known cases of arbitrage, and a dense scan that must never know more.
#include "gimbal/surface/svi_arbitrage.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "gimbal/foundation/random.hpp"

namespace gimbal::surface {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// A. Vogt's parameters, in Gatheral and Jacquier (2014), example 3.1, for one year.
constexpr SviSlice vogt{-0.0410, 0.1331, 0.3060, 0.3586, 0.4153};

TEST(ButterflyReport, FindsVogtsViolationBeyondTheNearStrikes) {
  const ButterflyReport report = butterfly_report(vogt);
  EXPECT_FALSE(report.is_free());
  EXPECT_GT(report.variance_least, 0.0);
  EXPECT_LT(std::max(report.wings.left, report.wings.right), 2.0);
  ASSERT_EQ(report.violations.size(), 1U);
  const Violation& violation = report.violations.front();
  // A scan of |k| <= 0.6 sees nothing of it.
  EXPECT_GT(violation.from, 0.6);
  EXPECT_LT(violation.to, 1.5);
  EXPECT_EQ(violation.worst, report.density_least);
  EXPECT_EQ(violation.worst_at, report.density_least_at);
  for (double k = -0.6; k <= 0.6; k += 0.01) EXPECT_GT(butterfly_density(vogt, k), 0.0);
  EXPECT_NEAR(butterfly_density(vogt, violation.from), 0.0, 1e-12);
  EXPECT_NEAR(butterfly_density(vogt, violation.to), 0.0, 1e-12);
}

TEST(ButterflyReport, ASliceNearItWithAFlatterRightWingIsFree) {
  // A repair of the kind of the same paper's section 5.1.
  const SviSlice repaired{-0.0305199, 0.102717, 0.100718, 0.272344, 0.412398};
  const ButterflyReport report = butterfly_report(repaired);
  EXPECT_TRUE(report.is_free()) << report.density_least << " at " << report.density_least_at;
}

TEST(ButterflyReport, SteepWingsAndNegativeVarianceAreToldApart) {
  const ButterflyReport steep = butterfly_report({0.04, 1.6, 0.5, 0.0, 0.2});
  EXPECT_GT(steep.wings.right, 2.0);
  EXPECT_FALSE(steep.is_free());
  ASSERT_FALSE(steep.violations.empty());
  EXPECT_EQ(steep.violations.back().to, infinity);
  EXPECT_LE(steep.violations.back().worst, 0.25 - 2.4 * 2.4 / 16.0);
  const ButterflyReport negative = butterfly_report({-0.1, 0.2, 0.0, 0.0, 0.1});
  EXPECT_LT(negative.variance_least, 0.0);
  EXPECT_FALSE(negative.is_free());
  EXPECT_TRUE(butterfly_report({0.04, 0.0, 0.0, 0.0, 0.2}).is_free());  // one volatility
}

SviSlice any_slice(SeededRandom& random) {
  const double total = 0.05 + 0.6 * random.uniform();
  SviSlice slice;
  slice.b = total * (0.05 + 1.2 * random.uniform());
  slice.rho = 1.8 * random.uniform() - 0.9;
  slice.sigma = total * (0.05 + random.uniform());
  slice.m = total * (random.uniform() - 0.5);
  slice.a = total * total * (0.1 + 0.9 * random.uniform());
  return slice;
}

RC_GTEST_PROP(ButterflyReport, KnowsAllThatADenseScanKnows, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const SviSlice slice = any_slice(random);
  const ButterflyReport report = butterfly_report(slice);
  for (int i = 0; i <= 4000; ++i) {
    const double k = -8.0 + 0.004 * i;
    const double density = butterfly_density(slice, k);
    RC_ASSERT(density >= report.density_least - 1e-12);
    const bool is_inside = std::any_of(report.violations.begin(), report.violations.end(),
                                       [k](const Violation& v) { return k >= v.from - 1e-9 && k <= v.to + 1e-9; });
    if (density < 0.0) RC_ASSERT(is_inside);
  }
}

TEST(CalendarReport, CrossingsAreWhereTheyAre) {
  // Two smiles of one shape, the later steeper and higher in the middle: by hand, 0.05 + 0.1 r = 0.04 + 0.15 r where
  // r = 0.2, that is at k = +-sqrt(0.04 - 0.01).
  const SviSlice earlier{0.04, 0.15, 0.0, 0.0, 0.1};
  const SviSlice later{0.05, 0.10, 0.0, 0.0, 0.1};
  const CalendarReport report = calendar_report(earlier, later);
  ASSERT_EQ(report.violations.size(), 2U);
  EXPECT_NEAR(report.violations[0].to, -std::sqrt(0.03), 1e-14);
  EXPECT_NEAR(report.violations[1].from, std::sqrt(0.03), 1e-14);
  EXPECT_EQ(report.violations[0].from, -infinity);
  EXPECT_EQ(report.violations[1].to, infinity);
  EXPECT_EQ(report.gap_least, -infinity);
}

TEST(CalendarReport, TheLeastGapOfSlicesThatDoNotCrossIsTheirDistance) {
  const SviSlice earlier{0.04, 0.10, 0.0, 0.0, 0.1};
  SviSlice later = earlier;
  later.a += 0.003;
  const CalendarReport parallel = calendar_report(earlier, later);
  EXPECT_TRUE(parallel.is_free());
  EXPECT_NEAR(parallel.gap_least, 0.003, 1e-15);
  later.b = 0.12;
  const CalendarReport widening = calendar_report(earlier, later);
  EXPECT_TRUE(widening.is_free());
  EXPECT_NEAR(widening.gap_least, 0.003 + 0.002, 1e-15);  // at k = 0, where both square roots are 0.1
  EXPECT_NEAR(widening.gap_least_at, 0.0, 1e-6);
}

TEST(CalendarReport, ACrossingFarInTheWingIsFound) {
  // The later slice's right wing is flatter by one part in ten thousand: they cross near k = 200.
  const SviSlice earlier{0.04, 0.1, 0.0, 0.0, 0.1};
  const SviSlice later{0.042, 0.09999, 0.0, 0.0, 0.1};
  const CalendarReport report = calendar_report(earlier, later);
  ASSERT_EQ(report.violations.size(), 2U);
  EXPECT_NEAR(report.violations[1].from, 200.0, 0.1);
}

RC_GTEST_PROP(CalendarReport, KnowsAllThatADenseScanKnows, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const SviSlice earlier = any_slice(random);
  SviSlice later = any_slice(random);
  later.a += 0.3 * random.uniform();
  const CalendarReport report = calendar_report(earlier, later);
  for (int i = 0; i <= 4000; ++i) {
    const double k = -8.0 + 0.004 * i;
    const double gap = svi_variance(later, k) - svi_variance(earlier, k);
    RC_ASSERT(gap >= report.gap_least - 1e-14);
    const bool is_inside = std::any_of(report.violations.begin(), report.violations.end(),
                                       [k](const Violation& v) { return k >= v.from - 1e-9 && k <= v.to + 1e-9; });
    if (gap < 0.0) RC_ASSERT(is_inside);
    if (gap > 1e-12) RC_ASSERT(!is_inside || std::fabs(gap) < 1e-8);
  }
}

TEST(Ssvi, IsItsOwnFormula) {
  const double theta = 0.09, rho = -0.4, phi = 1.7;
  const SviSlice slice = svi_of_ssvi(theta, rho, phi);
  for (double k = -3.0; k <= 3.0; k += 0.1) {
    const double inner = phi * k + rho;
    const double w = 0.5 * theta * (1.0 + rho * phi * k + std::sqrt(inner * inner + 1.0 - rho * rho));
    EXPECT_NEAR(svi_variance(slice, k), w, 1e-15);
  }
}

}  // namespace
}  // namespace gimbal::surface
