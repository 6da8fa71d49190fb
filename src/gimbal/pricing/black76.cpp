// Black-76 in its out-of-the-money form: everything is built from one small number, the premium of the right that has
// no intrinsic value, computed without subtracting large numbers from each other.
#include "gimbal/pricing/black76.hpp"

#include <cmath>
#include <limits>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/numerics/special.hpp"

namespace gimbal::pricing {
namespace {

constexpr double sqrt_half = 0.70710678118654752440;
constexpr double sqrt_half_pi = 1.2533141373155002512;
constexpr double one_over_sqrt_two_pi = 0.39894228040143267794;

// Below this total volatility the option is its intrinsic value; no quote comes within ninety orders of magnitude.
constexpr double total_volatility_least = 1e-100;
// From here on the asymptotic series of Mills' ratio, cut after its 16th term, is exact to a double.
constexpr double mills_series_from = -12.0;
// Up to here the difference of two Mills' ratios comes from its Taylor series, which does not cancel.
constexpr double taylor_half_volatility_most = 0.25;

/// exp(-z^2/2) / sqrt(2 pi). The rounding of z^2 is put back, since at z = 38 it would cost three digits.
double density(double z) {
  const double square = z * z;
  const double rest = std::fma(z, z, -square);
  if (!std::isfinite(square)) return 0.0;
  return numerics::exp(-0.5 * square) * (1.0 - 0.5 * rest) * one_over_sqrt_two_pi;
}

/// Mills' ratio N(z)/n(z) of the lower tail, and its slope 1 + z N(z)/n(z); z <= 0.
struct Mills {
  double ratio;
  double slope;
};
Mills mills(double z) {
  if (z > mills_series_from) {
    const double ratio = sqrt_half_pi * numerics::erfcx(-z * sqrt_half);
    return {ratio, 1.0 + z * ratio};
  }
  // slope = 1/z^2 - 3/z^4 + 15/z^6 - ..., by Horner from the far end.
  const double inverse_square = 1.0 / (z * z);
  double series = 0.0;
  for (int odd = 31; odd >= 3; odd -= 2) series = -static_cast<double>(odd) * inverse_square * (1.0 + series);
  const double slope = inverse_square * (1.0 + series);
  return {(1.0 - slope) / -z, slope};
}

/// Mills' ratio at h + t less that at h - t: twice the odd part of its Taylor series, whose terms obey a recursion.
double mills_difference(double h, double t) {
  const Mills centre = mills(h);
  double before = centre.ratio;
  double term = t * centre.slope;
  double sum = term;
  const double square = t * t;
  const double product = h * t;
  for (int order = 1; order < 17; order += 2) {
    const double even = (square * before + product * term) / static_cast<double>(order + 1);
    const double odd = (square * term + product * even) / static_cast<double>(order + 2);
    before = even;
    term = odd;
    sum += odd;
  }
  return 2.0 * sum;
}

struct Option {
  double intrinsic;
  double smaller;  ///< min(F, K)
  double log_moneyness;
  double volatility_total;
  double root_years;
};
Option prepare(const Black76Input& in) {
  const bool call = in.right == market::OptionRight::call;
  const double gain = call ? in.forward - in.strike : in.strike - in.forward;
  const double root_years = std::sqrt(in.expiry_years);
  return {gain > 0.0 ? gain : 0.0, in.forward < in.strike ? in.forward : in.strike, log_ratio(in.forward, in.strike),
          in.volatility_annual * root_years, root_years};
}

/// What is left as the total volatility goes to zero: a kinked payoff.
Black76Greeks kink(const Black76Input& in, const Option& option) {
  const double side = in.right == market::OptionRight::call ? 1.0 : -1.0;
  Black76Greeks greeks;
  greeks.premium = option.intrinsic;
  greeks.rho = -in.expiry_years * option.intrinsic;
  if (in.forward == in.strike) {
    greeks.delta = 0.5 * side;
    greeks.vega = in.forward * one_over_sqrt_two_pi * option.root_years;
    greeks.vanna = 0.5 * one_over_sqrt_two_pi * option.root_years;
  } else {
    greeks.delta = option.intrinsic > 0.0 ? side : 0.0;
  }
  return greeks;
}

Black76Greeks outside() {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  return {nan, nan, nan, nan, nan, nan, nan, nan, nan};
}

void put(std::span<double> column, std::size_t row, double value) {
  if (!column.empty()) column[row] = value;
}

void assert_lengths(const Black76Columns& in) {
  const std::size_t count = in.forward.size();
  GIMBAL_ASSERT(in.strike.size() == count);
  GIMBAL_ASSERT(in.volatility_annual.size() == count);
  GIMBAL_ASSERT(in.expiry_years.size() == count);
  GIMBAL_ASSERT(in.right.size() == count);
}

Black76Input row_of(const Black76Columns& in, std::size_t row) {
  return {in.forward[row], in.strike[row], in.volatility_annual[row], in.expiry_years[row], in.right[row]};
}

}  // namespace

bool in_domain(const Black76Input& input) noexcept {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return input.forward > 0.0 && input.forward < infinity && input.strike > 0.0 && input.strike < infinity &&
         input.volatility_annual >= 0.0 && input.volatility_annual < infinity && input.expiry_years >= 0.0 &&
         input.expiry_years < infinity;
}

double log_ratio(double forward, double strike) noexcept {
  const double quotient = forward / strike;
  // The difference is exact here (Sterbenz), so log1p keeps every digit of a moneyness near zero.
  if (quotient >= 0.5 && quotient <= 2.0) return numerics::log1p((forward - strike) / strike);
  constexpr double extreme = 1e300;
  if (quotient > 1.0 / extreme && quotient < extreme) return numerics::log(quotient);
  return numerics::log(forward) - numerics::log(strike);
}

OutOfTheMoney out_of_the_money(double log_moneyness_absolute, double volatility_total) noexcept {
  const double h = -log_moneyness_absolute / volatility_total;
  const double t = 0.5 * volatility_total;
  const double d1 = h + t;
  const double n1 = density(d1);
  if (d1 >= 0.0 && t > taylor_half_volatility_most) {
    return {1.0 - n1 * (mills(-d1).ratio + mills(h - t).ratio), n1};
  }
  if (n1 == 0.0) return {0.0, 0.0};
  if (t <= taylor_half_volatility_most) return {n1 * mills_difference(h, t), n1};
  return {n1 * (mills(d1).ratio - mills(h - t).ratio), n1};
}

double out_of_the_money_complement(double log_moneyness_absolute, double volatility_total) noexcept {
  const double h = -log_moneyness_absolute / volatility_total;
  const double t = 0.5 * volatility_total;
  const double d1 = h + t;
  if (d1 >= 0.0) return density(d1) * (mills(-d1).ratio + mills(h - t).ratio);
  return 1.0 - out_of_the_money(log_moneyness_absolute, volatility_total).ratio;
}

double black76_premium(const Black76Input& input) noexcept {
  if (!in_domain(input)) return std::numeric_limits<double>::quiet_NaN();
  const Option option = prepare(input);
  if (option.volatility_total < total_volatility_least) return option.intrinsic;
  const OutOfTheMoney value = out_of_the_money(std::fabs(option.log_moneyness), option.volatility_total);
  return option.intrinsic + option.smaller * value.ratio;
}

Black76Greeks black76_greeks(const Black76Input& input) noexcept {
  if (!in_domain(input)) return outside();
  const Option option = prepare(input);
  if (option.volatility_total < total_volatility_least) return kink(input, option);
  const OutOfTheMoney value = out_of_the_money(std::fabs(option.log_moneyness), option.volatility_total);
  const double h = option.log_moneyness / option.volatility_total;
  const double d1 = h + 0.5 * option.volatility_total;
  const double d2 = h - 0.5 * option.volatility_total;
  const double years = input.expiry_years;
  const bool call = input.right == market::OptionRight::call;

  Black76Greeks greeks;
  greeks.premium = option.intrinsic + option.smaller * value.ratio;
  greeks.delta = call ? numerics::normal_cdf(d1) : -numerics::normal_cdf(-d1);
  greeks.rho = -years * greeks.premium;
  // F n(d1) = K n(d2); the smaller of the two arguments' densities is the one out_of_the_money has computed.
  const double weighted_density = option.smaller * value.density;
  if (weighted_density == 0.0) return greeks;  // So that no zero below meets an infinite d1 or d2.
  const double n1 = weighted_density / input.forward;
  greeks.gamma = n1 / (input.forward * option.volatility_total);
  greeks.vega = weighted_density * option.root_years;
  greeks.theta = -0.5 * weighted_density * input.volatility_annual / option.root_years;
  greeks.vanna = -n1 * d2 / input.volatility_annual;
  greeks.volga = greeks.vega * d1 * d2 / input.volatility_annual;
  greeks.charm = 0.5 * n1 * d2 / years;
  return greeks;
}

Black76Greeks black76_greeks_discounted(const Black76Input& input, double rate_annual) noexcept {
  Black76Greeks greeks = black76_greeks(input);
  const double discount = numerics::exp(-rate_annual * input.expiry_years);
  // d/dT of exp(-rate T) times a value brings down -rate: less decay of the discount where the rate is positive.
  greeks.theta = discount * (greeks.theta + rate_annual * greeks.premium);
  greeks.charm = discount * (greeks.charm + rate_annual * greeks.delta);
  greeks.premium *= discount;
  greeks.delta *= discount;
  greeks.gamma *= discount;
  greeks.vega *= discount;
  greeks.rho *= discount;
  greeks.vanna *= discount;
  greeks.volga *= discount;
  return greeks;
}

std::size_t black76_premium(const Black76Columns& in, std::span<double> premium) noexcept {
  assert_lengths(in);
  GIMBAL_ASSERT(premium.size() == in.forward.size());
  std::size_t rejected = 0;
  for (std::size_t row = 0; row < in.forward.size(); ++row) {
    const Black76Input input = row_of(in, row);
    rejected += in_domain(input) ? 0U : 1U;
    premium[row] = black76_premium(input);
  }
  return rejected;
}

std::size_t black76_greeks(const Black76Columns& in, const Black76GreekColumns& out) noexcept {
  assert_lengths(in);
  for (const std::span<double> column : {out.premium, out.delta, out.gamma, out.vega, out.theta})
    GIMBAL_ASSERT(column.empty() || column.size() == in.forward.size());
  std::size_t rejected = 0;
  for (std::size_t row = 0; row < in.forward.size(); ++row) {
    const Black76Input input = row_of(in, row);
    rejected += in_domain(input) ? 0U : 1U;
    const Black76Greeks greeks = black76_greeks(input);
    put(out.premium, row, greeks.premium);
    put(out.delta, row, greeks.delta);
    put(out.gamma, row, greeks.gamma);
    put(out.vega, row, greeks.vega);
    put(out.theta, row, greeks.theta);
  }
  return rejected;
}

}  // namespace gimbal::pricing
