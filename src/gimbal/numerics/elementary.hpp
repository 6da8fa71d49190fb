// exp and log over any lanes: what special.hpp's scalar functions and every batch kernel are made of. No special cases
// here, the callers keep to the domains.
//
// Coefficients come from tools/special_coefficients.py.
// Source    the reductions are those of P.-T. P. Tang, "Table-driven implementation of the exponential function in IEEE
//           floating-point arithmetic", ACM TOMS 15 (1989), without its table, and of K. C. Ng's logarithm in FDLIBM
//           (1993), with the quotient taken once.
#pragma once

#include "gimbal/numerics/polynomial.hpp"

namespace gimbal::numerics {

inline constexpr double log2_e = 1.4426950408889634074;
/// ln 2 in two parts; the upper one has 33 bits, so that its product with an exponent is exact.
inline constexpr double ln2_upper = 0x1.62e42feep-1;
inline constexpr double ln2_lower = 0x1.a39ef35793c76p-33;

/// x = n ln 2 + r with n integral and |r| <= ln(2)/2, and the rest of exp(r) = 1 + r + rest.
template <class V>
struct ReducedExponential {
  V exponent;
  V reduced;
  V rest;
};

/// Of `upper` + `lower`, where the second is a correction far smaller than the first, which is within +-1e6.
template <class V>
GIMBAL_LANE ReducedExponential<V> reduced_exponential(V upper, V lower) {
  constexpr double c[] = {0.5,
                          1.6666666666666667452e-1,
                          4.1666666666624161903e-2,
                          8.3333333333300644495e-3,
                          1.3888888917196719077e-3,
                          1.9841269863040545271e-4,
                          2.4801521322368693266e-5,
                          2.7557268480310025526e-6,
                          2.7620075879983366586e-7,
                          2.5100375832561233664e-8};
  const V n = fused_add(upper, V(log2_e), V(rounding_shift)) - rounding_shift;
  const V r = fused_subtract(n, V(ln2_lower), fused_subtract(n, V(ln2_upper), upper)) + lower;
  return {n, r, r * r * polynomial_in_two(c, r)};
}

/// exp(upper + lower), rounded into the subnormal numbers too.
/// Domain    -1000 <= upper <= 709.78; `lower` a correction far smaller than it.
/// Accuracy  one unit in the last place (tests/golden/special.csv, through exp).
template <class V>
GIMBAL_LANE V exponential(V upper, V lower) {
  const auto [exponent, r, rest] = reduced_exponential(upper, lower);
  const V head = V(1.0) + r;
  const V mantissa = head + (((V(1.0) - head) + r) + rest);
  // 2^n in two factors, for n may leave the exponents of normal numbers.
  const V half = fused_add(exponent, V(0.5), V(rounding_shift)) - rounding_shift;
  return mantissa * power_of_two(half) * power_of_two(exponent - half);
}

/// A logarithm as a sum of two doubles, the second far smaller.
template <class V>
struct LogarithmParts {
  V upper;
  V lower;
};

/// ln(a / b), without rounding the quotient: a/b near one keeps every digit of its logarithm.
/// Domain    a and b positive, finite and normal.
/// Accuracy  upper alone within one unit in its last place, upper + lower to 2^-58 relative.
template <class V>
GIMBAL_LANE LogarithmParts<V> log_quotient(V a, V b) {
  constexpr double c[] = {6.6666666666666696862e-1, 3.999999999989950449e-1, 2.8571428625975484921e-1,
                          2.2222211134795079855e-1, 1.818288912526172208e-1, 1.5331721600556041269e-1,
                          1.461644968504340586e-1};
  constexpr double sqrt_two = 1.4142135623730950488;
  V exponent = exponent_of(a) - exponent_of(b);
  V p = mantissa_of(a);
  const V q = mantissa_of(b);
  // p/q lies within 1/2 and 2; bring it within sqrt(1/2) and sqrt(2).
  const auto high = q * sqrt_two < p;
  p = choose(high, p * 0.5, p);
  exponent = choose(high, exponent + 1.0, exponent);
  const auto low = p * sqrt_two < q;
  p = choose(low, p * 2.0, p);
  exponent = choose(low, exponent - 1.0, exponent);

  const V difference = p - q;  // exact
  const V sum = p + q;
  const V sum_lost = (choose(p < q, q, p) - sum) + choose(p < q, p, q);
  const V reciprocal = V(1.0) / sum;
  const V s = difference * reciprocal;
  // What is left of the quotient, from what the rounded sum and the rounded s have lost.
  const V s_lost = fused_subtract(s, sum_lost, fused_subtract(s, sum, difference)) * reciprocal;
  const V square = s * s;
  const V tail = fused_add(s * square, polynomial_in_two(c, square), s_lost + s_lost);

  const V upper = exponent * ln2_upper;  // exact, and larger than 2 s unless it is zero
  const V twice = s + s;
  const V head = upper + twice;
  const V head_lost = choose(exponent == V(0.0), V(0.0), (upper - head) + twice);
  const V rest = fused_add(exponent, V(ln2_lower), tail + head_lost);
  const V value = head + rest;
  return {value, (head - value) + rest};
}

}  // namespace gimbal::numerics
