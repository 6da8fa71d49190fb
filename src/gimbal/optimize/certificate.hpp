// Checks an answer against its programme with nothing but the definition: no solver code is shared, so a certificate is
// evidence. Tests call it on every solve; callers may, before they act on an answer.
#pragma once

#include "gimbal/optimize/quadratic_program.hpp"

namespace gimbal::optimize {

/// How far (x, y, z) is from satisfying the Karush-Kuhn-Tucker conditions. Every number is a magnitude divided by a
/// scale, 1 plus the largest terms of the same kind, so that 1e-9 means nine digits.
struct Certificate {
  double primal = 0.0;           ///< Worst violation of a row or bound.
  double stationarity = 0.0;     ///< Worst component of P x + cost - rows'y - z.
  double dual_sign = 0.0;        ///< Worst dual pointing to a bound that does not exist.
  double complementarity = 0.0;  ///< Worst |dual| times distance to the bound it points to, over 1 + |objective|.
  double gap = 0.0;              ///< |primal objective - dual objective| over 1 + |objective|.
  [[nodiscard]] double worst() const;
};

/// Shapes    x, y, z as in Solution, else the process stops.
[[nodiscard]] Certificate check_optimality(const QuadraticProgram& program, const Solution& solution);

/// Distance of (y, z) from a proof that no x is feasible: the largest component of rows'y + z, with (y, z) scaled so
/// that the proof's value is 1. Infinity when the value is not positive or a dual points to a bound that does not
/// exist.
[[nodiscard]] double check_primal_infeasibility(const QuadraticProgram& program, const Solution& solution);

/// Distance of x from a direction of endless descent: the largest of |P x| and of moves towards finite bounds, with x
/// scaled so that cost'x = -1. Infinity when cost'x is not negative.
[[nodiscard]] double check_dual_infeasibility(const QuadraticProgram& program, const Solution& solution);

}  // namespace gimbal::optimize
