// Claims about the solver. Every solve in here is judged by certificate.hpp, which shares no code with it: known
// problems, random families that stress one thing each, invariances, and what must not happen while solving.
#include "gimbal/optimize/interior_point.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <string>

#include "gimbal/foundation/sha256.hpp"
#include "gimbal/numerics/normal_draw.hpp"
#include "gimbal/numerics/special.hpp"
#include "gimbal/optimize/certificate.hpp"
#include "gimbal/optimize/sample_programs.hpp"

namespace gimbal::optimize {

/// Allocations of this process so far; counted in allocation_count_test.cpp.
std::size_t allocation_count();

namespace {

using samples::Recipe;
using Columns = std::vector<std::uint32_t>;
using Values = std::vector<double>;

/// Solves and certifies; the answer must be of the expected kind.
Solution certified(const QuadraticProgram& program, SolutionStatus expected, double tolerance,
                   const std::string& name = "") {
  const Result<Solution> solution = solve(program);
  EXPECT_TRUE(solution) << name;
  if (!solution) return {};
  EXPECT_EQ(solution->status, expected) << name << ": " << to_string(solution->status) << " after "
                                        << solution->iterations << " iterations";
  if (solution->status != expected) return *solution;
  if (expected == SolutionStatus::optimal) {
    const Certificate certificate = check_optimality(program, *solution);
    EXPECT_LE(certificate.worst(), tolerance)
        << name << ": primal " << certificate.primal << ", stationarity " << certificate.stationarity << ", sign "
        << certificate.dual_sign << ", complementarity " << certificate.complementarity << ", gap " << certificate.gap;
    EXPECT_LE(solution->dual_objective, solution->objective + tolerance * (1.0 + std::fabs(solution->objective)))
        << name;
  }
  if (expected == SolutionStatus::primal_infeasible) {
    EXPECT_LE(check_primal_infeasibility(program, *solution), tolerance) << name;
  }
  if (expected == SolutionStatus::dual_infeasible) {
    EXPECT_LE(check_dual_infeasibility(program, *solution), tolerance) << name;
  }
  return *solution;
}

TEST(InteriorPoint, NocedalAndWrightExample16Point4) {
  // "Numerical Optimization", 2nd ed. (2006), p. 475: minimise (x1 - 1)^2 + (x2 - 2.5)^2, optimum (1.4, 1.7).
  QuadraticProgram program;
  program.constant_cost = 1.0 + 6.25;
  program.add_variable(0.0, infinity, -2.0, 2.0);
  program.add_variable(0.0, infinity, -5.0, 2.0);
  program.add_row(Columns{0, 1}, Values{1.0, -2.0}, -2.0, infinity);
  program.add_row(Columns{0, 1}, Values{-1.0, -2.0}, -6.0, infinity);
  program.add_row(Columns{0, 1}, Values{-1.0, 2.0}, -2.0, infinity);
  const Solution solution = certified(program, SolutionStatus::optimal, 1e-9);
  EXPECT_NEAR(solution.x[0], 1.4, 1e-8);
  EXPECT_NEAR(solution.x[1], 1.7, 1e-8);
  EXPECT_NEAR(solution.y[0], 0.8, 1e-8);
  EXPECT_NEAR(solution.objective, 0.8, 1e-8);
}

TEST(InteriorPoint, ShadowPricesOfHillierAndLiebermansWyndorGlass) {
  // "Introduction to Operations Research", 10th ed. (2015), section 4.7: 36 at (2, 6), shadow prices 0, 3/2, 1. Here it
  // is minimised, so that upper bounds have duals of the opposite sign.
  QuadraticProgram program;
  program.add_variable(0.0, infinity, -3.0);
  program.add_variable(0.0, infinity, -5.0);
  program.add_row(Columns{0}, Values{1.0}, -infinity, 4.0);
  program.add_row(Columns{1}, Values{2.0}, -infinity, 12.0);
  program.add_row(Columns{0, 1}, Values{3.0, 2.0}, -infinity, 18.0);
  const Solution solution = certified(program, SolutionStatus::optimal, 1e-9);
  EXPECT_NEAR(solution.objective, -36.0, 1e-7);
  EXPECT_NEAR(solution.x[0], 2.0, 1e-8);
  EXPECT_NEAR(solution.x[1], 6.0, 1e-8);
  EXPECT_NEAR(solution.y[0], 0.0, 1e-8);
  EXPECT_NEAR(solution.y[1], -1.5, 1e-8);
  EXPECT_NEAR(solution.y[2], -1.0, 1e-8);
}

TEST(InteriorPoint, DualsAreDerivativesOfTheObjectiveByTheBounds) {
  QuadraticProgram program;
  program.add_variable(0.5, infinity, 1.0, 1.0);    // held at its lower bound
  program.add_variable(-infinity, 2.0, -9.0, 1.0);  // held at its upper bound
  program.add_variable(-infinity, infinity, -1.0, 1.0);
  program.add_variable(-infinity, infinity, 2.0, 1.0);
  program.add_row(Columns{0, 2}, Values{1.0, 1.0}, 3.0, infinity);  // active below
  program.add_row(Columns{0, 1, 2}, Values{1.0, 1.0, 1.0}, -infinity, 100.0);
  program.add_row(Columns{1, 3}, Values{1.0, -1.0}, -0.5, -0.5);
  const Solution solution = certified(program, SolutionStatus::optimal, 1e-9);
  const double step = 1e-5;
  const auto slope = [&](std::vector<double> QuadraticProgram::*lower, std::vector<double> QuadraticProgram::*upper,
                         std::size_t i, double dual) {
    QuadraticProgram up = program;
    QuadraticProgram down = program;
    const bool equality = (program.*lower)[i] == (program.*upper)[i];
    if (dual >= 0.0 || equality) {
      (up.*lower)[i] += step;
      (down.*lower)[i] -= step;
    }
    if (dual <= 0.0 || equality) {
      (up.*upper)[i] += step;
      (down.*upper)[i] -= step;
    }
    return (certified(up, SolutionStatus::optimal, 1e-8).objective -
            certified(down, SolutionStatus::optimal, 1e-8).objective) /
           (2.0 * step);
  };
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(solution.y[i], slope(&QuadraticProgram::row_lower, &QuadraticProgram::row_upper, i, solution.y[i]),
                1e-4);
  for (std::size_t j = 0; j < 4; ++j)
    EXPECT_NEAR(solution.z[j],
                slope(&QuadraticProgram::variable_lower, &QuadraticProgram::variable_upper, j, solution.z[j]), 1e-4);
  EXPECT_LE(solution.z[1], 0.0);
  EXPECT_NEAR(solution.y[1], 0.0, 1e-9);
}

TEST(InteriorPoint, ThreeWaysToWriteOneHessianGiveOneAnswer) {
  // P = [2 1; 1 2] as entries, and as diag(1, 1) + (1 1)'(1 1).
  QuadraticProgram entries;
  entries.add_variable(-1.0, 1.0, -4.0, 2.0);
  entries.add_variable(-1.0, 1.0, 0.5, 2.0);
  entries.hessian_entries = {{0, 1, 0.25}, {1, 0, 0.75}};
  QuadraticProgram factor = entries;
  factor.hessian_entries.clear();
  factor.hessian_diagonal = {1.0, 1.0};
  factor.hessian_factor.add_dense_row(Values{1.0, 1.0});
  const Solution first = certified(entries, SolutionStatus::optimal, 1e-9);
  const Solution second = certified(factor, SolutionStatus::optimal, 1e-9);
  EXPECT_NEAR(first.x[0], 1.0, 1e-8);
  EXPECT_NEAR(first.x[1], -0.75, 1e-8);
  EXPECT_NEAR(second.x[1], -0.75, 1e-8);
  EXPECT_NEAR(first.objective, second.objective, 1e-8);
}

TEST(InteriorPoint, SmallestProgrammes) {
  QuadraticProgram nothing;
  nothing.constant_cost = 3.0;
  EXPECT_EQ(certified(nothing, SolutionStatus::optimal, 1e-9).objective, 3.0);
  QuadraticProgram free;
  free.add_variable(-infinity, infinity, -2.0, 4.0);
  EXPECT_NEAR(certified(free, SolutionStatus::optimal, 1e-9).x[0], 0.5, 1e-8);
  QuadraticProgram indifferent;
  indifferent.add_variable(-infinity, infinity, 0.0);
  certified(indifferent, SolutionStatus::optimal, 1e-9);
  QuadraticProgram fixed;
  fixed.add_variable(2.0, 2.0, 5.0, 1.0);
  fixed.add_row(Columns{0}, Values{3.0}, 6.0, 6.0);
  const Solution solution = certified(fixed, SolutionStatus::optimal, 1e-9);
  EXPECT_EQ(solution.x[0], 2.0);
  EXPECT_EQ(solution.z[0], 7.0);
}

TEST(InteriorPoint, ProvesContradictions) {
  QuadraticProgram rows;
  rows.add_variable(-infinity, infinity, 0.0, 1.0);
  rows.add_row(Columns{0}, Values{1.0}, 1.0, infinity);
  rows.add_row(Columns{0}, Values{2.0}, -infinity, 1.0);
  certified(rows, SolutionStatus::primal_infeasible, 1e-8, "rows");
  QuadraticProgram bound;
  bound.add_variable(0.0, 1.0, 0.0);
  bound.add_row(Columns{0}, Values{1.0}, 2.0, infinity);
  certified(bound, SolutionStatus::primal_infeasible, 1e-8, "bound");
  QuadraticProgram empty;
  empty.add_variable(0.0, 1.0, 0.0);
  empty.add_row(Columns{}, Values{}, 1.0, infinity);
  certified(empty, SolutionStatus::primal_infeasible, 1e-8, "empty row");
  QuadraticProgram fixed;
  fixed.add_variable(1.0, 1.0, 0.0);
  fixed.add_row(Columns{0}, Values{-2.0}, -infinity, -3.0);
  certified(fixed, SolutionStatus::primal_infeasible, 1e-8, "row of fixed variables");
  QuadraticProgram equalities;
  equalities.add_variable(-infinity, infinity, 1.0);
  equalities.add_variable(-infinity, infinity, 1.0);
  equalities.add_row(Columns{0, 1}, Values{1.0, 1.0}, 1.0, 1.0);
  equalities.add_row(Columns{0, 1}, Values{2.0, 2.0}, 1.0, 1.0);
  certified(equalities, SolutionStatus::primal_infeasible, 1e-8, "equalities");
}

TEST(InteriorPoint, ShowsDirectionsOfEndlessDescent) {
  QuadraticProgram free;
  free.add_variable(-infinity, infinity, 1.0);
  certified(free, SolutionStatus::dual_infeasible, 1e-8, "free");
  QuadraticProgram ray;
  ray.add_variable(0.0, infinity, -1.0);
  ray.add_variable(0.0, infinity, 0.0, 1.0);
  ray.add_row(Columns{0, 1}, Values{1.0, -1.0}, -3.0, infinity);
  certified(ray, SolutionStatus::dual_infeasible, 1e-8, "ray");
  QuadraticProgram flat;  // the Hessian is flat along (1, 1)
  flat.add_variable(-infinity, infinity, -1.0);
  flat.add_variable(-infinity, infinity, 0.0);
  flat.hessian_factor.add_dense_row(Values{1.0, -1.0});
  certified(flat, SolutionStatus::dual_infeasible, 1e-8, "flat");
}

TEST(InteriorPoint, DoesNotCallANonConvexProgrammeSolved) {
  QuadraticProgram program;
  program.add_variable(-1.0, 1.0, 0.1, 1.0);
  program.add_variable(-1.0, 1.0, 0.1, 1.0);
  program.hessian_entries = {{0, 1, -5.0}};
  const Result<Solution> solution = solve(program);
  ASSERT_TRUE(solution);
  // A stationary point may be met by chance; what must not be claimed is infeasibility or unboundedness.
  EXPECT_NE(solution->status, SolutionStatus::primal_infeasible);
  EXPECT_NE(solution->status, SolutionStatus::dual_infeasible);
}

TEST(InteriorPoint, RefusesProgrammesAndSettingsThatAreNone) {
  QuadraticProgram program;
  program.add_variable(1.0, 0.0, 0.0);
  EXPECT_EQ(solve(program).error().code, ErrorCode::invalid_argument);
  program.variable_lower[0] = 0.0;
  EXPECT_EQ(solve(program, {.tolerance_absolute = 0.0}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(solve(program, {.tolerance_factor_stalled = 0.5}).error().code, ErrorCode::invalid_argument);
  program.hessian_diagonal[0] = -1.0;
  EXPECT_EQ(solve(program).error().code, ErrorCode::invalid_argument);
}

Recipe of_random_size(SeededRandom& random, Recipe recipe) {
  recipe.variables = 1 + random.below(40);
  recipe.rows = random.below(50);
  return recipe;
}

struct Family {
  std::string name;
  Recipe recipe;
};

const std::vector<Family>& families() {
  static const std::vector<Family> list{
      {"strictly convex", {.factor_rows = 3}},
      {"box only", {.density = 0.0, .factor_rows = 3, .free_share = 0.0}},
      {"linear", {.diagonal_share = 0.0}},
      {"sparse linear", {.density = 0.1, .diagonal_share = 0.0}},
      {"partly curved", {.density = 0.2, .factor_rows = 2, .diagonal_share = 0.3}},
      {"flat but for a factor", {.factor_rows = 5, .diagonal_share = 0.0}},
      {"copied rows", {.diagonal_share = 0.2, .equality_share = 0.4, .copied_rows_share = 0.5}},
      {"fixed and free", {.diagonal_share = 0.2, .equality_share = 0.1, .free_share = 0.5, .fixed_share = 0.3}},
      {"mostly equalities", {.diagonal_share = 0.5, .equality_share = 0.4, .free_share = 0.6}},
  };
  return list;
}

TEST(InteriorPoint, SolvesEveryRandomFamily) {
  for (const Family& family : families())
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
      SeededRandom random{seed};
      const auto program = samples::feasible_program(random, of_random_size(random, family.recipe));
      certified(program, SolutionStatus::optimal, 1e-8, family.name + " " + std::to_string(seed));
    }
}

TEST(InteriorPoint, SolvesBadlyScaledProgrammes) {
  for (const double decades : {1.0, 3.0, 6.0})
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
      SeededRandom random{seed};
      const auto program = samples::feasible_program(
          random, of_random_size(random, {.factor_rows = seed % 3, .diagonal_share = seed % 2 == 0 ? 0.5 : 0.0}));
      const auto scaled = samples::in_units(program, samples::random_units(random, program, decades));
      // Certificates are relative, but not to each row's own size: six decades each way cost them digits.
      certified(scaled, SolutionStatus::optimal, decades < 4.0 ? 2e-8 : 1e-6,
                std::to_string(decades) + " decades " + std::to_string(seed));
    }
}

TEST(InteriorPoint, BoundsFarAwayDoNotMatter) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SeededRandom random{seed};
    const auto near = samples::feasible_program(random, of_random_size(random, {.factor_rows = 2, .free_share = 0.6}));
    auto far = near;
    for (std::size_t j = 0; j < far.variable_count; ++j) {
      const double width = 1e9 * (1.0 + random.uniform());
      if (std::isinf(far.variable_upper[j]) && random.below(2) == 0) far.variable_upper[j] = width;
      if (std::isinf(far.variable_lower[j]) && random.below(2) == 0) far.variable_lower[j] = -width;
    }
    const std::string name = "far " + std::to_string(seed);
    const double first = certified(near, SolutionStatus::optimal, 1e-8, name).objective;
    EXPECT_NEAR(certified(far, SolutionStatus::optimal, 1e-8, name).objective, first, 1e-7 * (1.0 + std::fabs(first)));
  }
}

TEST(InteriorPoint, PenaltiesThatNobodyPaysDoNotMatter) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SeededRandom random{seed};
    auto program = samples::feasible_program(random, of_random_size(random, {.factor_rows = 2, .diagonal_share = 0.3}));
    for (std::size_t j = 0; j < program.variable_count; ++j) {
      const bool boxed = std::isfinite(program.variable_lower[j]) && std::isfinite(program.variable_upper[j]);
      if (boxed && random.below(3) == 0) program.linear_cost[j] *= numerics::pow(10.0, 6.0 * random.uniform());
    }
    certified(program, SolutionStatus::optimal, 2e-8, "penalties " + std::to_string(seed));
  }
}

TEST(InteriorPoint, ProvesRandomContradictions) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    SeededRandom random{seed};
    auto program = samples::feasible_program(random, of_random_size(random, {.factor_rows = 2, .diagonal_share = 0.5}));
    // a'x >= b + gap and 2 a'x <= 2 b among all the rest.
    Values row = samples::normals(random, program.variable_count);
    Columns columns(program.variable_count);
    std::iota(columns.begin(), columns.end(), 0U);
    const double bound = numerics::normal_draw(random);
    program.add_row(columns, row, bound + 0.1, infinity);
    for (double& value : row) value *= 2.0;
    program.add_row(columns, row, -infinity, 2.0 * bound);
    certified(program, SolutionStatus::primal_infeasible, 1e-6, "contradiction " + std::to_string(seed));
  }
}

TEST(InteriorPoint, FindsRandomDirectionsOfEndlessDescent) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    SeededRandom random{seed};
    auto program = samples::feasible_program(random, of_random_size(random, {.diagonal_share = 0.0}));
    const std::uint32_t first = program.add_variable(-infinity, infinity, -1.0);
    const std::uint32_t second = program.add_variable(0.0, infinity, 0.5);
    program.add_row(Columns{first, second}, Values{-1.0, 1.0}, 0.0, 1.0);
    certified(program, SolutionStatus::dual_infeasible, 1e-6, "descent " + std::to_string(seed));
  }
}

TEST(InteriorPoint, SolvesThePortfolioStructure) {
  for (const bool elastic : {false, true}) {
    for (std::uint64_t seed = 1; seed <= 1; ++seed)
      certified(samples::portfolio_program(seed, {.elastic = elastic}), SolutionStatus::optimal, 1e-7,
                "portfolio " + std::to_string(seed));
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      SeededRandom random{seed};
      samples::PortfolioShape shape;
      shape.positions = 5 + random.below(30);
      shape.scenario_rows = random.below(40);
      shape.greek_rows = elastic ? random.below(8) : random.below(3);
      shape.elastic = elastic;
      certified(samples::portfolio_program(random.bits(), shape), SolutionStatus::optimal, 1e-7,
                "small portfolio " + std::to_string(seed));
    }
  }
}

TEST(InteriorPoint, SlackRowsHaveNoDual) {
  const auto program = samples::portfolio_program(5, {.positions = 60, .scenario_rows = 80});
  const Solution solution = certified(program, SolutionStatus::optimal, 1e-8);
  for (std::size_t i = 0; i < program.rows.row_count(); ++i) {
    const double value = program.rows.row_dot(i, solution.x);
    const double slack = std::min(value - program.row_lower[i], program.row_upper[i] - value);
    if (slack <= 1e-3) continue;
    EXPECT_LE(std::fabs(solution.y[i]), 1e-6) << i << " with slack " << slack;
  }
}

TEST(InteriorPoint, ObjectiveDoesNotDependOnTheOrderOfRows) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SeededRandom random{seed};
    const auto program = samples::feasible_program(random, of_random_size(random, {.factor_rows = 2}));
    QuadraticProgram reversed = program;
    reversed.rows = {};
    for (std::size_t i = program.rows.row_count(); i-- > 0;)
      reversed.rows.add_row(program.rows.columns(i), program.rows.values(i));
    std::reverse(reversed.row_lower.begin(), reversed.row_lower.end());
    std::reverse(reversed.row_upper.begin(), reversed.row_upper.end());
    const double first = certified(program, SolutionStatus::optimal, 1e-8).objective;
    EXPECT_NEAR(certified(reversed, SolutionStatus::optimal, 1e-8).objective, first, 1e-7 * (1.0 + std::fabs(first)));
  }
}

TEST(InteriorPoint, ObjectiveFollowsTheUnits) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SeededRandom random{seed};
    const auto program = samples::feasible_program(random, of_random_size(random, {.factor_rows = 1}));
    const auto units = samples::random_units(random, program, 2.0);
    const double first = certified(program, SolutionStatus::optimal, 1e-8).objective;
    const auto solved = solve(samples::in_units(program, units));
    ASSERT_TRUE(solved);
    EXPECT_NEAR(solved->objective / units.cost_factor, first, 1e-6 * (1.0 + std::fabs(first))) << seed;
  }
}

TEST(InteriorPoint, TheSameProgrammeGivesTheSameBits) {
  const auto program = samples::portfolio_program(7, {.positions = 50, .scenario_rows = 60});
  auto solver = InteriorPoint::set_up(program, {});
  ASSERT_TRUE(solver);
  Solution first;
  Solution second;
  solver->solve(first);
  solver->solve(second);
  const auto third = solve(program);
  ASSERT_TRUE(third);
  EXPECT_EQ(std::memcmp(first.x.data(), second.x.data(), first.x.size() * sizeof(double)), 0);
  EXPECT_EQ(std::memcmp(first.y.data(), third->y.data(), first.y.size() * sizeof(double)), 0);
}

TEST(InteriorPoint, SolutionsHashAlikeUnderEveryCompiler) {
  // Made of uniform draws alone, whose bits no library function touches.
  SeededRandom random{17};
  QuadraticProgram program;
  const auto draw = [&] { return random.uniform() - 0.5; };
  const auto row_of = [&](std::size_t count) {
    Values row(count);
    for (double& value : row) value = draw();
    return row;
  };
  for (std::uint32_t j = 0; j < 40; ++j) program.add_variable(-1.0, 1.0, draw());
  for (int k = 0; k < 5; ++k) program.hessian_factor.add_dense_row(row_of(40));
  Columns columns(40);
  std::iota(columns.begin(), columns.end(), 0U);
  for (int i = 0; i < 30; ++i) program.add_row(columns, row_of(40), -0.2, 0.3);
  for (std::uint32_t j = 0; j < 40; ++j) {
    const std::uint32_t trade = program.add_variable(0.0, infinity, 0.1);
    program.add_row(Columns{j, trade}, Values{1.0, 1.0}, 0.0, infinity);
    program.add_row(Columns{j, trade}, Values{-1.0, 1.0}, 0.0, infinity);
  }
  const Solution solution = certified(program, SolutionStatus::optimal, 1e-8);
  std::vector<std::uint8_t> bytes(solution.x.size() * sizeof(double));
  std::memcpy(bytes.data(), solution.x.data(), bytes.size());
  EXPECT_EQ(to_hex(sha256(bytes)), "4c759f1c14a1de5eb17c6a194c0e5b4a8b5f399948bc7c6821991dfe6ba375b3");
}

TEST(InteriorPoint, SolvingAllocatesNothing) {
  auto solver = InteriorPoint::set_up(samples::portfolio_program(9, {.positions = 40, .scenario_rows = 50}), {});
  ASSERT_TRUE(solver);
  Solution solution;
  solver->solve(solution);
  const std::size_t before = allocation_count();
  solver->solve(solution);
  EXPECT_EQ(allocation_count(), before);
  EXPECT_EQ(solution.status, SolutionStatus::optimal);
}

TEST(InteriorPoint, StopsAtTheIterationLimitWithItsBestIterate) {
  const auto solution =
      solve(samples::portfolio_program(2, {.positions = 20, .scenario_rows = 20}), {.iterations_max = 3});
  ASSERT_TRUE(solution);
  EXPECT_EQ(solution->status, SolutionStatus::iteration_limit);
  EXPECT_EQ(solution->iterations, 3);
  EXPECT_GT(solution->gap, 0.0);
}

}  // namespace
}  // namespace gimbal::optimize
