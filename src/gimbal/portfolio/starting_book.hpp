// The book that a configuration starts from, given as selectors ("20 short puts of about 30 days and 25 delta") so that
// one file runs on any market; and its resolution to instruments at the first market seen.
#pragma once

#include <optional>
#include <vector>

#include "gimbal/market/snapshot.hpp"
#include "gimbal/portfolio/ledger.hpp"
#include "gimbal/surface/surface.hpp"

namespace gimbal::portfolio {

/// One line of a starting book. The expiry nearest to `tenor_days` is taken, then the strike nearest to `delta` or
/// `moneyness`; ties go to the earlier expiry and the lower strike.
struct StartSelector {
  market::AssetCode underlying;
  market::InstrumentKind kind = market::InstrumentKind::option;
  market::Payoff payoff = market::Payoff::inverse;
  market::OptionRight right = market::OptionRight::call;
  double tenor_days = 30.0;
  std::optional<double> delta;      ///< Size of the forward delta, 0 < delta < 1, premium not included.
  std::optional<double> moneyness;  ///< Strike / forward; 1 where neither is given.
  Decimal contracts;                ///< Negative is short.
};

/// Finds the instrument of a selector among those with a bid, an ask or a mark in the snapshot.
/// Errors    missing_data when no such contract is listed, saying what was looked for; invalid_argument when the
///           contracts are no multiple of its lot.
[[nodiscard]] Result<OpeningPosition> resolve(const StartSelector& selector, market::AccountId account,
                                              const market::MarketSnapshot& snapshot,
                                              const surface::SurfaceSet& surfaces);

/// The price that a future comes into a book at where nothing else is said: its mark to the nearest tick.
/// Errors    missing_data when the snapshot has neither mark nor forward of it.
[[nodiscard]] Result<Decimal> entry_price(market::InstrumentId instrument, const market::MarketSnapshot& snapshot);

}  // namespace gimbal::portfolio
