// Edge by source: the formulas by hand, what cancels against what, and how far each reaches.
#include "gimbal/allocate/edge.hpp"

#include <gtest/gtest.h>

#include "gimbal/allocate/cost.hpp"
#include "gimbal/allocate/internal/sample_market.hpp"
#include "gimbal/numerics/special.hpp"

namespace gimbal::allocate {
namespace {

using internal::code;
using internal::FutureQuote;
using internal::make_market;
using internal::OptionQuote;
using internal::quote;
using internal::SampleDescription;
using internal::SampleMarket;
using market::OptionRight;
using market::Payoff;

forecast::VolatilityForecast relative_forecast(double factor) {
  return *forecast::VolatilityForecast::create(
      {{code("BTC"), {{0.0, forecast::ForecastPoint::Kind::relative, factor}}}});
}

Edge edge_of(const SampleMarket& market, std::string_view name, const forecast::VolatilityForecast& forecast,
             const EdgeSettings& settings) {
  const auto edges =
      expected_edges(*market.view.snapshot, *market.view.surfaces, forecast, settings, market.view.numeraire);
  EXPECT_TRUE(edges) << edges.error().message;
  return (*edges)[*market.view.snapshot->row_of(market.id(name))];
}

SampleDescription with(std::vector<market::RecordedQuote> quotes) {
  SampleDescription description;
  description.quotes = std::move(quotes);
  return description;
}

TEST(Edge, GammaIsHalfGammaTimesTheVarianceNotPaidFor) {
  const auto market = make_market(with({quote(OptionQuote{})}));
  const EdgeSettings settings{.horizon_days = 2.0};
  const double years = 30.0 / 365.0;
  const auto greeks = pricing::black76_greeks({60000.0, 60000.0, 0.6, years, OptionRight::call});
  const double forecast = 1.1 * 0.6;
  const double expected = 0.5 * greeks.gamma * 60000.0 * 60000.0 * (forecast * forecast - 0.36) * 2.0 / 365.0;
  const Edge edge = edge_of(market, "sample:BTC-i-030-60000-C", relative_forecast(1.1), settings);
  EXPECT_NEAR(edge.gamma, expected, 1e-9 * expected);
  EXPECT_EQ(edge.funding, 0.0);
  EXPECT_EQ(edge.basis, 0.0);
}

TEST(Edge, GammaOverAWholeShortLifeIsNearlyTheDifferenceOfPremiums) {
  // At the money and held to expiry, a hedged option earns what the two volatilities' premiums differ by, to leading
  // order.
  const auto market = make_market(with({quote(OptionQuote{.terms = {.life_days = 3}})}));
  const Edge edge = edge_of(market, "sample:BTC-i-003-60000-C", relative_forecast(1.05), {.horizon_days = 3.0});
  const auto premium = [](double volatility) {
    return pricing::black76_premium({60000.0, 60000.0, volatility, 3.0 / 365.0, OptionRight::call});
  };
  EXPECT_NEAR(edge.gamma, premium(0.63) - premium(0.6), 0.03 * edge.gamma);
}

TEST(Edge, TheForecastScalesEveryStrikeAlikeAndTheMarketsOwnForecastEarnsNothing) {
  const auto market = make_market(with({quote(OptionQuote{.terms = {.strike = 50000}})}));
  EXPECT_EQ(edge_of(market, "sample:BTC-i-030-50000-C", {}, {}).gamma, 0.0);
  const Edge cheap = edge_of(market, "sample:BTC-i-030-50000-C", relative_forecast(1.2), {});
  const Edge dear = edge_of(market, "sample:BTC-i-030-50000-C", relative_forecast(0.8), {});
  EXPECT_NEAR(cheap.gamma / dear.gamma, (1.44 - 1.0) / (0.64 - 1.0), 1e-12);
}

TEST(Edge, InverseAndLinearOptionsEarnTheSameInDollars) {
  auto description =
      with({quote(OptionQuote{}), quote(OptionQuote{.terms = {.payoff = Payoff::linear}, .half_spread = 20.0})});
  const auto market = make_market(description);
  const Edge inverse = edge_of(market, "sample:BTC-i-030-60000-C", relative_forecast(1.1), {});
  const Edge linear = edge_of(market, "sample:BTC-l-030-60000-C", relative_forecast(1.1), {});
  EXPECT_NEAR(inverse.gamma, linear.gamma, 1e-9 * linear.gamma);
}

TEST(Edge, InCoinIsTheDollarEdgeAtTheIndex) {
  auto description = with({quote(OptionQuote{})});
  const Edge dollars = edge_of(make_market(description), "sample:BTC-i-030-60000-C", relative_forecast(1.1), {});
  description.numeraire = "BTC";
  const Edge coins = edge_of(make_market(description), "sample:BTC-i-030-60000-C", relative_forecast(1.1), {});
  EXPECT_NEAR(coins.gamma * 60000.0, dollars.gamma, 1e-9 * dollars.gamma);
}

TEST(Edge, HorizonsBeyondTheLifeOfAContractCountNoMore) {
  const auto market = make_market(with({quote(OptionQuote{.terms = {.life_days = 3}})}));
  const Edge life = edge_of(market, "sample:BTC-i-003-60000-C", relative_forecast(1.1), {.horizon_days = 3.0});
  const Edge beyond = edge_of(market, "sample:BTC-i-003-60000-C", relative_forecast(1.1), {.horizon_days = 30.0});
  EXPECT_DOUBLE_EQ(life.total(), beyond.total());
}

TEST(Edge, ReversionClosesHalfOfAGapInItsHalfLife) {
  const auto market = make_market(with({quote(OptionQuote{.volatility_mid = 0.55})}));
  const EdgeSettings settings{.horizon_days = 1.0, .reversion_rate_daily = numerics::log(2.0)};
  const Edge edge = edge_of(market, "sample:BTC-i-030-60000-C", {}, settings);
  const auto& snapshot = *market.view.snapshot;
  const double fitted = pricing::inverse_premium_coin({60000.0, 60000.0, 0.6, 30.0 / 365.0, OptionRight::call});
  const double gap = (fitted - *reference_price(snapshot, 0)) * 60000.0;
  EXPECT_GT(gap, 100.0);
  EXPECT_NEAR(edge.reversion, 0.5 * gap, 1e-9 * gap);
}

TEST(Edge, ReversionNeedsTwoSidesAndASliceOfItsOwn) {
  const EdgeSettings settings{.horizon_days = 1.0, .reversion_rate_daily = 1.0};
  const auto one_sided = make_market(with({quote(OptionQuote{.volatility_mid = 0.5, .bid_size = 0.0})}));
  EXPECT_EQ(edge_of(one_sided, "sample:BTC-i-030-60000-C", {}, settings).reversion, 0.0);
  auto description = with({quote(OptionQuote{.volatility_mid = 0.5})});
  description.rung = surface::Rung::neighbour;
  EXPECT_EQ(edge_of(make_market(description), "sample:BTC-i-030-60000-C", {}, settings).reversion, 0.0);
}

TEST(Edge, FundingReturnsToItsLongRunRateAtTheStatedSpeed) {
  const auto market = make_market(with({quote(FutureQuote{.funding_rate_8h = "0.0003"})}));
  const auto funding = [&market](double reversion_daily, double horizon_days) {
    const EdgeSettings settings{
        .horizon_days = horizon_days, .funding_rate_8h_long_run = 0.0001, .funding_reversion_daily = reversion_daily};
    return edge_of(market, "sample:BTC-i-perpetual", {}, settings).funding;
  };
  const double standing = funding(0.0, 20.0);
  EXPECT_NEAR(standing, -10.0 * 0.0003 * 60.0, 1e-9);
  // By quadrature of the decaying rate, a payment every hundredth of a day.
  double paid = 0.0;
  for (int k = 0; k < 2000; ++k) {
    const double day = (k + 0.5) / 100.0;
    paid -= 10.0 * 3.0 / 100.0 * (0.0001 + 0.0002 * numerics::exp(-0.2 * day));
  }
  EXPECT_NEAR(funding(0.2, 20.0), paid, 1e-6 * std::fabs(paid));
  // Fast enough, nothing but the long run is left.
  EXPECT_NEAR(funding(1e6, 20.0), standing / 3.0, 1e-6);
}

TEST(Edge, LongsPayPositiveFundingTheSameInBothSettlements) {
  auto description = with({quote(FutureQuote{.funding_rate_8h = "0.0001"}),
                           quote(FutureQuote{.terms = {.payoff = Payoff::linear}, .funding_rate_8h = "0.0001"})});
  const auto market = make_market(description);
  const EdgeSettings settings{.horizon_days = 2.0};
  // Six periods of 0.01 %: on 10 USD, and on one coin of 60,000.
  EXPECT_NEAR(edge_of(market, "sample:BTC-i-perpetual", {}, settings).funding, -10.0 * 0.0006, 1e-12);
  EXPECT_NEAR(edge_of(market, "sample:BTC-l-perpetual", {}, settings).funding, -60000.0 * 0.0006, 1e-9);
}

TEST(Edge, AFutureOverItsWholeLifeEarnsItsBasis) {
  auto description = with({quote(FutureQuote{.terms = {.life_days = 30, .payoff = Payoff::linear}, .price = 61200.0}),
                           quote(FutureQuote{.terms = {.life_days = 30}, .price = 61200.0})});
  const auto market = make_market(description);
  const Edge linear = edge_of(market, "sample:BTC-l-030", {}, {.horizon_days = 30.0});
  EXPECT_NEAR(linear.basis, -1200.0, 1e-6);
  // -10/F coins per contract, at the index: 10 (1/61200 - 1/60000) x 60000.
  const Edge inverse = edge_of(market, "sample:BTC-i-030", {}, {.horizon_days = 30.0});
  EXPECT_NEAR(inverse.basis, 10.0 * (60000.0 / 61200.0 - 1.0), 1e-9);
}

TEST(Edge, ASyntheticForwardEarnsWhatTheFutureOfItsExpiryDoes) {
  SampleDescription description;
  description.smiles = {{"BTC", 61200.0, 0.6}};
  description.quotes = {
      quote(OptionQuote{.terms = {.payoff = Payoff::linear}, .forward = 61200.0, .half_spread = 20.0}),
      quote(OptionQuote{
          .terms = {.right = OptionRight::put, .payoff = Payoff::linear}, .forward = 61200.0, .half_spread = 20.0}),
      quote(FutureQuote{.terms = {.life_days = 30, .payoff = Payoff::linear}, .price = 61200.0})};
  const auto market = make_market(description);
  const EdgeSettings settings{.horizon_days = 1.0};
  const Edge call = edge_of(market, "sample:BTC-l-030-60000-C", {}, settings);
  const Edge put = edge_of(market, "sample:BTC-l-030-60000-P", {}, settings);
  const Edge future = edge_of(market, "sample:BTC-l-030", {}, settings);
  EXPECT_LT(future.basis, -30.0);
  EXPECT_NEAR(call.basis - put.basis, future.basis, 1e-9 * 1200.0);
}

TEST(Edge, RefusesHorizonsAndRatesThatMeanNothing) {
  EXPECT_FALSE(validate(EdgeSettings{.horizon_days = 0.0}));
  EXPECT_FALSE(validate(EdgeSettings{.horizon_days = 1.0, .reversion_rate_daily = -0.1}));
  EXPECT_FALSE(validate(EdgeSettings{.funding_reversion_daily = -0.1}));
  EXPECT_FALSE(validate(EdgeSettings{.funding_rate_8h_long_run = std::numeric_limits<double>::quiet_NaN()}));
  EXPECT_TRUE(validate(EdgeSettings{}));
}

}  // namespace
}  // namespace gimbal::allocate
