// One option's row read for trading it: both sides with what a taker pays on each.
#pragma once

#include <cstddef>
#include <optional>

#include "gimbal/market/snapshot.hpp"

namespace gimbal::surface::internal {

/// A price per unit of the underlying, in the instrument's own unit: coin for inverse options.
struct QuotedSide {
  double price = 0.0;
  double fee = 0.0;   ///< Of a taker, in the same unit.
  double size = 0.0;  ///< Contracts.
};

struct OptionQuote {
  market::InstrumentId id{};
  const market::Instrument* instrument = nullptr;
  double strike = 0.0;
  double contract_units = 1.0;  ///< Units of the underlying in a contract.
  double unit_quote = 1.0;      ///< Quote currency per unit of price: the index (or the forward) for coin.
  std::optional<double> forward;
  std::optional<QuotedSide> bid;
  std::optional<QuotedSide> ask;
};

/// Domain    an option's row.
[[nodiscard]] OptionQuote read_option_quote(const market::MarketSnapshot& snapshot, std::size_t row);

}  // namespace gimbal::surface::internal
