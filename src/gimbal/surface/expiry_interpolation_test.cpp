// Between two slices without arbitrage: prices stay convex in the strike and rise with time, by differences of prices
// that know nothing of densities.
#include "gimbal/surface/expiry_interpolation.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cmath>

#include "gimbal/foundation/random.hpp"
#include "gimbal/pricing/black76.hpp"
#include "gimbal/surface/essvi.hpp"

namespace gimbal::surface {
namespace {

struct Pair {
  TimedSlice earlier;
  TimedSlice later;
};

/// Two slices that leave no arbitrage, with levels and skews as they come.
Pair any_free_pair(SeededRandom& random) {
  const auto uniform = [&random](double low, double high) { return low + (high - low) * random.uniform(); };
  const double theta = uniform(0.0005, 0.1);
  const double rho = uniform(-0.8, 0.8);
  const EssviSlice first = essvi_after(nullptr, {theta, rho, uniform(0.1, 1.5) * std::sqrt(theta)});
  const double theta_later = theta * uniform(1.0, 4.0);
  const double rho_later = uniform(-0.8, 0.8);
  const EssviSlice second = essvi_after(&first, {theta_later, rho_later, uniform(0.1, 1.5) * std::sqrt(theta_later)});
  return {{svi_of(first), 0.1}, {svi_of(second), 0.1 + uniform(0.01, 1.0)}};
}

double call(double variance, double k) {
  return pricing::black76_premium({1.0, std::exp(k), std::sqrt(variance), 1.0, market::OptionRight::call});
}

TEST(ExpiryInterpolation, EndsAreTheSlices) {
  const Pair pair{{{0.004, 0.03, -0.2, 0.01, 0.1}, 0.05}, {{0.03, 0.09, -0.3, 0.02, 0.3}, 0.2}};
  EXPECT_EQ(earlier_share(pair.earlier, pair.later, 0.05), 1.0);
  EXPECT_EQ(earlier_share(pair.earlier, pair.later, 0.2), 0.0);
  for (double k = -1.0; k <= 1.0; k += 0.125) {
    const double first = svi_variance(pair.earlier.svi, k);
    const double second = svi_variance(pair.later.svi, k);
    EXPECT_NEAR(variance_between(pair.earlier, pair.later, k, 0.05), first, 1e-12 * first);
    EXPECT_NEAR(variance_between(pair.earlier, pair.later, k, 0.2), second, 1e-12 * second);
  }
}

TEST(ExpiryInterpolation, FarOutVarianceIsLinearInTime) {
  const Pair pair{{{0.004, 0.03, -0.2, 0.01, 0.1}, 0.05}, {{0.03, 0.09, -0.3, 0.02, 0.3}, 0.2}};
  for (const double k : {-1e6, -41.0, 41.0, 1e6}) {
    const double expected = 0.75 * svi_variance(pair.earlier.svi, k) + 0.25 * svi_variance(pair.later.svi, k);
    EXPECT_NEAR(variance_between(pair.earlier, pair.later, k, 0.0875), expected, 1e-12 * expected);
  }
}

RC_GTEST_PROP(ExpiryInterpolation, PricesBetweenAreConvexInTheStrike, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const Pair pair = any_free_pair(random);
  const double years = pair.earlier.years + random.uniform() * (pair.later.years - pair.earlier.years);
  const double reach = 4.0 * std::sqrt(svi_variance(pair.later.svi, 0.0));
  const double step = reach / 50.0;
  for (double k = -reach; k <= reach; k += step) {
    const auto price = [&](double at) { return call(variance_between(pair.earlier, pair.later, at, years), at); };
    const double low = std::exp(k - step);
    const double middle = std::exp(k);
    const double high = std::exp(k + step);
    const double slope_low = (price(k) - price(k - step)) / (middle - low);
    const double slope_high = (price(k + step) - price(k)) / (high - middle);
    RC_ASSERT(slope_high - slope_low >= -1e-11);
    RC_ASSERT(slope_low >= -1.0 - 1e-11 && slope_high <= 1e-11);
  }
}

RC_GTEST_PROP(ExpiryInterpolation, VarianceRisesWithTimeAtEveryStrike, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const Pair pair = any_free_pair(random);
  for (double k = -1.0; k <= 1.0; k += 0.1) {
    double before = 0.0;
    for (int i = 0; i <= 8; ++i) {
      const double years = pair.earlier.years + (pair.later.years - pair.earlier.years) * i / 8.0;
      const double variance = variance_between(pair.earlier, pair.later, k, years);
      RC_ASSERT(variance >= before * (1.0 - 1e-12));
      before = variance;
    }
  }
}

RC_GTEST_PROP(ExpiryInterpolation, TheLeastDensityIsThatOfTheSmileItself, ()) {
  // g from differences of the interpolated variance, nowhere below what the formula says.
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const Pair pair = any_free_pair(random);
  const std::array<double, 1> years{0.5 * (pair.earlier.years + pair.later.years)};
  const double least = density_least_between(pair.earlier, pair.later, years);
  RC_ASSERT(least >= 0.0);
  const double scale = std::sqrt(svi_variance(pair.earlier.svi, 0.0));
  const double step = 0.01 * scale;
  for (double k = -2.0 * scale; k <= 2.0 * scale; k += 0.25 * scale) {
    const auto w = [&](double at) { return variance_between(pair.earlier, pair.later, at, years[0]); };
    const SviPoint point{w(k), (w(k + step) - w(k - step)) / (2.0 * step),
                         (w(k + step) - 2.0 * w(k) + w(k - step)) / (step * step)};
    RC_ASSERT(butterfly_density(point, k) >= least - 0.02);
  }
}

TEST(ExpiryInterpolation, ASliceWithAButterflyShowsBetween) {
  const TimedSlice free{{0.004, 0.03, -0.2, 0.01, 0.1}, 0.05};
  const TimedSlice vogt{{-0.0410, 0.1331, 0.3060, 0.3586, 0.4153}, 1.0};
  const std::array<double, 1> late{0.99};
  EXPECT_LT(density_least_between(free, vogt, late), 0.0);
}

}  // namespace
}  // namespace gimbal::surface
