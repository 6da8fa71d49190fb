// Quick judgement of moves in lots: the few images that decide, gathered by line so that a proposal costs a handful of
// streamed operations and no memory. Exact on what it watches; what it does not watch is checked by the search before a
// move is made.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gimbal/allocate/internal/problem.hpp"

namespace gimbal::allocate::internal {

/// What a book in lots comes to: images in the judge's order (watched bounds, pulls, faces), and pools.
struct LotValues {
  std::vector<double> images;
  std::vector<double> requirement;  // by pool, without faces
  std::vector<double> balance;
  double linear = 0.0;  // edge less cost, of the trades alone
};

class LotJudge {
 public:
  LotJudge(const Problem& problem, const Frame& frame);

  /// Chooses what to watch at a book, the tightest bounds first, and takes its values.
  void watch(std::span<const double> trades, std::span<const double> images);

  /// Values of the book last watched, as changed since by move().
  [[nodiscard]] const LotValues& values() const { return values_; }
  void move(std::size_t line, std::int64_t from, std::int64_t to) { add_trade(values_, line, from, to); }

  void add_trade(LotValues& values, std::size_t line, std::int64_t from, std::int64_t to) const;
  [[nodiscard]] double objective(const LotValues& values) const;
  /// Regret of watched hard bounds and of pools, into a vector by priority that is overwritten.
  void regret(const LotValues& values, Regret& out) const;
  /// Whether the regret is less than `best`; if so, `out` is it. Gives up at the first priority that is worse.
  [[nodiscard]] bool regret_is_less(const LotValues& values, const Regret& best, Regret& out) const;

  /// Trades of one line, on one side of zero, that keep every watched hard bound and pool; empty when least > most.
  struct Interval {
    double least = 0.0;
    double most = 0.0;
  };
  [[nodiscard]] Interval feasible(const LotValues& values, std::size_t line, std::int64_t here, double sign) const;

  /// The objective along one line on the side that its trade is on, relative to `here`: gain(t) = slope (t - here) -
  /// curvature / 2 (t - here)^2. Soft bounds are left out: see has_soft().
  struct Parabola {
    double slope = 0.0;
    double curvature = 0.0;
    [[nodiscard]] double gain(double step) const { return step * (slope - 0.5 * curvature * step); }
    /// The step of the largest gain; infinite where the objective has no curvature.
    [[nodiscard]] double best() const;
  };
  [[nodiscard]] Parabola parabola(const LotValues& values, std::size_t line, double sign) const;
  /// Whether anything has a penalty, so that the parabola is not the whole objective.
  [[nodiscard]] bool has_soft() const { return has_soft_; }

  /// Trades of a line that would just put one broken bound right, of the most important priority that is broken;
  /// unrounded, not limited to the line's range.
  void cures(const LotValues& values, std::size_t line, std::int64_t here, std::vector<double>& out) const;

 private:
  /// One image of a line: the two slopes lie side by side.
  [[nodiscard]] std::span<const double> slopes(std::size_t line, double sign) const {
    const auto& gathered = sign >= 0.0 ? up_ : down_;
    return std::span{gathered}.subspan(line * stride_, stride_);
  }
  void gather();
  void cut_by_pools(const LotValues& values, std::size_t line, std::int64_t here, double sign,
                    Interval& interval) const;
  [[nodiscard]] double headroom(const LotValues& values, std::size_t pool) const;
  [[nodiscard]] double regret_at(const LotValues& values, std::size_t level) const;

  const Problem& problem_;
  const Frame& frame_;
  std::vector<int> priorities_;
  std::vector<std::size_t> level_of_bound_;
  std::vector<std::size_t> level_of_pool_;
  bool has_soft_ = false;

  std::vector<std::size_t> watched_;      // bounds, by priority
  std::vector<std::size_t> level_start_;  // into watched_, one more than there are priorities
  std::size_t stride_ = 0;                // watched bounds, pulls and faces
  std::vector<double> up_;                // by line, then image
  std::vector<double> down_;
  std::vector<double> lower_;  // of watched bounds; open for soft ones
  std::vector<double> upper_;
  std::vector<double> tolerance_;
  std::vector<double> scale_inverse_;
  std::vector<std::size_t> face_start_;  // by pool, into images
  LotValues values_;
};

}  // namespace gimbal::allocate::internal
