// In which order the unknowns of a sparse symmetric system are eliminated, decided once from its pattern: first one by
// one those with few neighbours, then at once a set of which no two are neighbours, last a dense core. The numbers are
// the business of quasidefinite.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gimbal::optimize::internal {

/// The pattern of a symmetric matrix, one node a row.
struct Pattern {
  std::vector<std::vector<std::uint32_t>> neighbours;  ///< Sorted, without the node itself; each pair appears twice.
  /// Nodes with no diagonal of their own beyond regularisation. They wait until a neighbour has gone, whose elimination
  /// gives them one; dividing by a regularisation would cost eight digits.
  std::vector<bool> weak;
};

/// One node of the first phase, with what it is still connected to when its turn comes.
struct SparsePivot {
  std::uint32_t node = 0;
  std::vector<std::uint32_t> neighbours;  ///< Sorted.
};

struct EliminationOrder {
  std::vector<SparsePivot> sparse;
  std::vector<std::uint32_t> independent;  ///< Mutually not connected when the first phase is over.
  std::vector<std::uint32_t> core;         ///< The rest, ascending.
  std::vector<std::vector<std::uint32_t>>
      remaining_neighbours;  ///< After the first phase, by node; empty for its pivots.
};

/// Chooses the order by minimum degree. Deterministic: ties go to the lower node.
/// Source    A. George and J. Liu, "The evolution of the minimum degree ordering algorithm", SIAM Review 31 (1989)
///           1-19.
[[nodiscard]] EliminationOrder choose_elimination_order(const Pattern& pattern);

}  // namespace gimbal::optimize::internal
