// The scalar doors of the kernels in elementary.hpp and mills_ratio.hpp: they look after the ends of each domain.
#include "gimbal/numerics/special.hpp"

#include <cmath>
#include <limits>

#include "gimbal/numerics/elementary.hpp"
#include "gimbal/numerics/mills_ratio.hpp"

namespace gimbal::numerics {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double normal_least = std::numeric_limits<double>::min();

constexpr double exp_overflows_from = 709.78271289338397;
constexpr double exp_vanishes_below = -745.13321910194111;

constexpr double sqrt_two = 1.4142135623730950488;
constexpr double sqrt_two_over_pi = 0.79788456080286535588;
constexpr double inverse_sqrt_pi = 0.56418958354775628695;
constexpr double inverse_sqrt_two_pi = 0.39894228040143267794;

// From here on 1/z is Mills' ratio to a double, and the kernel's powers come near to overflow.
constexpr double mills_tail_from = 1e10;

double mills(double z) {
  if (z > mills_tail_from) return 1.0 / z;
  const MillsRatio<double> ratio = mills_ratio(z);
  return ratio.upper / ratio.lower;
}

/// ln v in two parts for positive finite v, subnormal ones included.
LogarithmParts<double> log_parts(double v) {
  if (v >= normal_least) return log_quotient(v, 1.0);
  constexpr double lift = 0x1p54;
  const LogarithmParts<double> lifted = log_quotient(v * lift, 1.0);
  const double upper = lifted.upper - 54.0 * ln2_upper;
  const double lower = lifted.lower - 54.0 * ln2_lower + ((lifted.upper - upper) - 54.0 * ln2_upper);
  return {upper + lower, (upper - (upper + lower)) + lower};
}

/// exp(upper + lower) with its ends.
double exp_of_parts(double upper, double lower) {
  if (upper > exp_overflows_from) return infinity;
  if (upper < exp_vanishes_below) return 0.0;
  return exponential(upper, lower);
}

/// The quantile's distance from the nearer end, as a function of r = sqrt(-log(tail probability)).
double quantile_tail(double r) {
  constexpr double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                          3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                          2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr double d[] = {1.0,
                          2.05319162663775882187e0,
                          1.67638483018380384940e0,
                          6.89767334985100004550e-1,
                          1.48103976427480074590e-1,
                          1.51986665636164571966e-2,
                          5.47593808499534494600e-4,
                          1.05075007164441684324e-9};
  constexpr double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                          2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                          2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr double f[] = {1.0,
                          5.99832206555887937690e-1,
                          1.36929880922735805310e-1,
                          1.48753612908506148525e-2,
                          7.86869131145613259100e-4,
                          1.84631831751005468180e-5,
                          1.42151175831644588870e-7,
                          2.04426310338993978564e-15};
  if (r <= 5.0) return polynomial(c, r - 1.6) / polynomial(d, r - 1.6);
  return polynomial(e, r - 5.0) / polynomial(f, r - 5.0);
}

}  // namespace

double exp(double x) noexcept { return std::isnan(x) ? x : exp_of_parts(x, 0.0); }

double expm1(double x) noexcept {
  if (std::isnan(x)) return x;
  if (x > exp_overflows_from) return infinity;
  if (x < -40.0) return -1.0;  // to the last bit from -37.4 on
  const auto [exponent, reduced, rest] = reduced_exponential(x, 0.0);
  if (exponent > 1000.0) return exponential(x, 0.0);
  const double power = power_of_two(exponent);
  return std::fma(power, reduced + rest, power - 1.0);
}

double log(double x) noexcept {
  if (!(x > 0.0)) return x == 0.0 ? -infinity : not_a_number;
  return x < infinity ? log_parts(x).upper : x;
}

double log1p(double x) noexcept {
  if (!(x > -1.0)) return x == -1.0 ? -infinity : not_a_number;
  if (x == infinity) return x;
  const double one_more = 1.0 + x;
  const double lost = x >= 1.0 ? 1.0 - (one_more - x) : x - (one_more - 1.0);
  return log(one_more) + lost / one_more;
}

double pow(double base, double exponent) noexcept {
  if (exponent == 0.0 || base == 1.0) return 1.0;
  if (!(base >= 0.0) || std::isnan(exponent)) return not_a_number;
  if (base == 0.0 || base == infinity) return (base == 0.0) == (exponent < 0.0) ? infinity : 0.0;
  const LogarithmParts<double> logarithm = log_parts(base);
  const double upper = exponent * logarithm.upper;
  if (!std::isfinite(upper)) return upper > 0.0 ? infinity : 0.0;
  return exp_of_parts(upper, std::fma(exponent, logarithm.upper, -upper) + exponent * logarithm.lower);
}

double erf(double x) noexcept {
  constexpr double reach = 0.75;
  if (!(std::fabs(x) <= reach)) return 1.0 - erfc(x);
  constexpr double c[] = {1.1283791670955125739,     -3.7612638903183752009e-1, 1.1283791670955087198e-1,
                          -2.6866170645118444826e-2, 5.2239776252221918701e-3,  -8.5483270011359461396e-4,
                          1.2055331545294116432e-4,  -1.4925589383821142879e-5, 1.6460383209858148676e-6,
                          -1.6333229343433699958e-7, 1.4413879289095028856e-8,  -9.5028408947747051607e-10};
  return x * polynomial(c, x * x);
}

double erfc(double x) noexcept {
  if (std::isnan(x)) return x;
  const double size = std::fabs(x);
  if (size > 27.5) return x > 0.0 ? 0.0 : 2.0;
  const double square = size * size;
  const double tail = exponential(-square, std::fma(-size, size, square)) * erfcx(size);
  return x >= 0.0 ? tail : 2.0 - tail;
}

double erfcx(double x) noexcept {
  if (std::isnan(x)) return x;
  if (x >= 0.0) return x > mills_tail_from ? inverse_sqrt_pi / x : sqrt_two_over_pi * mills(x * sqrt_two);
  const double square = x * x;
  if (square > exp_overflows_from) return infinity;
  const double lost = std::fma(x, x, -square);
  return 2.0 * exp_of_parts(square, lost) - erfcx(-x);
}

double normal_cdf(double x) noexcept {
  if (std::isnan(x)) return x;
  const double size = std::fabs(x);
  if (size > 39.0) return x > 0.0 ? 1.0 : 0.0;
  const double tail = inverse_sqrt_two_pi * gaussian(size) * mills(size);
  return x > 0.0 ? 1.0 - tail : tail;
}

double normal_density(double x) noexcept {
  if (std::isnan(x)) return x;
  return std::fabs(x) > 39.0 ? 0.0 : inverse_sqrt_two_pi * gaussian(x);
}

double normal_quantile(double probability) noexcept {
  constexpr double a[] = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                          1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                          3.3430575583588128105e+4, 2.5090809287301226727e+3};
  constexpr double b[] = {1.0,
                          4.2313330701600911252e+1,
                          6.8718700749205790830e+2,
                          5.3941960214247511077e+3,
                          2.1213794301586595867e+4,
                          3.9307895800092710610e+4,
                          2.8729085735721942674e+4,
                          5.2264952788528545610e+3};
  if (!(probability >= 0.0 && probability <= 1.0)) return not_a_number;
  const double q = probability - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(a, r) / polynomial(b, r);
  }
  const double tail = q < 0.0 ? probability : 1.0 - probability;
  if (tail <= 0.0) return q < 0.0 ? -infinity : infinity;
  const double magnitude = quantile_tail(std::sqrt(-log(tail)));
  return q < 0.0 ? -magnitude : magnitude;
}

}  // namespace gimbal::numerics
