// Edge: the profit expected of holding one contract over a stated horizon, from sources that are each counted once.
//
//   gamma      1/2 Gamma F^2 (sigma_forecast^2 - sigma_fit^2) h: what a hedged option gains from moves of the forecast
//              size, less its theta at the fitted volatility. The forecast sets the at-the-money level only; the fitted
//              smile keeps its shape: sigma_forecast(K) = sigma_fit(K) x atm_forecast / atm_fit.
//   reversion  (fitted value - value at the quote's mid) x (1 - exp(-rate h)).
//   funding    of perpetuals: longs pay where the rate is positive. The rate of now returns to a long-run rate at a
//              stated speed; at speed zero it stands.
//   basis      of everything that is priced off a forward: the index standing still, F moves to F exp(-b h) with
//              b = ln(F / index) / T. A future is revalued there, an option moves by its delta. Options are included so
//              that a synthetic forward earns what the future of its expiry does, and no arbitrage is made up.
//
// h is the horizon, at most the life of the contract. The basis is the expiry's, from its fitted slice where it has
// one. Inverse contracts are valued in their coin at the index of now: exact to first order in moves of the index.
#pragma once

#include <vector>

#include "gimbal/forecast/volatility_forecast.hpp"
#include "gimbal/market/snapshot.hpp"
#include "gimbal/portfolio/target_book.hpp"
#include "gimbal/surface/surface.hpp"

namespace gimbal::allocate {

struct EdgeSettings {
  /// Days of 24 hours that profit is counted over. Longer favours slow sources (theta, funding) over the cost of
  /// trading.
  double horizon_days = 1.0;
  /// Speed at which quotes return to the fitted surface, per day: after d days the share 1 - exp(-rate d) of a gap is
  /// closed. Zero takes no profit from gaps; 0.7 closes half of one in a day.
  double reversion_rate_daily = 0.0;
  /// What funding returns to, as a fraction of the notional over eight hours, and how fast, per day: after d days the
  /// share 1 - exp(-rate d) of the difference is gone. At zero the rate of now is taken to stand for the whole horizon,
  /// which over weeks makes a fortune of every passing peak.
  double funding_rate_8h_long_run = 0.0;
  double funding_reversion_daily = 0.0;
  friend bool operator==(const EdgeSettings&, const EdgeSettings&) = default;
};
/// Errors    invalid_argument when the horizon is not positive or a speed is negative, or anything is not finite.
[[nodiscard]] Result<void> validate(const EdgeSettings& settings);

/// Expected profit of one contract held long, in the numeraire, over the horizon.
using Edge = portfolio::EdgeSources;

/// The edge of every row of the snapshot.
///
/// Options without a fitted surface, or without a slice of their expiry, have none. Only a slice that was fitted to
/// quotes of its own (Rung::fit) is believed to be where two-sided quotes return to.
/// Errors    invalid_argument as validate(); missing_data, naming the asset, where an index price is needed and absent.
[[nodiscard]] Result<std::vector<Edge>> expected_edges(const market::MarketSnapshot& snapshot,
                                                       const surface::SurfaceSet& surfaces,
                                                       const forecast::VolatilityForecast& forecast,
                                                       const EdgeSettings& settings, market::AssetId numeraire);

}  // namespace gimbal::allocate
