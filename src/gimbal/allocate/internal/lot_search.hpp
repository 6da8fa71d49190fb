// Search among books in whole lots: first towards feasibility, then uphill without leaving it. One move changes one
// line, or one line by its next lot and a second by as many lots as serve best; the second is found by an exact line
// search, since along one line every bound is an interval and the objective a concave parabola.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "gimbal/allocate/internal/problem.hpp"

namespace gimbal::allocate::internal {

/// Lines that a search may pair with each other: more cost time with the square of their number.
inline constexpr std::size_t paired_lines_most = 64;

class LotSearch {
 public:
  /// The bounds that count are the frame's. `pairing_order` names lines by how much they matter to pairs, first ones
  /// first.
  LotSearch(const Problem& problem, const Frame& frame, std::vector<std::int64_t> trades,
            std::vector<std::size_t> pairing_order);

  /// Moves while the regret falls, lexicographically; of equal regrets the better objective wins.
  void repair();
  /// Moves while the objective rises, from a book without regret; does nothing from any other.
  void improve();

  [[nodiscard]] const std::vector<std::int64_t>& trades() const { return lots_; }
  [[nodiscard]] const Regret& regret() const { return regret_; }
  [[nodiscard]] double objective() const { return objective_; }

 private:
  struct Move {
    std::size_t line = 0;
    std::int64_t to = 0;
  };
  /// Values that a proposed move is judged by: of the watched bounds, the pulls and the pools.
  struct Values {
    std::vector<double> watched;
    std::vector<double> pulled;
    std::vector<double> requirement;  // by pool, without faces
    std::vector<double> balance;
    std::vector<double> faces;  // of all pools in turn
    double linear = 0.0;        // edge less cost
  };
  struct Interval {
    double least = 0.0;
    double most = 0.0;
  };

  void refresh();
  void watch_tightest();
  [[nodiscard]] Values current_values() const;
  void add_trade(Values& values, std::size_t line, std::int64_t from, std::int64_t to) const;
  [[nodiscard]] double objective_of(const Values& values) const;
  [[nodiscard]] Regret regret_of(const Values& values) const;

  [[nodiscard]] std::optional<std::int64_t> closest_allowed(std::size_t line, double least, double most,
                                                            double wanted) const;
  [[nodiscard]] std::optional<std::int64_t> neighbour(std::size_t line, int direction) const;
  [[nodiscard]] Interval feasible(const Values& without, std::size_t line, double sign) const;
  void cut_by_pools(const Values& without, std::size_t line, double sign, Interval& interval) const;
  [[nodiscard]] double steepest(const Values& without, std::size_t line, double sign) const;
  struct Found {
    std::int64_t to = 0;
    double objective = 0.0;
  };
  [[nodiscard]] std::optional<Found> line_search(const Values& values, std::size_t line) const;
  void wishes(const Values& values, std::size_t line, std::vector<std::int64_t>& out) const;

  bool improve_singly();
  bool improve_in_pairs();
  bool repair_singly();
  bool repair_in_pairs();
  bool accept_if_better(std::span<const Move> moves);
  bool accept_if_less_regret(std::span<const Move> moves);
  bool try_moves(std::span<const Move> moves);

  const Problem& problem_;
  const Frame& frame_;
  std::vector<int> priorities_;
  std::vector<std::size_t> paired_;
  std::vector<std::int64_t> lots_;
  std::vector<double> trades_;
  std::vector<double> images_;
  Regret regret_;
  double objective_ = 0.0;
  std::vector<std::size_t> watched_;  // bounds
};

}  // namespace gimbal::allocate::internal
