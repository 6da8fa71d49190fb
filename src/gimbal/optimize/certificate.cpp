// The definition of optimality, evaluated.
#include "gimbal/optimize/certificate.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/foundation/assert.hpp"

namespace gimbal::optimize {
namespace {

double lower_of(const std::vector<double>& bounds, std::size_t i) {
  return bounds.empty() || bounds[i] <= -bound_magnitude_max ? -infinity : bounds[i];
}
double upper_of(const std::vector<double>& bounds, std::size_t i) {
  return bounds.empty() || bounds[i] >= bound_magnitude_max ? infinity : bounds[i];
}

double largest(std::span<const double> values) {
  double result = 0.0;
  for (const double value : values) result = std::max(result, std::fabs(value));
  return result;
}

std::vector<double> hessian_times(const QuadraticProgram& program, std::span<const double> x) {
  std::vector<double> product(program.variable_count, 0.0);
  for (std::size_t j = 0; j < program.hessian_diagonal.size(); ++j) product[j] = program.hessian_diagonal[j] * x[j];
  for (std::size_t row = 0; row < program.hessian_factor.row_count(); ++row) {
    const double image = program.hessian_factor.row_dot(row, x);
    const auto columns = program.hessian_factor.columns(row);
    for (std::size_t k = 0; k < columns.size(); ++k)
      product[columns[k]] += image * program.hessian_factor.values(row)[k];
  }
  for (const HessianEntry& entry : program.hessian_entries) {
    product[entry.row] += entry.value * x[entry.column];
    product[entry.column] += entry.value * x[entry.row];
  }
  return product;
}

std::vector<double> transposed_times(const QuadraticProgram& program, std::span<const double> y) {
  std::vector<double> product(program.variable_count, 0.0);
  for (std::size_t row = 0; row < program.rows.row_count(); ++row) {
    const auto columns = program.rows.columns(row);
    for (std::size_t k = 0; k < columns.size(); ++k) product[columns[k]] += y[row] * program.rows.values(row)[k];
  }
  return product;
}

/// One set of bounded quantities (the rows, or the variables) with their values and duals.
struct BoundedSide {
  std::span<const double> value;
  std::span<const double> dual;
  const std::vector<double>& lower;
  const std::vector<double>& upper;
};

/// Adds one side's violations and returns the sum of duals times the bounds they point to.
double judge_side(const BoundedSide& side, double objective_scale, double dual_scale, Certificate& certificate) {
  double supported = 0.0;
  for (std::size_t i = 0; i < side.value.size(); ++i) {
    const double low = lower_of(side.lower, i);
    const double high = upper_of(side.upper, i);
    const double value = side.value[i];
    const double dual = side.dual[i];
    const double violation = std::max({low - value, value - high, 0.0});
    certificate.primal = std::max(certificate.primal, violation / (1.0 + std::fabs(value)));
    const double bound = dual > 0.0 ? low : high;
    if (dual == 0.0) continue;
    if (!std::isfinite(bound)) {
      certificate.dual_sign = std::max(certificate.dual_sign, std::fabs(dual) / dual_scale);
      continue;
    }
    supported += dual * bound;
    certificate.complementarity =
        std::max(certificate.complementarity, std::fabs(dual * (value - bound)) / objective_scale);
  }
  return supported;
}

/// Value of a would-be proof of infeasibility: what the duals gain, or -infinity when one points to no bound.
double supported_value(std::span<const double> dual, const std::vector<double>& lower,
                       const std::vector<double>& upper) {
  double total = 0.0;
  for (std::size_t i = 0; i < dual.size(); ++i) {
    if (dual[i] == 0.0) continue;
    const double bound = dual[i] > 0.0 ? lower_of(lower, i) : upper_of(upper, i);
    if (!std::isfinite(bound)) return -infinity;
    total += dual[i] * bound;
  }
  return total;
}

/// Largest move of `direction` towards a finite bound.
double escape(std::span<const double> direction, const std::vector<double>& lower, const std::vector<double>& upper) {
  double worst = 0.0;
  for (std::size_t i = 0; i < direction.size(); ++i) {
    if (std::isfinite(lower_of(lower, i))) worst = std::max(worst, -direction[i]);
    if (std::isfinite(upper_of(upper, i))) worst = std::max(worst, direction[i]);
  }
  return worst;
}

void assert_shapes(const QuadraticProgram& program, const Solution& solution) {
  GIMBAL_ASSERT(solution.x.size() == program.variable_count);
  GIMBAL_ASSERT(solution.z.size() == program.variable_count);
  GIMBAL_ASSERT(solution.y.size() == program.rows.row_count());
}

std::vector<double> row_values(const QuadraticProgram& program, std::span<const double> x) {
  std::vector<double> values(program.rows.row_count());
  for (std::size_t row = 0; row < values.size(); ++row) values[row] = program.rows.row_dot(row, x);
  return values;
}

}  // namespace

double Certificate::worst() const { return std::max({primal, stationarity, dual_sign, complementarity, gap}); }

Certificate check_optimality(const QuadraticProgram& program, const Solution& solution) {
  assert_shapes(program, solution);
  Certificate certificate;
  const auto curvature = hessian_times(program, solution.x);
  const auto pull = transposed_times(program, solution.y);
  const double dual_scale =
      1.0 + std::max({largest(curvature), largest(pull), largest(program.linear_cost), largest(solution.z)});
  double quadratic = 0.0;
  for (std::size_t j = 0; j < program.variable_count; ++j) {
    const double cost = program.linear_cost.empty() ? 0.0 : program.linear_cost[j];
    const double rest = curvature[j] + cost - pull[j] - solution.z[j];
    certificate.stationarity = std::max(certificate.stationarity, std::fabs(rest) / dual_scale);
    quadratic += curvature[j] * solution.x[j];
  }
  const double objective = program.objective(solution.x);
  const double objective_scale = 1.0 + std::fabs(objective) + 0.5 * std::fabs(quadratic);
  const auto values = row_values(program, solution.x);
  double supported =
      judge_side({values, solution.y, program.row_lower, program.row_upper}, objective_scale, dual_scale, certificate);
  supported += judge_side({solution.x, solution.z, program.variable_lower, program.variable_upper}, objective_scale,
                          dual_scale, certificate);
  const double dual_objective = program.constant_cost - 0.5 * quadratic + supported;
  certificate.gap = std::fabs(objective - dual_objective) / objective_scale;
  return certificate;
}

double check_primal_infeasibility(const QuadraticProgram& program, const Solution& solution) {
  assert_shapes(program, solution);
  const double value = supported_value(solution.y, program.row_lower, program.row_upper) +
                       supported_value(solution.z, program.variable_lower, program.variable_upper);
  if (!(value > 0.0)) return infinity;
  auto rest = transposed_times(program, solution.y);
  for (std::size_t j = 0; j < rest.size(); ++j) rest[j] += solution.z[j];
  return largest(rest) / value;
}

double check_dual_infeasibility(const QuadraticProgram& program, const Solution& solution) {
  assert_shapes(program, solution);
  double slope = 0.0;
  for (std::size_t j = 0; j < program.linear_cost.size(); ++j) slope += program.linear_cost[j] * solution.x[j];
  if (!(slope < 0.0)) return infinity;
  const auto values = row_values(program, solution.x);
  const double worst =
      std::max({largest(hessian_times(program, solution.x)), escape(values, program.row_lower, program.row_upper),
                escape(solution.x, program.variable_lower, program.variable_upper)});
  return worst / -slope;
}

}  // namespace gimbal::optimize
