// Who may be traded: what the settings let the owner hold, and the short list that the programme chooses from.
#pragma once

#include <cstddef>
#include <vector>

#include "gimbal/allocate/cost.hpp"
#include "gimbal/allocate/settings.hpp"
#include "gimbal/risk/risk_view.hpp"

namespace gimbal::allocate {

/// Whether a selector names the instrument of a column. Moneyness is against the column's own forward; delta is Black's
/// at the fitted volatility, per unit of underlying and without premium.
[[nodiscard]] bool selects(const Selector& selector, const risk::RiskView& view, std::size_t column);

/// Whether a column's instrument may be held: any selector names it, or there is none. Spot never may: coins are
/// balances, which this programme does not trade.
[[nodiscard]] bool is_holdable(const std::vector<Selector>& holdable, const risk::RiskView& view, std::size_t column);

/// What the choice reads; edges and costs by row of the snapshot.
struct CandidateInputs {
  const risk::RiskView& view;
  const risk::BookState& book;
  const AllocationSettings& settings;
  const std::vector<Edge>& edges;
  const std::vector<TradingCost>& costs;
};

/// Columns that the programme may trade, at most settings.candidates_most unless more are held, in ascending order of
/// name.
///
/// Left out  what settles in an asset of which the account holds nothing, and what is not quoted.
/// Rule      first every line held that the snapshot lists; then every perpetual and future that may be held; then
///           options
///           that may be held and are quoted on either side. Half of the places left go to the options with the largest
///           score, the other half one by one to the best not yet chosen of each group in turn, a group being
///           underlying, expiry and one of six bands of moneyness: what hedges a stress row need not have an edge.
/// Score     (edge of the better side less its cost, per contract) / (largest change of the contract's value over the
///           stress
///           rows), both in the numeraire: profit by the scarcest thing, room on the risk surface. Ties go to the name.
[[nodiscard]] std::vector<std::size_t> select_candidates(const CandidateInputs& in);

}  // namespace gimbal::allocate
