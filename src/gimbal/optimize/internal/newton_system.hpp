// The system of equations that gives an interior-point step, in the unknowns x (variables), f (rows of the Hessian's
// factor) and lambda (rows):
//
//     [ diag(P) + weights of bounds + other P    F'    A'           ]
//     [ F                                        -1                 ]
//     [ A                                              -1 / weights ]     (a tiny number for an equality)
//
// It is factorised with a small regularisation and solved to full accuracy by refinement against the matrix as it
// stands.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "gimbal/optimize/internal/quasidefinite.hpp"
#include "gimbal/optimize/internal/standard_form.hpp"

namespace gimbal::optimize::internal {

/// How far an equality may be missed per unit by which its multiplier moves in one step: a proximal term. It vanishes
/// with the steps, and keeps the system solvable when equalities depend on each other or contradict.
inline constexpr double equality_give = 1e-9;

class NewtonSystem {
 public:
  explicit NewtonSystem(const StandardForm& form);

  [[nodiscard]] std::size_t size() const { return right_.size(); }
  [[nodiscard]] std::size_t core_size() const { return factor_.core_size(); }
  /// Where the rows' unknowns begin.
  [[nodiscard]] std::size_t first_row() const { return form_->variable_count() + form_->factor.row_count(); }

  /// Forgets what earlier factorisations needed, so that every solve starts alike.
  void reset();

  /// weights: of each variable the sum of z / s over its bounds, of each row the same; equalities are not read.
  void factorise(std::span<const double> variable_weights, std::span<const double> row_weights);

  /// Solves for one right side. Returns the final residual's largest component over the right side's.
  double solve(std::span<const double> right, std::span<double> solution);

  /// How many pivots the last factorisation replaced.
  [[nodiscard]] std::size_t replaced_pivots() const { return replaced_pivots_; }

 private:
  /// result = K x.
  void multiply(std::span<const double> x, std::span<double> result) const;
  /// residual_ = right_ - K solution; returns its largest component.
  double compute_residual(std::span<const double> solution);
  /// Adds to `solution` the combination of at most search_directions_max preconditioned directions that reduces
  /// residual_ most, ending early when its norm falls below `target`.
  void improve(std::span<double> solution, double target);

  const StandardForm* form_;
  QuasidefiniteFactor factor_;
  std::vector<double> diagonal_;     ///< Of K.
  std::vector<double> regularised_;  ///< Of what is factorised.
  std::vector<double> right_;
  std::vector<double> residual_;
  std::vector<double> candidate_;
  std::vector<double> best_;
  std::vector<double> basis_;       ///< Orthonormal residual directions, one after the other.
  std::vector<double> directions_;  ///< Each basis vector after the factor's solve.
  double regularisation_ = 0.0;
  std::size_t replaced_pivots_ = 0;
};

}  // namespace gimbal::optimize::internal
