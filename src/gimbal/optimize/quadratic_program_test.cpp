// Claims about building and checking programmes.
#include "gimbal/optimize/quadratic_program.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

namespace gimbal::optimize {
namespace {

using Columns = std::vector<std::uint32_t>;
using Values = std::vector<double>;

QuadraticProgram example() {
  QuadraticProgram program;
  program.add_variable(0.0, 1.0, 1.0, 2.0);
  program.add_variable(-infinity, infinity, -1.0);
  program.add_row(Columns{0, 1}, Values{1.0, 2.0}, -1.0, 1.0);
  return program;
}

TEST(QuadraticProgram, EvaluatesEveryPartOfItsObjective) {
  QuadraticProgram program = example();
  program.constant_cost = 10.0;
  program.hessian_factor.add_dense_row(Values{1.0, 1.0});
  program.hessian_entries.push_back({1, 0, 0.5});
  // 10 + 2 - 3 + (2 * 4) / 2 + (2 + 3)^2 / 2 + 0.5 * 2 * 3
  EXPECT_DOUBLE_EQ(program.objective(Values{2.0, 3.0}), 10.0 + 2.0 - 3.0 + 4.0 + 12.5 + 3.0);
}

TEST(QuadraticProgram, EmptyVectorsMeanZerosAndNoBounds) {
  QuadraticProgram program;
  program.variable_count = 3;
  EXPECT_TRUE(program.validate());
  EXPECT_EQ(program.objective(Values{1.0, 2.0, 3.0}), 0.0);
}

TEST(QuadraticProgram, SparseRowsDropZeros) {
  SparseRows rows;
  rows.add_dense_row(Values{0.0, 2.0, 0.0, 4.0}, 5);
  EXPECT_EQ(rows.nonzero_count(), 2U);
  EXPECT_EQ(rows.columns(0)[0], 6U);
  EXPECT_EQ(rows.columns(0)[1], 8U);
}

TEST(QuadraticProgram, ValidationNamesTheOffender) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto message_after = [](const std::function<void(QuadraticProgram&)>& change) {
    QuadraticProgram program = example();
    change(program);
    const auto good = program.validate();
    return good ? std::string{"valid"} : good.error().message;
  };
  EXPECT_EQ(message_after([](auto&) {}), "valid");
  EXPECT_EQ(message_after([](auto& p) { p.linear_cost.pop_back(); }), "linear_cost has 1 entries, expected 2");
  EXPECT_EQ(message_after([&](auto& p) { p.linear_cost[1] = nan; }), "linear_cost[1] is nan");
  EXPECT_EQ(message_after([](auto& p) { p.hessian_diagonal[0] = -1.0; }), "hessian_diagonal[0] is -1, below zero");
  EXPECT_EQ(message_after([](auto& p) { p.row_lower[0] = 2.0; }), "row_lower[0] = 2 lies above row_upper[0] = 1");
  EXPECT_EQ(message_after([&](auto& p) { p.row_upper[0] = nan; }), "row_upper[0] is nan");
  EXPECT_EQ(message_after([](auto& p) { p.variable_lower[1] = infinity; }), "variable_lower[1] is inf");
  EXPECT_EQ(message_after([](auto& p) {
              p.hessian_entries.push_back({1, 1, 1.0});
            }),
            "hessian_entries[0] names (1, 1) of 2 variables");
  EXPECT_EQ(message_after([](auto& p) { p.rows.add_dense_row(Values{1.0}, 2); }), "rows row 1 names variable 2 of 2");
}

}  // namespace
}  // namespace gimbal::optimize
