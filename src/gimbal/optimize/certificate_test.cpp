// The judge is judged: each way of being wrong shows in its own number.
#include "gimbal/optimize/certificate.hpp"

#include <gtest/gtest.h>

namespace gimbal::optimize {
namespace {

using Columns = std::vector<std::uint32_t>;
using Values = std::vector<double>;

/// minimise x^2 / 2 - 3 x subject to x <= 2 as a row and 0 <= x: x = 2, y = -1, z = 0.
QuadraticProgram example() {
  QuadraticProgram program;
  program.add_variable(0.0, infinity, -3.0, 1.0);
  program.add_row(Columns{0}, Values{1.0}, -infinity, 2.0);
  return program;
}

Solution answer(double x, double y, double z) {
  Solution solution;
  solution.x = {x};
  solution.y = {y};
  solution.z = {z};
  return solution;
}

TEST(Certificate, AcceptsTheOptimum) { EXPECT_EQ(check_optimality(example(), answer(2.0, -1.0, 0.0)).worst(), 0.0); }

TEST(Certificate, SeesEachKindOfError) {
  EXPECT_GT(check_optimality(example(), answer(3.0, 0.0, 0.0)).primal, 0.1);
  EXPECT_GT(check_optimality(example(), answer(2.0, -0.5, 0.0)).stationarity, 0.1);
  EXPECT_GT(check_optimality(example(), answer(4.0, 1.0, 0.0)).dual_sign, 0.1);
  EXPECT_GT(check_optimality(example(), answer(1.0, -2.0, 0.0)).complementarity, 0.1);
  EXPECT_GT(check_optimality(example(), answer(1.0, -2.0, 0.0)).gap, 0.1);
}

TEST(Certificate, ProofsNeedAValueAndBounds) {
  QuadraticProgram program;
  program.add_variable(0.0, 1.0, 0.0);
  program.add_row(Columns{0}, Values{1.0}, 2.0, infinity);
  EXPECT_EQ(check_primal_infeasibility(program, answer(0.0, 1.0, -1.0)), 0.0);
  EXPECT_EQ(check_primal_infeasibility(program, answer(0.0, 1.0, -0.5)), 0.5 / 1.5);
  EXPECT_EQ(check_primal_infeasibility(program, answer(0.0, -1.0, 1.0)), infinity);
}

TEST(Certificate, DirectionsMustDescendWithoutMeetingABound) {
  QuadraticProgram program;
  program.add_variable(0.0, infinity, -2.0);
  Solution solution;
  solution.x = {0.5};
  solution.z = {0.0};
  EXPECT_EQ(check_dual_infeasibility(program, solution), 0.0);
  program.variable_upper[0] = 7.0;
  EXPECT_EQ(check_dual_infeasibility(program, solution), 0.5);
  solution.x = {-0.5};
  EXPECT_EQ(check_dual_infeasibility(program, solution), infinity);
}

}  // namespace
}  // namespace gimbal::optimize
