// Forwards to the C library, and the two rational approximations that are ours.
#include "gimbal/numerics/special.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace gimbal::numerics {
namespace {

constexpr double sqrt_half = 0.70710678118654752440;
constexpr double inverse_sqrt_two_pi = 0.39894228040143267794;
constexpr double inverse_sqrt_pi = 0.56418958354775628695;

/// c[0] + c[1] x + ... + c[N-1] x^(N-1), by Horner's rule.
template <std::size_t N>
double polynomial(const std::array<double, N>& c, double x) {
  double value = c[N - 1];
  for (std::size_t i = N - 1; i-- > 0;) value = value * x + c[i];
  return value;
}

/// exp(x^2) erfc(x) for 0.46875 <= x <= 4.
double erfcx_middle(double x) {
  constexpr std::array<double, 9> p{1.23033935479799725e03, 2.05107837782607147e03, 1.71204761263407058e03,
                                    8.81952221241769090e02, 2.98635138197400131e02, 6.61191906371416295e01,
                                    8.88314979438837594e00, 5.64188496988670089e-1, 2.15311535474403846e-8};
  constexpr std::array<double, 9> q{1.23033935480374942e03, 3.43936767414372164e03, 4.36261909014324716e03,
                                    3.29079923573345963e03, 1.62138957456669019e03, 5.37181101862009858e02,
                                    1.17693950891312499e02, 1.57449261107098347e01, 1.0};
  return polynomial(p, x) / polynomial(q, x);
}

/// exp(x^2) erfc(x) for x > 4.
double erfcx_tail(double x) {
  constexpr std::array<double, 6> p{6.58749161529837803e-4, 1.60837851487422766e-2, 1.25781726111229246e-1,
                                    3.60344899949804439e-1, 3.05326634961232344e-1, 1.63153871373020978e-2};
  constexpr std::array<double, 6> q{2.33520497626869185e-3, 6.05183413124413191e-2, 5.27905102951428412e-1,
                                    1.87295284992346047e00, 2.56852019228982242e00, 1.0};
  const double y = 1.0 / (x * x);
  return (inverse_sqrt_pi - y * polynomial(p, y) / polynomial(q, y)) / x;
}

/// The quantile's distance from the nearer end, as a function of r = sqrt(-log(tail probability)).
double quantile_tail(double r) {
  constexpr std::array<double, 8> c{1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                                    3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                                    2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr std::array<double, 8> d{1.0,
                                    2.05319162663775882187e0,
                                    1.67638483018380384940e0,
                                    6.89767334985100004550e-1,
                                    1.48103976427480074590e-1,
                                    1.51986665636164571966e-2,
                                    5.47593808499534494600e-4,
                                    1.05075007164441684324e-9};
  constexpr std::array<double, 8> e{6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                    2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                    2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr std::array<double, 8> f{1.0,
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

double exp(double x) noexcept { return std::exp(x); }
double expm1(double x) noexcept { return std::expm1(x); }
double log(double x) noexcept { return std::log(x); }
double log1p(double x) noexcept { return std::log1p(x); }
double pow(double base, double exponent) noexcept { return std::pow(base, exponent); }
double erf(double x) noexcept { return std::erf(x); }
double erfc(double x) noexcept { return std::erfc(x); }

double erfcx(double x) noexcept {
  if (x < 0.46875) return exp(x * x) * erfc(x);
  return x <= 4.0 ? erfcx_middle(x) : erfcx_tail(x);
}

double normal_cdf(double x) noexcept { return 0.5 * erfc(-x * sqrt_half); }

double normal_density(double x) noexcept { return inverse_sqrt_two_pi * exp(-0.5 * x * x); }

double normal_quantile(double probability) noexcept {
  constexpr std::array<double, 8> a{3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                                    1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                    3.3430575583588128105e+4, 2.5090809287301226727e+3};
  constexpr std::array<double, 8> b{1.0,
                                    4.2313330701600911252e+1,
                                    6.8718700749205790830e+2,
                                    5.3941960214247511077e+3,
                                    2.1213794301586595867e+4,
                                    3.9307895800092710610e+4,
                                    2.8729085735721942674e+4,
                                    5.2264952788528545610e+3};
  if (!(probability >= 0.0 && probability <= 1.0)) return std::numeric_limits<double>::quiet_NaN();
  const double q = probability - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(a, r) / polynomial(b, r);
  }
  const double tail = q < 0.0 ? probability : 1.0 - probability;
  if (tail <= 0.0) return q < 0.0 ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  const double magnitude = quantile_tail(std::sqrt(-log(tail)));
  return q < 0.0 ? -magnitude : magnitude;
}

}  // namespace gimbal::numerics
