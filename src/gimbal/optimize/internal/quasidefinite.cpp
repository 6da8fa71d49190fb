// Set-up assigns every number that any elimination can change a place in one array; factorising is then three plain
// loops.
#include "gimbal/optimize/internal/quasidefinite.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/numerics/reduction.hpp"

namespace gimbal::optimize::internal {
namespace {

constexpr std::uint32_t nowhere = 0xffffffffU;

/// Where each node stands in a list of nodes.
std::vector<std::uint32_t> places_of(const std::vector<std::uint32_t>& nodes, std::size_t count) {
  std::vector<std::uint32_t> places(count, nowhere);
  for (std::size_t i = 0; i < nodes.size(); ++i) places[nodes[i]] = static_cast<std::uint32_t>(i);
  return places;
}

Pattern pattern_of(const std::vector<NodeKind>& kinds, const std::vector<PairEntry>& entries) {
  Pattern pattern;
  pattern.neighbours.resize(kinds.size());
  pattern.weak.resize(kinds.size());
  for (std::size_t i = 0; i < kinds.size(); ++i)
    pattern.weak[i] = kinds[i] == NodeKind::positive_weak || kinds[i] == NodeKind::negative_weak;
  for (const PairEntry& entry : entries) {
    pattern.neighbours[entry.row].push_back(entry.column);
    pattern.neighbours[entry.column].push_back(entry.row);
  }
  for (auto& list : pattern.neighbours)
    if (!std::is_sorted(list.begin(), list.end())) std::sort(list.begin(), list.end());
  return pattern;
}

}  // namespace

QuasidefiniteFactor::QuasidefiniteFactor(const std::vector<NodeKind>& kinds, const std::vector<PairEntry>& entries)
    : kinds_{kinds} {
  const EliminationOrder order = choose_elimination_order(pattern_of(kinds, entries));
  place_nodes(order);
  place_values(order, entries);
  fill_constant_parts(entries);
}

void QuasidefiniteFactor::place_nodes(const EliminationOrder& order) {
  for (const std::uint32_t node : order.core)
    if (is_positive(node)) core_nodes_.push_back(node);
  core_positive_count_ = core_nodes_.size();
  for (const std::uint32_t node : order.core)
    if (!is_positive(node)) core_nodes_.push_back(node);
  // An elimination next to a node changes its diagonal, so "constant" holds only for nodes that none was next to.
  std::vector<bool> constant(size(), false);
  for (std::size_t node = 0; node < size(); ++node) constant[node] = kinds_[node] == NodeKind::negative_constant;
  for (const SparsePivot& pivot : order.sparse)
    for (const std::uint32_t other : pivot.neighbours) constant[other] = false;
  for (const std::uint32_t node : order.independent)
    if (!constant[node]) independent_nodes_.push_back(node);
  varying_count_ = independent_nodes_.size();
  for (const std::uint32_t node : order.independent)
    if (constant[node]) independent_nodes_.push_back(node);

  const std::size_t core = core_nodes_.size();
  varying_ = numerics::TiledColumns{varying_count_, core};
  scratch_ = numerics::TiledColumns{varying_count_, core};
  constant_ = numerics::TiledColumns{independent_nodes_.size() - varying_count_, core};
  coupling_ = Matrix{independent_nodes_.size(), core};
  core_base_ = numerics::TiledSymmetric{core};
  core_ = numerics::TiledSymmetric{core};
  independent_pivots_.assign(independent_nodes_.size(), -1.0);
  independent_weights_.assign(varying_count_, 0.0);
  independent_right_.assign(independent_nodes_.size(), 0.0);
  core_right_.assign(core, 0.0);
}

void QuasidefiniteFactor::place_values(const EliminationOrder& order, const std::vector<PairEntry>& entries) {
  std::vector<std::uint32_t> turn(size(), nowhere);  // of the first phase
  for (std::size_t t = 0; t < order.sparse.size(); ++t) turn[order.sparse[t].node] = static_cast<std::uint32_t>(t);
  std::size_t next = size();
  for (const SparsePivot& pivot : order.sparse) {
    steps_.push_back({pivot.node, static_cast<std::uint32_t>(pivot.neighbours.size()), next, neighbours_.size(), 0});
    neighbours_.insert(neighbours_.end(), pivot.neighbours.begin(), pivot.neighbours.end());
    next += pivot.neighbours.size();
  }
  // The place of pair (a, b): with whichever goes first in the first phase, else a touched entry made on first sight.
  const auto place_in_step = [&](std::uint32_t first_to_go, std::uint32_t other) {
    const Step& step = steps_[turn[first_to_go]];
    const auto begin = neighbours_.begin() + static_cast<std::ptrdiff_t>(step.first_neighbour);
    const auto found = std::lower_bound(begin, begin + step.degree, other);
    GIMBAL_ASSERT(found != begin + step.degree && *found == other);
    return step.first + static_cast<std::size_t>(found - begin);
  };
  std::vector<LaterTarget> later;
  for (Step& step : steps_) {
    step.first_target = targets_.size();
    for (std::uint32_t i = 0; i < step.degree; ++i)
      for (std::uint32_t j = 0; j <= i; ++j) {
        const std::uint32_t a = neighbours_[step.first_neighbour + i];
        const std::uint32_t b = neighbours_[step.first_neighbour + j];
        if (a == b) {
          targets_.push_back(a);
        } else if (turn[a] != nowhere || turn[b] != nowhere) {
          targets_.push_back(static_cast<std::uint32_t>(turn[a] < turn[b] ? place_in_step(a, b) : place_in_step(b, a)));
        } else {
          later.push_back({a, b, targets_.size()});
          targets_.push_back(nowhere);
        }
      }
  }
  next = place_touched(later, next);
  GIMBAL_ASSERT(next < nowhere);
  initial_values_.assign(next, 0.0);
  values_.assign(next, 0.0);
  for (const PairEntry& entry : entries)
    if (turn[entry.row] != nowhere || turn[entry.column] != nowhere) {
      const bool row_first = turn[entry.row] < turn[entry.column];
      initial_values_[row_first ? place_in_step(entry.row, entry.column) : place_in_step(entry.column, entry.row)] +=
          entry.value;
    }
}

std::size_t QuasidefiniteFactor::place_touched(std::vector<LaterTarget>& later, std::size_t next) {
  const std::vector<std::uint32_t> place_in_core = places_of(core_nodes_, size());
  const std::vector<std::uint32_t> place_independent = places_of(independent_nodes_, size());
  const auto key = [](const LaterTarget& target) { return std::pair{target.a, target.b}; };
  std::sort(later.begin(), later.end(), [&](const LaterTarget& left, const LaterTarget& right) {
    return key(left) < key(right) || (key(left) == key(right) && left.target < right.target);
  });
  for (std::size_t k = 0; k < later.size(); ++k) {
    if (k == 0 || key(later[k]) != key(later[k - 1])) {
      std::uint32_t a = later[k].a;
      std::uint32_t b = later[k].b;
      if (place_in_core[b] == nowhere) std::swap(a, b);
      const bool in_core = place_in_core[a] != nowhere;
      std::uint32_t row = in_core ? place_in_core[a] : place_independent[a];
      std::uint32_t column = place_in_core[b];
      if (in_core && row < column) std::swap(row, column);
      GIMBAL_ASSERT(row != nowhere && column != nowhere);
      touched_.push_back({row, column, in_core, next++});
    }
    targets_[later[k].target] = static_cast<std::uint32_t>(touched_.back().value);
  }
  return next;
}

void QuasidefiniteFactor::write_independent(std::size_t row, std::size_t column, double value) {
  coupling_(row, column) = value;
  if (row < varying_count_)
    varying_(row, column) = value;
  else
    constant_(row - varying_count_, column) = value;
}

void QuasidefiniteFactor::fill_constant_parts(const std::vector<PairEntry>& entries) {
  const std::vector<std::uint32_t> place_in_core = places_of(core_nodes_, size());
  const std::vector<std::uint32_t> place_independent = places_of(independent_nodes_, size());
  for (const PairEntry& entry : entries) {
    std::uint32_t a = entry.row;
    std::uint32_t b = entry.column;
    if (place_in_core[b] == nowhere) std::swap(a, b);
    if (place_in_core[b] == nowhere) continue;
    if (place_in_core[a] != nowhere) {
      const auto [low, high] = std::minmax(place_in_core[a], place_in_core[b]);
      core_base_(high, low) += entry.value;
    } else if (place_independent[a] != nowhere) {
      write_independent(place_independent[a], place_in_core[b], entry.value);
    }
  }
  for (const Touched& entry : touched_)
    initial_values_[entry.value] =
        entry.in_core ? core_base_(entry.row, entry.column) : coupling_(entry.row, entry.column);
  numerics::TiledColumns work{constant_.rows(), constant_.columns()};
  numerics::add_weighted_gram(constant_, std::vector<double>(constant_.rows(), 1.0), work, core_base_);
  // What the first phase adds to a touched entry of the core goes on top of the constant rows' share.
  for (const Touched& entry : touched_)
    if (entry.in_core) initial_values_[entry.value] = core_base_(entry.row, entry.column);
}

double QuasidefiniteFactor::checked_pivot(std::uint32_t node, double pivot, const numerics::PivotRule& rule,
                                          std::size_t& replaced) const {
  const double sign = is_positive(node) ? 1.0 : -1.0;
  if (sign * pivot > rule.floor) return pivot;
  ++replaced;
  return sign * rule.replacement;
}

std::size_t QuasidefiniteFactor::factorise(std::span<const double> diagonal, const numerics::PivotRule& rule) {
  GIMBAL_ASSERT(diagonal.size() == size());
  std::size_t replaced = 0;
  std::copy(diagonal.begin(), diagonal.end(), values_.begin());
  std::copy(initial_values_.begin() + static_cast<std::ptrdiff_t>(size()), initial_values_.end(),
            values_.begin() + static_cast<std::ptrdiff_t>(size()));
  for (const Step& step : steps_) {
    double& pivot = values_[step.node];
    pivot = checked_pivot(step.node, pivot, rule, replaced);
    const double inverse = 1.0 / pivot;
    const std::uint32_t* target = targets_.data() + step.first_target;
    const double* entries = values_.data() + step.first;
    for (std::uint32_t i = 0; i < step.degree; ++i) {
      const double factor = -entries[i] * inverse;
      for (std::uint32_t j = 0; j <= i; ++j, ++target)
        values_[*target] = std::fma(factor, entries[j], values_[*target]);
    }
  }
  core_.assign(core_base_);
  for (std::size_t i = 0; i < core_nodes_.size(); ++i) core_(i, i) += values_[core_nodes_[i]];
  for (const Touched& entry : touched_) {
    if (entry.in_core)
      core_(entry.row, entry.column) = values_[entry.value];
    else
      write_independent(entry.row, entry.column, values_[entry.value]);
  }
  for (std::size_t i = 0; i < varying_count_; ++i) {
    const std::uint32_t node = independent_nodes_[i];
    independent_pivots_[i] = checked_pivot(node, values_[node], rule, replaced);
    independent_weights_[i] = -1.0 / independent_pivots_[i];
  }
  numerics::add_weighted_gram(varying_, independent_weights_, scratch_, core_);
  return replaced + numerics::factorise(core_, core_positive_count_, rule);
}

void QuasidefiniteFactor::solve(std::span<double> x) const {
  GIMBAL_ASSERT(x.size() == size());
  for (const Step& step : steps_) {
    const double share = -x[step.node] / values_[step.node];
    for (std::uint32_t i = 0; i < step.degree; ++i) {
      double& other = x[neighbours_[step.first_neighbour + i]];
      other = std::fma(values_[step.first + i], share, other);
    }
  }
  for (std::size_t i = 0; i < core_nodes_.size(); ++i) core_right_[i] = x[core_nodes_[i]];
  for (std::size_t i = 0; i < independent_nodes_.size(); ++i)
    independent_right_[i] = x[independent_nodes_[i]] / independent_pivots_[i];
  const std::span<const double> share{independent_right_};
  numerics::add_transposed_product(varying_, share.first(varying_count_), -1.0, core_right_);
  numerics::add_transposed_product(constant_, share.subspan(varying_count_), -1.0, core_right_);
  numerics::solve_factorised(core_, core_positive_count_, core_right_);
  for (std::size_t i = 0; i < core_nodes_.size(); ++i) x[core_nodes_[i]] = core_right_[i];
  for (std::size_t i = 0; i < independent_nodes_.size(); ++i)
    x[independent_nodes_[i]] =
        independent_right_[i] - numerics::dot(coupling_.row(i), core_right_) / independent_pivots_[i];
  for (std::size_t t = steps_.size(); t-- > 0;) {
    const Step& step = steps_[t];
    double rest = x[step.node];
    for (std::uint32_t i = 0; i < step.degree; ++i)
      rest = std::fma(-values_[step.first + i], x[neighbours_[step.first_neighbour + i]], rest);
    x[step.node] = rest / values_[step.node];
  }
}

}  // namespace gimbal::optimize::internal
