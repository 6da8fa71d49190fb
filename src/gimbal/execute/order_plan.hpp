// From a target book to the orders that take the book there. For now each trade is one immediate order at the quote
// that the target was priced against; schedules, routing and resting orders come to this room later.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "gimbal/market/order.hpp"
#include "gimbal/portfolio/target_book.hpp"

namespace gimbal::execute {

/// What an order's id is a hash of, besides the order itself.
struct PlanCause {
  std::string_view configuration;  ///< Identity of the configuration that is running.
  std::uint64_t target = 0;        ///< Sequence of the event that proposed the target.
};

/// One order per trade of the target: options before everything else, so that hedges go out when what they hedge is
/// known; inside that in the target's own order.
/// Ids are hashes of cause, account, instrument, side, size and limit.
[[nodiscard]] std::vector<market::OrderRequest> plan_orders(const portfolio::TargetBook& target,
                                                            const market::Universe& universe, const PlanCause& cause);

}  // namespace gimbal::execute
