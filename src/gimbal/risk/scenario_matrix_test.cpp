// The matrix against prices computed here one contract at a time, and against what must hold for any prices.
#include "gimbal/risk/scenario_matrix.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "gimbal/numerics/special.hpp"
#include "gimbal/pricing/inverse.hpp"
#include "gimbal/risk/internal/sample_market.hpp"

namespace gimbal::risk {
namespace {

using internal::future;
using internal::option;
using internal::OptionTerms;
using internal::SampleShock;
using market::OptionRight;
using market::Payoff;

constexpr Duration day = std::chrono::hours{24};
const std::vector<Duration> lives = {day, 7 * day, 30 * day};

// BTC at 60,000 with forwards 1 % above; ETH at 3,000. Calls and puts, futures, a perpetual, spot.
std::shared_ptr<const market::MarketSnapshot> market_of_all_kinds() {
  std::vector<internal::SampleQuote> quotes;
  for (const Duration life : lives)
    for (const OptionRight right : {OptionRight::call, OptionRight::put})
      for (const std::string strike : {"50000", "60000", "75000"})
        quotes.push_back({option({.right = right, .strike = strike, .life = life}), 60600.0, 0.05});
  quotes.push_back({option({.underlying = "ETH", .strike = "3000", .life = 7 * day}), 3000.0, 0.04});
  quotes.push_back({option({.payoff = Payoff::linear, .strike = "60000", .life = 7 * day}), 60600.0, 2500.0});
  quotes.push_back({future({.life = 7 * day}), 60600.0, 60600.0});
  quotes.push_back({future({}), std::nullopt, 60000.0});
  quotes.push_back({future({.payoff = Payoff::linear, .contract_size = "0.001"}), std::nullopt, 60000.0});
  quotes.push_back({internal::spot("BTC"), std::nullopt, 60000.0});
  return internal::sample_snapshot(quotes, {{"BTC", "60000"}, {"ETH", "3000"}});
}

std::shared_ptr<const surface::SurfaceSet> smiles(const market::MarketSnapshot& snapshot) {
  return internal::sample_surfaces(snapshot, {{.underlying = "BTC"}, {.underlying = "ETH", .forward = 3000.0}}, lives);
}

struct Sample {
  std::shared_ptr<const market::MarketSnapshot> snapshot = market_of_all_kinds();
  std::shared_ptr<const surface::SurfaceSet> surfaces = smiles(*snapshot);
  ScenarioSet scenarios;
  Columns columns;
  ScenarioMatrix matrix;

  explicit Sample(const std::vector<SampleShock>& shocks)
      : scenarios{internal::sample_scenarios({"BTC", "ETH"}, shocks)} {
    columns = revaluation_columns(*snapshot, *surfaces, scenarios);
    matrix = scenario_matrix(columns, scenarios, *snapshot, *surfaces);
  }
  [[nodiscard]] std::size_t column(const std::string& name) const {
    return *columns.column_of(*snapshot->universe->find(name));
  }
};

TEST(ScenarioMatrix, EveryInstrumentIsAColumn) {
  const Sample sample{{{}}};
  EXPECT_EQ(sample.columns.size(), sample.snapshot->rows());
  EXPECT_TRUE(sample.columns.unpriced.empty());
}

TEST(ScenarioMatrix, NothingMovesWhereNothingIsMoved) {
  const Sample sample{{{}, {.dynamics = SmileDynamics::sticky_moneyness}}};
  for (std::size_t row = 0; row < 2; ++row)
    for (const double change : sample.matrix.change.row(row)) EXPECT_EQ(change, 0.0);
}

TEST(ScenarioMatrix, AnOptionIsWorthWhatOneCallOfTheFormulaSays) {
  const Sample sample{{{.spot = -0.2, .volatility = 0.3}}};
  const std::size_t i = sample.column(option({.strike = "75000", .life = 7 * day}).name);
  const double k = pricing::log_ratio(75000.0, 60600.0);
  const double before = sample.surfaces->surfaces()[0].slices()[1].volatility(k);
  const double years = 7.0 / 365.0;
  const double after = before * (1.0 + 0.3 * numerics::pow(30.0 / 7.0, 0.3));
  const double value_before = pricing::inverse_premium_coin({60600.0, 75000.0, before, years, OptionRight::call});
  const double value_after = pricing::inverse_premium_coin({0.8 * 60600.0, 75000.0, after, years, OptionRight::call});
  EXPECT_EQ(sample.matrix.value_origin[i], value_before);
  EXPECT_NEAR(sample.matrix.change(0, i), value_after - value_before, 1e-15);
}

TEST(ScenarioMatrix, ALinearOptionIsWorthQuote) {
  const Sample sample{{{.spot = 0.1}}};
  const std::size_t i = sample.column(option({.payoff = Payoff::linear, .life = 7 * day}).name);
  const double volatility = sample.columns.volatility_annual[i];
  const double years = 7.0 / 365.0;
  const double before = pricing::black76_premium({60600.0, 60000.0, volatility, years, OptionRight::call});
  const double after = pricing::black76_premium({60600.0 * 1.1, 60000.0, volatility, years, OptionRight::call});
  EXPECT_EQ(sample.matrix.value_origin[i], before);
  EXPECT_NEAR(sample.matrix.change(0, i), after - before, 1e-9);
}

TEST(ScenarioMatrix, FuturesAndSpotMoveByTheirOwnConvention) {
  const Sample sample{{{.spot = -0.25}}};
  const double inverse = sample.matrix.change(0, sample.column(future({}).name));
  EXPECT_NEAR(inverse, -10.0 / 45000.0 + 10.0 / 60000.0, 1e-18);
  const double dated = sample.matrix.change(0, sample.column(future({.life = 7 * day}).name));
  EXPECT_NEAR(dated, -10.0 / 45450.0 + 10.0 / 60600.0, 1e-18);
  const auto linear = future({.payoff = Payoff::linear, .contract_size = "0.001"});
  EXPECT_NEAR(sample.matrix.change(0, sample.column(linear.name)), -15.0, 1e-12);
  EXPECT_NEAR(sample.matrix.change(0, sample.column(internal::spot("BTC").name)), -15000.0, 1e-9);
}

TEST(ScenarioMatrix, PricesOfAssetsMoveWithTheirUnderlyingAndDollarsStay) {
  const Sample sample{{{.spot = -0.25}}};
  const market::Universe& universe = *sample.snapshot->universe;
  const auto price = [&](std::string_view asset) {
    return sample.matrix.price_usd(0, market::raw(*universe.find_asset(internal::code(asset))));
  };
  EXPECT_EQ(price("BTC"), 45000.0);
  EXPECT_EQ(price("ETH"), 2250.0);
  EXPECT_EQ(price("USD"), 1.0);
  EXPECT_EQ(price("USDC"), 1.0);
}

TEST(ScenarioMatrix, CallLessPutOfOneStrikeDoesNotFeelVolatility) {
  const Sample sample{{{.spot = 0.1}, {.spot = 0.1, .volatility = 0.5}, {.spot = 0.1, .volatility = -0.5}}};
  for (const Duration life : lives)
    for (const std::string strike : {"50000", "60000", "75000"}) {
      const std::size_t call = sample.column(option({.strike = strike, .life = life}).name);
      const std::size_t put = sample.column(option({.right = OptionRight::put, .strike = strike, .life = life}).name);
      const auto parity = [&](std::size_t row) {
        return sample.matrix.change(row, call) - sample.matrix.change(row, put);
      };
      EXPECT_NEAR(parity(1), parity(0), 1e-15);
      EXPECT_NEAR(parity(2), parity(0), 1e-15);
      // In coin: 1 - K/F.
      const double k = std::stod(strike);
      EXPECT_NEAR(parity(0), k / 60600.0 - k / (60600.0 * 1.1), 1e-15);
    }
}

TEST(ScenarioMatrix, WhatExpiresWithinTheStepIsSettledAtTheRowsIndex) {
  const Sample sample{{{.spot = -0.1, .volatility = 0.5, .step = 3 * day}}};
  const double index = 54000.0;
  const std::size_t put = sample.column(option({.right = OptionRight::put, .strike = "60000", .life = day}).name);
  EXPECT_NEAR(sample.matrix.value_origin[put] + sample.matrix.change(0, put), (60000.0 - index) / index, 1e-15);
  const std::size_t call = sample.column(option({.strike = "60000", .life = day}).name);
  EXPECT_NEAR(sample.matrix.value_origin[call] + sample.matrix.change(0, call), 0.0, 1e-17);
  // Of the same strike, seven days: four are left.
  const std::size_t later = sample.column(option({.strike = "60000", .life = 7 * day}).name);
  const double volatility = sample.columns.volatility_annual[later] * (1.0 + 0.5 * numerics::pow(30.0 / 7.0, 0.3));
  const double value =
      pricing::inverse_premium_coin({0.9 * 60600.0, 60000.0, volatility, 4.0 / 365.0, OptionRight::call});
  EXPECT_NEAR(sample.matrix.value_origin[later] + sample.matrix.change(0, later), value, 1e-15);
}

TEST(ScenarioMatrix, AFutureThatExpiresWithinTheStepLosesItsBasis) {
  const Sample sample{{{.spot = 0.0, .step = 10 * day}}};
  const double change = sample.matrix.change(0, sample.column(future({.life = 7 * day}).name));
  EXPECT_NEAR(change, -10.0 / 60000.0 + 10.0 / 60600.0, 1e-18);
}

TEST(ScenarioMatrix, StickyMoneynessCarriesTheSmileAlong) {
  const Sample sample{{{.spot = -0.2}, {.spot = -0.2, .dynamics = SmileDynamics::sticky_moneyness}}};
  const std::size_t i = sample.column(option({.right = OptionRight::put, .strike = "50000", .life = 30 * day}).name);
  const double moved = 0.8 * 60600.0;
  const double volatility = sample.surfaces->surfaces()[0].slices()[2].volatility(pricing::log_ratio(50000.0, moved));
  const double value = pricing::inverse_premium_coin({moved, 50000.0, volatility, 30.0 / 365.0, OptionRight::put});
  EXPECT_NEAR(sample.matrix.value_origin[i] + sample.matrix.change(1, i), value, 1e-15);
  EXPECT_GT(std::abs(sample.matrix.change(1, i) - sample.matrix.change(0, i)), 1e-4);
}

TEST(ScenarioMatrix, AVolatilityMovePastMinusOneHundredPercentStopsAtZero) {
  // (30 d / 1 d)^0.3 = 2.77: a fall of 50 % at 30 days leaves nothing at one day.
  const Sample sample{{{.volatility = -0.5}}};
  const std::size_t i = sample.column(option({.strike = "50000", .life = day}).name);
  EXPECT_NEAR(sample.matrix.value_origin[i] + sample.matrix.change(0, i), (60600.0 - 50000.0) / 60600.0, 1e-15);
}

TEST(ScenarioMatrix, UnderlyingsMoveApartWhereTheRowSaysSo) {
  Sample sample{{{}}};
  ScenarioSet scenarios = sample.scenarios;
  scenarios.rows[0].moves = {{-0.2, 0.0}, {0.0, 0.0}};
  const ScenarioMatrix matrix = scenario_matrix(sample.columns, scenarios, *sample.snapshot, *sample.surfaces);
  const std::size_t eth = sample.column(option({.underlying = "ETH", .strike = "3000", .life = 7 * day}).name);
  EXPECT_EQ(matrix.change(0, eth), 0.0);
  EXPECT_NE(matrix.change(0, sample.column(future({}).name)), 0.0);
}

TEST(ScenarioMatrix, TwoRunsGiveTheSameBits) {
  const std::vector<SampleShock> shocks = {
      {.spot = -0.2, .volatility = 0.3}, {.spot = 0.1, .volatility = -0.2, .step = 3 * day}, {.spot = 0.1}};
  const Sample a{shocks};
  const Sample b{shocks};
  for (std::size_t row = 0; row < shocks.size(); ++row)
    for (std::size_t i = 0; i < a.columns.size(); ++i) EXPECT_EQ(a.matrix.change(row, i), b.matrix.change(row, i));
}

}  // namespace
}  // namespace gimbal::risk
