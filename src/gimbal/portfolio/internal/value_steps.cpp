// The steps of attribution.hpp for one contract.
#include "gimbal/portfolio/internal/value_steps.hpp"

#include "gimbal/pricing/inverse.hpp"

namespace gimbal::portfolio::internal {
namespace {

using market::Instrument;
using market::Payoff;

struct Point {
  double forward = 0.0;
  double volatility_annual = 0.0;
  double expiry_years = 0.0;
};

pricing::Black76Input input_of(const Instrument& instrument, const Point& point) {
  return {.forward = point.forward,
          .strike = instrument.strike.to_double(),
          .volatility_annual = point.volatility_annual,
          .expiry_years = point.expiry_years,
          .right = instrument.right};
}

// One contract in its settlement asset.
double value_at(const Instrument& instrument, const Point& point) {
  const double size = instrument.contract_size.to_double();
  if (instrument.is_option()) return pricing::option_value(instrument.payoff, size, input_of(instrument, point));
  return pricing::future_value(instrument.payoff, size, point.forward);
}

// Derivatives of one contract's value in its settlement asset, by forward F and volatility s.
struct Derivatives {
  double f = 0.0;
  double ff = 0.0;
  double s = 0.0;
  double fs = 0.0;
  double ss = 0.0;
};

Derivatives future_derivatives(const Instrument& instrument, const Point& point) {
  const double slope =
      pricing::future_value_slope(instrument.payoff, instrument.contract_size.to_double(), point.forward);
  return {.f = slope, .ff = instrument.payoff == Payoff::inverse ? -2.0 * slope / point.forward : 0.0};
}

Derivatives option_derivatives(const Instrument& instrument, const Point& point) {
  const pricing::Black76Input input = input_of(instrument, point);
  const double size = instrument.contract_size.to_double();
  const pricing::Black76Greeks quote = pricing::black76_greeks(input);
  if (instrument.payoff == Payoff::linear)
    return {size * quote.delta, size * quote.gamma, size * quote.vega, size * quote.vanna, size * quote.volga};
  const double forward = input.forward;
  const pricing::InverseGreeks coin = pricing::inverse_greeks(input);
  // (V/F)_Fs = V_Fs/F - V_s/F^2
  return {size * coin.delta_net_coin / forward, size * coin.gamma_coin, size * coin.vega_coin,
          size * (quote.vanna - coin.vega_coin) / forward, size * quote.volga / forward};
}

}  // namespace

ValueSteps value_steps(const Instrument& instrument, const ContractState& before, const ContractState& after) {
  const double forward_carried = after.forward * (before.index / after.index);
  const Point start{before.forward, before.volatility_annual, before.expiry_years};
  const Point aged{before.forward, before.volatility_annual, after.expiry_years};
  const Point carried{forward_carried, before.volatility_annual, after.expiry_years};
  const double value_aged = value_at(instrument, aged);

  const Derivatives d =
      instrument.is_option() ? option_derivatives(instrument, carried) : future_derivatives(instrument, carried);
  const double move = after.forward - forward_carried;
  const double change = after.volatility_annual - before.volatility_annual;
  const double rate_move = after.rate / before.rate - 1.0;

  ValueSteps steps;
  steps.time = after.rate * (value_aged - value_at(instrument, start));
  steps.carry = after.rate * (value_at(instrument, carried) - value_aged);
  steps.delta = before.rate * d.f * move;
  steps.gamma = before.rate * (0.5 * d.ff * move * move + rate_move * d.f * move);
  steps.vega = before.rate * d.s * change;
  steps.vanna = before.rate * (d.fs * move * change + rate_move * d.s * change);
  steps.volga = before.rate * 0.5 * d.ss * change * change;
  steps.residual = after.rate * (after.value - before.value) - steps.time - steps.carry - steps.delta - steps.gamma -
                   steps.vega - steps.vanna - steps.volga;
  return steps;
}

}  // namespace gimbal::portfolio::internal
