// Moments against their definition, the half-life in time, and what is forgotten.
#include "gimbal/surface/residual_history.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <vector>

#include "gimbal/foundation/random.hpp"

namespace gimbal::surface {
namespace {

using market::InstrumentId;

const UtcTime start = *parse_utc("2026-02-01T00:00:00Z");
const UtcTime far_expiry = *parse_utc("2026-12-25T08:00:00Z");
constexpr InstrumentId call{7};
constexpr double always = 1e9;  // A half-life in days that no test outlives.

UtcTime day(double days) { return start + Duration{static_cast<std::int64_t>(days * 86400e9)}; }

void absorb(ResidualHistory& history, UtcTime time, double value) {
  const std::vector<Residual> one{{call, far_expiry, value}};
  history.absorb(time, one);
}

TEST(ResidualHistory, WithoutDecayIsTheSampleMeanAndDeviation) {
  ResidualHistory history{{.half_life_days = always, .count_least = 4}};
  for (int i = 0; i < 4; ++i) absorb(history, day(i), std::vector{0.01, 0.03, 0.02, 0.06}[static_cast<std::size_t>(i)]);
  // Mean 0.03; squares 4 + 0 + 1 + 9 = 14 of 1e-4 over 3.
  ASSERT_TRUE(history.score(call, 0.05).has_value());
  EXPECT_NEAR(*history.score(call, 0.05), 0.02 / std::sqrt(14e-4 / 3.0), 1e-7);
}

TEST(ResidualHistory, HalvesWeightsOverAHalfLifeOfTimeNotOfObservations) {
  // Weights 1/4, 1/2 and 1: mean (0 + 0 + 0.07)/1.75 = 0.04; variance (0.75 x 16 + 9) x 1e-4 / (1.75 - 1.3125/1.75).
  ResidualHistory history{{.half_life_days = 3.0, .count_least = 3}};
  absorb(history, day(0), 0.0);
  absorb(history, day(3), 0.0);
  absorb(history, day(6), 0.07);
  EXPECT_NEAR(*history.score(call, 0.04), 0.0, 1e-12);
  EXPECT_NEAR(*history.score(call, 0.05), 0.01 / std::sqrt(21e-4), 1e-12);
}

TEST(ResidualHistory, GivesNoScoreBeforeEnoughResiduals) {
  ResidualHistory history{{.count_least = 3}};
  EXPECT_FALSE(history.score(call, 0.0).has_value());
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(history.score(call, 0.0).has_value());
    absorb(history, day(i), 0.01 * i);
  }
  EXPECT_TRUE(history.score(call, 0.0).has_value());
  EXPECT_FALSE(history.score(InstrumentId{8}, 0.0).has_value());
}

TEST(ResidualHistory, HoldsTheDeviationToItsFloor) {
  ResidualHistory history{{.count_least = 2, .deviation_least = 0.004}};
  absorb(history, day(0), 0.01);
  absorb(history, day(1), 0.01);
  EXPECT_NEAR(*history.score(call, 0.018), 2.0, 1e-9);
}

TEST(ResidualHistory, ForgetsWhatHasExpired) {
  ResidualHistory history{{.count_least = 2}};
  const std::vector<Residual> both{{call, day(2), 0.01}, {InstrumentId{8}, far_expiry, 0.01}};
  history.absorb(day(0), both);
  history.absorb(day(1), both);
  EXPECT_EQ(history.size(), 2U);
  history.absorb(day(2), {});
  EXPECT_EQ(history.size(), 1U);
  EXPECT_FALSE(history.score(call, 0.0).has_value());
  EXPECT_TRUE(history.score(InstrumentId{8}, 0.0).has_value());
}

TEST(ResidualHistory, SurvivesASilenceThatUnderflowsEveryWeight) {
  ResidualHistory history{{.half_life_days = 1e-3, .count_least = 2, .deviation_least = 0.001}};
  absorb(history, day(0), 0.01);
  absorb(history, day(5), 0.02);
  EXPECT_NEAR(*history.score(call, 0.021), 1.0, 1e-9);
}

TEST(ResidualHistory, RefusesSettingsThatMeanNothing) {
  EXPECT_TRUE(validate(ResidualSettings{}).has_value());
  EXPECT_FALSE(validate(ResidualSettings{.half_life_days = 0.0}).has_value());
  EXPECT_FALSE(validate(ResidualSettings{.half_life_days = INFINITY}).has_value());
  EXPECT_FALSE(validate(ResidualSettings{.count_least = 1}).has_value());
  EXPECT_FALSE(validate(ResidualSettings{.deviation_least = 0.0}).has_value());
  EXPECT_FALSE(validate(ResidualSettings{.deviation_least = NAN}).has_value());
  EXPECT_FALSE(validate(ResidualSettings{.spread_most_volatility = 0.0}).has_value());
  EXPECT_DEATH(ResidualHistory{ResidualSettings{.count_least = 0}}, "validate");
}

TEST(ResidualHistory, DoesNotGoBackInTime) {
  ResidualHistory history;
  absorb(history, day(1), 0.01);
  EXPECT_DEATH(absorb(history, day(1), 0.01), "time");
}

RC_GTEST_PROP(ResidualHistory, KeepsTheMomentsOfItsDefinition, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const double half_life = 0.5 + 5.0 * random.uniform();
  ResidualHistory history{{.half_life_days = half_life, .count_least = 2, .deviation_least = 1e-9}};
  std::vector<double> ages;
  std::vector<double> values;
  double now = 0.0;
  const std::uint64_t count = 2 + random.below(40);
  for (std::uint64_t i = 0; i < count; ++i) {
    now += 0.01 + random.uniform();
    values.push_back(0.05 * (random.uniform() - 0.5));
    ages.push_back(now);
    absorb(history, day(now), values.back());
  }
  double weight = 0.0;
  double weight_squares = 0.0;
  double mean = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double w = std::exp2(-(now - ages[i]) / half_life);
    weight += w;
    weight_squares += w * w;
    mean += w * values[i];
  }
  mean /= weight;
  double squares = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i)
    squares += std::exp2(-(now - ages[i]) / half_life) * (values[i] - mean) * (values[i] - mean);
  const double expected = (0.1 - mean) / std::sqrt(squares / (weight - weight_squares / weight));
  RC_ASSERT(std::fabs(*history.score(call, 0.1) - expected) <= 1e-9 * std::fabs(expected));
}

}  // namespace
}  // namespace gimbal::surface
