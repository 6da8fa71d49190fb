// Lots against every book there is: problems small enough to enumerate, drawn as numbers without a market behind them.
#include "gimbal/allocate/internal/rounding.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "gimbal/allocate/internal/infeasibility.hpp"
#include "gimbal/allocate/internal/programme.hpp"
#include "gimbal/foundation/random.hpp"
#include "gimbal/numerics/normal_draw.hpp"

namespace gimbal::allocate::internal {
namespace {

constexpr std::size_t lines = 4;
constexpr std::int64_t reach = 4;

Line draw_line(SeededRandom& random) {
  Line line;
  line.current = static_cast<std::int64_t>(random.below(7)) - 3;
  line.buy_most = static_cast<std::int64_t>(random.below(reach + 1));
  line.sell_most = static_cast<std::int64_t>(random.below(reach + 1));
  if (random.uniform() < 0.2) line.trade_least = 2;
  line.edge = 3.0 * numerics::normal_draw(random);
  line.buy_cost = random.uniform();
  line.sell_cost = random.uniform();
  return line;
}

void draw_image(SeededRandom& random, Problem& problem, std::size_t image) {
  problem.image_current[image] = numerics::normal_draw(random);
  for (std::size_t i = 0; i < problem.lines.size(); ++i) {
    const double slope = numerics::normal_draw(random);
    problem.up(image, i) = slope;
    problem.down(image, i) = slope * (1.0 - 0.01 * random.uniform());
  }
}

// Two bounds, a pull and a pool whose requirement bends at no position, by a draw that makes most problems feasible.
Problem draw_problem(std::uint64_t seed) {
  SeededRandom random{seed};
  Problem problem;
  for (std::size_t i = 0; i < lines; ++i) problem.lines.push_back(draw_line(random));
  problem.image_current.assign(3, 0.0);
  problem.up = problem.down = Matrix{3, lines};
  for (std::size_t image = 0; image < 3; ++image) draw_image(random, problem, image);
  for (std::size_t image = 0; image < 2; ++image) {
    Bound bound;
    bound.image = image;
    const double middle = 3.0 * numerics::normal_draw(random);
    bound.lower = bound.lower_stated = middle - 1.0 - 2.0 * random.uniform();
    bound.upper = bound.upper_stated = middle + 1.0 + 2.0 * random.uniform();
    bound.priority = 1 + static_cast<int>(image);
    bound.scale = 3.0;
    bound.name = fmt::format("bound {}", image);
    problem.bounds.push_back(bound);
  }
  if (random.uniform() < 0.5) problem.pulls.push_back({2, numerics::normal_draw(random), random.uniform()});
  Pool pool;
  pool.balance = 20.0 * random.uniform();
  pool.requirement.resize(lines);
  pool.balance_buy.assign(lines, 0.0);
  pool.balance_sell.assign(lines, 0.0);
  for (std::size_t i = 0; i < lines; ++i) {
    pool.requirement[i] = {{-2.0 * random.uniform(), 0.0}};
    pool.balance_buy[i] = -0.5 * random.uniform();
    pool.balance_sell[i] = 0.5 * random.uniform();
  }
  pool.scale = 10.0;
  problem.pools.push_back(pool);
  return problem;
}

struct Best {
  Regret regret;
  double objective = -open;
};

// Calls `visit` with every allowed vector of trades.
template <class Visit>
void enumerate(const Problem& problem, std::vector<double>& trades, std::size_t line, const Visit& visit) {
  if (line == problem.lines.size()) {
    visit(trades);
    return;
  }
  for (std::int64_t t = -problem.lines[line].sell_most; t <= problem.lines[line].buy_most; ++t) {
    if (!problem.lines[line].allows(t)) continue;
    trades[line] = static_cast<double>(t);
    enumerate(problem, trades, line + 1, visit);
  }
}

Best best_of_all(const Problem& problem, const Frame& frame) {
  Best best;
  std::vector<double> trades(problem.lines.size(), 0.0);
  const std::vector<int> levels = priorities(problem);
  enumerate(problem, trades, 0, [&](const std::vector<double>& candidate) {
    const std::vector<double> images = image_values(problem, candidate);
    const Regret reached = regret(problem, frame, levels, candidate, images);
    const double value = objective(problem, candidate, images).total();
    const bool first = best.regret.by_priority.empty();
    if (first || reached.less_than(best.regret) || (!best.regret.less_than(reached) && value > best.objective))
      best = {reached, value};
  });
  return best;
}

TEST(Rounding, FindsTheBestBookOfAllInSmallProblems) {
  int feasible = 0;
  int found = 0;
  int best_found = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    const Problem problem = draw_problem(seed);
    const Frame frame = frame_of(problem);
    const Best best = best_of_all(problem, frame);
    const Continuous continuous = solve_continuous(problem, frame);
    const bool attainable = continuous.status == optimize::SolutionStatus::optimal;
    if (!attainable) {
      // What fractions cannot hold, lots cannot either.
      EXPECT_EQ(continuous.status, optimize::SolutionStatus::primal_infeasible);
      EXPECT_FALSE(best.regret.none());
      continue;
    }
    if (!best.regret.none()) continue;
    ++feasible;
    const Rounded rounded = round_to_lots(problem, frame, continuous.trades, true);
    EXPECT_LE(rounded.objective, continuous.objective + 1e-6);
    if (!rounded.regret.none()) continue;
    ++found;
    EXPECT_LE(rounded.objective, best.objective + 1e-9);
    const double loss = best.objective - rounded.objective;
    double lot_dearest = 0.0;
    for (const Line& line : problem.lines) lot_dearest = std::max(lot_dearest, std::fabs(line.edge) + 1.0);
    EXPECT_LE(loss, lot_dearest);
    if (loss < 1e-9) ++best_found;
  }
  EXPECT_GE(feasible, 150);
  EXPECT_EQ(found, feasible);
  EXPECT_GE(best_found, feasible * 95 / 100) << best_found << " of " << feasible;
}

TEST(Rounding, BreaksAsLittleAsPossibleWhereNoBookHoldsEverything) {
  int cases = 0;
  int least = 0;
  for (std::uint64_t seed = 1000; seed < 1300; ++seed) {
    SCOPED_TRACE(seed);
    const Problem problem = with_caps(draw_problem(seed));
    const Frame frame = frame_of(problem);
    const Best best = best_of_all(problem, frame);
    if (best.regret.none()) continue;
    const Relaxation relaxation = relax(problem, frame);
    ASSERT_TRUE(relaxation.found);
    const Rounded rounded = round_to_lots(problem, frame, relaxation.trades, false);
    ++cases;
    // Never better than the best, never worse than doing nothing.
    EXPECT_FALSE(rounded.regret.less_than(best.regret));
    const std::vector<double> none(lines, 0.0);
    const Regret today = regret(problem, frame, priorities(problem), none, image_values(problem, none));
    EXPECT_FALSE(today.less_than(rounded.regret));
    if (!best.regret.less_than(rounded.regret)) ++least;
  }
  EXPECT_GE(cases, 60);
  EXPECT_GE(least, cases * 90 / 100) << least << " of " << cases;
}

TEST(Rounding, NeverOpensMoreLinesThanAllowed) {
  for (std::uint64_t seed = 2000; seed < 2100; ++seed) {
    Problem problem = draw_problem(seed);
    problem.bounds.clear();
    problem.pools.clear();
    for (Line& line : problem.lines) line.current = 0;
    problem.lines_most = 2;
    const Frame frame = frame_of(problem);
    const Rounded rounded = round_to_lots(problem, frame, std::vector<double>(lines, 0.0), true);
    const auto held = std::count_if(rounded.trades.begin(), rounded.trades.end(), [](auto lots) { return lots != 0; });
    EXPECT_LE(held, 2) << seed;
  }
}

}  // namespace
}  // namespace gimbal::allocate::internal
