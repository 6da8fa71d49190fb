// Edges worked by hand, and scores that only the past decides.
#include "gimbal/surface/rich_cheap.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <vector>

#include "gimbal/foundation/random.hpp"
#include "gimbal/pricing/black76.hpp"
#include "gimbal/surface/sample_chain.hpp"

namespace gimbal::surface {
namespace {

using market::OptionRight;
using market::Payoff;

constexpr double flat_volatility = 0.5;

SurfaceSet flat_surface(const market::MarketSnapshot& snapshot) {
  SurfaceSlice slice;
  slice.expiry = *parse_utc("2026-03-27T08:00:00Z");
  slice.years = years_between(snapshot.time, slice.expiry).raw();
  slice.forward = 100.0;
  slice.svi = {flat_volatility * flat_volatility * slice.years, 0.0, 0.0, 0.0, 0.1};
  slice.volatility_atm = slice.volatility(0.0);
  return {snapshot.time, {VolSurface{snapshot.universe->underlying(market::InstrumentId{0}), snapshot.time, {slice}}}};
}

double premium(double volatility, double strike, OptionRight right) {
  const double years = years_between(sample_time, *parse_utc("2026-03-27T08:00:00Z")).raw();
  return pricing::black76_premium({100.0, strike, volatility, years, right});
}

std::string four_decimals(double value) { return fmt::format("{:.4f}", value); }

TEST(RichCheap, SaysWhatTakingEachSideBrings) {
  const double value = premium(flat_volatility, 110.0, OptionRight::call);
  const SampleOption option{.strike = Decimal{110},
                            .bid = four_decimals(value + 0.3),
                            .ask = four_decimals(value + 0.5),
                            .fees = {.taker_rate = Decimal::of("0.0003"),
                                     .maker_rate = {},
                                     .option_cap = Decimal::of("0.125"),
                                     .delivery_rate = {},
                                     .delivery_cap = {}}};
  const market::MarketSnapshot snapshot = snapshot_of({option});
  const auto found = rich_cheap(snapshot, flat_surface(snapshot), nullptr);
  ASSERT_EQ(found.size(), 1U);
  ASSERT_TRUE(found[0].sell && found[0].buy && found[0].residual);
  EXPECT_NEAR(found[0].fitted_volatility, flat_volatility, 1e-12);
  EXPECT_NEAR(found[0].sell->gain_quote, 0.3 - 0.0003 * 100.0, 1e-4);
  EXPECT_NEAR(found[0].buy->gain_quote, -0.5 - 0.0003 * 100.0, 1e-4);
  EXPECT_GT(found[0].sell->volatility, 0.0);
  EXPECT_LT(found[0].buy->volatility, 0.0);
  EXPECT_NEAR(*found[0].residual, 0.5 * (found[0].sell->volatility - found[0].buy->volatility), 1e-12);
  EXPECT_FALSE(found[0].score);
  EXPECT_NEAR(premium(flat_volatility + found[0].sell->volatility, 110.0, OptionRight::call), value + 0.3, 1e-4);
}

TEST(RichCheap, CoinPremiumsAreMoneyAtTheIndexAndFeesAreCapped) {
  const double value = premium(flat_volatility, 140.0, OptionRight::call) / 100.0;
  const SampleOption option{.payoff = Payoff::inverse,
                            .strike = Decimal{140},
                            .bid = four_decimals(value + 0.001),
                            .ask = "",
                            .fees = {.taker_rate = Decimal::of("0.01"),
                                     .maker_rate = {},
                                     .option_cap = Decimal::of("0.125"),
                                     .delivery_rate = {},
                                     .delivery_cap = {}}};
  const market::MarketSnapshot snapshot = snapshot_of({option});
  const auto found = rich_cheap(snapshot, flat_surface(snapshot), nullptr);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_FALSE(found[0].buy);
  EXPECT_FALSE(found[0].residual);
  const double bid = std::stod(four_decimals(value + 0.001));
  EXPECT_NEAR(found[0].sell->gain_quote, 100.0 * (bid - value - 0.125 * bid), 1e-5);
}

TEST(RichCheap, OptionsWithoutAVolatilityOrASliceAreLeftOut) {
  const market::MarketSnapshot snapshot = snapshot_of({
      {.strike = Decimal{50}, .bid = "10", .ask = "11"},  // below intrinsic value
      {.strike = Decimal{110}, .bid = "", .ask = ""},
      {.strike = Decimal{110}, .bid = "1", .ask = "2", .expiry = *parse_utc("2026-06-26T08:00:00Z")},
  });
  EXPECT_TRUE(rich_cheap(snapshot, flat_surface(snapshot), nullptr).empty());
}

TEST(ResidualHistory, ScoresAgainstItsOwnPast) {
  ResidualHistory history{std::chrono::hours{1'000'000}, 4};
  const market::InstrumentId id{3};
  UtcTime time = sample_time;
  for (const double residual : {0.01, 0.03, 0.02, 0.02}) {
    EXPECT_FALSE(history.score(id, residual));
    history.add(id, residual, time += std::chrono::hours{1});
  }
  // Mean 0.02, unbiased deviation sqrt(0.0002/3): equal weights to a millionth.
  EXPECT_NEAR(*history.score(id, 0.03), 0.01 / std::sqrt(0.0002 / 3.0), 1e-4);
  EXPECT_FALSE(history.score(market::InstrumentId{4}, 0.03));
}

TEST(ResidualHistory, WhatIsOldFades) {
  ResidualHistory history{std::chrono::hours{1}, 2};
  const market::InstrumentId id{0};
  UtcTime time = sample_time;
  for (const double residual : {0.5, 0.4}) history.add(id, residual, time += std::chrono::hours{1});
  time += std::chrono::hours{60};
  for (const double residual : {0.01, 0.02, 0.03}) history.add(id, residual, time += std::chrono::hours{1});
  // Weights 1/4, 1/2 and 1 of the last three; nothing is left of the first two.
  const double mean = (0.25 * 0.01 + 0.5 * 0.02 + 0.03) / 1.75;
  const double squares =
      0.25 * (0.01 - mean) * (0.01 - mean) + 0.5 * (0.02 - mean) * (0.02 - mean) + (0.03 - mean) * (0.03 - mean);
  const double freedom = 1.75 - (0.0625 + 0.25 + 1.0) / 1.75;
  EXPECT_NEAR(*history.score(id, 0.0), (0.0 - mean) / std::sqrt(squares / freedom), 1e-9);
}

RC_GTEST_PROP(ResidualHistory, NothingThatComesLaterChangesAScore, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  ResidualHistory history{std::chrono::hours{6}, 3};
  const market::InstrumentId id{1};
  UtcTime time = sample_time;
  std::vector<double> residuals;
  for (int i = 0; i < 12; ++i) residuals.push_back(random.uniform() - 0.5);
  std::vector<std::optional<double>> scores;
  for (const double residual : residuals) {
    scores.push_back(history.score(id, residual));
    history.add(id, residual, time += std::chrono::hours{6});
  }
  const std::size_t shown = random.below(residuals.size());
  ResidualHistory again{std::chrono::hours{6}, 3};
  time = sample_time;
  for (std::size_t i = 0; i < shown; ++i) again.add(id, residuals[i], time += std::chrono::hours{6});
  RC_ASSERT(again.score(id, residuals[shown]) == scores[shown]);
}

TEST(RichCheap, ScoresComeFromEarlierSnapshotsAndExpiredOptionsAreForgotten) {
  ResidualHistory history{std::chrono::hours{48}, 3};
  std::shared_ptr<const market::Universe> universe;
  UtcTime time = sample_time;
  for (int i = 0; i < 5; ++i) {
    const double value = premium(flat_volatility + 0.01 * (i % 2), 110.0, OptionRight::call);
    const market::MarketSnapshot snapshot =
        snapshot_of({{.strike = Decimal{110}, .bid = four_decimals(value - 0.1), .ask = four_decimals(value + 0.1)}},
                    time, universe);
    universe = snapshot.universe;
    const auto found = rich_cheap(snapshot, flat_surface(snapshot), &history);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].score.has_value(), i >= 3) << i;
    time += std::chrono::hours{1};
  }
  EXPECT_EQ(history.size(), 1U);
  history.forget_expired(*universe, *parse_utc("2026-03-27T08:00:00Z"));
  EXPECT_EQ(history.size(), 0U);
}

}  // namespace
}  // namespace gimbal::surface
