// One side of a row's quote as a taker meets it: price, fee and size. The exact arithmetic of market/contract_value.hpp
// as real numbers, for those who weigh quotes against one another without trading them.
#pragma once

#include <optional>

#include "gimbal/market/order.hpp"
#include "gimbal/market/snapshot.hpp"

namespace gimbal::surface::internal {

struct TakerQuote {
  double price = 0.0;               ///< In the instrument's price unit.
  double fee = 0.0;                 ///< Taker's fee of one contract, in the settlement asset, before rounding.
  std::optional<double> contracts;  ///< That stand there; absent where the format has no sizes.
};

/// What selling meets at the bid, or buying at the ask. Absent where that side is not quoted, only assumed to be,
/// without size, or at no positive price.
/// Errors    missing_data without an index price of the underlying, which fees are taken from.
[[nodiscard]] Result<std::optional<TakerQuote>> taker_quote(const market::MarketSnapshot& snapshot, std::size_t row,
                                                            market::Side side);

/// Taker's fee of one contract at a price, in the settlement asset, before rounding to its smallest unit.
[[nodiscard]] double taker_fee(const market::Instrument& instrument, const Decimal& price, const Decimal& index_price);

/// Units of an instrument's quote asset per unit of its settlement asset, at the snapshot's index prices.
/// Errors    missing_data where either has none.
[[nodiscard]] Result<double> settlement_in_quote(const market::MarketSnapshot& snapshot, market::InstrumentId id);

}  // namespace gimbal::surface::internal
