// Building the two linear programmes out of a curved one.
#include "gimbal/optimize/internal/recession.hpp"

#include <cmath>

namespace gimbal::optimize::internal {
namespace {

bool is_bound(const std::vector<double>& bounds, std::size_t i) {
  return !bounds.empty() && std::fabs(bounds[i]) < bound_magnitude_max;
}

/// P d = 0, as one equality for each variable's row of the diagonal and the entries and one for each row of the factor.
/// Where diagonal and entries together are semidefinite this says exactly P d = 0; otherwise it says more, which only
/// loses directions and never invents one.
void add_flatness_rows(const QuadraticProgram& program, QuadraticProgram& recession) {
  std::vector<std::vector<std::uint32_t>> columns(program.variable_count);
  std::vector<std::vector<double>> values(program.variable_count);
  const auto append = [&](std::uint32_t row, std::uint32_t column, double value) {
    columns[row].push_back(column);
    values[row].push_back(value);
  };
  for (std::uint32_t j = 0; j < program.hessian_diagonal.size(); ++j)
    if (program.hessian_diagonal[j] > 0.0) append(j, j, program.hessian_diagonal[j]);
  for (const HessianEntry& entry : program.hessian_entries) {
    append(entry.row, entry.column, entry.value);
    append(entry.column, entry.row, entry.value);
  }
  for (std::size_t j = 0; j < program.variable_count; ++j)
    if (!columns[j].empty()) recession.add_row(columns[j], values[j], 0.0, 0.0);
  for (std::size_t k = 0; k < program.hessian_factor.row_count(); ++k)
    recession.add_row(program.hessian_factor.columns(k), program.hessian_factor.values(k), 0.0, 0.0);
}

}  // namespace

QuadraticProgram feasibility_program(const QuadraticProgram& program) {
  QuadraticProgram feasibility;
  feasibility.variable_count = program.variable_count;
  feasibility.rows = program.rows;
  feasibility.row_lower = program.row_lower;
  feasibility.row_upper = program.row_upper;
  feasibility.variable_lower = program.variable_lower;
  feasibility.variable_upper = program.variable_upper;
  return feasibility;
}

QuadraticProgram recession_program(const QuadraticProgram& program) {
  QuadraticProgram recession;
  for (std::size_t j = 0; j < program.variable_count; ++j)
    recession.add_variable(is_bound(program.variable_lower, j) ? 0.0 : -1.0,
                           is_bound(program.variable_upper, j) ? 0.0 : 1.0,
                           program.linear_cost.empty() ? 0.0 : program.linear_cost[j]);
  for (std::size_t i = 0; i < program.rows.row_count(); ++i)
    recession.add_row(program.rows.columns(i), program.rows.values(i), is_bound(program.row_lower, i) ? 0.0 : -infinity,
                      is_bound(program.row_upper, i) ? 0.0 : infinity);
  add_flatness_rows(program, recession);
  return recession;
}

}  // namespace gimbal::optimize::internal
