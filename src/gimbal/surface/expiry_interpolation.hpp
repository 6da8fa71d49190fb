// Volatility between two quoted expiries, so that no butterfly arises where the two slices have none, and no calendar
// where they do not cross: at equal log-moneyness, prices over the strike are averaged, which keeps them convex.
//
// Formula   C_t/K = alpha C_1/K_1 + (1 - alpha) C_2/K_2,  alpha = (sqrt(theta_2) - sqrt(theta_t)) / (sqrt(theta_2) -
//           sqrt(theta_1)),  theta the total variance at the money, linear in time
// Source    J. Gatheral and A. Jacquier, "Arbitrage-free SVI volatility surfaces", Quantitative Finance 14 (2014),
//           lemma 5.1.
#pragma once

#include <span>

#include "gimbal/surface/surface_certificate.hpp"

namespace gimbal::surface {

/// The earlier slice's share alpha in prices at `years`.
/// Domain    earlier.years <= years <= later.years, the two not equal.
[[nodiscard]] double earlier_share(const TimedSlice& earlier, const TimedSlice& later, double years) noexcept;

/// Total variance at a log-moneyness and a time between two slices. Where the prices are beyond doubles (below 1e-300
/// of the forward, or |k| above 40) it is linear in time.
/// Domain    as above.
[[nodiscard]] double variance_between(const TimedSlice& earlier, const TimedSlice& later, double log_moneyness,
                                      double years) noexcept;

/// The least g over log-moneyness of the smiles at each of `years` between two slices: at even steps of a stretched
/// axis over |k| <= max(2.5, eight standard deviations of the later slice), as far as prices are within doubles.
/// Domain    as above.
[[nodiscard]] double density_least_between(const TimedSlice& earlier, const TimedSlice& later,
                                           std::span<const double> years);

}  // namespace gimbal::surface
