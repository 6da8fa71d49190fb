// Starts near enough to the answer that no valley lies between.
#include "gimbal/surface/svi_start.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace gimbal::surface {
namespace {

std::vector<SmileQuote> quotes_of(const SviSlice& slice, double level) {
  std::vector<SmileQuote> quotes;
  for (double z = -4.0; z <= 4.0; z += 0.25) {
    const double mid = std::sqrt(svi_variance(slice, z * level));
    quotes.push_back({z * level, mid - 0.01 * level, mid + 0.01 * level});
  }
  return quotes;
}

SmileProblem problem_of(const std::vector<SmileQuote>& quotes, double level) {
  SmileProblem problem;
  problem.quotes = quotes;
  problem.total_volatility = level;
  problem.half_spread_least = 1e-3 * level;
  problem.prior = {0.35, 0.35, 0.0, 0.0, -0.1};
  return problem;
}

TEST(SviStart, ASliceOfItsGridIsFoundExactly) {
  const SmileShape shape{0.8, 0.5, 0.4, std::log(1.8), -0.1};
  const SviSlice slice = slice_of(shape, 0.1);
  const auto quotes = quotes_of(slice, 0.1);
  const SmileShape start = shape_start(problem_of(quotes, 0.1));
  EXPECT_EQ(start.centre, 0.4);
  EXPECT_NEAR(start.slope_left, shape.slope_left, 1e-9);
  EXPECT_NEAR(start.slope_right, shape.slope_right, 1e-9);
  EXPECT_NEAR(start.variance_least_log, shape.variance_least_log, 1e-9);
}

TEST(SviStart, LiarsDoNotDrawIt) {
  const SviSlice slice = slice_of({0.8, 0.5, 0.1, 0.3, -0.1}, 0.1);
  auto quotes = quotes_of(slice, 0.1);
  for (const std::size_t liar : {std::size_t{3}, std::size_t{17}, std::size_t{25}}) {
    quotes[liar].total_volatility_bid *= 3.0;
    quotes[liar].total_volatility_ask *= 3.0;
  }
  const SviSlice start = slice_of(shape_start(problem_of(quotes, 0.1)), 0.1);
  for (double z = -3.0; z <= 3.0; z += 0.5)
    EXPECT_NEAR(std::sqrt(svi_variance(start, z * 0.1)), std::sqrt(svi_variance(slice, z * 0.1)), 0.006) << z;
}

TEST(SviStart, WithoutEnoughQuotesThePriorStands) {
  const std::vector<SmileQuote> quotes{{0.0, 0.09, 0.11}, {0.01, 0.09, 0.11}};
  const SmileProblem problem = problem_of(quotes, 0.1);
  EXPECT_EQ(shape_start(problem), problem.prior);
}

}  // namespace
}  // namespace gimbal::surface
