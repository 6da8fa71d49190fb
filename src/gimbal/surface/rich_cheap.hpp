// Rich and cheap: what every quoted option would pay against the fitted surface, in volatility, in money after fees,
// and against how its own mid has lately stood. It says what stands out; what to do about it is the allocator's.
//
// Signs     Positive pays: to sell at a bid above the surface, to buy at an ask below it. Inside the spread both are
//           negative. Residual and score are positive for a mid that is rich.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "gimbal/market/snapshot.hpp"
#include "gimbal/surface/residual_history.hpp"
#include "gimbal/surface/surface.hpp"

namespace gimbal::surface {

/// What trading one side of a quote gains if the surface is right.
struct QuoteEdge {
  /// Bid less fitted or fitted less ask, per square root of a year: 0.01 is a point. Absent for a price that no
  /// volatility gives.
  std::optional<double> volatility;
  double money = 0.0;  ///< Of one contract after the taker's fee, in the quote asset at the index of now.
  friend bool operator==(const QuoteEdge&, const QuoteEdge&) = default;
};

struct RichCheapRow {
  market::InstrumentId instrument{};
  UtcTime expiry;
  double log_moneyness = 0.0;  ///< ln(K/F) against the row's own forward.
  double volatility_fitted = 0.0;
  Rung rung = Rung::flat;         ///< Of its slice: only Rung::fit was fitted to this expiry's quotes.
  std::optional<QuoteEdge> sell;  ///< At the bid.
  std::optional<QuoteEdge> buy;   ///< At the ask.
  /// The mid of the two volatilities less the fitted one; absent where either is, or where they lie further apart than
  /// the history's settings allow.
  std::optional<double> residual;
  std::optional<double> score;  ///< ResidualHistory::score of the residual against earlier ones.
  friend bool operator==(const RichCheapRow&, const RichCheapRow&) = default;
};

/// Every live option of the snapshot with at least one side quoted, in ascending order of id.
///
/// An option needs a slice of its own expiry. Its forward is the row's own, or the slice's for a row without one.
/// The surfaces may be older than the snapshot: then they speak as volatilities by log-moneyness.
/// Errors    invalid_argument when surfaces are later than the snapshot or the history is not earlier: nothing may be
///           scored against itself; missing_data for an asset without the index price that money or fees need.
[[nodiscard]] Result<std::vector<RichCheapRow>> rich_cheap(const market::MarketSnapshot& snapshot,
                                                           const SurfaceSet& surfaces, const ResidualHistory& history);

/// The residuals there are, in the order of the rows: what the history absorbs after scoring.
[[nodiscard]] std::vector<Residual> residuals_of(std::span<const RichCheapRow> rows);

}  // namespace gimbal::surface
