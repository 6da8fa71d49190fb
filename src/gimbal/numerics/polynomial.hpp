// Polynomials with constant coefficients, over any lanes.
#pragma once

#include <cstddef>

#include "gimbal/numerics/lanes.hpp"

namespace gimbal::numerics {

/// c[0] + c[1] x + ... + c[N-1] x^(N-1) by Horner's rule, one fused operation a power.
template <class V, std::size_t N>
GIMBAL_LANE V polynomial(const double (&c)[N], V x) {
  V value = V(c[N - 1]);
  for (std::size_t i = N - 1; i-- > 0;) value = fused_add(value, x, V(c[i]));
  return value;
}

/// The same sum as even powers plus x times odd powers, which are two chains that a processor runs at once.
template <class V, std::size_t N>
GIMBAL_LANE V polynomial_in_two(const double (&c)[N], V x) {
  static_assert(N >= 4);
  const V square = x * x;
  constexpr std::size_t last_even = (N - 1) / 2 * 2;
  constexpr std::size_t last_odd = N / 2 * 2 - 1;
  V even = V(c[last_even]);
  for (std::size_t i = last_even; i >= 2; i -= 2) even = fused_add(even, square, V(c[i - 2]));
  V odd = V(c[last_odd]);
  for (std::size_t i = last_odd; i >= 3; i -= 2) odd = fused_add(odd, square, V(c[i - 2]));
  return fused_add(odd, x, even);
}

}  // namespace gimbal::numerics
