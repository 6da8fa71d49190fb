// Building, checking and evaluating a programme.
#include "gimbal/optimize/quadratic_program.hpp"

#include <cmath>

#include "gimbal/foundation/assert.hpp"

namespace gimbal::optimize {
namespace {

Result<void> check_length(const std::vector<double>& values, std::size_t expected, const char* name) {
  if (values.empty() || values.size() == expected) return {};
  return fail(ErrorCode::invalid_argument, "{} has {} entries, expected {}", name, values.size(), expected);
}

Result<void> check_finite(std::span<const double> values, const char* name) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i])) return fail(ErrorCode::invalid_argument, "{}[{}] is {}", name, i, values[i]);
  return {};
}

Result<void> check_matrix(const SparseRows& matrix, std::size_t columns, const char* name) {
  for (std::size_t row = 0; row < matrix.row_count(); ++row)
    for (std::size_t k = 0; k < matrix.columns(row).size(); ++k) {
      if (matrix.columns(row)[k] >= columns)
        return fail(ErrorCode::invalid_argument, "{} row {} names variable {} of {}", name, row, matrix.columns(row)[k],
                    columns);
      if (!std::isfinite(matrix.values(row)[k]))
        return fail(ErrorCode::invalid_argument, "{} row {} has the value {}", name, row, matrix.values(row)[k]);
    }
  return {};
}

struct BoundNames {
  const char* lower;
  const char* upper;
};

Result<void> check_bounds(const std::vector<double>& lower, const std::vector<double>& upper, std::size_t count,
                          BoundNames names) {
  if (auto good = check_length(lower, count, names.lower); !good) return good;
  if (auto good = check_length(upper, count, names.upper); !good) return good;
  for (std::size_t i = 0; i < count; ++i) {
    const double low = lower.empty() ? -infinity : lower[i];
    const double high = upper.empty() ? infinity : upper[i];
    if (!(low < bound_magnitude_max)) return fail(ErrorCode::invalid_argument, "{}[{}] is {}", names.lower, i, low);
    if (!(high > -bound_magnitude_max)) return fail(ErrorCode::invalid_argument, "{}[{}] is {}", names.upper, i, high);
    if (low > high)
      return fail(ErrorCode::invalid_argument, "{}[{}] = {} lies above {}[{}] = {}", names.lower, i, low, names.upper,
                  i, high);
  }
  return {};
}

}  // namespace

void SparseRows::add_row(std::span<const std::uint32_t> columns, std::span<const double> values) {
  GIMBAL_ASSERT(columns.size() == values.size());
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (values[k] == 0.0) continue;
    columns_.push_back(columns[k]);
    values_.push_back(values[k]);
  }
  starts_.push_back(values_.size());
}

void SparseRows::add_dense_row(std::span<const double> values, std::uint32_t first_column) {
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (values[k] == 0.0) continue;
    columns_.push_back(first_column + static_cast<std::uint32_t>(k));
    values_.push_back(values[k]);
  }
  starts_.push_back(values_.size());
}

double SparseRows::row_dot(std::size_t row, std::span<const double> x) const {
  const auto names = columns(row);
  const auto factors = values(row);
  double total = 0.0;
  for (std::size_t k = 0; k < factors.size(); ++k) total = std::fma(factors[k], x[names[k]], total);
  return total;
}

std::uint32_t QuadraticProgram::add_variable(double lower, double upper, double cost, double diagonal) {
  GIMBAL_ASSERT(variable_lower.size() == variable_count && variable_upper.size() == variable_count);
  GIMBAL_ASSERT(linear_cost.size() == variable_count && hessian_diagonal.size() == variable_count);
  variable_lower.push_back(lower);
  variable_upper.push_back(upper);
  linear_cost.push_back(cost);
  hessian_diagonal.push_back(diagonal);
  return static_cast<std::uint32_t>(variable_count++);
}

std::size_t QuadraticProgram::add_row(std::span<const std::uint32_t> columns, std::span<const double> values,
                                      double lower, double upper) {
  GIMBAL_ASSERT(row_lower.size() == rows.row_count() && row_upper.size() == rows.row_count());
  rows.add_row(columns, values);
  row_lower.push_back(lower);
  row_upper.push_back(upper);
  return rows.row_count() - 1;
}

Result<void> QuadraticProgram::validate() const {
  if (auto good = check_length(linear_cost, variable_count, "linear_cost"); !good) return good;
  if (auto good = check_length(hessian_diagonal, variable_count, "hessian_diagonal"); !good) return good;
  if (auto good = check_finite(linear_cost, "linear_cost"); !good) return good;
  if (auto good = check_finite(hessian_diagonal, "hessian_diagonal"); !good) return good;
  if (!std::isfinite(constant_cost)) return fail(ErrorCode::invalid_argument, "constant_cost is {}", constant_cost);
  for (std::size_t j = 0; j < hessian_diagonal.size(); ++j)
    if (hessian_diagonal[j] < 0.0)
      return fail(ErrorCode::invalid_argument, "hessian_diagonal[{}] is {}, below zero", j, hessian_diagonal[j]);
  for (std::size_t k = 0; k < hessian_entries.size(); ++k) {
    const HessianEntry& entry = hessian_entries[k];
    if (entry.row >= variable_count || entry.column >= variable_count || entry.row == entry.column)
      return fail(ErrorCode::invalid_argument, "hessian_entries[{}] names ({}, {}) of {} variables", k, entry.row,
                  entry.column, variable_count);
    if (!std::isfinite(entry.value))
      return fail(ErrorCode::invalid_argument, "hessian_entries[{}] is {}", k, entry.value);
  }
  if (auto good = check_matrix(hessian_factor, variable_count, "hessian_factor"); !good) return good;
  if (auto good = check_matrix(rows, variable_count, "rows"); !good) return good;
  if (auto good = check_bounds(row_lower, row_upper, rows.row_count(), {"row_lower", "row_upper"}); !good) return good;
  return check_bounds(variable_lower, variable_upper, variable_count, {"variable_lower", "variable_upper"});
}

double QuadraticProgram::objective(std::span<const double> x) const {
  GIMBAL_ASSERT(x.size() == variable_count);
  double linear = 0.0;
  double quadratic = 0.0;
  for (std::size_t j = 0; j < linear_cost.size(); ++j) linear = std::fma(linear_cost[j], x[j], linear);
  for (std::size_t j = 0; j < hessian_diagonal.size(); ++j)
    quadratic = std::fma(hessian_diagonal[j] * x[j], x[j], quadratic);
  for (std::size_t row = 0; row < hessian_factor.row_count(); ++row) {
    const double image = hessian_factor.row_dot(row, x);
    quadratic = std::fma(image, image, quadratic);
  }
  for (const HessianEntry& entry : hessian_entries)
    quadratic = std::fma(2.0 * entry.value * x[entry.row], x[entry.column], quadratic);
  return constant_cost + linear + 0.5 * quadratic;
}

const char* to_string(SolutionStatus status) noexcept {
  switch (status) {
    case SolutionStatus::optimal: return "optimal";
    case SolutionStatus::primal_infeasible: return "primal_infeasible";
    case SolutionStatus::dual_infeasible: return "dual_infeasible";
    case SolutionStatus::iteration_limit: return "iteration_limit";
    case SolutionStatus::numerical_failure: return "numerical_failure";
  }
  return "unknown";
}

}  // namespace gimbal::optimize
