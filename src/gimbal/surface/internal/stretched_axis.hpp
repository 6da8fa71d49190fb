// The change of variable behind every grid over log-moneyness here: even steps of u become steps of sinh(u), dense in
// the middle, where smiles bend, and sparse in the wings, where they are straight.
#pragma once

#include <cmath>

#include "gimbal/numerics/special.hpp"

namespace gimbal::surface::internal {

[[nodiscard]] inline double hyperbolic_sine(double u) noexcept {
  return 0.5 * (numerics::expm1(u) - numerics::expm1(-u));
}

/// Its inverse, ln(x + sqrt(x^2 + 1)), odd to the last bit so that left and right wings get the same grid.
[[nodiscard]] inline double inverse_hyperbolic_sine(double x) noexcept {
  const double size = std::fabs(x);
  const double value = numerics::log1p(size + size * size / (1.0 + std::sqrt(size * size + 1.0)));
  return x < 0.0 ? -value : value;
}

}  // namespace gimbal::surface::internal
