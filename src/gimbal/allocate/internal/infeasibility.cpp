// Caps, relaxation and sentences.
#include "gimbal/allocate/internal/infeasibility.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/allocate/internal/programme.hpp"
#include "gimbal/optimize/lexicographic.hpp"

namespace gimbal::allocate::internal {
namespace {

constexpr int rounds_most = 100;
// Relaxed bounds are widened by this much of their scale more, so that the next solve does not stand on a knife's edge.
constexpr double widening_relative = 1e-7;

// The first priority that a book breaks, or the largest there is.
int first_broken(const std::vector<int>& levels, const Regret& regret) {
  for (std::size_t level = 0; level < levels.size(); ++level)
    if (regret.by_priority[level] > 0.0) return levels[level];
  return levels.empty() ? cap_priority : levels.back();
}

// Importance by row of a programme: 0 is never relaxed. Soft rows have slack of their own.
std::vector<int> row_priorities(const Problem& problem, const Programme& programme, bool keep_caps) {
  std::vector<int> result;
  const auto importance = [&](bool hard, int priority) {
    if (!hard) return 0;
    return keep_caps ? priority : priority + 1;
  };
  for (const std::size_t b : programme.bound_of_row)
    result.push_back(importance(problem.bounds[b].hard, problem.bounds[b].priority));
  for (const std::size_t p : programme.pool_of_row)
    result.push_back(importance(problem.pools[p].hard, problem.pools[p].priority));
  result.resize(programme.program.rows.row_count(), 0);
  return result;
}

std::vector<double> row_scales(const Problem& problem, const Programme& programme) {
  std::vector<double> result;
  for (const std::size_t b : programme.bound_of_row) result.push_back(problem.bounds[b].scale);
  for (const std::size_t p : programme.pool_of_row) result.push_back(problem.pools[p].scale);
  result.resize(programme.program.rows.row_count(), 1.0);
  return result;
}

// Moves the frame's bounds to where the relaxed rows stand, and to where the point itself stands if that is further.
void widen(const Problem& problem, const Programme& programme, const optimize::LeastViolation& least,
           const std::vector<double>& trades, Frame& frame) {
  const std::vector<double> images = image_values(problem, trades);
  std::size_t row = 0;
  for (const std::size_t b : programme.bound_of_row) {
    const Bound& bound = problem.bounds[b];
    if (bound.hard && least.violation[row] > 0.0) {
      const double more = widening_relative * bound.scale;
      const double value = images[bound.image];
      const double base = frame.lower[b] - programme.program.row_lower[row];
      const double base_upper = frame.upper[b] - programme.program.row_upper[row];
      if (std::isfinite(frame.lower[b]))
        frame.lower[b] = std::min({frame.lower[b], least.row_lower[row] + base - more, value - more});
      if (std::isfinite(frame.upper[b]))
        frame.upper[b] = std::max({frame.upper[b], least.row_upper[row] + base_upper + more, value + more});
    }
    ++row;
  }
  for (const std::size_t p : programme.pool_of_row) {
    const Pool& pool = problem.pools[p];
    if (pool.hard && least.violation[row] > 0.0) {
      const double headroom = pool_headroom(problem, pool, trades, images);
      const double relaxed = frame.headroom_least[p] - least.violation[row];
      frame.headroom_least[p] = std::min(relaxed, headroom) - widening_relative * pool.scale;
    }
    ++row;
  }
}

struct Sentence {
  int priority = 0;
  std::string text;
};

}  // namespace

Problem with_caps(const Problem& problem) {
  Problem capped = problem;
  const std::vector<double> none(problem.lines.size(), 0.0);
  const std::vector<double> images = image_values(problem, none);
  const std::vector<int> levels = priorities(problem);
  const int broken = first_broken(levels, regret(problem, frame_of(problem), levels, none, images));
  for (const Bound& bound : problem.bounds) {
    if (!bound.hard || bound.priority > broken) continue;
    Bound cap = bound;
    cap.lower = std::min(bound.lower, images[bound.image]);
    cap.upper = std::max(bound.upper, images[bound.image]);
    cap.priority = cap_priority;
    capped.bounds.push_back(std::move(cap));
  }
  for (const Pool& pool : problem.pools) {
    if (!pool.hard || pool.priority > broken) continue;
    Pool cap = pool;
    cap.headroom_least = std::min(pool.headroom_least, pool_headroom(problem, pool, none, images));
    cap.priority = cap_priority;
    capped.pools.push_back(std::move(cap));
  }
  return capped;
}

Relaxation relax(const Problem& problem, const Frame& frame) {
  Relaxation result;
  std::vector<double> start;
  for (const TradeRange& range : frame.ranges) start.push_back(std::clamp(0.0, range.least, range.most));
  std::vector<std::size_t> rows = starting_rows(problem, frame, start);
  bool keep_caps = true;
  for (int round = 0; round < rounds_most; ++round) {
    const Programme programme = build_programme(problem, frame, rows);
    const auto least = optimize::least_violation(programme.program, row_priorities(problem, programme, keep_caps),
                                                 row_scales(problem, programme), {});
    GIMBAL_ASSERT(least.has_value());
    result.solves += least->solves;
    if (least->status == optimize::SolutionStatus::primal_infeasible && keep_caps) {
      keep_caps = false;
      continue;
    }
    if (least->status != optimize::SolutionStatus::optimal) return result;
    result.trades = trades_of(programme, least->x);
    result.frame = frame;
    widen(problem, programme, *least, result.trades, result.frame);
    result.found = true;
    if (!add_broken_rows(problem, result.frame, result.trades, rows)) return result;
    result.found = false;
  }
  return result;
}

std::vector<std::string> broken_sentences(const Problem& problem, std::span<const double> trades) {
  const std::vector<double> images = image_values(problem, trades);
  std::vector<Sentence> sentences;
  for (const Bound& bound : problem.bounds) {
    if (!bound.hard) continue;
    const double value = images[bound.image];
    const double below = bound.lower_stated - value;
    const double above = value - bound.upper_stated;
    Bound stated = bound;
    stated.lower = bound.lower_stated;
    stated.upper = bound.upper_stated;
    if (violation(stated, value) == 0.0) continue;
    const bool low = below > above;
    sentences.push_back(
        {bound.priority, fmt::format("{} is {:.6g} {}, {:.6g} {} its {} bound of {:.6g}", bound.name, value, bound.unit,
                                     std::max(below, above), low ? "below" : "above", low ? "lower" : "upper",
                                     low ? bound.lower_stated : bound.upper_stated)});
  }
  for (const Pool& pool : problem.pools) {
    if (!pool.hard) continue;
    const double headroom = pool_headroom(problem, pool, trades, images);
    Pool stated = pool;
    stated.headroom_least = 0.0;
    if (violation(stated, headroom) == 0.0) continue;
    const char* needs = pool.side == risk::MarginSide::initial ? "needs" : "needs maintenance of";
    sentences.push_back({pool.priority, fmt::format("{} {} {:.6g}, {:.6g} above {:.6g} of its balance of {:.6g}",
                                                    pool.name, needs, pool_requirement(problem, pool, trades, images),
                                                    -headroom, pool.ceiling, pool_balance(pool, trades))});
  }
  std::stable_sort(sentences.begin(), sentences.end(),
                   [](const Sentence& a, const Sentence& b) { return a.priority < b.priority; });
  std::vector<std::string> result;
  for (Sentence& sentence : sentences) result.push_back(std::move(sentence.text));
  return result;
}

}  // namespace gimbal::allocate::internal
