// The interior point method against Clp's simplex on linear programmes: the same verdict, the same optimum, and answers
// that prove each other. Optima of linear programmes are seldom one point, so vertices are not compared: our x
// with Clp's duals must be a certificate, and Clp's x with ours, which holds of any two true answers and of few others.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <string>

#include "gimbal/numerics/normal_draw.hpp"
#include "gimbal/optimize/certificate.hpp"
#include "gimbal/optimize/clp_oracle.hpp"
#include "gimbal/optimize/interior_point.hpp"
#include "gimbal/optimize/sample_programs.hpp"

namespace gimbal::optimize {
namespace {

using oracle::ClpAnswer;
using samples::Recipe;

/// How many programmes of a kind: a sample in the default suite, twenty times that in the long one.
std::uint64_t case_count(std::uint64_t usual) { return std::getenv("GIMBAL_LONG") == nullptr ? usual : 20 * usual; }

// What solve() grants: 1e-9 as a rule, a hundred times that where progress ended.
constexpr double granted = 1e-7;
// A dual is known from what it does at a distance of 1e-3 at least from any bound; the rest is the basis' condition.
constexpr double granted_dual = 1e-5;

class ClpComparison : public testing::Test {
 protected:
  /// Certificates and objective to `tolerance`, relative as certificate.hpp has it.
  void compare(const QuadraticProgram& program, SolutionStatus expected, double tolerance = granted) {
    const Result<Solution> ours = solve(program);
    ASSERT_TRUE(ours) << ours.error().message;
    const ClpAnswer clp = oracle::solve_with_clp(program);
    ASSERT_EQ(clp.solution.status, expected) << "Clp: " << to_string(clp.solution.status);
    ++compared_;
    if (expected == SolutionStatus::primal_infeasible && ours->status == SolutionStatus::numerical_failure) {
      ++undecided_;
      return;
    }
    ASSERT_EQ(ours->status, expected) << "ours: " << to_string(ours->status);
    if (expected != SolutionStatus::optimal) return;
    const double gap = std::fabs(ours->objective - clp.solution.objective);
    note(objective_, gap / (1.0 + std::fabs(clp.solution.objective)), tolerance);
    Solution crossed = clp.solution;
    crossed.x = ours->x;
    note(our_point_, check_optimality(program, crossed).worst(), tolerance);
    crossed = *ours;
    crossed.x = clp.solution.x;
    note(our_duals_, check_optimality(program, crossed).worst(), tolerance);
    if (!clp.duals_unique) return;
    ++unique_;
    compare_duals(ours->y, clp.solution.y);
    compare_duals(ours->z, clp.solution.z);
  }

  [[nodiscard]] int compared() const { return compared_; }
  [[nodiscard]] int unique() const { return unique_; }
  /// Contradictions that our solver could neither prove nor refute. It may say so, as in 7 of 2000; what it may not is
  /// err.
  [[nodiscard]] int undecided() const { return undecided_; }

  void TearDown() override {
    RecordProperty("worst", fmt::format("objective {:.1e}, our point {:.1e}, our duals {:.1e}, dual {:.1e}", objective_,
                                        our_point_, our_duals_, dual_));
    RecordProperty("cases", fmt::format("{}, {} with unique duals, {} undecided", compared_, unique_, undecided_));
  }

 private:
  static void note(double& worst, double value, double tolerance) {
    EXPECT_LE(value, tolerance);
    worst = std::max(worst, value);
  }
  void compare_duals(const std::vector<double>& ours, const std::vector<double>& theirs) {
    double scale = 1.0;
    for (const double dual : theirs) scale = std::max(scale, std::fabs(dual));
    for (std::size_t i = 0; i < ours.size(); ++i) note(dual_, std::fabs(ours[i] - theirs[i]) / scale, granted_dual);
  }

  double objective_ = 0.0;
  double our_point_ = 0.0;
  double our_duals_ = 0.0;
  double dual_ = 0.0;
  int compared_ = 0;
  int unique_ = 0;
  int undecided_ = 0;
};

struct Family {
  const char* name = "";
  Recipe recipe;
};
constexpr Family families[] = {
    {"dense", {.diagonal_share = 0.0}},
    {"sparse", {.density = 0.1, .diagonal_share = 0.0}},
    {"few bounds", {.diagonal_share = 0.0, .equality_share = 0.1, .free_share = 0.5, .fixed_share = 0.3}},
    {"mostly equalities", {.diagonal_share = 0.0, .equality_share = 0.4, .free_share = 0.6}},
    {"copied rows", {.diagonal_share = 0.0, .equality_share = 0.4, .copied_rows_share = 0.5}},
};

QuadraticProgram draw_program(SeededRandom& random, Recipe recipe) {
  recipe.variables = 1 + random.below(40);
  recipe.rows = random.below(50);
  return samples::feasible_program(random, recipe);
}

TEST_F(ClpComparison, RandomFamilies) {
  for (const Family& family : families)
    for (std::uint64_t seed = 1; seed <= case_count(100); ++seed) {
      SCOPED_TRACE(family.name + (" " + std::to_string(seed)));
      SeededRandom random{seed};
      compare(draw_program(random, family.recipe), SolutionStatus::optimal);
    }
  EXPECT_GE(unique(), 50);
}

TEST_F(ClpComparison, UnitsThatLieDecadesApart) {
  for (std::uint64_t seed = 1; seed <= case_count(100); ++seed) {
    SCOPED_TRACE(seed);
    SeededRandom random{seed};
    const QuadraticProgram program = draw_program(random, {.diagonal_share = 0.0});
    compare(samples::in_units(program, samples::random_units(random, program, 2.0)), SolutionStatus::optimal);
  }
}

TEST_F(ClpComparison, ContradictoryRows) {
  for (std::uint64_t seed = 1; seed <= case_count(100); ++seed) {
    SCOPED_TRACE(seed);
    SeededRandom random{seed};
    QuadraticProgram program = draw_program(random, {.diagonal_share = 0.0});
    // a'x >= b + gap and 2 a'x <= 2 b among all the rest.
    std::vector<double> row = samples::normals(random, program.variable_count);
    std::vector<std::uint32_t> columns(program.variable_count);
    std::iota(columns.begin(), columns.end(), 0U);
    const double bound = numerics::normal_draw(random);
    program.add_row(columns, row, bound + 0.1, infinity);
    for (double& value : row) value *= 2.0;
    program.add_row(columns, row, -infinity, 2.0 * bound);
    compare(program, SolutionStatus::primal_infeasible);
  }
  EXPECT_LE(undecided(), compared() / 100);
}

TEST_F(ClpComparison, ObjectivesThatFallWithoutEnd) {
  for (std::uint64_t seed = 1; seed <= case_count(100); ++seed) {
    SCOPED_TRACE(seed);
    SeededRandom random{seed};
    QuadraticProgram program = draw_program(random, {.diagonal_share = 0.0});
    // Inside a row, since Clp takes a programme for infeasible whose endless column is in none.
    const std::uint32_t first = program.add_variable(-infinity, infinity, -1.0);
    const std::uint32_t second = program.add_variable(0.0, infinity, 0.5);
    program.add_row(std::vector<std::uint32_t>{first, second}, std::vector<double>{-1.0, 1.0}, 0.0, 1.0);
    compare(program, SolutionStatus::dual_infeasible);
  }
}

TEST_F(ClpComparison, ProgrammesInTheShapeOfPortfolios) {
  for (std::uint64_t seed = 1; seed <= case_count(20); ++seed) {
    SCOPED_TRACE(seed);
    QuadraticProgram program = samples::portfolio_program(
        seed, {.positions = 40, .scenario_rows = 60, .greek_rows = 8, .factor_rows = 0, .elastic = seed % 2 == 0});
    program.hessian_diagonal.assign(program.variable_count, 0.0);
    // Clp's vertex lies up to a hundred contracts a position from ours, and our duals' last digits are priced by that.
    compare(program, SolutionStatus::optimal, 10.0 * granted);
  }
}

}  // namespace
}  // namespace gimbal::optimize
