// Evaluation of the allocation problem at a vector of trades.
#include "gimbal/allocate/internal/problem.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/numerics/reduction.hpp"

namespace gimbal::allocate::internal {
namespace {

// Sums of a few hundred products carry errors of this size relative to what is bounded.
constexpr double rounding_error_relative = 1e-10;

double above_rounding(double excess, double scale) { return excess > rounding_error_relative * scale ? excess : 0.0; }

}  // namespace

double line_requirement(const Pool& pool, std::size_t line, double position) {
  double requirement = 0.0;
  for (const LotLine& piece : pool.requirement[line])
    requirement = std::max(requirement, piece.slope * position + piece.intercept);
  return requirement;
}

double pool_requirement(const Problem& problem, const Pool& pool, std::span<const double> trades,
                        std::span<const double> images) {
  double requirement = pool.requirement_fixed;
  for (std::size_t i = 0; i < trades.size(); ++i)
    requirement += line_requirement(pool, i, static_cast<double>(problem.lines[i].current) + trades[i]);
  if (pool.faces.empty()) return requirement;
  double largest = -open;
  for (const std::size_t face : pool.faces) largest = std::max(largest, images[face]);
  return requirement + largest;
}

double pool_balance(const Pool& pool, std::span<const double> trades) {
  double balance = pool.balance;
  for (std::size_t i = 0; i < trades.size(); ++i)
    balance += trades[i] >= 0.0 ? trades[i] * pool.balance_buy[i] : -trades[i] * pool.balance_sell[i];
  return balance;
}

double pool_headroom(const Problem& problem, const Pool& pool, std::span<const double> trades,
                     std::span<const double> images) {
  return pool.ceiling * pool_balance(pool, trades) - pool_requirement(problem, pool, trades, images);
}

std::vector<double> image_values(const Problem& problem, std::span<const double> trades) {
  GIMBAL_ASSERT(trades.size() == problem.lines.size());
  std::vector<double> rises(trades.size());
  std::vector<double> falls(trades.size());
  for (std::size_t i = 0; i < trades.size(); ++i) {
    rises[i] = std::max(trades[i], 0.0);
    falls[i] = std::min(trades[i], 0.0);
  }
  std::vector<double> values(problem.image_current.size());
  for (std::size_t r = 0; r < values.size(); ++r)
    values[r] =
        problem.image_current[r] + numerics::dot(problem.up.row(r), rises) + numerics::dot(problem.down.row(r), falls);
  return values;
}

ObjectiveParts objective(const Problem& problem, std::span<const double> trades, std::span<const double> images) {
  ObjectiveParts parts;
  parts.edge = problem.edge_current;
  for (std::size_t i = 0; i < trades.size(); ++i) {
    parts.edge += problem.lines[i].edge * trades[i];
    parts.cost += problem.lines[i].cost(trades[i]);
  }
  for (const Pull& pull : problem.pulls) {
    const double gap = images[pull.image] - pull.target;
    parts.pulls += 0.5 * pull.weight * gap * gap;
  }
  for (const Bound& bound : problem.bounds)
    if (!bound.hard) parts.penalties += bound.penalty * violation(bound, images[bound.image]);
  for (const Pool& pool : problem.pools)
    if (!pool.hard) parts.penalties += pool.penalty * violation(pool, pool_headroom(problem, pool, trades, images));
  return parts;
}

double violation(const Bound& bound, double value) {
  return above_rounding(std::max(bound.lower - value, value - bound.upper), bound.scale);
}

double violation(const Pool& pool, double headroom) {
  return above_rounding(pool.headroom_least - headroom, pool.scale);
}

Frame frame_of(const Problem& problem) {
  Frame frame;
  for (const Bound& bound : problem.bounds) {
    frame.lower.push_back(bound.lower);
    frame.upper.push_back(bound.upper);
  }
  for (const Pool& pool : problem.pools) frame.headroom_least.push_back(pool.headroom_least);
  for (const Line& line : problem.lines)
    frame.ranges.push_back({-static_cast<double>(line.sell_most), static_cast<double>(line.buy_most)});
  return frame;
}

double violation(const Problem& problem, const Frame& frame, std::size_t bound, double value) {
  return above_rounding(std::max(frame.lower[bound] - value, value - frame.upper[bound]), problem.bounds[bound].scale);
}

double pool_violation(const Problem& problem, const Frame& frame, std::size_t pool, double headroom) {
  return above_rounding(frame.headroom_least[pool] - headroom, problem.pools[pool].scale);
}

bool Regret::none() const {
  return std::all_of(by_priority.begin(), by_priority.end(), [](double level) { return level == 0.0; });
}

int compare_regret(double a, double b) {
  const double tolerance = rounding_error_relative * (1.0 + std::fabs(b));
  if (a < b - tolerance) return -1;
  return a > b + tolerance ? 1 : 0;
}

bool Regret::less_than(const Regret& other) const {
  GIMBAL_ASSERT(by_priority.size() == other.by_priority.size());
  for (std::size_t level = 0; level < by_priority.size(); ++level)
    if (const int order = compare_regret(by_priority[level], other.by_priority[level]); order != 0) return order < 0;
  return false;
}

std::vector<int> priorities(const Problem& problem) {
  std::vector<int> found;
  for (const Bound& bound : problem.bounds)
    if (bound.hard) found.push_back(bound.priority);
  for (const Pool& pool : problem.pools)
    if (pool.hard) found.push_back(pool.priority);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

Regret regret(const Problem& problem, const Frame& frame, std::span<const int> priorities,
              std::span<const double> trades, std::span<const double> images) {
  Regret result;
  result.by_priority.assign(priorities.size(), 0.0);
  const auto level_of = [&](int priority) -> double& {
    const auto found = std::lower_bound(priorities.begin(), priorities.end(), priority);
    return result.by_priority[static_cast<std::size_t>(found - priorities.begin())];
  };
  for (std::size_t b = 0; b < problem.bounds.size(); ++b) {
    const Bound& bound = problem.bounds[b];
    if (bound.hard) level_of(bound.priority) += violation(problem, frame, b, images[bound.image]) / bound.scale;
  }
  for (std::size_t p = 0; p < problem.pools.size(); ++p) {
    const Pool& pool = problem.pools[p];
    if (pool.hard)
      level_of(pool.priority) +=
          pool_violation(problem, frame, p, pool_headroom(problem, pool, trades, images)) / pool.scale;
  }
  return result;
}

}  // namespace gimbal::allocate::internal
