// Claims about giving way by priority.
#include "gimbal/optimize/lexicographic.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "gimbal/numerics/normal_draw.hpp"
#include "gimbal/optimize/certificate.hpp"
#include "gimbal/optimize/sample_programs.hpp"

namespace gimbal::optimize {
namespace {

using Columns = std::vector<std::uint32_t>;
using Values = std::vector<double>;

TEST(LeastViolation, FeasibleRowsStayAsTheyAre) {
  QuadraticProgram program;
  program.add_variable(0.0, 10.0, 0.0);
  program.add_row(Columns{0}, Values{1.0}, 2.0, 3.0);
  const auto result = least_violation(program, std::vector<int>{1}, {}, {});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, SolutionStatus::optimal);
  EXPECT_EQ(result->solves, 1);
  EXPECT_EQ(result->row_lower, (Values{2.0}));
  EXPECT_EQ(result->row_upper, (Values{3.0}));
  EXPECT_EQ(result->violation, (Values{0.0}));
  EXPECT_GE(result->x[0], 2.0 - 1e-8);
}

TEST(LeastViolation, TheLessImportantRowGivesWay) {
  // x >= 5 against x <= 3: whichever is less important takes the whole gap of 2.
  QuadraticProgram program;
  program.add_variable(-infinity, infinity, 0.0);
  program.add_row(Columns{0}, Values{1.0}, 5.0, infinity);
  program.add_row(Columns{0}, Values{1.0}, -infinity, 3.0);
  const auto first = least_violation(program, std::vector<int>{1, 2}, {}, {});
  ASSERT_TRUE(first);
  EXPECT_EQ(first->status, SolutionStatus::optimal);
  EXPECT_EQ(first->violation[0], 0.0);
  EXPECT_NEAR(first->violation[1], 2.0, 1e-6);
  EXPECT_NEAR(first->row_upper[1], 5.0, 1e-6);
  const auto second = least_violation(program, std::vector<int>{2, 1}, {}, {});
  ASSERT_TRUE(second);
  EXPECT_NEAR(second->violation[0], 2.0, 1e-6);
  EXPECT_EQ(second->violation[1], 0.0);
}

TEST(LeastViolation, WithinOnePriorityTheScaleDecides) {
  // x >= 1 and x <= 0 of one priority; a unit of the first is regretted ten times less.
  QuadraticProgram program;
  program.add_variable(-infinity, infinity, 0.0);
  program.add_row(Columns{0}, Values{1.0}, 1.0, infinity);
  program.add_row(Columns{0}, Values{1.0}, -infinity, 0.0);
  const auto result = least_violation(program, std::vector<int>{1, 1}, Values{10.0, 1.0}, {});
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->violation[0], 1.0, 1e-6);
  EXPECT_NEAR(result->violation[1], 0.0, 1e-6);
}

TEST(LeastViolation, ADecidedTotalMayBeSharedOutToServeLaterPriorities) {
  // x + y >= 4 is hard; x <= 1 and y <= 1 of the first priority must give 2 in all, shared in any way. The second
  // priority asks y <= 1 once more, so x should give all of it.
  QuadraticProgram program;
  program.add_variable(-infinity, infinity, 0.0);
  program.add_variable(-infinity, infinity, 0.0);
  program.add_row(Columns{0, 1}, Values{1.0, 1.0}, 4.0, infinity);
  program.add_row(Columns{0}, Values{1.0}, -infinity, 1.0);
  program.add_row(Columns{1}, Values{1.0}, -infinity, 1.0);
  program.add_row(Columns{1}, Values{1.0}, -infinity, 1.0);
  const auto result = least_violation(program, std::vector<int>{0, 1, 1, 2}, {}, {});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, SolutionStatus::optimal);
  EXPECT_NEAR(result->violation[1], 2.0, 1e-5);
  EXPECT_NEAR(result->violation[2], 0.0, 1e-5);
  EXPECT_NEAR(result->violation[3], 0.0, 1e-5);
}

TEST(LeastViolation, RowsOfPriorityZeroNeverGiveWay) {
  QuadraticProgram program;
  program.add_variable(0.0, 1.0, 0.0);
  program.add_row(Columns{0}, Values{1.0}, 2.0, infinity);
  const auto hard = least_violation(program, std::vector<int>{0}, {}, {});
  ASSERT_TRUE(hard);
  EXPECT_EQ(hard->status, SolutionStatus::primal_infeasible);
  const auto soft = least_violation(program, std::vector<int>{3}, {}, {});
  ASSERT_TRUE(soft);
  EXPECT_EQ(soft->status, SolutionStatus::optimal);
  EXPECT_NEAR(soft->violation[0], 1.0, 1e-6);
}

TEST(LeastViolation, RefusesWhatIsNotAQuestion) {
  QuadraticProgram program;
  program.add_variable(0.0, 1.0, 0.0);
  program.add_row(Columns{0}, Values{1.0}, 2.0, infinity);
  EXPECT_EQ(least_violation(program, std::vector<int>{}, {}, {}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(least_violation(program, std::vector<int>{-1}, {}, {}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(least_violation(program, std::vector<int>{1}, Values{0.0}, {}).error().code, ErrorCode::invalid_argument);
}

TEST(LeastViolation, MendsAPortfolioWhoseLimitsContradict) {
  const samples::PortfolioShape shape{.positions = 25, .scenario_rows = 40, .greek_rows = 8};
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SeededRandom random{seed};
    QuadraticProgram program = samples::portfolio_program(seed, shape);
    // Trades of two contracts at most cannot meet floors and bands raised by more than the book is worth.
    for (std::size_t j = 0; j < shape.positions; ++j) {
      const double middle = 0.5 * (program.variable_lower[j] + program.variable_upper[j]);
      program.variable_lower[j] = middle - 2.0;
      program.variable_upper[j] = middle + 2.0;
    }
    std::vector<int> priorities(program.rows.row_count(), 0);
    for (std::size_t i = 3 * shape.positions; i < priorities.size(); ++i) {
      priorities[i] = 1 + static_cast<int>(random.below(4));
      const double shift = random.below(6) == 0 ? 100.0 : 0.0;
      program.row_lower[i] += shift;
      program.row_upper[i] += shift;
    }
    const auto result = least_violation(program, priorities, {}, {});
    ASSERT_TRUE(result);
    ASSERT_EQ(result->status, SolutionStatus::optimal) << seed;
    EXPECT_GT(result->solves, 1);
    program.row_lower = result->row_lower;
    program.row_upper = result->row_upper;
    const auto solved = solve(program);
    ASSERT_TRUE(solved);
    EXPECT_EQ(solved->status, SolutionStatus::optimal) << seed;
    EXPECT_LE(check_optimality(program, *solved).worst(), 1e-7) << seed;
  }
}

TEST(LeastViolation, TheRelaxedProgrammeIsFeasibleAndEarlierPrioritiesAreNeverWorseThanAlone) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SeededRandom random{seed};
    const std::size_t variables = 2 + random.below(6);
    QuadraticProgram program;
    for (std::size_t j = 0; j < variables; ++j) program.add_variable(-5.0, 5.0, numerics::normal_draw(random), 0.1);
    Columns columns(variables);
    std::iota(columns.begin(), columns.end(), 0U);
    std::vector<int> priorities;
    const std::size_t rows = 4 + random.below(10);
    for (std::size_t i = 0; i < rows; ++i) {
      const Values values = samples::normals(random, variables);
      const double bound = 3.0 * numerics::normal_draw(random);
      const bool upper = random.below(2) == 0;
      program.add_row(columns, values, upper ? -infinity : bound, upper ? bound : infinity);
      priorities.push_back(1 + static_cast<int>(random.below(3)));
    }
    const Values scales(rows, 1.0);
    const auto all = least_violation(program, priorities, scales, {});
    ASSERT_TRUE(all);
    ASSERT_EQ(all->status, SolutionStatus::optimal) << seed;
    QuadraticProgram relaxed = program;
    relaxed.row_lower = all->row_lower;
    relaxed.row_upper = all->row_upper;
    const auto solved = solve(relaxed);
    ASSERT_TRUE(solved);
    EXPECT_EQ(solved->status, SolutionStatus::optimal) << seed;
    // The first priority alone, all other rows freed, violates no less than it did in company.
    QuadraticProgram alone = program;
    double together = 0.0;
    for (std::size_t i = 0; i < rows; ++i) {
      if (priorities[i] == 1) {
        together += all->violation[i];
      } else {
        alone.row_lower[i] = -infinity;
        alone.row_upper[i] = infinity;
      }
    }
    const auto single = least_violation(alone, priorities, scales, {});
    ASSERT_TRUE(single);
    EXPECT_NEAR(std::accumulate(single->violation.begin(), single->violation.end(), 0.0), together, 1e-5) << seed;
  }
}

}  // namespace
}  // namespace gimbal::optimize
