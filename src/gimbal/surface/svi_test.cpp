// The SVI formula, its derivatives, and the published slice that looks harmless near the money.
#include "gimbal/surface/svi.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace gimbal::surface {
namespace {

// Axel Vogt's example, Gatheral and Jacquier (2014), section 2.2: variance positive everywhere, density not.
constexpr SviSlice vogt{-0.0410, 0.1331, 0.3060, 0.3586, 0.4153};

TEST(Svi, DerivativesAreThoseOfTheVariance) {
  for (double k = -3.0; k <= 3.0; k += 0.37) {
    const double step = 1e-4;
    const SviPoint point = svi_point(vogt, k);
    EXPECT_EQ(point.variance, svi_variance(vogt, k));
    EXPECT_NEAR(point.slope, (svi_variance(vogt, k + step) - svi_variance(vogt, k - step)) / (2.0 * step), 1e-8);
    EXPECT_NEAR(point.curvature, (svi_point(vogt, k + step).slope - svi_point(vogt, k - step).slope) / (2.0 * step),
                1e-8);
  }
}

TEST(Svi, LeastVarianceIsReachedAndNeverUndercut) {
  const double least = svi_variance_least(vogt);
  double found = 1.0;
  for (double k = -1.0; k <= 1.0; k += 1e-4) found = std::min(found, svi_variance(vogt, k));
  EXPECT_NEAR(found, least, 1e-9);
  EXPECT_GE(found, least - 1e-15);
}

TEST(Svi, WingsRiseWithTheirSlopes) {
  const WingSlopes wings = svi_wing_slopes(vogt);
  EXPECT_NEAR(wings.left, 0.1331 * 0.694, 1e-12);
  EXPECT_NEAR(wings.right, 0.1331 * 1.306, 1e-12);
  EXPECT_NEAR(svi_variance(vogt, 1001.0) - svi_variance(vogt, 1000.0), wings.right, 1e-7);
  EXPECT_NEAR(svi_variance(vogt, -1001.0) - svi_variance(vogt, -1000.0), wings.left, 1e-7);
}

TEST(Svi, FlatSmileHasTheLognormalDensity) {
  // g of a constant total variance is 1: no skew to bend the lognormal.
  const SviSlice flat{0.04, 0.0, 0.0, 0.0, 0.1};
  for (double k = -2.0; k <= 2.0; k += 0.25) EXPECT_EQ(butterfly_density(flat, k), 1.0);
  EXPECT_TRUE(svi_is_usable(flat));
}

TEST(Svi, UnusableSlicesAreKnown) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(svi_is_usable(vogt));
  EXPECT_FALSE(svi_is_usable({nan, 0.1, 0.0, 0.0, 0.1}));
  EXPECT_FALSE(svi_is_usable({-0.2, 0.1, 0.0, 0.0, 0.1}));
  EXPECT_FALSE(svi_is_usable({0.1, -0.1, 0.0, 0.0, 0.1}));
  EXPECT_FALSE(svi_is_usable({0.1, 0.1, 1.0, 0.0, 0.1}));
  EXPECT_FALSE(svi_is_usable({0.1, 0.1, 0.0, 0.0, 0.0}));
}

}  // namespace
}  // namespace gimbal::surface
