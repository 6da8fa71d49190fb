// Claims about the special functions: identities that hold on their whole domain, and printed values.
#include "gimbal/numerics/special.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace gimbal::numerics {
namespace {

TEST(ScaledErfc, EqualsItsDefinitionWhereTheDefinitionIsRepresentable) {
  for (double x = -5.0; x <= 5.0; x += 0.01) EXPECT_NEAR(erfcx(x) / (std::exp(x * x) * std::erfc(x)), 1.0, 2e-14) << x;
}

TEST(ScaledErfc, FollowsItsContinuedFractionInTheFarTail) {
  // erfcx(x) sqrt(pi) = 1 / (x + (1/2) / (x + 1 / (x + (3/2) / (x + ...)))), DLMF 7.9.1.
  for (double x = 4.5; x < 1e6; x *= 1.7) {
    double fraction = x;
    for (int k = 80; k >= 1; --k) fraction = x + 0.5 * k / fraction;
    EXPECT_NEAR(erfcx(x) * fraction * std::sqrt(std::acos(-1.0)), 1.0, 1e-15) << x;
  }
}

TEST(NormalDistribution, CdfOfMinusXIsOneMinusCdfOfX) {
  for (double x = -8.0; x <= 8.0; x += 0.125) EXPECT_NEAR(normal_cdf(x) + normal_cdf(-x), 1.0, 1e-15);
}

TEST(NormalDistribution, PrintedValues) {
  // Abramowitz and Stegun, "Handbook of Mathematical Functions", table 26.1.
  EXPECT_NEAR(normal_cdf(1.0), 0.841344746068543, 1e-15);
  EXPECT_NEAR(normal_cdf(2.0), 0.977249868051821, 1e-15);
  EXPECT_NEAR(normal_density(1.0), 0.241970724519143, 1e-15);
}

TEST(NormalDistribution, QuantileInvertsTheCdf) {
  for (double x = -37.0; x <= 5.0; x += 0.0625) {
    const double back = normal_quantile(normal_cdf(x));
    // Above zero the probability itself, close to one, carries only so many digits of x.
    const double spacing = x > 0.0 ? 2.3e-16 / normal_density(x) : 0.0;
    EXPECT_NEAR(back, x, 1e-14 * (1.0 + std::fabs(x)) + spacing);
  }
  EXPECT_EQ(normal_quantile(0.0), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(normal_quantile(1.0), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(normal_quantile(-0.1)));
  EXPECT_TRUE(std::isnan(normal_quantile(std::numeric_limits<double>::quiet_NaN())));
}

}  // namespace
}  // namespace gimbal::numerics
