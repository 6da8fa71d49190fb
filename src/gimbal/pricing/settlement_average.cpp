// Moments of the average to come, then Black-76 on it.
#include "gimbal/pricing/settlement_average.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gimbal/numerics/special.hpp"

namespace gimbal::pricing {
namespace {

/// u = 2 (exp(v) - 1 - v)/v^2 - 1, the excess of the average's second moment over F^2, and du/dv.
struct Excess {
  double value;
  double slope;
};
Excess excess_of(double v) {
  if (v > 1.0) {
    const double grown = numerics::expm1(v);
    return {2.0 * (grown - v) / (v * v) - 1.0, 2.0 * (grown / v - 2.0 * (grown - v) / (v * v)) / v};
  }
  // Its series, sum of 2 v^k/(k+2)!, which does not cancel.
  double term = 1.0;
  double value = 0.0;
  double slope = 0.0;
  for (int k = 1; k <= 20; ++k) {
    const double factor = term / static_cast<double>(k + 2);
    slope += static_cast<double>(k) * factor;
    term = v * factor;
    value += term;
  }
  return {value, slope};
}

bool is_positive(double value) { return value > 0.0 && value < std::numeric_limits<double>::infinity(); }

}  // namespace

RemainingOption remaining_option(const AveragedInput& input) noexcept {
  const double years = input.option.expiry_years;
  const double sigma = input.option.volatility_annual;
  const double ahead = std::min(years, input.window_years);
  RemainingOption out;
  out.option = input.option;
  out.weight = ahead / input.window_years;
  if (out.weight < 1.0)
    out.option.strike = (input.option.strike - (1.0 - out.weight) * input.average_so_far) / out.weight;
  out.is_decided = !(out.option.strike > 0.0) || years == 0.0;
  if (out.is_decided || sigma == 0.0) return out;
  constexpr double v_most = 700.0;  // where exp ends; the option has long been worth its maximum
  const double v = std::min(sigma * sigma * ahead, v_most);
  const Excess excess = excess_of(v);
  const double variance = sigma * sigma * (years - ahead) + numerics::log1p(excess.value);
  out.option.volatility_annual = std::sqrt(variance / years);
  // d(variance)/d(sigma) over 2 sigma' T.
  const double variance_slope = 2.0 * sigma * (years - ahead + ahead * excess.slope / (1.0 + excess.value));
  out.volatility_slope = variance_slope / (2.0 * out.option.volatility_annual * years);
  return out;
}

Black76Greeks averaged_black76_greeks(const AveragedInput& input) noexcept {
  const bool inside = input.option.expiry_years < input.window_years;
  if (!in_domain(input.option) || !is_positive(input.window_years) || (inside && !is_positive(input.average_so_far)))
    return black76_greeks({std::numeric_limits<double>::quiet_NaN(), 1.0, 1.0, 1.0, input.option.right});
  const RemainingOption rest = remaining_option(input);
  const bool call = input.option.right == market::OptionRight::call;
  Black76Greeks greeks;
  if (rest.is_decided) {
    const double fixed = (1.0 - rest.weight) * input.average_so_far + rest.weight * input.option.forward;
    const double gain = call ? fixed - input.option.strike : input.option.strike - fixed;
    greeks.premium = std::max(gain, 0.0);
    greeks.delta = gain > 0.0 ? (call ? rest.weight : -rest.weight) : 0.0;
  } else {
    const Black76Greeks unit = black76_greeks(rest.option);
    greeks.premium = rest.weight * unit.premium;
    greeks.delta = rest.weight * unit.delta;
    greeks.gamma = rest.weight * unit.gamma;
    greeks.vega = rest.weight * unit.vega * rest.volatility_slope;
    const double move = input.option.volatility_annual * input.option.forward;
    greeks.theta = -0.5 * move * move * greeks.gamma;
  }
  greeks.rho = -input.option.expiry_years * greeks.premium;
  return greeks;
}

}  // namespace gimbal::pricing
