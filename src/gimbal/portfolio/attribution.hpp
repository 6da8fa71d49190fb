// Where profit came from: the change of an account's equity between two valuations, split into what was traded, what
// was paid, and what the market did to what was held. Every figure is in the numeraire and exact to its smallest unit;
// what no item explains is the residual, so that the sum always is the change.
//
// Held      What an account has in each asset, equity E, moves with that asset's price f: collateral = E0 (f1 - f0).
//           A contract's change of value in its settlement asset then counts at the price of the end, f1 (v1 - v0): the
//           premium of what is held is collateral too, as it is in risk's deltas.
// Steps     v1 - v0 is taken by full revaluation in the order time, forwards, volatility:
//             time        v(F0, s0, T1) - v(F0, s0, T0)
//             carry       v(F', s0, T1) - v(F0, s0, T1),  F' = F1 S0/S1: the forward's premium to the index moves alone
//             spot        v(F1, s0, T1) - v(F', s0, T1)
//             volatility  v(F1, s1, T1) - v(F1, s0, T1)
//           s is the volatility that the mark implies at its own forward, the surface's where the mark has no time
//           value. Spot and volatility are split by the Taylor terms of the value in the numeraire around
//           (F', s0, T1), where the asset's price f moves as well:
//             delta  f0 v_F dF                    gamma  f0 (v_FF dF^2 / 2 + r v_F dF)
//             vega   f0 v_s ds                    vanna  f0 (v_Fs dF ds + r v_s ds)        volga  f0 v_ss ds^2 / 2
//           with dF = F1 - F', r = f1/f0 - 1. An inverse future is straight in dollars, and shows no gamma there.
//           What is left of these steps is residual.
// Last day  The terms of options within a day of expiry say little of what they do; they are kept apart with their own
//           residual. A contract that was delivered has no market after: an option's whole change from its last mark to
//           its payoff is settlement; a future steps to its delivery price first.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "gimbal/market/order.hpp"
#include "gimbal/market/snapshot.hpp"
#include "gimbal/portfolio/expiry_bucket.hpp"
#include "gimbal/portfolio/ledger.hpp"
#include "gimbal/portfolio/valuation.hpp"
#include "gimbal/surface/surface.hpp"

namespace gimbal::portfolio {

/// In the order of reports.
enum class AttributionItem : std::uint8_t {
  trades,      ///< New trades against the mark: what crossing the quotes gave away.
  fees,        ///< Of trades and of deliveries.
  funding,     ///< Of perpetuals.
  settlement,  ///< Deliveries: what was paid less the value that the steps had come to.
  collateral,  ///< What is held in each asset, times the move of its price.
  carry,       ///< Forwards against the index.
  time,        ///< Time value lost or earned.
  delta,       ///< Move of the index times delta.
  gamma,       ///< Half the squared move times gamma.
  vega,        ///< Moves of implied volatilities times vega, by expiry.
  vanna,       ///< Volatility moving together with spot.
  volga,       ///< Half the squared move of volatility times volga.
  residual,    ///< Terms of higher order, and money rounded to its smallest unit.
};
inline constexpr int attribution_item_count = 13;
[[nodiscard]] const char* to_string(AttributionItem item) noexcept;

struct AttributedAmount {
  AttributionItem item = AttributionItem::residual;
  std::optional<market::AssetId> asset;  ///< The underlying; of fees and collateral the asset itself. None: residual.
  std::optional<ExpiryBucket> bucket;    ///< Of vega.
  Decimal amount;                        ///< Numeraire; negative is a loss.
  friend bool operator==(const AttributedAmount&, const AttributedAmount&) = default;
};

struct Attribution {
  Decimal equity_before;  ///< Numeraire, to its smallest unit, as the next two.
  Decimal equity_after;
  Decimal deposits;                        ///< Brought in by the owner in between, at the prices of the end.
  std::vector<AttributedAmount> items;     ///< In ascending order of item, asset and bucket; zero left out.
  std::vector<AttributedAmount> last_day;  ///< Of options within a day of expiry at the end, their residual last.
  Decimal residual;

  /// items + last_day + residual, exactly.
  [[nodiscard]] Decimal change() const { return equity_after - equity_before - deposits; }
};

/// What moved an account between two valuations, in order of event.
struct AccountFlows {
  std::vector<market::Fill> fills;
  std::vector<market::FundingPayment> funding;
  std::vector<market::Delivery> deliveries;
};

/// One valuation: the market, and what stood in the books. A view; everything outlives the call.
struct Valuation {
  const market::MarketSnapshot& snapshot;
  const surface::SurfaceSet& surfaces;
  const MarkPrices& marks;
  const Ledger& ledger;
};

/// Attributes the change of one account's equity from `before` to `after`, both in one universe or in one that extends
/// the other, times in order. `flows` holds all that happened to the ledger in between, deposits apart. Fills count
/// against the marks of `after`: they are of its market.
/// Errors    missing_data, naming instrument or asset, for what cannot be valued at either end; out_of_domain for an
///           equity that no decimal holds.
[[nodiscard]] Result<Attribution> attribute(const Valuation& before, const Valuation& after, const AccountFlows& flows,
                                            market::AccountId account, market::AssetId numeraire);

}  // namespace gimbal::portfolio
