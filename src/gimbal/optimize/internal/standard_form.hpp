// The programme as the iteration wants it: fixed variables and rows that say nothing taken out, everything scaled, each
// finite bound a one-sided inequality "sign a'x + s = bound, s >= 0", equalities apart. And the way back.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "gimbal/optimize/internal/quasidefinite.hpp"
#include "gimbal/optimize/internal/run_matrix.hpp"
#include "gimbal/optimize/quadratic_program.hpp"

namespace gimbal::optimize::internal {

/// One finite bound of a variable or of a row.
struct Side {
  std::uint32_t index = 0;  ///< Of the variable or of the row, in the standard form.
  double sign = 1.0;        ///< +1 for an upper bound, -1 for a lower one.
  double bound = 0.0;       ///< sign times the bound, scaled.
};

/// A row that no x can satisfy because it has no variables (left).
struct Contradiction {
  std::size_t row = 0;  ///< In the programme as given.
  bool upper = false;   ///< Which of its bounds is broken.
};

struct StandardForm {
  // Scaled: x given = column_scale x, row given = row / row_scale, objective given = objective / cost_scale.
  std::vector<double> cost;
  std::vector<double> diagonal;
  RunMatrix factor;                     ///< F, scaled by columns and the root of cost_scale.
  std::vector<PairEntry> off_diagonal;  ///< Each pair once.
  RunMatrix rows;
  std::vector<Side> variable_sides;
  std::vector<Side> row_sides;    ///< Ascending by row.
  std::vector<bool> is_equality;  ///< By row.
  std::vector<double> equality;   ///< Right sides by row; 0 for the others.

  std::vector<double> column_scale;
  std::vector<double> row_scale;
  double cost_scale = 1.0;

  std::vector<std::uint32_t> kept_variables;  ///< In the programme as given, ascending.
  std::vector<std::uint32_t> kept_rows;
  std::vector<double> fixed_values;  ///< By given variable; 0 for those kept.
  std::optional<Contradiction> contradiction;

  [[nodiscard]] std::size_t variable_count() const { return cost.size(); }
  [[nodiscard]] std::size_t row_count() const { return rows.row_count(); }
  [[nodiscard]] std::size_t side_count() const { return variable_sides.size() + row_sides.size(); }
};

/// The programme must be valid.
[[nodiscard]] StandardForm make_standard_form(const QuadraticProgram& program, int scaling_rounds);

/// P x for the programme as given.
void hessian_product(const QuadraticProgram& program, std::span<const double> x, std::span<double> result);

}  // namespace gimbal::optimize::internal
