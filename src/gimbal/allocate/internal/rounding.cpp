// Starting points of the lot search, and what happens when it finds no feasible book.
#include "gimbal/allocate/internal/rounding.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "gimbal/allocate/internal/line_choice.hpp"
#include "gimbal/allocate/internal/lot_search.hpp"
#include "gimbal/allocate/internal/programme.hpp"
#include "gimbal/foundation/random.hpp"
#include "gimbal/numerics/special.hpp"

namespace gimbal::allocate::internal {
namespace {

// Fractions of a lot below this are the solver's error.
constexpr double fraction_negligible = 1e-6;

// The allowed trade nearest to a number of lots, within a range; ties go to the smaller trade. Absent when none is
// allowed.
std::optional<std::int64_t> nearest_allowed(const Line& line, const TradeRange& range, double wanted) {
  const double low = numerics::ceiling(range.least - fraction_negligible);
  const double high = std::floor(range.most + fraction_negligible);
  if (!(low <= high)) return std::nullopt;
  const auto inside = static_cast<std::int64_t>(std::floor(std::clamp(wanted, low, high) + 0.5));
  std::optional<std::int64_t> best;
  const std::int64_t choices[] = {0, inside, line.trade_least, -line.trade_least, -line.current};
  for (const std::int64_t choice : choices) {
    const double lots = static_cast<double>(choice);
    if (lots < low || lots > high || !line.allows(choice)) continue;
    if (!best || std::fabs(lots - wanted) < std::fabs(static_cast<double>(*best) - wanted)) best = choice;
  }
  return best;
}

std::vector<std::int64_t> nearest_lots(const Problem& problem, const Frame& frame, const std::vector<double>& trades) {
  std::vector<std::int64_t> lots;
  for (std::size_t i = 0; i < problem.lines.size(); ++i)
    lots.push_back(nearest_allowed(problem.lines[i], frame.ranges[i], trades[i]).value_or(0));
  return lots;
}

// Lines by how much they matter to pairs: hedges, then fractions of a lot, then trades, then the rest; those that
// cannot move are left out.
std::vector<std::size_t> pairing_order(const Problem& problem, const Frame& frame, const std::vector<double>& trades) {
  struct Ranked {
    int rank = 0;
    std::size_t line = 0;
  };
  std::vector<Ranked> ranked;
  for (std::size_t i = 0; i < problem.lines.size(); ++i) {
    if (frame.ranges[i].least >= frame.ranges[i].most) continue;
    const double fraction = std::fabs(trades[i] - std::floor(trades[i] + 0.5));
    int rank = 3;
    if (std::fabs(trades[i]) > fraction_negligible) rank = 2;
    if (fraction > fraction_negligible) rank = 1;
    if (problem.lines[i].hedge) rank = 0;
    ranked.push_back({rank, i});
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) { return a.rank < b.rank; });
  std::vector<std::size_t> order;
  for (const Ranked& entry : ranked) order.push_back(entry.line);
  return order;
}

// By how much rounding to the nearest lots may miss an image: the root of the sum of squares of half lots in fractional
// lines, since their errors have no common sign. Lots of hedges are fine enough to be left to the repair.
double lot_error(const Problem& problem, std::size_t image, const std::vector<double>& trades) {
  double squares = 0.0;
  for (std::size_t i = 0; i < problem.lines.size(); ++i) {
    const double fraction = std::fabs(trades[i] - std::floor(trades[i] + 0.5));
    if (problem.lines[i].hedge || fraction < fraction_negligible) continue;
    const double half = 0.5 * problem.coefficient(image, i, trades[i]);
    squares += half * half;
  }
  return std::sqrt(squares);
}

Frame tightened(const Problem& problem, const Frame& frame, const std::vector<double>& trades, double share) {
  Frame result = frame;
  for (std::size_t b = 0; b < problem.bounds.size(); ++b) {
    if (!problem.bounds[b].hard) continue;
    const double width = frame.upper[b] - frame.lower[b];
    // Never past the middle of a closed bound.
    const double inwards = std::min(share * lot_error(problem, problem.bounds[b].image, trades), 0.45 * width);
    result.lower[b] += inwards;
    result.upper[b] -= inwards;
  }
  for (std::size_t p = 0; p < problem.pools.size(); ++p) {
    const Pool& pool = problem.pools[p];
    if (!pool.hard) continue;
    double squares = 0.0;
    for (std::size_t i = 0; i < problem.lines.size(); ++i) {
      const double fraction = std::fabs(trades[i] - std::floor(trades[i] + 0.5));
      if (problem.lines[i].hedge || fraction < fraction_negligible) continue;
      const double position = static_cast<double>(problem.lines[i].current) + trades[i];
      const double step = 0.5 * (line_requirement(pool, i, position + 0.5) - line_requirement(pool, i, position - 0.5));
      squares += step * step;
    }
    result.headroom_least[p] += share * std::sqrt(squares);
  }
  return result;
}

std::uint32_t lines_over(const Problem& problem, const std::vector<std::int64_t>& lots) {
  const std::uint32_t held = lines_held(problem, std::vector<double>(lots.begin(), lots.end()));
  return held > problem.lines_most ? held - problem.lines_most : 0;
}

Rounded search_from(const Problem& problem, const Frame& frame, std::vector<std::int64_t> start,
                    const std::vector<std::size_t>& order) {
  LotSearch search{problem, frame, std::move(start), order};
  search.repair();
  search.improve();
  return {search.trades(), search.regret(), lines_over(problem, search.trades()), search.objective(), 0};
}

bool better(const Rounded& a, const Rounded& b) {
  if (a.lines_over != b.lines_over) return a.lines_over < b.lines_over;
  if (a.regret.less_than(b.regret)) return true;
  if (b.regret.less_than(a.regret)) return false;
  return a.objective > b.objective;
}

// Bounds that the best book still breaks give way to where it stands, so that climbing may go on behind them.
Rounded climb_behind(const Problem& problem, const Frame& frame, Rounded found, const std::vector<std::size_t>& order) {
  Frame widened = frame;
  const std::vector<double> trades(found.trades.begin(), found.trades.end());
  const std::vector<double> images = image_values(problem, trades);
  for (std::size_t b = 0; b < problem.bounds.size(); ++b) {
    const double value = images[problem.bounds[b].image];
    if (!problem.bounds[b].hard || violation(problem, frame, b, value) == 0.0) continue;
    widened.lower[b] = std::min(widened.lower[b], value);
    widened.upper[b] = std::max(widened.upper[b], value);
  }
  for (std::size_t p = 0; p < problem.pools.size(); ++p)
    if (problem.pools[p].hard)
      widened.headroom_least[p] =
          std::min(widened.headroom_least[p], pool_headroom(problem, problem.pools[p], trades, images));
  LotSearch search{problem, widened, found.trades, order};
  search.improve();
  found.trades = search.trades();
  found.objective = search.objective();
  const std::vector<double> reached(found.trades.begin(), found.trades.end());
  found.regret = regret(problem, frame, priorities(problem), reached, image_values(problem, reached));
  return found;
}

// Whether a trade is one that lots and least sizes allow, up to the solver's error.
bool is_whole(const Line& line, double trade) {
  const double nearest = std::floor(trade + 0.5);
  return std::fabs(trade - nearest) <= fraction_negligible && line.allows(static_cast<std::int64_t>(nearest));
}

// How coarse a line's lot is against the bounds it moves: what has few lots to a bound's width is decided first.
double coarseness(const Problem& problem, const Frame& frame, std::size_t line) {
  double coarsest = 0.0;
  for (std::size_t b = 0; b < problem.bounds.size(); ++b) {
    const Bound& bound = problem.bounds[b];
    if (!bound.hard || bound.kind == BoundKind::stress) continue;
    const double width = frame.upper[b] - frame.lower[b];
    const double room = std::isfinite(width) && width > 0.0 ? width : bound.scale;
    coarsest = std::max(coarsest, std::fabs(problem.up(bound.image, line)) / room);
  }
  return coarsest;
}

// The allowed trades next to a number of lots on either side, the nearer first.
std::vector<std::int64_t> around(const Line& line, const TradeRange& range, double trade) {
  std::vector<std::int64_t> result;
  const TradeRange below{range.least, std::min(range.most, std::floor(trade + fraction_negligible))};
  const TradeRange above{std::max(range.least, numerics::ceiling(trade - fraction_negligible)), range.most};
  for (const TradeRange& side : {below, above})
    if (const auto choice = nearest_allowed(line, side, trade)) result.push_back(*choice);
  std::stable_sort(result.begin(), result.end(), [&](std::int64_t a, std::int64_t b) {
    return std::fabs(static_cast<double>(a) - trade) < std::fabs(static_cast<double>(b) - trade);
  });
  return result;
}

// The coarsest line whose trade is not whole yet. Hedges have lots fine enough to be left to the end.
std::optional<std::size_t> next_to_decide(const Problem& problem, const Frame& frame,
                                          const std::vector<double>& trades) {
  std::optional<std::size_t> next;
  double next_coarseness = -1.0;
  for (std::size_t i = 0; i < problem.lines.size(); ++i) {
    if (problem.lines[i].hedge || is_whole(problem.lines[i], trades[i])) continue;
    const double coarse = coarseness(problem, frame, i);
    if (coarse <= next_coarseness) continue;
    next = i;
    next_coarseness = coarse;
  }
  return next;
}

// A line decided on the way down, with the other choices that are left to it.
struct Decision {
  std::size_t line = 0;
  TradeRange range;  // before it was decided
  std::vector<std::int64_t> rest;
};

// Decides one line after the other and solves for the rest each time: what later lines still can do is then known
// exactly. Where no choice of a line leaves an answer, the last decision with another choice is turned round. Returns
// the trades of the deepest answer, all whole but for hedges if it came to the end.
std::vector<double> dive(const Problem& problem, const Frame& frame, std::vector<double> trades, int& solves) {
  // Dives that come to an end take a few solves for each binding row; this caps the time of those that do not.
  constexpr int solves_most = 60;
  Frame fixed = frame;
  std::vector<Decision> path;
  std::vector<double> deepest = trades;
  std::size_t depth = 0;
  bool answered = true;
  for (int solved = 0; solved < solves_most;) {
    if (answered) {
      const auto next = next_to_decide(problem, frame, trades);
      if (!next) return trades;
      path.push_back({*next, fixed.ranges[*next], around(problem.lines[*next], fixed.ranges[*next], trades[*next])});
    }
    while (!path.empty() && path.back().rest.empty()) {
      fixed.ranges[path.back().line] = path.back().range;
      path.pop_back();
    }
    if (path.empty()) return deepest;
    Decision& decision = path.back();
    const double choice = static_cast<double>(decision.rest.front());
    decision.rest.erase(decision.rest.begin());
    fixed.ranges[decision.line] = {choice, choice};
    const Continuous answer = solve_continuous(problem, fixed);
    solves += answer.solves;
    ++solved;
    answered = answer.status == optimize::SolutionStatus::optimal;
    if (!answered) continue;
    trades = answer.trades;
    if (path.size() <= depth) continue;
    depth = path.size();
    deepest = trades;
  }
  return deepest;
}

// Shakes the best book a few times, each time from a seed of its own, and searches on from there.
Rounded kicked(const Problem& problem, const Frame& frame, const Rounded& from, const std::vector<std::size_t>& order) {
  constexpr std::uint64_t kicks = 40;
  constexpr int lines_kicked = 3;
  constexpr std::uint64_t lots_kicked_most = 4;
  Rounded best = from;
  for (std::uint64_t kick = 0; kick < kicks && !best.regret.none() && !order.empty(); ++kick) {
    SeededRandom random{kick};
    std::vector<std::int64_t> lots = best.trades;
    for (int k = 0; k < lines_kicked; ++k) {
      const std::size_t line = order[random.below(std::min(order.size(), paired_lines_most))];
      const auto size = static_cast<double>(1 + random.below(lots_kicked_most));
      const double direction = random.uniform() < 0.5 ? -1.0 : 1.0;
      const double wanted = static_cast<double>(lots[line]) + direction * size;
      lots[line] = nearest_allowed(problem.lines[line], frame.ranges[line], wanted).value_or(lots[line]);
    }
    // A kick that opens too many lines is wasted; the search itself never does.
    if (lines_over(problem, lots) > best.lines_over) continue;
    Rounded again = search_from(problem, frame, std::move(lots), order);
    if (better(again, best)) best = std::move(again);
  }
  return best;
}

Rounded book_of(const Problem& problem, const Frame& frame, std::vector<std::int64_t> lots) {
  const std::vector<double> trades(lots.begin(), lots.end());
  const std::vector<double> images = image_values(problem, trades);
  const std::uint32_t over = lines_over(problem, lots);
  return {std::move(lots), regret(problem, frame, priorities(problem), trades, images), over,
          objective(problem, trades, images).total(), 0};
}

}  // namespace

Rounded round_to_lots(const Problem& problem, const Frame& frame, const std::vector<double>& continuous,
                      bool attainable) {
  // Where everything can be had, nothing is more important than anything else on the way there: one sum of violations
  // is a smoother slope than a lexicographic one.
  Problem flat = problem;
  if (attainable) {
    for (Bound& bound : flat.bounds) bound.priority = 1;
    for (Pool& pool : flat.pools) pool.priority = 1;
  }
  const std::vector<std::size_t> order = pairing_order(problem, frame, continuous);
  const auto search = [&](const std::vector<double>& from) {
    return search_from(flat, frame, nearest_lots(problem, frame, from), order);
  };
  int solves = 0;
  Rounded best = search(continuous);
  const auto compete = [&](Rounded other) {
    if (better(other, best)) best = std::move(other);
  };
  if (attainable) {
    // The gentlest tightening is tried in any case: its lots often lie better, and it costs one solve.
    for (const double share : {0.5, 1.0}) {
      if (best.regret.none() && share > 0.5) break;
      const Continuous inner = solve_continuous(problem, tightened(problem, frame, continuous, share));
      solves += inner.solves;
      if (inner.status != optimize::SolutionStatus::optimal) break;
      compete(search(inner.trades));
    }
    if (!best.regret.none()) compete(kicked(flat, frame, best, order));
    if (!best.regret.none()) compete(search(dive(problem, frame, continuous, solves)));
    best = book_of(problem, frame, best.trades);
  }
  const std::vector<std::int64_t> unchanged =
      nearest_lots(problem, frame, std::vector<double>(problem.lines.size(), 0.0));
  if (!best.regret.none()) compete(search_from(problem, frame, unchanged, order));
  compete(book_of(problem, frame, unchanged));
  if (!best.regret.none()) best = climb_behind(problem, frame, std::move(best), order);
  best.solves = solves;
  return best;
}

}  // namespace gimbal::allocate::internal
