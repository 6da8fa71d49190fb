// The allocation's linear programmes against Clp: whole problems drawn on chains, without aversion to risk and without
// desired values. Clp gets every stress row at once, so the rows that solve_continuous left out are judged as well.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "gimbal/allocate/internal/programme.hpp"
#include "gimbal/allocate/internal/sample_case.hpp"
#include "gimbal/numerics/normal_draw.hpp"
#include "gimbal/optimize/certificate.hpp"
#include "gimbal/optimize/clp_oracle.hpp"
#include "gimbal/optimize/interior_point.hpp"

namespace gimbal::allocate::internal {
namespace {

using optimize::SolutionStatus;
using optimize::oracle::ClpAnswer;
using optimize::oracle::solve_with_clp;

// Residuals of 1e-9 are what solve() asks for, and 1e-7 what it grants where progress ended; row generation leaves rows
// alone that are broken by less than 1e-7.
constexpr double granted = 1e-7;
// Where prices are one vector, they are so by slacks of a thousandth and by the condition of a basis: five digits.
constexpr double granted_price = 1e-5;

/// How many problems of a kind: a sample in the default suite, ten times that in the long one.
std::uint64_t case_count(std::uint64_t usual) { return std::getenv("GIMBAL_LONG") == nullptr ? usual : 10 * usual; }

Problem linear_problem(SampleCase& made) {
  made.settings.risk_aversion = 0.0;
  auto assembled = assemble(made.input());
  GIMBAL_ASSERT(assembled.has_value());
  return std::move(assembled->problem);
}

Programme whole_programme(const Problem& problem) {
  std::vector<std::size_t> rows(problem.bounds.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return build_programme(problem, frame_of(problem), rows);
}

// The largest of some new images on top of a pool's requirement, each about as large as the balance.
void add_faces(SeededRandom& random, Problem& problem, Pool& pool) {
  constexpr std::size_t faces = 4;
  const std::size_t before = problem.image_current.size();
  for (Matrix* matrix : {&problem.up, &problem.down}) {
    Matrix grown{before + faces, problem.lines.size()};
    for (std::size_t r = 0; r < before; ++r)
      std::copy(matrix->row(r).begin(), matrix->row(r).end(), grown.row(r).begin());
    *matrix = std::move(grown);
  }
  for (std::size_t face = before; face < before + faces; ++face) {
    pool.faces.push_back(face);
    problem.image_current.push_back(0.3 * pool.scale * numerics::normal_draw(random));
    for (std::size_t i = 0; i < problem.lines.size(); ++i) {
      const Line& line = problem.lines[i];
      const double slope = 0.3 * pool.scale * numerics::normal_draw(random) /
                           (1.0 + static_cast<double>(line.buy_most + line.sell_most));
      problem.up(face, i) = problem.down(face, i) = slope;
    }
  }
}

// Every bound and pool may be broken at a price, drawn so that some are worth it.
void soften(SeededRandom& random, Problem& problem) {
  for (Bound& bound : problem.bounds) {
    bound.hard = false;
    bound.penalty = 1000.0 * random.uniform() / bound.scale;
  }
  for (Pool& pool : problem.pools) {
    pool.hard = false;
    pool.penalty = 1000.0 * random.uniform() / pool.scale;
  }
}

class AllocationAgainstClp : public testing::Test {
 protected:
  void compare(const Problem& problem) {
    const Programme whole = whole_programme(problem);
    const ClpAnswer clp = solve_with_clp(whole.program);
    const Continuous ours = solve_continuous(problem, frame_of(problem));
    ASSERT_EQ(ours.status, clp.solution.status)
        << "ours: " << to_string(ours.status) << ", Clp: " << to_string(clp.solution.status);
    if (clp.solution.status != SolutionStatus::optimal) return;
    ++optimal_;
    const double scale = 1.0 + std::fabs(clp.solution.objective);
    note(objective_, std::fabs(ours.objective + clp.solution.objective) / scale);
    // What the programme says of itself is what the problem says of its trades.
    const double value = objective(problem, ours.trades, image_values(problem, ours.trades)).total();
    note(objective_, std::fabs(ours.objective - value) / scale);
    const auto solution = optimize::solve(whole.program);
    ASSERT_TRUE(solution);
    ASSERT_EQ(solution->status, SolutionStatus::optimal);
    optimize::Solution crossed = clp.solution;
    crossed.x = solution->x;
    note(our_point_, optimize::check_optimality(whole.program, crossed).worst());
    crossed = *solution;
    crossed.x = clp.solution.x;
    note(our_duals_, optimize::check_optimality(whole.program, crossed).worst());
    if (clp.duals_unique) compare_prices(problem, whole, ours, clp);
  }

  /// Shadow prices, in what moving the bound by its own scale is worth.
  void compare_prices(const Problem& problem, const Programme& whole, const Continuous& ours, const ClpAnswer& clp) {
    ++unique_;
    const double scale = 1.0 + std::fabs(clp.solution.objective);
    for (std::size_t row = 0; row < whole.bound_of_row.size(); ++row) {
      const std::size_t bound = whole.bound_of_row[row];
      const double gap = std::fabs(ours.bound_price[bound] - clp.solution.y[row]);
      note(price_, gap * problem.bounds[bound].scale / scale, granted_price);
    }
  }

  [[nodiscard]] std::uint64_t optimal() const { return optimal_; }
  [[nodiscard]] std::uint64_t unique() const { return unique_; }

  void TearDown() override {
    RecordProperty("worst", fmt::format("objective {:.1e}, our point {:.1e}, our duals {:.1e}, price {:.1e}",
                                        objective_, our_point_, our_duals_, price_));
    RecordProperty("cases", fmt::format("{} optimal, {} with unique prices", optimal_, unique_));
  }

 private:
  static void note(double& worst, double value, double tolerance = granted) {
    EXPECT_LE(value, tolerance);
    worst = std::max(worst, value);
  }

  double objective_ = 0.0;
  double our_point_ = 0.0;
  double our_duals_ = 0.0;
  double price_ = 0.0;
  std::uint64_t optimal_ = 0;
  std::uint64_t unique_ = 0;
};

TEST_F(AllocationAgainstClp, WhereABookIsHidden) {
  const std::uint64_t cases = case_count(200);
  for (std::uint64_t seed = 0; seed < cases; ++seed) {
    SCOPED_TRACE(seed);
    SampleCase made = draw_feasible(seed, ChainShape{.coins = 1 + static_cast<int>(seed % 2)});
    compare(linear_problem(made));
  }
  EXPECT_EQ(optimal(), cases);
}

TEST_F(AllocationAgainstClp, WhereNoBookIs) {
  for (std::uint64_t seed = 1000; seed < 1000 + case_count(50); ++seed) {
    SCOPED_TRACE(seed);
    SampleCase made = draw_infeasible(seed, ChainShape{.coins = 1 + static_cast<int>(seed % 2)});
    compare(linear_problem(made));
  }
  EXPECT_EQ(optimal(), 0U);
}

TEST_F(AllocationAgainstClp, WhereBoundsHaveAPriceAndMarginHasFaces) {
  const std::uint64_t cases = case_count(25);
  for (std::uint64_t seed = 2000; seed < 2000 + cases; ++seed) {
    SCOPED_TRACE(seed);
    SampleCase made = draw_infeasible(seed, ChainShape{.coins = 1 + static_cast<int>(seed % 2)});
    Problem problem = linear_problem(made);
    SeededRandom random = SeededRandom{seed}.fork(3);
    for (Pool& pool : problem.pools) add_faces(random, problem, pool);
    soften(random, problem);
    compare(problem);
  }
  EXPECT_EQ(optimal(), cases);
}

}  // namespace
}  // namespace gimbal::allocate::internal
