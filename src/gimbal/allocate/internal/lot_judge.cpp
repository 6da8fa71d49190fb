// Gathering what is watched, and the arithmetic of proposals.
#include "gimbal/allocate/internal/lot_judge.hpp"

#include <algorithm>
#include <cmath>

namespace gimbal::allocate::internal {
namespace {

// Bounds that proposals are judged by; more cost time, fewer cost proposals that fail the full check.
constexpr std::size_t watched_most = 48;
// Half of what a violation has to exceed to count, so that the ends of an interval are inside by both measures.
constexpr double bound_slack_relative = 0.5e-10;

double whole(std::int64_t lots) { return static_cast<double>(lots); }

double balance_change(const Pool& pool, std::size_t line, double trade) {
  return trade >= 0.0 ? trade * pool.balance_buy[line] : -trade * pool.balance_sell[line];
}

}  // namespace

LotJudge::LotJudge(const Problem& problem, const Frame& frame)
    : problem_{problem}, frame_{frame}, priorities_{priorities(problem)} {
  const auto level = [&](int priority) {
    return static_cast<std::size_t>(std::lower_bound(priorities_.begin(), priorities_.end(), priority) -
                                    priorities_.begin());
  };
  for (const Bound& bound : problem.bounds) {
    level_of_bound_.push_back(level(bound.priority));
    has_soft_ = has_soft_ || (!bound.hard && bound.penalty > 0.0);
  }
  for (const Pool& pool : problem.pools) {
    level_of_pool_.push_back(level(pool.priority));
    has_soft_ = has_soft_ || (!pool.hard && pool.penalty > 0.0);
  }
}

void LotJudge::watch(std::span<const double> trades, std::span<const double> images) {
  struct Near {
    double slack = 0.0;
    std::size_t bound = 0;
  };
  std::vector<Near> near;
  for (std::size_t b = 0; b < problem_.bounds.size(); ++b) {
    const Bound& bound = problem_.bounds[b];
    if (!bound.hard && bound.penalty <= 0.0) continue;
    const double value = images[bound.image];
    // Greeks are few and move with every lot: always watched.
    const bool always = bound.kind != BoundKind::stress;
    near.push_back({always ? -open : std::min(value - frame_.lower[b], frame_.upper[b] - value) / bound.scale, b});
  }
  std::stable_sort(near.begin(), near.end(), [](const Near& a, const Near& b) { return a.slack < b.slack; });
  watched_.clear();
  for (const Near& entry : near)
    if (watched_.size() < watched_most || entry.slack <= 0.0) watched_.push_back(entry.bound);
  std::stable_sort(watched_.begin(), watched_.end(),
                   [&](std::size_t a, std::size_t b) { return level_of_bound_[a] < level_of_bound_[b]; });
  level_start_.assign(priorities_.size() + 1, watched_.size());
  for (std::size_t k = watched_.size(); k-- > 0;) level_start_[level_of_bound_[watched_[k]]] = k;
  for (std::size_t level = priorities_.size(); level-- > 0;)
    level_start_[level] = std::min(level_start_[level], level_start_[level + 1]);
  gather();
  values_ = {};
  for (const std::size_t bound : watched_) values_.images.push_back(images[problem_.bounds[bound].image]);
  for (const Pull& pull : problem_.pulls) values_.images.push_back(images[pull.image]);
  for (const Pool& pool : problem_.pools) {
    for (const std::size_t face : pool.faces) values_.images.push_back(images[face]);
    double requirement = pool.requirement_fixed;
    for (std::size_t i = 0; i < trades.size(); ++i)
      requirement += line_requirement(pool, i, whole(problem_.lines[i].current) + trades[i]);
    values_.requirement.push_back(requirement);
    values_.balance.push_back(pool_balance(pool, trades));
  }
  for (std::size_t i = 0; i < trades.size(); ++i)
    values_.linear += problem_.lines[i].edge * trades[i] - problem_.lines[i].cost(trades[i]);
}

void LotJudge::gather() {
  std::vector<std::size_t> images;
  lower_.clear();
  upper_.clear();
  tolerance_.clear();
  scale_inverse_.clear();
  for (const std::size_t b : watched_) {
    const Bound& bound = problem_.bounds[b];
    images.push_back(bound.image);
    lower_.push_back(bound.hard ? frame_.lower[b] : -open);
    upper_.push_back(bound.hard ? frame_.upper[b] : open);
    tolerance_.push_back(bound_slack_relative * bound.scale);
    scale_inverse_.push_back(1.0 / bound.scale);
  }
  for (const Pull& pull : problem_.pulls) images.push_back(pull.image);
  face_start_.clear();
  for (const Pool& pool : problem_.pools) {
    face_start_.push_back(images.size());
    images.insert(images.end(), pool.faces.begin(), pool.faces.end());
  }
  stride_ = images.size();
  up_.resize(stride_ * problem_.lines.size());
  down_.resize(up_.size());
  for (std::size_t k = 0; k < stride_; ++k) {
    const auto rising = problem_.up.row(images[k]);
    const auto falling = problem_.down.row(images[k]);
    for (std::size_t i = 0; i < problem_.lines.size(); ++i) {
      up_[i * stride_ + k] = rising[i];
      down_[i * stride_ + k] = falling[i];
    }
  }
}

void LotJudge::add_trade(LotValues& values, std::size_t line, std::int64_t from, std::int64_t to) const {
  const Line& moved = problem_.lines[line];
  const double before = whole(from);
  const double after = whole(to);
  const auto slopes_before = slopes(line, before);
  const auto slopes_after = slopes(line, after);
  for (std::size_t k = 0; k < stride_; ++k) values.images[k] += after * slopes_after[k] - before * slopes_before[k];
  const double held = whole(moved.current);
  for (std::size_t p = 0; p < problem_.pools.size(); ++p) {
    const Pool& pool = problem_.pools[p];
    values.requirement[p] += line_requirement(pool, line, held + after) - line_requirement(pool, line, held + before);
    values.balance[p] += balance_change(pool, line, after) - balance_change(pool, line, before);
  }
  values.linear += moved.edge * (after - before) - (moved.cost(after) - moved.cost(before));
}

double LotJudge::headroom(const LotValues& values, std::size_t pool) const {
  const Pool& judged = problem_.pools[pool];
  double largest = judged.faces.empty() ? 0.0 : -open;
  for (std::size_t f = 0; f < judged.faces.size(); ++f)
    largest = std::max(largest, values.images[face_start_[pool] + f]);
  return judged.ceiling * values.balance[pool] - values.requirement[pool] - largest;
}

double LotJudge::objective(const LotValues& values) const {
  double total = values.linear;
  for (std::size_t k = 0; k < problem_.pulls.size(); ++k) {
    const double gap = values.images[watched_.size() + k] - problem_.pulls[k].target;
    total -= 0.5 * problem_.pulls[k].weight * gap * gap;
  }
  if (!has_soft_) return total;
  for (std::size_t k = 0; k < watched_.size(); ++k) {
    const Bound& bound = problem_.bounds[watched_[k]];
    if (!bound.hard) total -= bound.penalty * violation(bound, values.images[k]);
  }
  for (std::size_t p = 0; p < problem_.pools.size(); ++p)
    if (!problem_.pools[p].hard) total -= problem_.pools[p].penalty * violation(problem_.pools[p], headroom(values, p));
  return total;
}

double LotJudge::regret_at(const LotValues& values, std::size_t level) const {
  double total = 0.0;
  for (std::size_t k = level_start_[level]; k < level_start_[level + 1]; ++k) {
    const double outside = std::max(lower_[k] - values.images[k], values.images[k] - upper_[k]);
    // Twice the slack is what problem.cpp counts as a violation.
    total += outside > 2.0 * tolerance_[k] ? outside * scale_inverse_[k] : 0.0;
  }
  for (std::size_t p = 0; p < problem_.pools.size(); ++p)
    if (problem_.pools[p].hard && level_of_pool_[p] == level)
      total += pool_violation(problem_, frame_, p, headroom(values, p)) / problem_.pools[p].scale;
  return total;
}

void LotJudge::regret(const LotValues& values, Regret& out) const {
  out.by_priority.resize(priorities_.size());
  for (std::size_t level = 0; level < priorities_.size(); ++level) out.by_priority[level] = regret_at(values, level);
}

bool LotJudge::regret_is_less(const LotValues& values, const Regret& best, Regret& out) const {
  out.by_priority.resize(priorities_.size());
  bool less = false;
  for (std::size_t level = 0; level < priorities_.size(); ++level) {
    out.by_priority[level] = regret_at(values, level);
    if (less) continue;
    const int order = compare_regret(out.by_priority[level], best.by_priority[level]);
    if (order > 0) return false;
    less = order < 0;
  }
  return less;
}

LotJudge::Interval LotJudge::feasible(const LotValues& values, std::size_t line, std::int64_t here, double sign) const {
  Interval interval = sign > 0.0 ? Interval{0.0, frame_.ranges[line].most} : Interval{frame_.ranges[line].least, 0.0};
  const auto slope_of = slopes(line, sign);
  const double now = whole(here);
  for (std::size_t k = 0; k < watched_.size(); ++k) {
    const double slope = slope_of[k];
    // Without this line's trade. `here` lies on the side of `sign`, so its slope is the same.
    const double constant = values.images[k] - now * slope;
    const double low = lower_[k] - tolerance_[k];
    const double high = upper_[k] + tolerance_[k];
    if (slope > 0.0) {
      interval.least = std::max(interval.least, (low - constant) / slope);
      interval.most = std::min(interval.most, (high - constant) / slope);
    } else if (slope < 0.0) {
      interval.least = std::max(interval.least, (high - constant) / slope);
      interval.most = std::min(interval.most, (low - constant) / slope);
    } else if (constant < low || constant > high) {
      return {1.0, 0.0};
    }
    if (interval.least > interval.most) return interval;
  }
  cut_by_pools(values, line, here, sign, interval);
  return interval;
}

void LotJudge::cut_by_pools(const LotValues& values, std::size_t line, std::int64_t here, double sign,
                            Interval& interval) const {
  const double held = whole(problem_.lines[line].current);
  const double now = whole(here);
  for (std::size_t p = 0; p < problem_.pools.size(); ++p) {
    const Pool& pool = problem_.pools[p];
    const double balance_slope = sign > 0.0 ? pool.balance_buy[line] : -pool.balance_sell[line];
    if (!pool.hard || (pool.requirement[line].empty() && balance_slope == 0.0 && pool.faces.empty())) continue;
    const double least = frame_.headroom_least[p] - bound_slack_relative * pool.scale;
    const double balance = values.balance[p] - balance_change(pool, line, now);
    // The requirement without this line is known; with it, it is the largest of its pieces and zero, each straight.
    const double others = values.requirement[p] - line_requirement(pool, line, held + now);
    const auto cut = [&](const LotLine& piece, double face, double face_slope) {
      const double constant = pool.ceiling * balance - others - (piece.slope * held + piece.intercept) - face - least;
      const double slope = pool.ceiling * balance_slope - piece.slope - face_slope;
      if (slope > 0.0) {
        interval.least = std::max(interval.least, -constant / slope);
      } else if (slope < 0.0) {
        interval.most = std::min(interval.most, -constant / slope);
      } else if (constant < 0.0) {
        interval.most = interval.least - 1.0;
      }
    };
    const auto cut_pieces = [&](double face, double face_slope) {
      cut({}, face, face_slope);
      for (const LotLine& piece : pool.requirement[line]) cut(piece, face, face_slope);
    };
    if (pool.faces.empty()) cut_pieces(0.0, 0.0);
    for (std::size_t f = 0; f < pool.faces.size(); ++f) {
      const double slope = slopes(line, sign)[face_start_[p] + f];
      cut_pieces(values.images[face_start_[p] + f] - now * slope, slope);
    }
  }
}

double LotJudge::Parabola::best() const {
  if (curvature > 0.0) return slope / curvature;
  return slope > 0.0 ? open : slope < 0.0 ? -open : 0.0;
}

LotJudge::Parabola LotJudge::parabola(const LotValues& values, std::size_t line, double sign) const {
  const Line& moved = problem_.lines[line];
  Parabola result;
  result.slope = moved.edge - (sign > 0.0 ? moved.buy_cost : -moved.sell_cost);
  const auto slope_of = slopes(line, sign);
  for (std::size_t k = 0; k < problem_.pulls.size(); ++k) {
    const Pull& pull = problem_.pulls[k];
    const double coefficient = slope_of[watched_.size() + k];
    result.slope -= pull.weight * (values.images[watched_.size() + k] - pull.target) * coefficient;
    result.curvature += pull.weight * coefficient * coefficient;
  }
  return result;
}

void LotJudge::cures(const LotValues& values, std::size_t line, std::int64_t here, std::vector<double>& out) const {
  out.clear();
  const double now = whole(here);
  const auto slopes_now = slopes(line, now);
  for (std::size_t level = 0; level < priorities_.size(); ++level) {
    bool broken = false;
    for (std::size_t k = level_start_[level]; k < level_start_[level + 1]; ++k) {
      const double value = values.images[k];
      if (std::max(lower_[k] - value, value - upper_[k]) <= 2.0 * tolerance_[k]) continue;
      broken = true;
      const double goal = std::clamp(value, lower_[k], upper_[k]);
      const double without = value - now * slopes_now[k];
      for (const double sign : {1.0, -1.0}) {
        const double slope = slopes(line, sign)[k];
        if (slope == 0.0) continue;
        const double wanted = (goal - without) / slope;
        if (wanted * sign >= 0.0) out.push_back(wanted);
      }
    }
    if (broken) return;
  }
}

}  // namespace gimbal::allocate::internal
