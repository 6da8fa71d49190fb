// What to do when not everything can be had: the least violation of rows by priority. The first priority is hurt as
// little as possible; given that, the second; and so on. The outcome is the same programme with bounds relaxed just
// enough.
#pragma once

#include <span>
#include <vector>

#include "gimbal/foundation/result.hpp"
#include "gimbal/optimize/interior_point.hpp"
#include "gimbal/optimize/quadratic_program.hpp"

namespace gimbal::optimize {

struct LeastViolation {
  /// optimal: the relaxed programme is feasible. primal_infeasible: even rows and bounds of priority 0, which are never
  /// relaxed, contradict each other. Otherwise the status of the solve that failed.
  SolutionStatus status = SolutionStatus::numerical_failure;
  std::vector<double> row_lower;  ///< Relaxed bounds, one per row; equal to the given ones where nothing had to give.
  std::vector<double> row_upper;
  std::vector<double> violation;  ///< By how much each row was relaxed, in the row's own units; 0 where it holds.
  std::vector<double> x;          ///< A point that satisfies the relaxed rows and all variable bounds.
  int solves = 0;
};

/// Relaxes rows until the programme is feasible, the most important rows last.
///
/// Meaning   priority_of_row[i] = 0: row i is never relaxed; 1 is the most important of the others, larger numbers give
///           way first. Within one priority the sum of violations is least, each divided by row_scale[i] (its unit of
///           regret; an empty span takes the largest magnitude of the row's coefficients). The objective of the
///           programme plays no part.
/// Shapes    priority_of_row has one entry per row; row_scale as well, each > 0, or empty.
/// Errors    invalid_argument for programmes or settings that do not validate, wrong lengths, negative priorities.
[[nodiscard]] Result<LeastViolation> least_violation(const QuadraticProgram& program,
                                                     std::span<const int> priority_of_row,
                                                     std::span<const double> row_scale, const Settings& settings);

}  // namespace gimbal::optimize
