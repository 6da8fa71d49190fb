// What puts and calls of one strike say about their forward together.
//
// Formula   C - P = F - K for premiums in the quote currency, 1 - K/F for premiums in coin.
#pragma once

#include <cstddef>
#include <span>

#include "gimbal/market/snapshot.hpp"

namespace gimbal::surface {

/// The forward that is nearest to the one given and at which no pair of put and call near the money can be bought and
/// sold against each other at a profit: nearly always the one given. It is left as it is unless at least four
/// pairs refuse it on one side, and where the pairs contradict each other.
///
/// Shapes    rows of the options of one expiry, in any order.
[[nodiscard]] double forward_within_parity(const market::MarketSnapshot& snapshot, std::span<const std::size_t> rows,
                                           double forward);

}  // namespace gimbal::surface
