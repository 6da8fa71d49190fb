// What Clp, a simplex code that shares nothing with ours, makes of a linear programme, in the terms of our own
// answers. For differential tests alone. Its tolerances are absolute, 1e-7 unless told otherwise, which leaves five
// digits on returns of 0.02: here they are 1e-10.
#pragma once

#include <coin/ClpSimplex.hpp>
#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <vector>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/optimize/quadratic_program.hpp"

namespace gimbal::optimize::oracle {

/// An answer as ours, duals in our signs, which are Clp's when it minimises.
struct ClpAnswer {
  Solution solution;
  /// No basic row or variable is on a bound, so that the optimum has one vector of duals; nor nearer to one than 1e-3
  /// of its size, where an interior point would still see the bound.
  bool duals_unique = false;
};

namespace internal {

inline std::vector<double> filled(std::span<const double> values, std::size_t count, double absent) {
  std::vector<double> result(values.begin(), values.end());
  result.resize(count, absent);
  for (double& value : result)
    if (std::fabs(value) >= bound_magnitude_max) value = value < 0.0 ? -COIN_DBL_MAX : COIN_DBL_MAX;
  return result;
}

inline void load(const QuadraticProgram& program, ClpSimplex& clp) {
  const std::size_t n = program.variable_count;
  const std::size_t m = program.rows.row_count();
  CoinPackedMatrix matrix{false, 0.0, 0.0};
  matrix.setDimensions(0, static_cast<int>(n));
  for (std::size_t i = 0; i < m; ++i) {
    const std::vector<int> columns(program.rows.columns(i).begin(), program.rows.columns(i).end());
    matrix.appendRow(static_cast<int>(columns.size()), columns.data(), program.rows.values(i).data());
  }
  clp.loadProblem(matrix, filled(program.variable_lower, n, -infinity).data(),
                  filled(program.variable_upper, n, infinity).data(), filled(program.linear_cost, n, 0.0).data(),
                  filled(program.row_lower, m, -infinity).data(), filled(program.row_upper, m, infinity).data());
}

inline bool on_a_bound(double value, double lower, double upper) {
  const double near = 1e-3 * (1.0 + std::fabs(value));
  return value - lower <= near || upper - value <= near;
}

inline bool duals_unique(const ClpSimplex& clp) {
  for (int j = 0; j < clp.numberColumns(); ++j)
    if (clp.getColumnStatus(j) == ClpSimplex::basic &&
        on_a_bound(clp.primalColumnSolution()[j], clp.columnLower()[j], clp.columnUpper()[j]))
      return false;
  for (int i = 0; i < clp.numberRows(); ++i)
    if (clp.getRowStatus(i) == ClpSimplex::basic &&
        on_a_bound(clp.primalRowSolution()[i], clp.rowLower()[i], clp.rowUpper()[i]))
      return false;
  return true;
}

}  // namespace internal

/// Solves a programme without a Hessian; x, y, z and the objective are filled in where the status is optimal.
inline ClpAnswer solve_with_clp(const QuadraticProgram& program) {
  GIMBAL_ASSERT(program.hessian_factor.nonzero_count() == 0);
  GIMBAL_ASSERT(program.hessian_entries.empty());
  GIMBAL_ASSERT(std::all_of(program.hessian_diagonal.begin(), program.hessian_diagonal.end(),
                            [](double value) { return value == 0.0; }));
  constexpr double tolerance = 1e-10;
  ClpSimplex clp;
  clp.setLogLevel(0);
  internal::load(program, clp);
  clp.setPrimalTolerance(tolerance);
  clp.setDualTolerance(tolerance);
  clp.primal();  // not initialSolve(), whose presolve has left optima short by 1e-5
  ClpAnswer answer;
  Solution& solution = answer.solution;
  if (clp.isProvenPrimalInfeasible()) solution.status = SolutionStatus::primal_infeasible;
  if (clp.isProvenDualInfeasible()) solution.status = SolutionStatus::dual_infeasible;
  if (!clp.isProvenOptimal()) return answer;
  solution.status = SolutionStatus::optimal;
  solution.x.assign(clp.primalColumnSolution(), clp.primalColumnSolution() + clp.numberColumns());
  solution.y.assign(clp.dualRowSolution(), clp.dualRowSolution() + clp.numberRows());
  solution.z.assign(clp.dualColumnSolution(), clp.dualColumnSolution() + clp.numberColumns());
  solution.objective = program.objective(solution.x);
  answer.duals_unique = internal::duals_unique(clp);
  return answer;
}

}  // namespace gimbal::optimize::oracle
