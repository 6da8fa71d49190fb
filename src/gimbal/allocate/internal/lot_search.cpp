// The moves of the lot search, and how each is judged: cheaply on the watched bounds, exactly before it is made.
#include "gimbal/allocate/internal/lot_search.hpp"

#include <algorithm>
#include <cmath>

namespace gimbal::allocate::internal {
namespace {

// Every accepted move gains at least this much relative to the objective, so a search ends.
constexpr double gain_least_relative = 1e-10;
// Bounds that proposals are judged by. The tightest come first; the rest is checked before a move is made.
constexpr std::size_t watched_most = 48;
// Passes over all moves. Real searches end after a few; this only caps the time of the strangest.
constexpr int passes_most = 60;
// As in problem.cpp: a bound is not broken by the rounding of doubles.
constexpr double bound_slack_relative = 0.5e-10;

double whole(std::int64_t lots) { return static_cast<double>(lots); }

}  // namespace

LotSearch::LotSearch(const Problem& problem, const Frame& frame, std::vector<std::int64_t> trades,
                     std::vector<std::size_t> pairing_order)
    : problem_{problem},
      frame_{frame},
      priorities_{priorities(problem)},
      paired_{std::move(pairing_order)},
      lots_{std::move(trades)} {
  GIMBAL_ASSERT(lots_.size() == problem.lines.size());
  if (paired_.size() > paired_lines_most) paired_.resize(paired_lines_most);
  refresh();
}

void LotSearch::refresh() {
  trades_.assign(lots_.begin(), lots_.end());
  images_ = image_values(problem_, trades_);
  regret_ = internal::regret(problem_, frame_, priorities_, trades_, images_);
  objective_ = internal::objective(problem_, trades_, images_).total();
}

void LotSearch::watch_tightest() {
  struct Near {
    double slack = 0.0;
    std::size_t bound = 0;
  };
  std::vector<Near> near;
  for (std::size_t b = 0; b < problem_.bounds.size(); ++b) {
    const Bound& bound = problem_.bounds[b];
    const double value = images_[bound.image];
    // Greeks are few and move with every lot: always watched.
    const bool always = bound.kind != BoundKind::stress;
    near.push_back({always ? -open : std::min(value - frame_.lower[b], frame_.upper[b] - value) / bound.scale, b});
  }
  std::stable_sort(near.begin(), near.end(), [](const Near& a, const Near& b) { return a.slack < b.slack; });
  watched_.clear();
  for (const Near& entry : near)
    if (watched_.size() < watched_most || entry.slack <= 0.0) watched_.push_back(entry.bound);
}

LotSearch::Values LotSearch::current_values() const {
  Values values;
  for (const std::size_t bound : watched_) values.watched.push_back(images_[problem_.bounds[bound].image]);
  for (const Pull& pull : problem_.pulls) values.pulled.push_back(images_[pull.image]);
  for (const Pool& pool : problem_.pools) {
    double requirement = pool_requirement(problem_, pool, trades_, images_);
    double largest = -open;
    for (const std::size_t face : pool.faces) {
      values.faces.push_back(images_[face]);
      largest = std::max(largest, images_[face]);
    }
    if (!pool.faces.empty()) requirement -= largest;
    values.requirement.push_back(requirement);
    values.balance.push_back(pool_balance(pool, trades_));
  }
  for (std::size_t i = 0; i < problem_.lines.size(); ++i)
    values.linear += problem_.lines[i].edge * trades_[i] - problem_.lines[i].cost(trades_[i]);
  return values;
}

void LotSearch::add_trade(Values& values, std::size_t line, std::int64_t from, std::int64_t to) const {
  const Line& moved = problem_.lines[line];
  const double before = whole(from);
  const double after = whole(to);
  const auto change = [&](std::size_t image) {
    return after * problem_.coefficient(image, line, after) - before * problem_.coefficient(image, line, before);
  };
  for (std::size_t k = 0; k < watched_.size(); ++k) values.watched[k] += change(problem_.bounds[watched_[k]].image);
  for (std::size_t k = 0; k < problem_.pulls.size(); ++k) values.pulled[k] += change(problem_.pulls[k].image);
  std::size_t face_index = 0;
  for (std::size_t p = 0; p < problem_.pools.size(); ++p) {
    const Pool& pool = problem_.pools[p];
    const double held = whole(moved.current);
    values.requirement[p] += line_requirement(pool, line, held + after) - line_requirement(pool, line, held + before);
    const auto balance = [&](double trade) {
      return trade >= 0.0 ? trade * pool.balance_buy[line] : -trade * pool.balance_sell[line];
    };
    values.balance[p] += balance(after) - balance(before);
    for (const std::size_t face : pool.faces) values.faces[face_index++] += change(face);
  }
  values.linear += moved.edge * (after - before) - (moved.cost(after) - moved.cost(before));
}

double LotSearch::objective_of(const Values& values) const {
  double total = values.linear;
  for (std::size_t k = 0; k < problem_.pulls.size(); ++k) {
    const double gap = values.pulled[k] - problem_.pulls[k].target;
    total -= 0.5 * problem_.pulls[k].weight * gap * gap;
  }
  for (std::size_t k = 0; k < watched_.size(); ++k) {
    const Bound& bound = problem_.bounds[watched_[k]];
    if (!bound.hard) total -= bound.penalty * violation(bound, values.watched[k]);
  }
  std::size_t face_index = 0;
  for (std::size_t p = 0; p < problem_.pools.size(); ++p) {
    const Pool& pool = problem_.pools[p];
    double largest = pool.faces.empty() ? 0.0 : -open;
    for (std::size_t f = 0; f < pool.faces.size(); ++f) largest = std::max(largest, values.faces[face_index++]);
    const double headroom = pool.ceiling * values.balance[p] - values.requirement[p] - largest;
    if (!pool.hard) total -= pool.penalty * violation(pool, headroom);
  }
  return total;
}

Regret LotSearch::regret_of(const Values& values) const {
  Regret result;
  result.by_priority.assign(priorities_.size(), 0.0);
  const auto level = [&](int priority) {
    return static_cast<std::size_t>(std::lower_bound(priorities_.begin(), priorities_.end(), priority) -
                                    priorities_.begin());
  };
  for (std::size_t k = 0; k < watched_.size(); ++k) {
    const Bound& bound = problem_.bounds[watched_[k]];
    if (bound.hard)
      result.by_priority[level(bound.priority)] +=
          violation(problem_, frame_, watched_[k], values.watched[k]) / bound.scale;
  }
  std::size_t face_index = 0;
  for (std::size_t p = 0; p < problem_.pools.size(); ++p) {
    const Pool& pool = problem_.pools[p];
    double largest = pool.faces.empty() ? 0.0 : -open;
    for (std::size_t f = 0; f < pool.faces.size(); ++f) largest = std::max(largest, values.faces[face_index++]);
    const double headroom = pool.ceiling * values.balance[p] - values.requirement[p] - largest;
    if (pool.hard)
      result.by_priority[level(pool.priority)] += pool_violation(problem_, frame_, p, headroom) / pool.scale;
  }
  return result;
}

std::optional<std::int64_t> LotSearch::closest_allowed(std::size_t line, double least, double most,
                                                       double wanted) const {
  const Line& moved = problem_.lines[line];
  const TradeRange& range = frame_.ranges[line];
  const double low = std::ceil(std::max(least, range.least));
  const double high = std::floor(std::min(most, range.most));
  if (!(low <= high)) return std::nullopt;
  const auto inside = static_cast<std::int64_t>(std::floor(std::clamp(wanted, low, high) + 0.5));
  const std::int64_t choices[] = {inside,
                                  std::int64_t{0},
                                  moved.trade_least,
                                  -moved.trade_least,
                                  -moved.current,
                                  static_cast<std::int64_t>(low),
                                  static_cast<std::int64_t>(high)};
  std::optional<std::int64_t> best;
  for (const std::int64_t choice : choices) {
    if (whole(choice) < low || whole(choice) > high || !moved.allows(choice)) continue;
    if (!best || std::fabs(whole(choice) - wanted) < std::fabs(whole(*best) - wanted)) best = choice;
  }
  return best;
}

std::optional<std::int64_t> LotSearch::neighbour(std::size_t line, int direction) const {
  const double here = whole(lots_[line]);
  const auto found = direction > 0 ? closest_allowed(line, here + 1.0, open, here + 1.0)
                                   : closest_allowed(line, -open, here - 1.0, here - 1.0);
  return found;
}

LotSearch::Interval LotSearch::feasible(const Values& without, std::size_t line, double sign) const {
  Interval interval = sign > 0.0 ? Interval{0.0, frame_.ranges[line].most} : Interval{frame_.ranges[line].least, 0.0};
  const auto cut = [&](double constant, double slope, double lower, double upper) {
    if (slope == 0.0) {
      if (constant < lower || constant > upper) interval.most = interval.least - 1.0;
      return;
    }
    const double a = (lower - constant) / slope;
    const double b = (upper - constant) / slope;
    interval.least = std::max(interval.least, std::min(a, b));
    interval.most = std::min(interval.most, std::max(a, b));
  };
  for (std::size_t k = 0; k < watched_.size(); ++k) {
    const Bound& bound = problem_.bounds[watched_[k]];
    if (!bound.hard) continue;
    const double slack = bound_slack_relative * bound.scale;
    cut(without.watched[k], problem_.coefficient(bound.image, line, sign), frame_.lower[watched_[k]] - slack,
        frame_.upper[watched_[k]] + slack);
    if (interval.least > interval.most) return interval;
  }
  cut_by_pools(without, line, sign, interval);
  return interval;
}

void LotSearch::cut_by_pools(const Values& without, std::size_t line, double sign, Interval& interval) const {
  const double held = whole(problem_.lines[line].current);
  std::size_t face_start = 0;
  for (std::size_t p = 0; p < problem_.pools.size(); ++p) {
    const Pool& pool = problem_.pools[p];
    const std::size_t first_face = face_start;
    face_start += pool.faces.size();
    if (!pool.hard) continue;
    const double least = frame_.headroom_least[p] - bound_slack_relative * pool.scale;
    const double balance_slope = sign > 0.0 ? pool.balance_buy[line] : -pool.balance_sell[line];
    // The requirement without this line is known; with it, it is the largest of its pieces and zero, each straight.
    const double others = without.requirement[p] - line_requirement(pool, line, held);
    const auto cut = [&](const LotLine& piece, double face, double face_slope) {
      const double constant =
          pool.ceiling * without.balance[p] - others - (piece.slope * held + piece.intercept) - face - least;
      const double slope = pool.ceiling * balance_slope - piece.slope - face_slope;
      if (slope == 0.0) {
        if (constant < 0.0) interval.most = interval.least - 1.0;
      } else if (slope > 0.0) {
        interval.least = std::max(interval.least, -constant / slope);
      } else {
        interval.most = std::min(interval.most, -constant / slope);
      }
    };
    const auto cut_pieces = [&](double face, double face_slope) {
      cut({}, face, face_slope);
      for (const LotLine& piece : pool.requirement[line]) cut(piece, face, face_slope);
    };
    if (pool.faces.empty()) cut_pieces(0.0, 0.0);
    for (std::size_t f = 0; f < pool.faces.size(); ++f)
      cut_pieces(without.faces[first_face + f], problem_.coefficient(pool.faces[f], line, sign));
  }
}

double LotSearch::steepest(const Values& without, std::size_t line, double sign) const {
  const Line& moved = problem_.lines[line];
  double slope = moved.edge - (sign > 0.0 ? moved.buy_cost : -moved.sell_cost);
  double curvature = 0.0;
  for (std::size_t k = 0; k < problem_.pulls.size(); ++k) {
    const Pull& pull = problem_.pulls[k];
    const double coefficient = problem_.coefficient(pull.image, line, sign);
    slope -= pull.weight * (without.pulled[k] - pull.target) * coefficient;
    curvature += pull.weight * coefficient * coefficient;
  }
  if (curvature > 0.0) return slope / curvature;
  return slope > 0.0 ? open : slope < 0.0 ? -open : 0.0;
}

std::optional<LotSearch::Found> LotSearch::line_search(const Values& values, std::size_t line) const {
  Values without = values;
  add_trade(without, line, lots_[line], 0);
  std::optional<Found> best;
  for (const double sign : {1.0, -1.0}) {
    const std::int64_t here = lots_[line];
    // Only the side that the trade is on: crossing zero takes a second move.
    if (whole(here) * sign < 0.0) continue;
    const Interval interval = feasible(without, line, sign);
    if (!(interval.least <= interval.most)) continue;
    const double wishes[] = {steepest(without, line, sign), interval.least, interval.most};
    for (const double wish : wishes) {
      const auto to = closest_allowed(line, interval.least, interval.most, wish);
      if (!to) continue;
      Values after = without;
      add_trade(after, line, 0, *to);
      const double reached = objective_of(after);
      if (!best || reached > best->objective) best = Found{*to, reached};
    }
  }
  return best;
}

bool LotSearch::try_moves(std::span<const Move> moves) {
  for (const Move& move : moves) lots_[move.line] = move.to;
  refresh();
  return true;
}

bool LotSearch::accept_if_better(std::span<const Move> moves) {
  const std::vector<std::int64_t> kept = lots_;
  const double before = objective_;
  try_moves(moves);
  if (regret_.none() && objective_ > before + gain_least_relative * (1.0 + std::fabs(before))) return true;
  lots_ = kept;
  refresh();
  return false;
}

bool LotSearch::accept_if_less_regret(std::span<const Move> moves) {
  const std::vector<std::int64_t> kept = lots_;
  const Regret before = regret_;
  try_moves(moves);
  if (regret_.less_than(before)) return true;
  lots_ = kept;
  refresh();
  return false;
}

bool LotSearch::improve_singly() {
  bool moved = false;
  for (std::size_t line = 0; line < problem_.lines.size(); ++line) {
    const auto found = line_search(current_values(), line);
    if (!found || found->to == lots_[line]) continue;
    const Move move{line, found->to};
    moved = accept_if_better({&move, 1}) || moved;
  }
  return moved;
}

bool LotSearch::improve_in_pairs() {
  bool moved = false;
  for (const std::size_t first : paired_) {
    for (const int direction : {1, -1}) {
      const auto step = neighbour(first, direction);
      if (!step) continue;
      Values stepped = current_values();
      const double before = objective_of(stepped);
      add_trade(stepped, first, lots_[first], *step);
      std::optional<Found> best;
      std::size_t partner = first;
      for (const std::size_t second : paired_) {
        if (second == first) continue;
        const auto found = line_search(stepped, second);
        if (found && (!best || found->objective > best->objective)) {
          best = found;
          partner = second;
        }
      }
      if (!best || best->objective <= before + gain_least_relative * (1.0 + std::fabs(before))) continue;
      const Move moves[] = {{first, *step}, {partner, best->to}};
      moved = accept_if_better(moves) || moved;
    }
  }
  return moved;
}

// Trades of a line that would just put one broken bound right, and its next lots.
void LotSearch::wishes(const Values& values, std::size_t line, std::vector<std::int64_t>& out) const {
  out.clear();
  const auto add = [&](std::optional<std::int64_t> lots) {
    if (lots && *lots != lots_[line]) out.push_back(*lots);
  };
  add(neighbour(line, 1));
  add(neighbour(line, -1));
  const double here = whole(lots_[line]);
  for (std::size_t k = 0; k < watched_.size(); ++k) {
    const std::size_t b = watched_[k];
    const Bound& bound = problem_.bounds[b];
    if (!bound.hard || violation(problem_, frame_, b, values.watched[k]) == 0.0) continue;
    const double goal = std::clamp(values.watched[k], frame_.lower[b], frame_.upper[b]);
    for (const double sign : {1.0, -1.0}) {
      const double slope = problem_.coefficient(bound.image, line, sign);
      if (slope == 0.0) continue;
      const double origin = values.watched[k] - here * problem_.coefficient(bound.image, line, here);
      const double wanted = (goal - origin) / slope;
      if (wanted * sign < 0.0) continue;
      add(closest_allowed(line, -open, open, std::floor(wanted)));
      add(closest_allowed(line, -open, open, std::ceil(wanted)));
    }
  }
  add(closest_allowed(line, -open, open, 0.0));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

bool LotSearch::repair_singly() {
  const Values values = current_values();
  Regret best_regret = regret_of(values);
  double best_objective = -open;
  std::optional<Move> best;
  std::vector<std::int64_t> choices;
  for (std::size_t line = 0; line < problem_.lines.size(); ++line) {
    wishes(values, line, choices);
    for (const std::int64_t to : choices) {
      Values after = values;
      add_trade(after, line, lots_[line], to);
      const Regret reached = regret_of(after);
      const double reached_objective = objective_of(after);
      const bool tied = best && !best_regret.less_than(reached);
      if (reached.less_than(best_regret) || (tied && reached_objective > best_objective)) {
        best = Move{line, to};
        best_regret = reached;
        best_objective = reached_objective;
      }
    }
  }
  return best && accept_if_less_regret({&*best, 1});
}

bool LotSearch::repair_in_pairs() {
  const Values values = current_values();
  Regret best_regret = regret_of(values);
  std::optional<Move> first_best;
  Move second_best;
  std::vector<std::int64_t> choices;
  for (const std::size_t first : paired_) {
    for (const int direction : {1, -1}) {
      const auto step = neighbour(first, direction);
      if (!step) continue;
      Values stepped = values;
      add_trade(stepped, first, lots_[first], *step);
      for (const std::size_t second : paired_) {
        if (second == first) continue;
        wishes(stepped, second, choices);
        for (const std::int64_t to : choices) {
          Values after = stepped;
          add_trade(after, second, lots_[second], to);
          const Regret reached = regret_of(after);
          if (!reached.less_than(best_regret)) continue;
          first_best = Move{first, *step};
          second_best = {second, to};
          best_regret = reached;
        }
      }
    }
  }
  if (!first_best) return false;
  const Move moves[] = {*first_best, second_best};
  return accept_if_less_regret(moves);
}

void LotSearch::repair() {
  for (int pass = 0; pass < passes_most && !regret_.none(); ++pass) {
    watch_tightest();
    if (!repair_singly() && !repair_in_pairs()) return;
  }
}

void LotSearch::improve() {
  if (!regret_.none()) return;
  for (int pass = 0; pass < passes_most; ++pass) {
    watch_tightest();
    const bool singly = improve_singly();
    watch_tightest();
    const bool paired = improve_in_pairs();
    if (!singly && !paired) return;
  }
}

}  // namespace gimbal::allocate::internal
