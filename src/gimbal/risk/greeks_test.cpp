// Greeks of single contracts: against hand-made figures and against differences of the matrix's own revaluation.
#include "gimbal/risk/greeks.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "gimbal/pricing/inverse.hpp"
#include "gimbal/risk/internal/sample_market.hpp"

namespace gimbal::risk {
namespace {

using internal::future;
using internal::option;
using market::OptionRight;
using market::Payoff;

constexpr Duration day = std::chrono::hours{24};

// One contract of each convention, forward 1 % above an index of 60,000.
RiskView view_of_conventions(const std::vector<internal::SampleShock>& shocks) {
  std::vector<internal::SampleQuote> quotes;
  for (const Payoff payoff : {Payoff::inverse, Payoff::linear})
    for (const OptionRight right : {OptionRight::call, OptionRight::put})
      for (const std::string strike : {"45000", "60000", "70000"})
        quotes.push_back({option({.payoff = payoff,
                                  .right = right,
                                  .strike = strike,
                                  .life = 30 * day,
                                  .contract_size = payoff == Payoff::inverse ? "1" : "0.1"}),
                          60600.0, 0.05});
  quotes.push_back({future({.life = 30 * day}), 60600.0, 60600.0});
  quotes.push_back({future({}), std::nullopt, 60000.0});
  quotes.push_back({future({.payoff = Payoff::linear, .contract_size = "0.001"}), std::nullopt, 60000.0});
  quotes.push_back({internal::spot("BTC"), std::nullopt, 60000.0});
  // A dollar coin that has lost its peg, so that its price cannot be forgotten anywhere.
  const auto snapshot = internal::sample_snapshot(quotes, {{"BTC", "60000"}, {"USDC", "0.98"}});
  const auto surfaces = internal::sample_surfaces(*snapshot, {{.underlying = "BTC", .forward = 60600.0}}, {30 * day});
  return internal::sample_view(snapshot, surfaces, internal::sample_scenarios({"BTC"}, shocks));
}

std::size_t column_of(const RiskView& view, const market::Instrument& instrument) {
  return *view.columns.column_of(*view.universe().find(instrument.name));
}

TEST(Greeks, AnInverseOptionsDeltaIsBlackScholesLessItsPremium) {
  const RiskView view = view_of_conventions({});
  const auto call = option({.strike = "60000", .life = 30 * day});
  const std::size_t i = column_of(view, call);
  const auto coin =
      pricing::inverse_greeks({60600.0, 60000.0, view.columns.volatility_annual[i], 30.0 / 365.0, OptionRight::call});
  const auto quote =
      pricing::black76_greeks({60600.0, 60000.0, view.columns.volatility_annual[i], 30.0 / 365.0, OptionRight::call});
  EXPECT_NEAR(view.greeks.delta[i], quote.delta - coin.premium_coin, 1e-14);
  EXPECT_NEAR(view.greeks.gamma[i], 0.01 * 60600.0 * quote.gamma, 1e-14);
  EXPECT_NEAR(view.greeks.vega[i], 0.01 * quote.vega / 60600.0, 1e-16);
  EXPECT_NEAR(view.greeks.theta[i], quote.theta / 365.0 / 60600.0, 1e-16);
}

TEST(Greeks, AnInverseFutureIsItsCoinsOfDeltaAndNoGamma) {
  const RiskView view = view_of_conventions({});
  const std::size_t i = column_of(view, future({}));
  EXPECT_NEAR(view.greeks.delta[i], 10.0 / 60000.0, 1e-18);
  EXPECT_NEAR(view.greeks.gamma[i], 0.0, 1e-18);
  EXPECT_EQ(view.greeks.vega[i], 0.0);
  EXPECT_EQ(view.greeks.theta[i], 0.0);
}

TEST(Greeks, ALinearContractIsItsSizeOfDelta) {
  const RiskView view = view_of_conventions({});
  const std::size_t perpetual = column_of(view, future({.payoff = Payoff::linear, .contract_size = "0.001"}));
  // Priced at 60,000 USDC of 0.98 USD each, so 58,800 USD move with the index of 60,000 USD.
  EXPECT_NEAR(view.greeks.delta[perpetual], 0.001 * 0.98, 1e-15);
  EXPECT_EQ(view.greeks.gamma[perpetual], 0.0);
}

TEST(Greeks, DeltaAndGammaAreDifferencesOfTheUsdValue) {
  constexpr double h = 1e-4;
  const RiskView view = view_of_conventions({{.spot = h}, {.spot = -h}});
  constexpr double spot = 60000.0;
  for (std::size_t i = 0; i < view.columns.size(); ++i) {
    const auto settlement = market::raw(view.columns.settlement[i]);
    const double up = view.matrix.change(0, i) * view.matrix.price_usd(0, settlement);
    const double down = view.matrix.change(1, i) * view.matrix.price_usd(1, settlement);
    const double size = view.columns.contract_size[i];
    EXPECT_NEAR(view.greeks.delta[i], (up - down) / (2.0 * h * spot), 2e-7 * size) << i;
    EXPECT_NEAR(view.greeks.gamma[i], 0.01 * (up + down) / (h * h * spot), 1e-6 * size) << i;
  }
}

TEST(Greeks, VegaAndThetaAreDifferencesOfTheSettlementValue) {
  constexpr double h = 1e-5;
  constexpr Duration minute = std::chrono::minutes{1};
  // With exponent zero every volatility moves by the same fraction of itself.
  const RiskView view =
      view_of_conventions({{.volatility = h, .exponent = 0.0}, {.volatility = -h, .exponent = 0.0}, {.step = minute}});
  for (std::size_t i = 0; i < view.columns.size(); ++i) {
    const double value = std::fabs(view.matrix.value_origin[i]);
    if (view.columns.kind[i] == market::InstrumentKind::option) {
      const double move = 2.0 * h * view.columns.volatility_annual[i];
      const double vega = 0.01 * (view.matrix.change(0, i) - view.matrix.change(1, i)) / move;
      EXPECT_NEAR(view.greeks.vega[i], vega, 1e-6 * value) << i;
    }
    const double theta = view.matrix.change(2, i) * 1440.0;
    EXPECT_NEAR(view.greeks.theta[i], theta, 1e-4 * std::fabs(theta) + 1e-9 * value) << i;
  }
}

}  // namespace
}  // namespace gimbal::risk
