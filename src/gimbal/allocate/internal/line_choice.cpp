// Scores of lines, and the steps by which they are given up.
#include "gimbal/allocate/internal/line_choice.hpp"

#include <algorithm>
#include <cmath>

namespace gimbal::allocate::internal {
namespace {

constexpr double lots_negligible = 1e-6;
// Steps shrink when a step makes the programme infeasible; after this many failures the limit is called unreachable.
constexpr int failures_most = 12;
// Dropping small trades makes others small; what is left after this many rounds is decided in lots.
constexpr int small_trade_rounds_most = 4;

bool is_held(const Line& line, double trade) {
  return std::fabs(static_cast<double>(line.current) + trade) > lots_negligible;
}

// The trade that gives a line up, if its range allows one.
std::optional<double> giving_up(const Line& line, const TradeRange& range) {
  const double trade = -static_cast<double>(line.current);
  if (trade < range.least || trade > range.most) return std::nullopt;
  return trade;
}

// How much of what has a price a line carries: edge, bounds and pools that it pushes or holds, limits it runs into.
double carried(const Problem& problem, const Continuous& answer, std::size_t i) {
  const Line& line = problem.lines[i];
  const double trade = answer.trades[i];
  const double position = static_cast<double>(line.current) + trade;
  double total = std::fabs(line.edge * position);
  for (std::size_t b = 0; b < answer.bound_price.size(); ++b)
    if (answer.bound_price[b] != 0.0)
      total += std::fabs(answer.bound_price[b] * problem.coefficient(problem.bounds[b].image, i, trade) * position);
  for (std::size_t p = 0; p < answer.pool_price.size(); ++p)
    if (answer.pool_price[p] != 0.0) total += answer.pool_price[p] * line_requirement(problem.pools[p], i, position);
  if (!answer.buy_price.empty()) total += std::max(answer.buy_price[i], answer.sell_price[i]) * std::fabs(trade);
  // Closing a line that stands today costs its spread, so keeping it is worth that much.
  if (line.current != 0) total += line.cost(-static_cast<double>(line.current));
  return total;
}

void close(const Problem& problem, std::size_t i, Frame& frame) {
  const double trade = -static_cast<double>(problem.lines[i].current);
  frame.ranges[i] = {trade, trade};
}

// Lines in ascending order of what they carry, of those held after the trades and possible to give up.
std::vector<std::size_t> least_carrying(const Problem& problem, const Frame& frame, const Continuous& answer) {
  struct Scored {
    double score = 0.0;
    std::size_t line = 0;
  };
  std::vector<Scored> scored;
  for (std::size_t i = 0; i < problem.lines.size(); ++i)
    if (is_held(problem.lines[i], answer.trades[i]) && giving_up(problem.lines[i], frame.ranges[i]))
      scored.push_back({carried(problem, answer, i), i});
  std::stable_sort(scored.begin(), scored.end(), [](const Scored& a, const Scored& b) { return a.score < b.score; });
  std::vector<std::size_t> lines;
  for (const Scored& entry : scored) lines.push_back(entry.line);
  return lines;
}

// Without lines that are not held, since a later solve would open them and pass the limit again.
Frame held_only(const Problem& problem, const Frame& frame, const Continuous& answer) {
  Frame result = frame;
  for (std::size_t i = 0; i < problem.lines.size(); ++i)
    if (!is_held(problem.lines[i], answer.trades[i]) && giving_up(problem.lines[i], frame.ranges[i]))
      close(problem, i, result);
  return result;
}

bool solved(const Continuous& answer) { return answer.status == optimize::SolutionStatus::optimal; }

// Trades that are nearer to nothing than to the smallest one allowed are not made at all.
bool drop_small_trades(const Problem& problem, const Continuous& answer, Frame& frame) {
  bool dropped = false;
  for (std::size_t i = 0; i < problem.lines.size(); ++i) {
    const Line& line = problem.lines[i];
    const double size = std::fabs(answer.trades[i]);
    const bool closes = !is_held(line, answer.trades[i]);
    if (line.trade_least <= 1 || closes || size < lots_negligible) continue;
    if (size >= 0.5 * static_cast<double>(line.trade_least)) continue;
    const TradeRange& range = frame.ranges[i];
    if (range.least > 0.0 || range.most < 0.0) continue;
    frame.ranges[i] = {0.0, 0.0};
    dropped = true;
  }
  return dropped;
}

// The gain of one line more: the best given-up lines are let in again, the dearest first, and the first is believed.
std::optional<double> price_of_line(const Problem& problem, const Frame& frame, const LineChoice& chosen,
                                    const std::vector<std::size_t>& given_up, int& solves) {
  if (given_up.empty()) return std::nullopt;
  Frame wider = chosen.frame;
  wider.ranges[given_up.back()] = frame.ranges[given_up.back()];
  const Continuous answer = solve_continuous(problem, wider);
  solves += answer.solves;
  if (!solved(answer)) return std::nullopt;
  return std::max(0.0, answer.objective - chosen.continuous.objective);
}

}  // namespace

Frame keep_best_lines(const Problem& problem, const Frame& frame, const Continuous& continuous) {
  struct Scored {
    bool held_today = false;
    double score = 0.0;
    std::size_t line = 0;
  };
  std::vector<Scored> scored;
  for (std::size_t i = 0; i < problem.lines.size(); ++i)
    if (is_held(problem.lines[i], continuous.trades[i]))
      scored.push_back({problem.lines[i].current != 0, carried(problem, continuous, i), i});
  std::stable_sort(scored.begin(), scored.end(), [](const Scored& a, const Scored& b) {
    if (a.held_today != b.held_today) return a.held_today;
    return a.score > b.score;
  });
  Frame result = held_only(problem, frame, continuous);
  std::uint32_t held = problem.lines_held_elsewhere;
  for (const Scored& entry : scored) {
    if (held < problem.lines_most || !giving_up(problem.lines[entry.line], frame.ranges[entry.line])) {
      ++held;
    } else {
      close(problem, entry.line, result);
    }
  }
  return result;
}

std::uint32_t lines_held(const Problem& problem, std::span<const double> trades) {
  std::uint32_t held = problem.lines_held_elsewhere;
  for (std::size_t i = 0; i < problem.lines.size(); ++i)
    if (is_held(problem.lines[i], trades[i])) ++held;
  return held;
}

LineChoice choose_lines(const Problem& problem, const Frame& frame, Continuous continuous) {
  LineChoice choice{frame, std::move(continuous), true, std::nullopt, 0};
  Frame trial = choice.frame;
  for (int round = 0; round < small_trade_rounds_most && drop_small_trades(problem, choice.continuous, trial);
       ++round) {
    Continuous answer = solve_continuous(problem, trial);
    choice.solves += answer.solves;
    if (!solved(answer)) break;
    choice.frame = trial;
    choice.continuous = std::move(answer);
  }
  std::vector<std::size_t> given_up;
  double share = 0.5;
  int failures = 0;
  std::size_t skipped = 0;
  std::uint32_t held = lines_held(problem, choice.continuous.trades);
  const bool binds = held > problem.lines_most;
  while (held > problem.lines_most && failures < failures_most) {
    const std::vector<std::size_t> order = least_carrying(problem, choice.frame, choice.continuous);
    if (skipped >= order.size()) break;
    const auto excess = static_cast<std::size_t>(held - problem.lines_most);
    const auto step = std::max<std::size_t>(1, static_cast<std::size_t>(share * static_cast<double>(excess)));
    trial = held_only(problem, choice.frame, choice.continuous);
    std::vector<std::size_t> closing;
    for (std::size_t k = skipped; k < order.size() && closing.size() < std::min(step, excess); ++k)
      closing.push_back(order[k]);
    for (const std::size_t line : closing) close(problem, line, trial);
    Continuous answer = solve_continuous(problem, trial);
    choice.solves += answer.solves;
    if (!solved(answer)) {
      ++failures;
      if (closing.size() > 1)
        share *= 0.5;
      else
        ++skipped;
      continue;
    }
    choice.frame = trial;
    choice.continuous = std::move(answer);
    given_up.insert(given_up.end(), closing.begin(), closing.end());
    held = lines_held(problem, choice.continuous.trades);
    skipped = 0;
  }
  choice.within_limit = held <= problem.lines_most;
  if (binds && choice.within_limit) {
    // From here on lots may only move lines that are held.
    choice.frame = held_only(problem, choice.frame, choice.continuous);
    choice.line_price = price_of_line(problem, frame, choice, given_up, choice.solves);
  }
  return choice;
}

}  // namespace gimbal::allocate::internal
