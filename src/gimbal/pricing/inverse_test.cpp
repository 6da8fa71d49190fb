// Coin-settled values against finite differences of their own definition and against the exact arithmetic of trades.
#include "gimbal/pricing/inverse.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "gimbal/market/contract_value.hpp"

namespace gimbal::pricing {
namespace {

using market::OptionRight;
using market::Payoff;

TEST(Inverse, GreeksAreSlopesOfTheCoinPremium) {
  for (const double strike : {40000.0, 60000.0, 64000.0, 90000.0}) {
    for (const auto right : {OptionRight::call, OptionRight::put}) {
      const Black76Input input{63500.0, strike, 0.72, 0.11, right};
      const InverseGreeks greeks = inverse_greeks(input);
      const auto coin = [&](double forward, double volatility, double years) {
        return inverse_premium_coin({forward, strike, volatility, years, right});
      };
      const double df = 20.0;
      const double up = coin(63500.0 + df, 0.72, 0.11);
      const double down = coin(63500.0 - df, 0.72, 0.11);
      EXPECT_EQ(greeks.premium_coin, coin(63500.0, 0.72, 0.11));
      EXPECT_NEAR(greeks.delta_net_coin, 63500.0 * (up - down) / (2.0 * df), 1e-6);
      EXPECT_NEAR(greeks.gamma_coin * 1e10, 1e10 * (up - 2.0 * greeks.premium_coin + down) / (df * df), 2e-3);
      EXPECT_NEAR(greeks.vega_coin, (coin(63500.0, 0.7201, 0.11) - coin(63500.0, 0.7199, 0.11)) / 2e-4, 1e-7);
      EXPECT_NEAR(greeks.theta_coin, -(coin(63500.0, 0.72, 0.1101) - coin(63500.0, 0.72, 0.1099)) / 2e-4, 1e-5);
    }
  }
}

TEST(Inverse, DeepCallHoldsAlmostNoNetDelta) {
  // A call far in the money is worth 1 - K/F coin: in coin it barely moves, while its quote delta is one.
  const InverseGreeks greeks = inverse_greeks({100000.0, 100.0, 0.5, 0.1, OptionRight::call});
  EXPECT_NEAR(greeks.premium_coin, 0.999, 1e-12);
  EXPECT_NEAR(greeks.delta_net_coin, 0.001, 1e-12);
}

market::Instrument perpetual(Payoff payoff) {
  market::Instrument instrument;
  instrument.kind = market::InstrumentKind::perpetual;
  instrument.payoff = payoff;
  instrument.underlying = market::AssetCode::of("BTC");
  instrument.quote = market::AssetCode::of(payoff == Payoff::inverse ? "USD" : "USDC");
  instrument.settlement = market::AssetCode::of(payoff == Payoff::inverse ? "BTC" : "USDC");
  instrument.contract_size = Decimal::of(payoff == Payoff::inverse ? "10" : "0.001");
  instrument.tick = Decimal::of("0.5");
  instrument.lot = instrument.minimum = Decimal{1};
  return instrument;
}

TEST(Inverse, FuturesAgreeWithTheExactArithmeticOfTrades) {
  for (const Payoff payoff : {Payoff::linear, Payoff::inverse}) {
    const market::Instrument instrument = perpetual(payoff);
    const auto owed = market::position_value(instrument, Decimal::of("63123.5"), QuantityLots{7000});
    const double size = instrument.contract_size.to_double();
    const int scale = market::asset_scale(instrument.settlement);
    EXPECT_NEAR(7000.0 * future_value(payoff, size, 63123.5), owed.to_double(scale), 0.51 * std::pow(10.0, -scale));
    const double by_difference = (future_value(payoff, size, 63124.5) - future_value(payoff, size, 63122.5)) / 2.0;
    EXPECT_NEAR(future_value_slope(payoff, size, 63123.5) / by_difference, 1.0, 1e-8);
    EXPECT_GT(by_difference, 0.0) << "a long gains as the price rises";
  }
}

TEST(Inverse, OptionsAreWorthTheirContractSizeTimesThePremium) {
  const Black76Input input{2500.0, 2600.0, 0.8, 0.05, OptionRight::call};
  EXPECT_EQ(option_value(Payoff::linear, 0.1, input), 0.1 * black76_premium(input));
  EXPECT_EQ(option_value(Payoff::inverse, 1.0, input), black76_premium(input) / 2500.0);
}

}  // namespace
}  // namespace gimbal::pricing
