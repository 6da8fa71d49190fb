// What crossing the quotes costs: half-spread to the mid and the venue's exact fee, per contract and side. Impact
// beyond the quoted size is not modelled, so nothing may trade more than what stands there.
#pragma once

#include <optional>
#include <vector>

#include "gimbal/market/snapshot.hpp"

namespace gimbal::allocate {

/// The price that both costs and edge are counted from, in the instrument's price unit: the mid of a two-sided quote,
/// else the mark held to the right side of the one quote there is. Without either nothing is known of a price.
///
/// Why the mid and not the mark: the expected reversion of a quote starts from its mid, and a half-spread to a mark
/// that lies outside the quotes would be counted as profit a second time.
[[nodiscard]] std::optional<double> reference_price(const market::MarketSnapshot& snapshot, std::size_t row);

/// Units of the numeraire per unit of an asset, at the snapshot's index prices.
/// Errors    missing_data when either has no index price.
[[nodiscard]] Result<double> exchange_rate(const market::MarketSnapshot& snapshot, market::AssetId asset,
                                           market::AssetId numeraire);

/// Crossing one side of a quote, per contract.
struct SideCost {
  double price = 0.0;  ///< The quote, in the instrument's price unit.
  double fee = 0.0;    ///< Taker fee, in the settlement asset, not negative.
  double total = 0.0;  ///< Half-spread and fee in the numeraire, not negative.
};

/// A side is absent when it cannot be traded: no quote, no size, no reference price.
struct TradingCost {
  std::optional<SideCost> buy;
  std::optional<SideCost> sell;
};

/// Half-spread and taker fee of every row of the snapshot. Fees are per contract of a trade of the whole quoted size,
/// so their rounding to the settlement asset's smallest unit does not show.
/// Errors    missing_data, naming the asset, when a settlement asset has no index price.
[[nodiscard]] Result<std::vector<TradingCost>> trading_costs(const market::MarketSnapshot& snapshot,
                                                             market::AssetId numeraire);

/// Half-spread and taker fee of one trade, the fee rounded as the venue does, in the numeraire. Never negative.
/// Domain    lots not zero, and the side that it crosses quoted with a size.
/// Errors    missing_data as above.
[[nodiscard]] Result<double> trade_cost(const market::MarketSnapshot& snapshot, std::size_t row, QuantityLots lots,
                                        market::AssetId numeraire);

}  // namespace gimbal::allocate
