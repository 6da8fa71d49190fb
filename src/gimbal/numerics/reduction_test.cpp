// Claims about the fixed-order reductions.
#include "gimbal/numerics/reduction.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "gimbal/foundation/random.hpp"
#include "gimbal/numerics/normal_draw.hpp"

namespace gimbal::numerics {
namespace {

/// The order that reduction.hpp states, over terms that are already there.
template <class Add>
double in_stated_order(std::size_t count, Add add) {
  double partial[16] = {};
  const std::size_t blocked = count / 16 * 16;
  for (std::size_t i = 0; i < blocked; ++i) partial[i % 16] = add(i, partial[i % 16]);
  double four[4];
  for (std::size_t lane = 0; lane < 4; ++lane)
    four[lane] = (partial[lane] + partial[lane + 4]) + (partial[lane + 8] + partial[lane + 12]);
  double total = blocked > 0 ? (four[0] + four[1]) + (four[2] + four[3]) : 0.0;
  for (std::size_t i = blocked; i < count; ++i) total = add(i, total);
  return total;
}

TEST(Reduction, SumAndDotFollowTheStatedOrderToTheLastBit) {
  SeededRandom random{7};
  for (std::size_t n = 0; n < 100; ++n) {
    std::vector<double> a(n), b(n);
    for (double& value : a) value = normal_draw(random);
    for (double& value : b) value = normal_draw(random);
    EXPECT_EQ(sum(a), in_stated_order(n, [&](std::size_t i, double total) { return total + a[i]; }));
    EXPECT_EQ(dot(a, b), in_stated_order(n, [&](std::size_t i, double total) { return std::fma(a[i], b[i], total); }));
  }
}

TEST(Reduction, MaximumAbsoluteKeepsNotANumber) {
  EXPECT_EQ(maximum_absolute(std::vector<double>{}), 0.0);
  EXPECT_EQ(maximum_absolute(std::vector<double>{1.0, -3.0, 2.0}), 3.0);
  EXPECT_TRUE(std::isnan(maximum_absolute(std::vector<double>{1.0, std::numeric_limits<double>::quiet_NaN(), 2.0})));
}

TEST(RunningMoments, SurviveALargeOffset) {
  RunningMoments moments;
  for (const double value : {1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0}) moments.add(value);
  EXPECT_DOUBLE_EQ(moments.mean(), 1e9 + 10.0);
  EXPECT_DOUBLE_EQ(moments.variance(), 30.0);
}

}  // namespace
}  // namespace gimbal::numerics
