// A snapshot's options sorted into chains, for comparing quotes with quotes: options of one expiry that pay and settle
// alike, each with what a taker meets on either side, and the dated future that pays alike too.
#pragma once

#include <optional>
#include <vector>

#include "gimbal/market/snapshot.hpp"
#include "gimbal/surface/internal/taker_quote.hpp"

namespace gimbal::surface::internal {

struct ChainOption {
  market::InstrumentId id{};
  double strike = 0.0;
  std::optional<double> forward;   ///< The row's own.
  std::optional<TakerQuote> sell;  ///< At the bid.
  std::optional<TakerQuote> buy;   ///< At the ask.
};

struct ChainFuture {
  market::InstrumentId id{};
  double contract_size = 1.0;
  std::optional<TakerQuote> sell;  ///< Absent, like `buy`, where the file names the future without quoting it.
  std::optional<TakerQuote> buy;
};

/// One expiry. Options ascend by strike; those that are quoted on neither side are not there.
struct OptionChain {
  UtcTime expiry;
  std::vector<ChainOption> calls;
  std::vector<ChainOption> puts;
  std::optional<ChainFuture> future;
};

/// The chains of one venue and underlying that pay, are sized and settle alike.
struct ChainFamily {
  market::Payoff payoff = market::Payoff::inverse;
  double contract_size = 1.0;        ///< Of the options: units of underlying.
  double settlement_in_quote = 1.0;  ///< Quote units per unit of settlement asset.
  Decimal index_price;               ///< Of the underlying.
  std::vector<OptionChain> chains;   ///< Ascending expiries.
};

/// Every live option and dated future. Families in the order of underlying, venue, quote, settlement, payoff and size.
/// Errors    missing_data for an asset without the index price that fees or money need.
[[nodiscard]] Result<std::vector<ChainFamily>> option_families(const market::MarketSnapshot& snapshot);

}  // namespace gimbal::surface::internal
