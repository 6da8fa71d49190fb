// Starting points of the lot search, and what happens when it finds no feasible book.
#include "gimbal/allocate/internal/rounding.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/allocate/internal/lot_search.hpp"
#include "gimbal/allocate/internal/programme.hpp"

namespace gimbal::allocate::internal {
namespace {

// Fractions of a lot below this are the solver's error.
constexpr double fraction_negligible = 1e-6;

// The allowed trade nearest to a number of lots, within the line's range; ties go to the smaller trade.
std::int64_t nearest_allowed(const Line& line, const TradeRange& range, double wanted) {
  const double low = std::ceil(range.least - fraction_negligible);
  const double high = std::floor(range.most + fraction_negligible);
  const auto inside = static_cast<std::int64_t>(std::floor(std::clamp(wanted, low, high) + 0.5));
  std::int64_t best = static_cast<std::int64_t>(low > 0.0 ? low : high < 0.0 ? high : 0.0);
  const std::int64_t choices[] = {inside, line.trade_least, -line.trade_least, -line.current};
  for (const std::int64_t choice : choices) {
    const double lots = static_cast<double>(choice);
    if (lots < low || lots > high || !line.allows(choice)) continue;
    if (std::fabs(lots - wanted) < std::fabs(static_cast<double>(best) - wanted)) best = choice;
  }
  return best;
}

std::vector<std::int64_t> nearest_lots(const Problem& problem, const Frame& frame, const std::vector<double>& trades) {
  std::vector<std::int64_t> lots;
  for (std::size_t i = 0; i < problem.lines.size(); ++i)
    lots.push_back(nearest_allowed(problem.lines[i], frame.ranges[i], trades[i]));
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

Rounded search_from(const Problem& problem, const Frame& frame, std::vector<std::int64_t> start,
                    const std::vector<std::size_t>& order) {
  LotSearch search{problem, frame, std::move(start), order};
  search.repair();
  search.improve();
  return {search.trades(), search.regret(), search.objective(), 0};
}

bool better(const Rounded& a, const Rounded& b) {
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

}  // namespace

Rounded round_to_lots(const Problem& problem, const Frame& frame, const std::vector<double>& continuous) {
  const std::vector<std::size_t> order = pairing_order(problem, frame, continuous);
  Rounded best = search_from(problem, frame, nearest_lots(problem, frame, continuous), order);
  int solves = 0;
  for (const double share : {0.5, 1.0, 2.0}) {
    if (best.regret.none()) break;
    const Continuous inner = solve_continuous(problem, tightened(problem, frame, continuous, share));
    solves += inner.solves;
    if (inner.status != optimize::SolutionStatus::optimal) break;
    Rounded again = search_from(problem, frame, nearest_lots(problem, frame, inner.trades), order);
    if (better(again, best)) best = std::move(again);
  }
  const std::vector<double> none(problem.lines.size(), 0.0);
  Rounded unchanged{nearest_lots(problem, frame, none), {}, 0.0, 0};
  const std::vector<double> still(unchanged.trades.begin(), unchanged.trades.end());
  const std::vector<double> images = image_values(problem, still);
  unchanged.regret = regret(problem, frame, priorities(problem), still, images);
  unchanged.objective = objective(problem, still, images).total();
  if (!best.regret.none()) {
    Rounded from_current = search_from(problem, frame, unchanged.trades, order);
    if (better(from_current, best)) best = std::move(from_current);
  }
  if (better(unchanged, best)) best = std::move(unchanged);
  if (!best.regret.none()) best = climb_behind(problem, frame, std::move(best), order);
  best.solves = solves;
  return best;
}

}  // namespace gimbal::allocate::internal
