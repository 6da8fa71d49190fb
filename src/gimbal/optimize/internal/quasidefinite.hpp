// The linear solver inside the interior point: a sparse symmetric quasi-definite matrix whose off-diagonal entries stay
// and whose diagonal changes with every iteration, factorised without pivoting. All memory is taken at set-up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "gimbal/numerics/dense.hpp"
#include "gimbal/optimize/internal/elimination_order.hpp"

namespace gimbal::optimize::internal {

/// An off-diagonal pair; each pair at most once, in either order.
struct PairEntry {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  double value = 0.0;
};

enum class NodeKind : std::uint8_t {
  positive,           ///< Positive pivot.
  positive_weak,      ///< Positive, but its own diagonal may be regularisation alone.
  negative,           ///< Negative pivot.
  negative_weak,      ///< Negative, but its own diagonal may be regularisation alone.
  negative_constant,  ///< Its diagonal is -1 in every factorisation.
};

class QuasidefiniteFactor {
 public:
  QuasidefiniteFactor() = default;
  QuasidefiniteFactor(const std::vector<NodeKind>& kinds, const std::vector<PairEntry>& entries);

  [[nodiscard]] std::size_t size() const { return kinds_.size(); }
  [[nodiscard]] std::size_t core_size() const { return core_nodes_.size(); }

  /// Factorises the matrix with this diagonal, one number a node, regularisation included.
  /// Returns   the number of pivots that had to be replaced because their sign or size was wrong.
  [[nodiscard]] std::size_t factorise(std::span<const double> diagonal, const numerics::PivotRule& rule);

  /// Solves in place with the last factor.
  void solve(std::span<double> x) const;

 private:
  /// One elimination of the first phase. Its off-diagonal values are values_[first ... first + degree).
  struct Step {
    std::uint32_t node = 0;
    std::uint32_t degree = 0;
    std::size_t first = 0;
    std::size_t first_neighbour = 0;
    std::size_t first_target = 0;  ///< targets_[...]: where the products of its pairs go, (0,0) (1,0) (1,1) (2,0) ...
  };
  /// An entry outside the first phase that the first phase changes.
  struct Touched {
    std::uint32_t row = 0;     ///< Place in the independent set, or in the core.
    std::uint32_t column = 0;  ///< Place in the core; at most `row` when both are.
    bool in_core = false;
    std::size_t value = 0;
  };

  /// A product that goes to the entry (a, b) outside the first phase, and its place in targets_.
  struct LaterTarget {
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    std::size_t target = 0;
  };

  void place_nodes(const EliminationOrder& order);
  /// Gives every such entry a place in values_ from `next` on; returns the place after the last.
  std::size_t place_touched(std::vector<LaterTarget>& later, std::size_t next);
  void place_values(const EliminationOrder& order, const std::vector<PairEntry>& entries);
  void fill_constant_parts(const std::vector<PairEntry>& entries);
  [[nodiscard]] double checked_pivot(std::uint32_t node, double pivot, const numerics::PivotRule& rule,
                                     std::size_t& replaced) const;
  void write_independent(std::size_t row, std::size_t column, double value);
  [[nodiscard]] bool is_positive(std::uint32_t node) const {
    return kinds_[node] == NodeKind::positive || kinds_[node] == NodeKind::positive_weak;
  }

  std::vector<NodeKind> kinds_;
  std::vector<Step> steps_;
  std::vector<std::uint32_t> neighbours_;
  std::vector<std::uint32_t> targets_;
  std::vector<double> values_;          ///< Diagonals by node, then the first phase's entries, then the touched ones.
  std::vector<double> initial_values_;  ///< values_ before a factorisation, diagonals apart.
  std::vector<Touched> touched_;

  // The independent set: rows that vary first, then those whose contribution to the core never changes.
  std::vector<std::uint32_t> independent_nodes_;
  std::size_t varying_count_ = 0;
  std::vector<double> independent_pivots_;
  std::vector<double> independent_weights_;
  numerics::TiledColumns varying_;   ///< varying_count_ x core
  numerics::TiledColumns constant_;  ///< the rest x core
  numerics::TiledColumns scratch_;
  Matrix coupling_;  ///< Both again, by rows, for the backward substitution.

  std::vector<std::uint32_t> core_nodes_;  ///< Positive ones first.
  std::size_t core_positive_count_ = 0;
  numerics::TiledSymmetric core_base_;
  numerics::TiledSymmetric core_;
  mutable std::vector<double> core_right_;
  mutable std::vector<double> independent_right_;
};

}  // namespace gimbal::optimize::internal
