// From a premium out of the money back to its total volatility, over lanes: one start, two steps, the same for every
// lane, so that one option and eight give the same bits.
//
// Let A(y) be ln r at s = e^y where the premium is under half its maximum, ln(1 - r) where it is over. Either way
// ln(-A) is nearly a straight line in y over the whole plane: far from the money -A goes like x^2/(2 s^2), near its
// maximum like s^2/8. Householder's third-order step on it takes a start that is within a quarter of s to 2e-4, and
// that to the last digits that r itself has.
//
// The start is the volatility of Bachelier's formula, whose premium in units of x is a function of h = x/s alone,
// b(h) = n(h)/h - N(-h), after the factors e^(x/2) and e^(-s^2/8) that tell the two formulas apart.
#pragma once

#include "gimbal/pricing/internal/black76_kernel.hpp"

namespace gimbal::pricing::internal {

/// Premiums and complements below this are told apart from nothing one by one.
inline constexpr double ratio_least = 1e-305;
inline constexpr double log_moneyness_of_two_steps = 40.0;

/// The h at which b(h) = exp(-w), within 5e-4 for 1 <= h <= 40: a rational function of sqrt(w). Coefficients come from
/// tools/special_coefficients.py.
template <class V>
GIMBAL_LANE V bachelier_moneyness(V w) {
  constexpr double above[] = {0.42843406, 0.12826096, -0.47831027, 0.54182697};
  constexpr double below[] = {1.0, -0.24244712, 0.38127097};
  const V u = square_root(w);
  return numerics::polynomial(above, u) / numerics::polynomial(below, u);
}

/// a exp(v) for small v, by Pade's approximant; off by v^5/720, and rounded once where v is tiny.
template <class V>
GIMBAL_LANE V times_small_exponential(V a, V v) {
  const V less_one = v / fused_subtract(v, V(0.5), fused_add(v * v, V(1.0 / 12.0), V(1.0)));
  return fused_add(a, less_one, a);
}

/// ln(1 + v) for small v, by Pade's approximant; off by v^5/180.
template <class V>
GIMBAL_LANE V small_logarithm(V v) {
  return v * fused_add(v, V(3.0), V(6.0)) / fused_add(v, v + 6.0, V(6.0));
}

/// A volatility near enough for the steps, where r <= 1/2.
template <class V>
GIMBAL_LANE V start_below(V x, V ratio, V log_ratio) {
  constexpr double sqrt_two_pi = 2.5066282746310005024;
  constexpr double ratio_at_one = 0.0833;  // b(1): from there on b is nearly 1/(h sqrt(2 pi)) - 1/2 + h/(2 sqrt(2 pi))
  const V reduced = ratio * exponential(x * -0.5, V(0.0));
  const auto central = x * ratio_at_one < reduced;
  const V wing = fused_add(x, V(0.5), log_quotient(larger(x, V(1e-300)), V(1.0)).upper) - log_ratio;
  const auto level = [&](V lift) {
    const V a = sqrt_two_pi * fused_add(x, V(0.5), times_small_exponential(reduced, smaller(lift, V(1.0))));
    const V root = square_root(larger(fused_subtract(x, x + x, a * a), V(0.0)));
    const V outer = x / bachelier_moneyness(larger(wing - lift, V(2.485)));
    return choose(central, (a + root) * 0.5, outer);
  };
  const V first = level(V(0.0));
  const V second = level(first * first * 0.125);
  return level(second * second * 0.125);
}

/// The same where r > 1/2: from 1 - r = 2 N(-d) at the money, d = s/2 - x/s.
template <class V>
GIMBAL_LANE V start_above(V x, V log_complement) {
  const V tail = square_root(log_complement * -2.0);
  const V d = tail - V(0.6) / fused_add(tail, V(0.25), V(1.0));
  return d + square_root(fused_add(d, d, x + x));
}

/// One step from s towards the place where r, or in lanes `upper` 1 - r, is `goal`.
/// Source    A. S. Householder, "The numerical treatment of a single nonlinear equation" (1970), section 4.4.
template <class V>
GIMBAL_LANE V householder_step(V x, V s, numerics::MaskOf<V> upper, V goal, V log_goal) {
  const V s_reciprocal = V(1.0) / s;
  const OutOfTheMoneyLanes<V> value = out_of_the_money(x, s, s_reciprocal);
  const V complement = choose(value.far, value.first + value.second, V(1.0) - value.ratio);
  const V level = larger(choose(upper, complement, value.ratio), V(1e-307));
  const V change = log_quotient(level, goal).upper;
  const V log_level = log_goal + change;
  const V distance = small_logarithm(change / log_goal);  // ln(A / goal's A)

  const V h = x * s_reciprocal;
  const V h_square = h * h;
  const V s_square = s * s;
  const V density_slope = fused_subtract(s_square, V(0.25), h_square);  // d ln n(d1) / dy
  const V density_bend = fused_subtract(h_square, V(2.0), s_square * -0.5);
  const V slope = s * choose(upper, -value.density, value.density) / level;  // dA/dy
  const V growth = V(1.0) + density_slope - slope;                           // d ln slope / dy
  const V bend = density_bend - slope * growth;                              // and its derivative
  // Ratios of the derivatives of ln(-A): with p = slope/A the first is p, the others follow from p' = p (growth - p).
  const V p = slope / log_level;
  const V second = growth - p;
  const V third = fused_add(second, second, bend - p * second);
  const V newton = -distance / p;
  const V above = fused_add(newton * second, V(0.5), V(1.0));
  const V below = fused_add(newton, fused_add(newton * third, V(1.0 / 6.0), second), V(1.0));
  return times_small_exponential(s, larger(smaller(newton * above / below, V(1.0)), V(-1.0)));
}

/// Total volatility s at which the option out of the money is worth `ratio` of min(F, K), by so many steps.
///
/// `complement` is 1 - ratio, given apart because near the maximum it has the digits.
/// Domain    0 <= x; ratio and complement at least ratio_least. Two steps suffice up to x = 40, five everywhere.
template <int Steps, class V>
GIMBAL_LANE V total_volatility(V x, V ratio, V complement) {
  const auto upper = V(0.5) < ratio;
  const V goal = choose(upper, complement, ratio);
  const V log_goal = log_quotient(goal, V(1.0)).upper;
  V s = choose(upper, start_above(x, log_goal), start_below(x, ratio, log_goal));
  for (int step = 0; step < Steps; ++step) s = householder_step(x, s, upper, goal, log_goal);
  return s;
}

template <class V>
struct QuoteLanes {
  V premium, forward, strike, years;
};

/// A premium reduced to the right that is out of the money.
template <class V>
struct Inversion {
  V log_moneyness;  ///< |ln(F/K)|
  V ratio;          ///< Its premium in units of min(F, K)
  V complement;     ///< 1 - ratio
  V time_value;     ///< Its premium
  V noise;          ///< What rounding may have put into it
  numerics::MaskOf<V> is_usual;
};

/// `call` where the right is a call.
template <class V>
GIMBAL_LANE Inversion<V> prepared(const QuoteLanes<V>& in, numerics::MaskOf<V> call) {
  constexpr double epsilon = 0x1p-52;
  constexpr double least = 1e-300;
  constexpr double most = 1e300;
  const V intrinsic = intrinsic_value(in.forward, in.strike, call);
  const V time_value = in.premium - intrinsic;
  const V noise = choose(V(0.0) < intrinsic, larger(in.premium, intrinsic) * epsilon, V(0.0));
  const V lesser = smaller(in.forward, in.strike);
  const V greater = larger(in.forward, in.strike);
  const V x = absolute(log_quotient(in.forward, in.strike).upper);
  const V ratio = time_value / lesser;
  const V complement = (lesser - time_value) / lesser;
  const auto numbers =
      both(both(V(least) <= lesser, greater <= V(most)), both(V(least) <= in.years, in.years <= V(most)));
  const auto value = both(noise < time_value, both(V(ratio_least) <= ratio, V(ratio_least) <= complement));
  const auto usual = both(both(numbers, in.forward == in.forward), both(value, x <= V(log_moneyness_of_two_steps)));
  return {x, ratio, complement, time_value, noise, usual};
}

/// The annual volatility of what is usual.
template <class V>
GIMBAL_LANE V implied_volatility(const Inversion<V>& in, V years) {
  return total_volatility<2>(in.log_moneyness, in.ratio, in.complement) / square_root(years);
}

}  // namespace gimbal::pricing::internal
