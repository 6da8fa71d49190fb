// From the nouns of finance to the numbers of the problem: one file per concern behind one door.
//   lines     what may be traded, between which lots, at what edge and cost       assemble_lines.cpp
//   images    Greek and stress rows, pulls towards desired values, risk factors   assemble_images.cpp
//   pools     margin, room to liquidation assemble_pools.cpp
#pragma once

#include <vector>

#include "gimbal/allocate/allocation.hpp"
#include "gimbal/allocate/candidates.hpp"
#include "gimbal/allocate/internal/problem.hpp"

namespace gimbal::allocate::internal {

/// What an instrument's trades do to equity beyond its position: costs, in the settlement asset, per lot.
struct EquityLoss {
  double buy = 0.0;  // quote less mark, and fee; negative where the quote is better than the mark
  double sell = 0.0;
};

/// The problem, and what the report needs besides.
struct Assembled {
  Problem problem;
  std::vector<Edge> edges;         // by line, per contract
  std::vector<TradingCost> costs;  // by line, per contract
  std::vector<EquityLoss> losses;  // by line
};

/// Errors    as allocate().
[[nodiscard]] Result<Assembled> assemble(const AllocationInput& input);

/// Parts, in the order in which assemble() calls them. Lines, then the rest by lines.
[[nodiscard]] Result<void> add_lines(const AllocationInput& input, Assembled& out);
[[nodiscard]] Result<void> add_images(const AllocationInput& input, Assembled& out);
[[nodiscard]] Result<void> add_pools(const AllocationInput& input, Assembled& out);

/// The least of the limits that name an instrument, in contracts; absent when none does.
[[nodiscard]] std::optional<double> contract_limit(const std::vector<ContractLimit>& limits,
                                                   const market::Instrument& instrument);

/// By how much the rounding of trades to an asset's smallest unit may move its balance.
[[nodiscard]] double money_safety(const Problem& problem, const market::AssetCode& asset);

}  // namespace gimbal::allocate::internal
