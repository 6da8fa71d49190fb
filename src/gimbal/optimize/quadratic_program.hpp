// The convex quadratic programme as a plain value, and the answer to one. No finance and no algorithm here: the method
// is in interior_point.hpp, the check of an answer in certificate.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "gimbal/foundation/result.hpp"

namespace gimbal::optimize {

/// What stands for "no bound". Any magnitude of at least bound_magnitude_max is read as infinite.
inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double bound_magnitude_max = 1e30;

/// A matrix by rows, only the non-zeros stored (compressed rows). A dense row is simply one with every column in it.
class SparseRows {
 public:
  /// Appends a row. Zeros are dropped; a column named twice is added up by the solver.
  /// Shapes    equal lengths, else the process stops.
  void add_row(std::span<const std::uint32_t> columns, std::span<const double> values);
  /// Appends a row whose i-th value belongs to column first_column + i; zeros are dropped.
  void add_dense_row(std::span<const double> values, std::uint32_t first_column = 0);

  [[nodiscard]] std::size_t row_count() const { return starts_.size() - 1; }
  [[nodiscard]] std::size_t nonzero_count() const { return values_.size(); }
  [[nodiscard]] std::span<const std::uint32_t> columns(std::size_t row) const {
    return std::span{columns_}.subspan(starts_[row], starts_[row + 1] - starts_[row]);
  }
  [[nodiscard]] std::span<const double> values(std::size_t row) const {
    return std::span{values_}.subspan(starts_[row], starts_[row + 1] - starts_[row]);
  }
  /// Inner product of one row with a vector that is long enough for its columns.
  [[nodiscard]] double row_dot(std::size_t row, std::span<const double> x) const;

 private:
  std::vector<std::size_t> starts_{0};
  std::vector<std::uint32_t> columns_;
  std::vector<double> values_;
};

/// One off-diagonal pair of the quadratic term: P(row, column) = P(column, row) = value; row != column.
struct HessianEntry {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  double value = 0.0;
};

///     minimise    1/2 x'P x + linear_cost'x + constant_cost
///     subject to  row_lower <= rows x <= row_upper,   variable_lower <= x <= variable_upper
///
/// with P = diag(hessian_diagonal) + hessian_factor' hessian_factor + hessian_entries, symmetric positive semidefinite.
/// An equality is a row with lower = upper; a fixed variable likewise; +-infinity is no bound. A vector left empty
/// means zeros (costs, diagonal) or no bounds.
struct QuadraticProgram {
  std::size_t variable_count = 0;
  std::vector<double> linear_cost;       ///< variable_count, or empty for zero.
  double constant_cost = 0.0;            ///< Added to every reported objective.
  std::vector<double> hessian_diagonal;  ///< variable_count, each >= 0, or empty for zero.
  SparseRows hessian_factor;             ///< F: any number of rows over the variables; contributes F'F.
  std::vector<HessianEntry> hessian_entries;
  SparseRows rows;
  std::vector<double> row_lower;       ///< rows.row_count(), or empty for -infinity.
  std::vector<double> row_upper;       ///< rows.row_count(), or empty for +infinity.
  std::vector<double> variable_lower;  ///< variable_count, or empty for -infinity.
  std::vector<double> variable_upper;  ///< variable_count, or empty for +infinity.

  /// Adds a variable and returns its index. Only for programmes whose vectors are all filled (as this function does).
  std::uint32_t add_variable(double lower, double upper, double cost, double diagonal = 0.0);
  /// Adds a row with its bounds and returns its index.
  std::size_t add_row(std::span<const std::uint32_t> columns, std::span<const double> values, double lower,
                      double upper);

  /// Whether the numbers describe a programme at all.
  /// Errors    invalid_argument naming the first offending vector and index: a wrong length, NaN, an infinite cost, a
  ///           negative diagonal, a column out of range, lower above upper, a bound infinite on its wrong side.
  /// Note      positive semidefiniteness is not checked here; a programme that is not convex ends as numerical_failure.
  [[nodiscard]] Result<void> validate() const;

  [[nodiscard]] double objective(std::span<const double> x) const;
};

enum class SolutionStatus {
  optimal,            ///< Every tolerance of the settings is met.
  primal_infeasible,  ///< No x satisfies the rows and bounds; `y` and `z` hold a proof.
  dual_infeasible,    ///< The objective falls without end (if any x is feasible); `x` holds a direction that shows it.
  iteration_limit,    ///< Stopped by settings.iterations_max; the best iterate is returned.
  numerical_failure,  ///< No further progress in double precision (or P is not convex); the best iterate is returned.
};

/// The status' name as written above.
[[nodiscard]] const char* to_string(SolutionStatus status) noexcept;

/// An answer with everything needed to judge it.
///
/// Sign of duals. y[i] is the derivative of the optimal objective by the bound that holds row i, z[j] by the bound that
/// holds variable j: raising an active lower bound costs, so its dual is >= 0; raising an active upper bound helps, so
/// its dual is <= 0; slack rows and variables have dual 0; the dual of an equality has either sign. Stationarity reads
///
///     P x + linear_cost = rows' y + z.
///
/// The value of relaxing an active bound by one unit is therefore |y[i]| in either direction, in units of the
/// objective.
///
/// When primal_infeasible: rows'y + z = 0 and the sum of y and z each times the bound that its sign points to (lower if
/// positive, upper if negative) is positive, scaled to 1. When dual_infeasible: P x = 0, cost'x = -1, and x moves no
/// row or variable towards a finite bound.
struct Solution {
  SolutionStatus status = SolutionStatus::numerical_failure;
  std::vector<double> x;  ///< variable_count
  std::vector<double> y;  ///< one per row
  std::vector<double> z;  ///< one per variable
  double objective = 0.0;
  double dual_objective = 0.0;
  double primal_residual = 0.0;  ///< Largest violation of any row or bound by x, in the units given.
  double dual_residual = 0.0;    ///< Largest component of P x + cost - rows'y - z, in the units given.
  double gap = 0.0;              ///< |objective - dual_objective|
  int iterations = 0;
};

}  // namespace gimbal::optimize
