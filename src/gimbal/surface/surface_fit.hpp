// From a market snapshot to the surfaces of its underlyings: forwards, implied volatilities of the quotes out of the
// money, a slice per expiry down the ladder of rungs. Slow work in DESIGN's sense: a pure function that a worker runs.
#pragma once

#include "gimbal/market/snapshot.hpp"
#include "gimbal/surface/surface.hpp"

namespace gimbal::surface {

struct FitSettings {
  /// Two-sided quotes an expiry needs for a fit of its own. At least 5, the number of parameters.
  std::uint32_t quotes_least = 5;
  /// A wider quote, (ask - bid)/mid of the premium, is not used: its mid is a guess. Positive, less than 2.
  double relative_spread_most = 0.8;
  /// Half-spreads under this many volatility units count as this many, so that no quote outvotes all others. Positive.
  double half_spread_least_volatility = 0.002;
  friend bool operator==(const FitSettings&, const FitSettings&) = default;
};

/// Fits every underlying that has a live option whose volatility can be known from any quote or mark of its chain.
///
/// Forward   a row's own; for rows without one the expiry's median, a dated future's mark, or the index, in this order.
/// Quotes    out of the money (puts below the forward, calls from it on), two-sided; premiums in coin times the row's
///           own forward for inverse options. Log-moneyness is against the row's own forward.
/// Errors    invalid_argument for settings outside their stated domain. Rows that are missing, odd or expired are
///           counted in the slices' quality, never errors.
[[nodiscard]] Result<SurfaceSet> fit_surfaces(const market::MarketSnapshot& snapshot, const FitSettings& settings);

}  // namespace gimbal::surface
