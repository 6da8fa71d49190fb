// Black's formula for European options on a forward, its Greeks, and both over columns. It knows one option at a time
// and no market: settlement in coin is inverse.hpp, the way back to a volatility is implied_volatility.hpp.
//
// Formula   V = w (F N(w d1) - K N(w d2)),  d1,2 = ln(F/K)/s +- s/2,  s = sigma sqrt(T),  w = +1 call, -1 put.
// Units     F, K and V: quote per unit of base; sigma: per square root of a year; T: ACT/365 years.
// Domain    F and K from 1e-300 to 1e300, sigma and T finite and not negative. All else gives NaN in every output;
//           batch functions count such rows.
// Limits    s = 0 gives intrinsic value and the Greeks seen from s > 0: delta is 0, 1/2 or 1 in size, vega at the money
//           F sqrt(T/2pi). Gamma and the Greeks made from it, infinite at the kink itself, are zero there.
// Accuracy  relative errors of premium, delta, gamma and vega under 1e-13 where d1 and d2 are within 8 and under 1e-12
//           down to values of 1e-280; of the others the same in relation to the sum of their terms' absolute values.
//           Evidence: tests/golden/black76.csv.
// Source    F. Black, "The pricing of commodity contracts", J. Financial Economics 3 (1976) 167-179.
#pragma once

#include <cstddef>
#include <span>

#include "gimbal/market/instrument.hpp"

namespace gimbal::pricing {

struct Black76Input {
  double forward = 0.0;
  double strike = 0.0;
  double volatility_annual = 0.0;
  double expiry_years = 0.0;
  market::OptionRight right = market::OptionRight::call;
};

/// What one unit of base is worth as an option, and how that moves. Derivatives, not venue figures: vega is per 1.00 of
/// volatility (a point is 0.01), theta per year (a day is 1/365).
struct Black76Greeks {
  double premium = 0.0;
  double delta = 0.0;  ///< dV/dF
  double gamma = 0.0;  ///< d2V/dF2
  double vega = 0.0;   ///< dV/dsigma
  double theta = 0.0;  ///< -dV/dT at fixed forward
  double rho = 0.0;    ///< dV/drate at fixed forward: -T V
  double vanna = 0.0;  ///< d2V/dF dsigma
  double volga = 0.0;  ///< d2V/dsigma2
  double charm = 0.0;  ///< -d(delta)/dT
  double speed = 0.0;  ///< d(gamma)/dF
  double color = 0.0;  ///< -d(gamma)/dT
  double zomma = 0.0;  ///< d(gamma)/dsigma
};

/// Whether the formula has an answer for this input.
[[nodiscard]] bool in_domain(const Black76Input& input) noexcept;

/// Undiscounted premium, quote per unit of base. In the money it is intrinsic value plus the other right's premium, so
/// put-call parity holds to the last rounding.
[[nodiscard]] double black76_premium(const Black76Input& input) noexcept;

/// Undiscounted premium and Greeks; `premium` has the bits of black76_premium.
[[nodiscard]] Black76Greeks black76_greeks(const Black76Input& input) noexcept;

/// The same times exp(-rate T), the rate continuously compounded per year; theta, charm and color include the
/// discount's own passage of time.
[[nodiscard]] Black76Greeks black76_greeks_discounted(const Black76Input& input, double rate_annual) noexcept;
/// The same from undiscounted Greeks.
[[nodiscard]] Black76Greeks discounted(Black76Greeks greeks, double rate_annual, double years) noexcept;

/// Options in columns; all spans have the same length.
struct Black76Columns {
  std::span<const double> forward, strike, volatility_annual, expiry_years;
  std::span<const market::OptionRight> right;
};

/// Where results go; every span that is not empty has the inputs' length and overlaps nothing. Empty ones are left out.
struct Black76GreekColumns {
  std::span<double> premium, delta, gamma, vega, theta;
};

/// Undiscounted premiums, one row per option, with the bits of the scalar form whatever the processor has.
///
/// Returns   the number of rows outside the domain, which are NaN; unequal lengths stop the process.
/// Cost      no allocation. Rows of one expiry side by side are fastest: all lanes take the same branches.
[[nodiscard]] std::size_t black76_premium(const Black76Columns& in, std::span<double> premium) noexcept;

/// Undiscounted premiums and first-order Greeks, one row per option, with the bits of the scalar form. As above.
[[nodiscard]] std::size_t black76_greeks(const Black76Columns& in, const Black76GreekColumns& out) noexcept;

/// ln(F/K), accurate near the money too, where the quotient alone has lost its digits.
/// Domain    both positive and finite, else NaN.
[[nodiscard]] double log_ratio(double forward, double strike) noexcept;

}  // namespace gimbal::pricing
