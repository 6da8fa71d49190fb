// Mills' ratio of the normal distribution's upper tail, m(z) = (1 - N(z)) / n(z), which neither underflows nor loses
// digits for large z: what every probability and every premium here is made of.
//
// Method    1/m(z) - z = S(z + 1)/N(z + 1) with polynomials whose coefficients are all positive, fitted for z >= -1 to
//           a relative error of 1.6e-18. Then m = N/(z N + S) and 1 - z m = S/(z N + S): one quotient, and nothing
//           cancels in either. Coefficients come from tools/special_coefficients.py.
// Source    the variable that makes one fit cover the half line is that of M. M. Shepherd and J. G. Laframboise,
//           "Chebyshev approximation of (1 + 2x) exp(x^2) erfc x in 0 <= x < infinity", Math. Comp. 36 (1981) 249-253.
#pragma once

#include "gimbal/numerics/elementary.hpp"
#include "gimbal/numerics/polynomial.hpp"

namespace gimbal::numerics {

/// m(z) = upper / lower and 1 - z m(z) = rest / lower.
template <class V>
struct MillsRatio {
  V upper;  ///< N
  V rest;   ///< S
  V lower;  ///< z N + S
};

/// Domain    -1 <= z <= 1e20, beyond which the powers overflow.
/// Accuracy  m and 1 - z m within four units in the last place for z >= 0 (tests/golden/special.csv), and within
///           sixteen at z = -1, where z N and S differ in sign.
template <class V>
GIMBAL_LANE MillsRatio<V> mills_ratio(V z) {
  constexpr double s[] = {1.0292626738519331404e+8,
                          1.4871151809715004784e+8,
                          1.1501797599077001115e+8,
                          6.0805685802699783752e+7,
                          2.4032032120151787653e+7,
                          7.3981676853943663074e+6,
                          1.8069486520042918869e+6,
                          3.5161677194035615284e+5,
                          5.4072530695630767419e+4,
                          6.4235462373630383399e+3,
                          5.6274868633008157328e+2,
                          3.2997311011098115963e+1,
                          1.0};
  constexpr double n[] = {7.9936525091809888406e+7, 1.5458718248876261608e+8,
                          1.5574717910957718424e+8, 1.056443996405608798e+8,
                          5.3051891548207842834e+7, 2.0641572523821850588e+7,
                          6.3683155008892892387e+6, 1.5735530810712789536e+6,
                          3.1136884186724679035e+5, 4.8836476452735142984e+4,
                          5.9287921730566127764e+3, 5.3175137531897828852e+2,
                          3.1997311011098123082e+1, 1.0};
  const V y = z + 1.0;
  const V rest = polynomial_in_two(s, y);
  const V upper = polynomial_in_two(n, y);
  return {upper, rest, fused_add(z, upper, rest)};
}

/// n(z) sqrt(2 pi) = exp(-z^2/2), with the rounding of the square put back: at z = 38 it would cost three digits.
/// Domain    |z| <= 44; beyond 38.6 the value is subnormal or zero.
template <class V>
GIMBAL_LANE V gaussian(V z) {
  const V square = z * z;
  const V lost = fused_subtract(z, z, square);  // square - z^2
  return exponential(square * -0.5, lost * 0.5);
}

}  // namespace gimbal::numerics
