// Claims about the fixed-order reductions.
#include "gimbal/numerics/reduction.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "gimbal/foundation/random.hpp"

namespace gimbal::numerics {
namespace {

TEST(Reduction, SumAndDotFollowTheStatedOrderToTheLastBit) {
  SeededRandom random{7};
  for (std::size_t n = 0; n < 40; ++n) {
    std::vector<double> a(n), b(n);
    for (double& value : a) value = random.normal();
    for (double& value : b) value = random.normal();
    double s[4] = {0, 0, 0, 0}, d[4] = {0, 0, 0, 0};
    for (std::size_t i = 0; i < n / 4 * 4; ++i) {
      s[i % 4] += a[i];
      d[i % 4] = std::fma(a[i], b[i], d[i % 4]);
    }
    double total = (s[0] + s[1]) + (s[2] + s[3]), product = (d[0] + d[1]) + (d[2] + d[3]);
    for (std::size_t i = n / 4 * 4; i < n; ++i) {
      total += a[i];
      product = std::fma(a[i], b[i], product);
    }
    EXPECT_EQ(sum(a), total);
    EXPECT_EQ(dot(a, b), product);
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
