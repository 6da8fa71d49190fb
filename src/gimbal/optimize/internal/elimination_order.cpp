// Minimum degree on explicit neighbour lists, which suit the few thousand nodes this is for.
#include "gimbal/optimize/internal/elimination_order.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace gimbal::optimize::internal {
namespace {

// A sparse elimination handles its degree^2 / 2 numbers one at a time, the dense kernels theirs some twenty times
// faster; the first phase is tried up to each of these degrees and the cheapest taken.
constexpr std::size_t degree_limits[] = {12, 32, 96};
constexpr double sparse_cost_factor = 20.0;
// Below this many nodes the dense core takes microseconds and no further limit is tried.
constexpr std::size_t core_size_small = 400;

using NodeList = std::vector<std::uint32_t>;

class MinimumDegree {
 public:
  explicit MinimumDegree(const Pattern& pattern)
      : neighbours_{pattern.neighbours}, waiting_{pattern.weak}, gone_(pattern.neighbours.size(), false) {
    for (std::uint32_t node = 0; node < neighbours_.size(); ++node)
      if (!waiting_[node]) queue_.insert({neighbours_[node].size(), node});
  }

  /// Eliminates nodes while the least degree is at most `limit`.
  void run(std::size_t limit) {
    while (!queue_.empty() && queue_.begin()->first <= limit) {
      const std::uint32_t node = queue_.begin()->second;
      queue_.erase(queue_.begin());
      eliminate(node);
    }
  }

  /// The order if the first phase ended now.
  [[nodiscard]] EliminationOrder finish() const {
    EliminationOrder order;
    order.sparse = sparse_;
    order.remaining_neighbours = neighbours_;
    // A node joins the independent set unless a neighbour is in it already. Weak nodes that still wait must not: their
    // pivots would be taken before anything has strengthened them.
    std::vector<bool> taken(neighbours_.size(), false);
    for (const auto& [degree, node] : queue_) {
      const auto in_set = [&](std::uint32_t other) { return taken[other]; };
      if (std::none_of(neighbours_[node].begin(), neighbours_[node].end(), in_set)) taken[node] = true;
    }
    for (std::uint32_t node = 0; node < neighbours_.size(); ++node) {
      if (gone_[node]) continue;
      (taken[node] ? order.independent : order.core).push_back(node);
    }
    return order;
  }

 private:
  void eliminate(std::uint32_t node) {
    NodeList clique = std::move(neighbours_[node]);
    neighbours_[node].clear();
    gone_[node] = true;
    for (const std::uint32_t other : clique) {
      if (!waiting_[other]) queue_.erase({neighbours_[other].size(), other});
      waiting_[other] = false;
      joined_.clear();
      std::set_union(neighbours_[other].begin(), neighbours_[other].end(), clique.begin(), clique.end(),
                     std::back_inserter(joined_));
      std::erase_if(joined_, [&](std::uint32_t name) { return name == node || name == other; });
      neighbours_[other].assign(joined_.begin(), joined_.end());
      queue_.insert({neighbours_[other].size(), other});
    }
    sparse_.push_back({node, std::move(clique)});
  }

  std::vector<NodeList> neighbours_;
  std::vector<bool> waiting_;
  std::vector<bool> gone_;
  std::set<std::pair<std::size_t, std::uint32_t>> queue_;  ///< (degree, node) of all that may go next.
  std::vector<SparsePivot> sparse_;
  NodeList joined_;
};

/// Multiplications of one factorisation, in units of the dense kernels'.
double cost_of(const EliminationOrder& order) {
  double cost = 0.0;
  for (const SparsePivot& pivot : order.sparse) {
    const auto degree = static_cast<double>(pivot.neighbours.size());
    cost += sparse_cost_factor * 0.5 * degree * degree;
  }
  const auto core = static_cast<double>(order.core.size());
  return cost + 0.5 * static_cast<double>(order.independent.size()) * core * core + core * core * core / 6.0;
}

}  // namespace

EliminationOrder choose_elimination_order(const Pattern& pattern) {
  MinimumDegree process{pattern};
  EliminationOrder best;
  double best_cost = 0.0;
  for (const std::size_t limit : degree_limits) {
    process.run(limit);
    EliminationOrder order = process.finish();
    const double cost = cost_of(order);
    const bool first = limit == degree_limits[0];
    const bool small = order.core.size() <= core_size_small;
    if (first || cost < best_cost) {
      best = std::move(order);
      best_cost = cost;
    }
    if (small) break;
  }
  return best;
}

}  // namespace gimbal::optimize::internal
