// What accounts are worth at given marks: the figures that a venue shows and that margin rules compare with.
#pragma once

#include <optional>
#include <vector>

#include "gimbal/market/snapshot.hpp"
#include "gimbal/portfolio/ledger.hpp"
#include "gimbal/surface/surface.hpp"

namespace gimbal::portfolio {

/// A price for every instrument that has one, by raw InstrumentId, in the instrument's price unit.
using MarkPrices = std::vector<std::optional<double>>;

/// What an instrument is priced on, quote per coin. An option: the forward of its expiry, its row's own before the
/// surface's. A dated future: its row's mark, its row's forward, or the surface's forward. A perpetual or a spot pair:
/// its row's mark, its row's forward, or the index in the quote asset. Absent where none of these is known, and for
/// what has expired.
[[nodiscard]] std::optional<double> forward_quote(const market::MarketSnapshot& snapshot,
                                                  const surface::SurfaceSet& surfaces, market::InstrumentId id);

/// USD index prices of underlying and quote, divided: what a contract settles at. Absent where either is unknown.
[[nodiscard]] std::optional<double> index_quote(const market::MarketSnapshot& snapshot, market::InstrumentId id);

/// Every listed instrument that has not expired: the venue's mark where the snapshot has one, else the fitted surface's
/// price of an option, or forward_quote() of anything else. An instrument that the snapshot no longer lists is priced
/// the same way. An option may be marked at zero; a price that no source has stays absent.
[[nodiscard]] MarkPrices mark_prices(const market::MarketSnapshot& snapshot, const surface::SurfaceSet& surfaces);

/// One contract's value in its settlement asset at a price, up to the constant of futures: a long that was bought at P
/// and is worth value(Q) - value(P) at Q gains as the price rises. Spot pairs count like linear futures.
/// Domain    price > 0 for inverse futures; quanto is not traded and stops the process.
[[nodiscard]] double contract_value(const market::Instrument& instrument, double price);

/// One account in one settlement asset, in coins (or dollars) of that asset.
struct AccountValue {
  market::AccountId account{};
  market::AssetId asset{};
  double cash = 0.0;
  double unsettled = 0.0;  ///< Gain of futures since they were entered or last settled: variation + value at the mark.
  double options = 0.0;    ///< Value of option positions, negative where more is short than long.

  /// What would be left after closing at the marks.
  [[nodiscard]] double equity() const { return cash + unsettled + options; }
};

/// Values of every account and asset with a balance or a position, in ascending order of account and asset.
/// Errors    missing_data, naming the instrument, when a held position has no mark.
[[nodiscard]] Result<std::vector<AccountValue>> value_accounts(const Ledger& ledger, const market::Universe& universe,
                                                               const MarkPrices& marks);

/// Equity of all accounts in USD at the snapshot's index prices.
/// Errors    missing_data when an asset held has no index price.
[[nodiscard]] Result<double> equity_usd(const std::vector<AccountValue>& values,
                                        const market::MarketSnapshot& snapshot);

}  // namespace gimbal::portfolio
