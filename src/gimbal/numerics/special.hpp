// The elementary and normal-distribution functions of the tree, and the only door to them below `simulate`: whoever
// needs an exponential includes this file, never <cmath>, whose bits depend on the processor and the library. These do
// not: they are arithmetic, fused where it says so, on kernels that the batch forms share.
//
// Accuracy  exp, expm1, log and log1p within one unit in the last place, pow within two, erf, erfc, erfcx, normal_cdf
//           and normal_density within four; evidence: tests/golden/special.csv.
#pragma once

#include <cmath>

namespace gimbal::numerics {

/// The least integer that is not below x.
[[nodiscard]] inline double ceiling(double x) noexcept { return -std::floor(-x); }

[[nodiscard]] double exp(double x) noexcept;
/// exp(x) - 1 without cancellation near zero.
[[nodiscard]] double expm1(double x) noexcept;
/// Natural logarithm: -infinity at zero, NaN below.
[[nodiscard]] double log(double x) noexcept;
/// log(1 + x) without cancellation near zero.
[[nodiscard]] double log1p(double x) noexcept;
/// Domain    base >= 0; a negative base gives NaN, whatever the exponent, unless that is zero.
[[nodiscard]] double pow(double base, double exponent) noexcept;

[[nodiscard]] double erf(double x) noexcept;
/// 1 - erf(x), accurate to the last bits where it is tiny.
[[nodiscard]] double erfc(double x) noexcept;

/// The scaled complementary error function exp(x^2) erfc(x), which neither underflows nor loses digits for large x.
///
/// Domain    all x; +infinity below about -26.6, where exp(x^2) overflows.
[[nodiscard]] double erfcx(double x) noexcept;

/// Probability that a standard normal variable is at most x.
[[nodiscard]] double normal_cdf(double x) noexcept;
/// Density of the standard normal distribution at x.
[[nodiscard]] double normal_density(double x) noexcept;

/// The x at which normal_cdf(x) = probability.
///
/// Domain    0 <= probability <= 1; the ends give -infinity and +infinity, anything else NaN.
/// Source    M. J. Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37
///           (1988) 477-484, routine PPND16.
[[nodiscard]] double normal_quantile(double probability) noexcept;

}  // namespace gimbal::numerics
