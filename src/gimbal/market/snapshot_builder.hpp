// From what a decoder read to an immutable MarketSnapshot: ids, checks, configured assumptions, and a count of each.
#pragma once

#include <memory>
#include <vector>

#include "gimbal/market/recorded.hpp"
#include "gimbal/market/snapshot.hpp"

namespace gimbal::market {

/// What stands in where a recorded format is silent. All of it is counted and marked in the snapshot.
struct MarketAssumptions {
  Decimal option_size_contracts = Decimal::of("25");     ///< Size at bid and ask of an option without sizes.
  Decimal future_size_notional = Decimal::of("500000");  ///< The same for futures, in the quote asset.
  double perpetual_half_spread = 0.0001;                 ///< Fraction of the index.
  double future_half_spread = 0.0003;                    ///< Fraction of the forward.
  Decimal funding_rate_8h;                               ///< Of perpetuals whose funding the format does not give.
};

/// A snapshot and the instruments that it lists for the first time.
struct BuiltSnapshot {
  std::vector<Instrument> listed;  ///< What extends the universe given into the snapshot's.
  MarketSnapshot snapshot;
};

/// Puts a snapshot together over `universe`, extending it by instruments not seen before.
///
/// An instrument known under the same name must have the same definition.
/// Errors    invalid_argument for an instrument that validate() refuses or that changed; missing_data when no index
///           price is given for an underlying.
[[nodiscard]] Result<BuiltSnapshot> build_snapshot(const RecordedSnapshot& recorded,
                                                   const std::shared_ptr<const Universe>& universe,
                                                   const MarketAssumptions& assumptions);

}  // namespace gimbal::market
