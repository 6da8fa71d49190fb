// The generator against published values, and its draws against what they promise.
#include "gimbal/foundation/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>

namespace gimbal {
namespace {

// Computed by a separate program in another language that reproduces the two published sequences: xoshiro256** from the
// state {1, 2, 3, 4} (11520, 0, 1509978240, ...) and splitmix64 from 1234567 (6457827717110365317, ...).
TEST(SeededRandom, GivesThePublishedSequence) {
  struct Sequence {
    std::uint64_t seed;
    std::array<std::uint64_t, 5> bits;
  };
  for (const Sequence& expected : {
           Sequence{
               0, {0x99ec5f36cb75f2b4, 0xbf6e1f784956452a, 0x1a5f849d4933e6e0, 0x6aa594f1262d2d2c, 0xbba5ad4a1f842e59}},
           Sequence{
               1, {0xb3f2af6d0fc710c5, 0x853b559647364cea, 0x92f89756082a4514, 0x642e1c7bc266a3a7, 0xb27a48e29a233673}},
           Sequence{
               ~0ULL,
               {0x8f5520d52a7ead08, 0xc476a018caa1802d, 0x81de31c0d260469e, 0xbf658d7e065f3c2f, 0x913593fda1bca32a}},
       }) {
    SeededRandom random{expected.seed};
    for (const std::uint64_t bits : expected.bits) EXPECT_EQ(random.bits(), bits) << "seed " << expected.seed;
  }
}

TEST(SeededRandom, IsReproducibleInEveryDraw) {
  SeededRandom first{42};
  SeededRandom second{42};
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(first.uniform(), second.uniform());
    EXPECT_EQ(first.below(1000), second.below(1000));
  }
}

TEST(SeededRandom, UniformStaysInItsIntervalWithTheRightMoments) {
  SeededRandom random{7};
  constexpr int draws = 200'000;
  double sum = 0.0;
  double squares = 0.0;
  for (int i = 0; i < draws; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
    squares += u * u;
  }
  // Five standard errors: 1/sqrt(12 n) of the mean, sqrt(4/45/n) of the mean square.
  EXPECT_NEAR(sum / draws, 0.5, 5.0 / std::sqrt(12.0 * draws));
  EXPECT_NEAR(squares / draws, 1.0 / 3.0, 5.0 * std::sqrt(4.0 / 45.0 / draws));
}

TEST(SeededRandom, BelowReachesEveryValueEvenly) {
  SeededRandom random{3};
  constexpr std::uint64_t bound = 7;
  constexpr int draws = 70'000;
  std::array<int, bound> seen{};
  for (int i = 0; i < draws; ++i) {
    const std::uint64_t draw = random.below(bound);
    ASSERT_LT(draw, bound);
    ++seen[draw];
  }
  for (const int count : seen) EXPECT_NEAR(count, 10'000, 5.0 * std::sqrt(10'000.0));
  EXPECT_EQ(random.below(1), 0U);
  EXPECT_DEATH((void)random.below(0), "bound > 0");
}

TEST(SeededRandom, ForksDifferByPurposeAndFromTheirParent) {
  SeededRandom first_parent{5};
  SeededRandom second_parent{5};
  SeededRandom quotes = first_parent.fork(1);
  SeededRandom trades = second_parent.fork(2);
  EXPECT_EQ(first_parent.bits(), second_parent.bits());
  const std::uint64_t of_quotes = quotes.bits();
  EXPECT_NE(of_quotes, trades.bits());
  EXPECT_NE(of_quotes, first_parent.bits());
}

}  // namespace
}  // namespace gimbal
