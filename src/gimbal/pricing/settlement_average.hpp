// Options that settle at the average of an index over a window before expiry, as Deribit's and Derive's do over the
// last half hour: the part of the average that is already fixed, and the smaller variance of the rest.
//
// Formula   Settlement A = e a + (1 - e) M, with e the share of the window that has passed, a the average over that
//           share and M the one over what is left. So max(A - K, 0) = (1 - e) max(M - K', 0), K' = (K - e a)/(1 - e).
//           M is taken for lognormal with its own first two moments: E M = F,
//           E M^2 = F^2 exp(sigma^2 (T - W)) 2 (exp(v) - 1 - v)/v^2, v = sigma^2 W, W the part of the window ahead.
// Limits    The average of lognormal prices is lognormal only as v goes to zero; over half an hour v is under 1e-3.
// Source    E. Levy, "Pricing European average rate currency options", J. International Money and Finance 11 (1992).
//           Deribit: the delivery price is the time-weighted average of the index from 07:30 to 08:00 UTC.
#pragma once

#include "gimbal/pricing/black76.hpp"

namespace gimbal::pricing {

/// Half an hour of a year of 365 days.
inline constexpr double settlement_window_years = 0.5 / 24.0 / 365.0;

struct AveragedInput {
  Black76Input option;  ///< The forward is that of the index; the years are to the window's end.
  double window_years = settlement_window_years;  ///< Positive.
  double average_so_far = 0.0;  ///< Of the index since the window began; not read before that. Positive.
};

/// What is left to be priced: `weight` times the option on the average still to come.
struct RemainingOption {
  double weight = 1.0;            ///< 1 - e
  Black76Input option;            ///< Its strike is K', its volatility that of M over the years to expiry.
  double volatility_slope = 1.0;  ///< d(its volatility)/d(sigma)
  bool is_decided = false;        ///< K' <= 0, or no time left: the payoff is linear in the index from here on.
};
[[nodiscard]] RemainingOption remaining_option(const AveragedInput& input) noexcept;

/// Undiscounted premium, delta, gamma, vega, theta and rho; the Greeks of higher order are zero, since nobody hedges
/// them within the half hour. Theta is that of an index that stands still while the average takes it in.
/// Domain    that of Black76Input; window and, inside it, average positive and finite. All else gives NaN.
[[nodiscard]] Black76Greeks averaged_black76_greeks(const AveragedInput& input) noexcept;

}  // namespace gimbal::pricing
