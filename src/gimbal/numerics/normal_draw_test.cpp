// Normal draws have the moments of the distribution, and the same ones from the same seed.
#include "gimbal/numerics/normal_draw.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace gimbal::numerics {
namespace {

TEST(NormalDraw, RepeatsFromTheSameSeed) {
  SeededRandom first{42};
  SeededRandom second{42};
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(normal_draw(first), normal_draw(second));
}

TEST(NormalDraw, HasTheMomentsOfAStandardNormal) {
  SeededRandom random{11};
  constexpr int draws = 200'000;
  double sum = 0.0;
  double squares = 0.0;
  double fourths = 0.0;
  for (int i = 0; i < draws; ++i) {
    const double z = normal_draw(random);
    sum += z;
    squares += z * z;
    fourths += z * z * z * z;
  }
  // Five standard errors: variances of z, z^2, z^4 are 1, 2 and 96.
  EXPECT_NEAR(sum / draws, 0.0, 5.0 / std::sqrt(draws));
  EXPECT_NEAR(squares / draws, 1.0, 5.0 * std::sqrt(2.0 / draws));
  EXPECT_NEAR(fourths / draws, 3.0, 5.0 * std::sqrt(96.0 / draws));
}

}  // namespace
}  // namespace gimbal::numerics
