// What the two steps rest on: how near the start is, and how much nearer one step.
#include "gimbal/pricing/internal/implied_volatility_kernel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace gimbal::pricing::internal {
namespace {

TEST(ImpliedVolatilityKernel, BacheliersMoneynessComesFromItsPremium) {
  for (double h = 1.0; h <= 37.0; h *= 1.01) {
    const double b = std::exp(-0.5 * h * h) * inverse_sqrt_two_pi / h - 0.5 * std::erfc(h / std::sqrt(2.0));
    // Far out the difference keeps too few digits to be inverted: from there on by its series, n(h)/h^3 (1 - 6/h^2
    // ...).
    const double log_b = h < 20.0 ? std::log(b)
                                  : -0.5 * h * h + std::log(inverse_sqrt_two_pi) - 3.0 * std::log(h) +
                                        std::log1p(-6.0 / (h * h) + 45.0 / (h * h * h * h));
    EXPECT_NEAR(bachelier_moneyness(-log_b) / h, 1.0, 5e-4) << h;
  }
}

TEST(ImpliedVolatilityKernel, TheStartIsWithinAQuarterAndOneStepWithinTwoInTenThousand) {
  double of_start = 0.0;
  double of_step = 0.0;
  for (double x = 0.0; x <= 40.0; x = x == 0.0 ? 1e-12 : x * 1.15) {
    for (double s = 1e-6; s <= 20.0; s *= 1.02) {
      const OutOfTheMoneyLanes<double> value = out_of_the_money(x, s, 1.0 / s);
      const double complement = value.far ? value.first + value.second : 1.0 - value.ratio;
      if (value.ratio < 1e-300 || complement < 1e-300) continue;
      const bool upper = value.ratio > 0.5;
      const double goal = upper ? complement : value.ratio;
      const double log_goal = std::log(goal);
      const double start = upper ? start_above(x, log_goal) : start_below(x, value.ratio, log_goal);
      const double step = householder_step(x, start, upper, goal, log_goal);
      of_start = std::max(of_start, std::fabs(start / s - 1.0));
      of_step = std::max(of_step, std::fabs(step / s - 1.0));
    }
  }
  EXPECT_LT(of_start, 0.25);
  EXPECT_LT(of_step, 2e-4);
}

}  // namespace
}  // namespace gimbal::pricing::internal
