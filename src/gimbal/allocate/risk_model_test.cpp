// The covariance of the objective: against its own definition by hand, and by drawing the moves it describes.
#include "gimbal/allocate/risk_model.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "gimbal/allocate/internal/sample_market.hpp"
#include "gimbal/numerics/normal_draw.hpp"
#include "gimbal/numerics/reduction.hpp"

namespace gimbal::allocate {
namespace {

using internal::code;

AllocationSettings settings_of(std::vector<UnderlyingRisk> underlyings) {
  AllocationSettings settings;
  settings.risk.underlyings = std::move(underlyings);
  return settings;
}

double variance(const internal::SampleMarket& market, const AllocationSettings& settings) {
  const auto factors = risk_factors(market.view, market.book, settings);
  EXPECT_TRUE(factors) << factors.error().message;
  double total = 0.0;
  for (const risk::LinearRow& factor : *factors) {
    const double value = risk::evaluate(factor, market.book.contracts);
    total += value * value;
  }
  return total;
}

TEST(RiskModel, CoinsAloneHaveTheVarianceOfTheirPrice) {
  internal::SampleDescription description;
  description.quotes = {quote(internal::FutureQuote{})};
  const auto market = internal::make_market(description);
  const double deviation = 10.0 * 60000.0 * 0.5 / std::sqrt(365.0);
  EXPECT_NEAR(variance(market, settings_of({{code("BTC"), 0.5, 0.8}})), deviation * deviation,
              1e-9 * deviation * deviation);
}

TEST(RiskModel, TwoCoinsAddUpWithTheirCorrelation) {
  internal::SampleDescription description = internal::draw_chain(1, {});
  description.balances = {{"BTC", "10"}, {"ETH", "100"}};
  const auto market = internal::make_market(description);
  AllocationSettings settings = settings_of({{code("BTC"), 0.5, 0.8}, {code("ETH"), 0.7, 0.8}});
  settings.risk.spot_correlation = 0.6;
  const double btc = 10.0 * 60000.0 * 0.5 / std::sqrt(365.0);
  const double eth = 100.0 * 3000.0 * 0.7 / std::sqrt(365.0);
  const double expected = btc * btc + eth * eth + 2.0 * 0.6 * btc * eth;
  EXPECT_NEAR(variance(market, settings), expected, 1e-9 * expected);
}

TEST(RiskModel, OfAnOptionBookIsTheVarianceOfDrawnMoves) {
  internal::SampleDescription description;
  description.quotes = {quote(internal::OptionQuote{})};
  description.holdings = {{"sample:BTC-i-030-60000-C", -20.0}};
  const auto market = internal::make_market(description);
  AllocationSettings settings = settings_of({{code("BTC"), 0.6, 0.9}});
  settings.edge.horizon_days = 2.0;
  settings.risk.spot_volatility_correlation = -0.4;
  // Profit to second order in the spot return and first in volatility, with the Greek rows' own numbers.
  const auto in = market.view.exposure_inputs(market.book.equity);
  const auto value = [&](portfolio::Greek greek) {
    return risk::evaluate(*risk::greek_row(in, code("BTC"), greek, portfolio::DeltaCollateral::included),
                          market.book.contracts);
  };
  const double delta = value(portfolio::Greek::delta) * 60000.0;
  const double gamma = value(portfolio::Greek::gamma) * 100.0 * 60000.0;
  const double vega = value(portfolio::Greek::vega) * 100.0 * 0.6;
  const double root_h = std::sqrt(2.0 / 365.0);
  SeededRandom random{11};
  numerics::RunningMoments moments;
  for (int k = 0; k < 200000; ++k) {
    const double first = numerics::normal_draw(random);
    const double second = numerics::normal_draw(random);
    const double spot = 0.6 * root_h * first;
    const double volatility = 0.9 * root_h * (-0.4 * first + std::sqrt(1.0 - 0.16) * second);
    moments.add(delta * spot + 0.5 * gamma * spot * spot + vega * volatility);
  }
  EXPECT_NEAR(variance(market, settings), moments.variance(), 0.02 * moments.variance());
}

TEST(RiskModel, RefusesCorrelationsThatCannotBe) {
  internal::SampleDescription description = internal::draw_chain(1, {});
  const auto market = internal::make_market(description);
  // Three underlyings cannot all move against each other.
  AllocationSettings settings =
      settings_of({{code("BTC"), 0.5, 0.8}, {code("ETH"), 0.7, 0.8}, {code("BTC"), 0.5, 0.8}});
  settings.risk.spot_correlation = -0.9;
  const auto refused = risk_factors(market.view, market.book, settings);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace gimbal::allocate
