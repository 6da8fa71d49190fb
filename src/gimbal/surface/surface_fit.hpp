// From a market snapshot to the surfaces of its underlyings: forwards, implied volatilities of the quotes out of the
// money, a slice per expiry down the ladder of rungs, and the certificate that no arbitrage is left. Slow work in
// DESIGN's sense: a pure function that a worker runs.
#pragma once

#include <memory>
#include <vector>

#include "gimbal/market/snapshot.hpp"
#include "gimbal/surface/surface.hpp"

namespace gimbal::surface {

struct FitSettings {
  Model model = Model::svi;
  /// Two-sided quotes an expiry needs for a fit of its own. At least 5, the number of parameters.
  std::uint32_t quotes_least = 5;
  /// A wider quote, (ask - bid)/mid of the premium, is not used: its mid is a guess. Positive, less than 2.
  double relative_spread_most = 0.8;
  /// Half-spreads under this many volatility units count as this many, so that no quote outvotes all others. Positive.
  double half_spread_least_volatility = 0.002;
  friend bool operator==(const FitSettings&, const FitSettings&) = default;
};

/// Fits every underlying that has a live option whose volatility can be known from any quote or mark of its chain, or
/// from `previous`.
///
/// Forward   a row's own; for rows without one the expiry's median, a dated future's mark, or the index, in this order.
/// Quotes    out of the money (puts below the forward, calls from it on), two-sided; premiums in coin times the row's
///           own forward for inverse options. Log-moneyness is against the row's own forward.
/// Ladder    see Rung; an expiry without any quote keeps the slice it has in `previous`, at the same log-moneyness and
///           volatility. Without it, or when it is null, no slice stands on Rung::previous.
/// Errors    invalid_argument for settings outside their stated domain, and for a `previous` later than the snapshot.
///           Rows that are missing, odd or expired are counted in the slices' quality, never errors.
[[nodiscard]] Result<SurfaceSet> fit_surfaces(const market::MarketSnapshot& snapshot, const FitSettings& settings,
                                              const SurfaceSet* previous = nullptr);

/// Fits snapshot after snapshot of one market, and keeps what the last one told it: where the same options are listed,
/// only expiries with a changed row are read and fitted again, from where they stood. What has not changed keeps its
/// total variance, since a premium that stays says the same of it whatever time it is.
///
/// A refit ends near a fit of the same snapshot, and with the same certificate, but not at the same bits; where
/// an expiry's rung changes, or its level jumps by a tenth, the underlying is fitted from nothing.
class SurfaceFitter {
 public:
  explicit SurfaceFitter(FitSettings settings);
  SurfaceFitter(SurfaceFitter&&) noexcept;
  SurfaceFitter& operator=(SurfaceFitter&&) noexcept;
  ~SurfaceFitter();

  /// Snapshots in ascending order of time. Errors as fit_surfaces.
  [[nodiscard]] Result<SurfaceSet> fit(const market::MarketSnapshot& snapshot);

  /// Slices that the last call fitted again: all of them after a fit from nothing.
  [[nodiscard]] std::size_t slices_refitted() const;

 private:
  struct Memory;
  std::unique_ptr<Memory> memory_;
};

}  // namespace gimbal::surface
