// Search among books in whole lots: first towards feasibility, then uphill without leaving it. One move changes one
// line, or one line by its next lot and a second by as many lots as serve best; the second is found by an exact line
// search, since along one line every bound is an interval and the objective a concave parabola.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "gimbal/allocate/internal/lot_judge.hpp"

namespace gimbal::allocate::internal {

/// Lines that a search may pair with each other: more cost time with the square of their number.
inline constexpr std::size_t paired_lines_most = 64;

class LotSearch {
 public:
  /// The bounds that count are the frame's. `pairing_order` names lines by how much they matter to pairs, first ones
  /// first.
  LotSearch(const Problem& problem, const Frame& frame, std::vector<std::int64_t> trades,
            std::vector<std::size_t> pairing_order);

  /// Moves while the regret falls, lexicographically; of equal regrets the better objective wins. Single lines first,
  /// pairs where those stick.
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
  struct Found {
    std::int64_t to = 0;
    double gain = 0.0;
  };

  /// Everything from scratch at the present book.
  void refresh();
  [[nodiscard]] std::optional<std::int64_t> closest_allowed(std::size_t line, double least, double most,
                                                            double wanted) const;
  [[nodiscard]] std::optional<std::int64_t> neighbour(std::size_t line, int direction) const;
  /// The best trade of a line given the values of everything else, and what it gains over staying, if it may stay.
  [[nodiscard]] std::optional<Found> line_search(const LotValues& values, std::size_t line);
  /// Trades of a line that are worth trying against broken bounds.
  void wishes(const LotValues& values, std::size_t line, std::vector<std::int64_t>& out);

  bool improve_singly();
  bool improve_in_pairs();
  bool repair_singly();
  bool repair_in_pairs();
  /// Makes the moves if the whole problem, not only what is watched, agrees; else leaves everything as it was.
  bool make_if_better(std::span<const Move> moves);
  bool make_if_less_regret(std::span<const Move> moves);
  struct Outcome {
    Regret regret;
    double objective = 0.0;
  };
  /// Lines that moves open less those that they close.
  [[nodiscard]] int lines_opened(std::span<const Move> moves) const;
  /// Whether the lines limit lets the moves be made: a book past it may not open more.
  [[nodiscard]] bool within_lines(std::span<const Move> moves) const;
  [[nodiscard]] Outcome outcome_of(std::span<const Move> moves);
  void make(std::span<const Move> moves, Outcome outcome);

  const Problem& problem_;
  const Frame& frame_;
  std::vector<int> priorities_;
  std::vector<std::size_t> paired_;
  LotJudge judge_;
  std::vector<std::int64_t> lots_;
  std::int64_t lines_held_ = 0;
  std::vector<double> trades_;
  std::vector<double> images_;
  Regret regret_;
  double objective_ = 0.0;

  // Reused, so that proposals take no memory.
  std::vector<double> trial_trades_;
  std::vector<double> trial_images_;
  LotValues stepped_;
  LotValues after_;
  Regret reached_;
  std::vector<double> cures_;
  std::vector<std::int64_t> choices_;
};

}  // namespace gimbal::allocate::internal
