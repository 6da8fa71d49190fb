// Black-76 over lanes: the formula once, as a template, for one option, for four and for eight at a time. Nothing here
// is rare: rows without a time value, outside the domain, or in subnormal numbers are kept away by the callers.
//
// Everything is built from the premium of the right that is out of the money, in units of min(F, K),
//
//     r = N(d1) - e^x N(d2) = n(d1) (M(d1) - M(d2)),   x = |ln(F/K)|,   d1,2 = -x/s +- s/2,
//
// with M(d) = N(d)/n(d) = m(-d), Mills' ratio. Three forms of that difference cover the plane, and each loses next to
// nothing where it is used:
//
//     near     s <= 0.5: twice the odd part of M's Taylor series around -x/s, whose terms are all of one sign.
//     middle   d1 <= 1/2: with 1/m(z) = z + k(z) the difference is (s - (k(z1) - k(z2))) m(z1) m(z2), z = -d.
//     far      d1 > 1/2: one less n(d1) (m(d1) + m(-d2)), for the premium is then a good part of its maximum.
#pragma once

#include "gimbal/numerics/elementary.hpp"
#include "gimbal/numerics/mills_ratio.hpp"

namespace gimbal::pricing::internal {

using numerics::absolute;
using numerics::any;
using numerics::both;
using numerics::choose;
using numerics::either;
using numerics::exponential;
using numerics::fused_add;
using numerics::fused_subtract;
using numerics::larger;
using numerics::log_quotient;
using numerics::negated;
using numerics::smaller;
using numerics::square_root;

inline constexpr double inverse_sqrt_two_pi = 0.39894228040143267794;
/// From half this total volatility down the Taylor series of M is used, with its terms up to the 17th.
inline constexpr double near_half_volatility = 0.25;
inline constexpr double far_from = -0.5;
/// Densities are zero beyond this; it keeps powers of z in range.
inline constexpr double deviations_most = 44.0;

/// Below this total volatility an option is its intrinsic value, above it its maximum; no quote comes near either.
inline constexpr double total_volatility_least = 1e-100;
inline constexpr double total_volatility_most = 1e100;

/// What the option that is out of the money is worth and likely to do, in units of min(F, K).
template <class V>
struct OutOfTheMoneyLanes {
  V ratio;    ///< r
  V density;  ///< n(d1), which is also dr/ds
  V first;    ///< N(d1), or N(-d1) in lanes of the far form
  V second;   ///< e^x N(d2)
  numerics::MaskOf<V> far;
};

template <class V>
struct MillsPair {
  V even;  ///< (M(d1) + M(d2)) / 2
  V odd;   ///< (M(d1) - M(d2)) / 2
};

constexpr double one_over_factorial(int n) { return n < 2 ? 1.0 : one_over_factorial(n - 1) / static_cast<double>(n); }

/// The Taylor series of M around -h, term by term: v_n = M^(n)(-h) t^n with v_(n+1) = n t^2 v_(n-1) - h t v_n, summed
/// over n! in even and odd orders.
/// Source    the recursion is the derivative of M' = 1 + z M; NIST DLMF 7.10.
template <class V>
struct MillsSeries {
  V half_moneyness;  ///< h t
  V square;          ///< t^2
  V before;          ///< v_(n-1)
  V last;            ///< v_n
  MillsPair<V> sum;

  /// From an even order to an odd one.
  template <int From, int To>
  GIMBAL_LANE void add_orders() {
    if constexpr (From < To) {
      constexpr double even_weight = one_over_factorial(From);
      constexpr double odd_weight = one_over_factorial(From + 1);
      before = fused_subtract(half_moneyness, last, square * static_cast<double>(From - 1) * before);
      sum.even = fused_add(before, V(even_weight), sum.even);
      last = fused_subtract(half_moneyness, before, square * static_cast<double>(From) * last);
      sum.odd = fused_add(last, V(odd_weight), sum.odd);
      add_orders<From + 2, To>();
    }
  }
  /// Goes on in the lanes of the mask alone: in the others all that follows is zero.
  GIMBAL_LANE void keep(numerics::MaskOf<V> mask) {
    before = choose(mask, before, V(0.0));
    last = choose(mask, last, V(0.0));
  }
};

/// As many orders as leave out less than 1e-18 of the sum: 9 for t <= 0.025, 13 for t <= 0.1, 17 for t <= 1/4.
template <class V>
GIMBAL_LANE MillsPair<V> mills_pair_near(V ratio, V slope, V t, V half_moneyness) {
  const V first = t * slope;
  MillsSeries<V> series{half_moneyness, t * t, ratio, first, {ratio, first}};
  series.template add_orders<2, 9>();
  if (const auto beyond = V(0.025) < t; any(beyond)) {
    series.keep(beyond);
    series.template add_orders<10, 13>();
    if (const auto further = V(0.1) < t; any(further)) {
      series.keep(further);
      series.template add_orders<14, 17>();
    }
  }
  return series.sum;
}

/// Domain    x >= 0, 1e-100 <= s <= 1e100.
template <class V>
GIMBAL_LANE OutOfTheMoneyLanes<V> out_of_the_money(V x, V s, V s_reciprocal) {
  const V t = s * 0.5;
  const V h = smaller(x * s_reciprocal, V(64.0));
  const V z1 = h - t;
  const auto near = t <= V(near_half_volatility);
  const auto far = z1 < V(far_from);
  const V z = smaller(choose(near, h, choose(far, -z1, z1)), V(64.0));
  const numerics::MillsRatio<V> a = numerics::mills_ratio(z);
  const V a_reciprocal = V(1.0) / a.lower;
  const V bounded = larger(smaller(z1, V(deviations_most)), V(-deviations_most));
  const V density = numerics::gaussian(bounded) * inverse_sqrt_two_pi;
  const V a_ratio = a.upper * a_reciprocal;

  OutOfTheMoneyLanes<V> out{V(0.0), density, V(0.0), V(0.0), far};
  if (any(near)) {
    const MillsPair<V> pair = mills_pair_near(a_ratio, a.rest * a_reciprocal, t, x * 0.5);
    out.ratio = density * (pair.odd + pair.odd);
    out.first = density * (pair.even + pair.odd);
    out.second = density * (pair.even - pair.odd);
  }
  if (any(negated(near))) {
    const numerics::MillsRatio<V> b = numerics::mills_ratio(smaller(h + t, V(64.0)));
    const V b_reciprocal = V(1.0) / b.lower;
    const V b_ratio = b.upper * b_reciprocal;
    const V narrowing = fused_subtract(b.rest, a.upper, a.rest * b.upper);  // k(z1) - k(z2) times both uppers
    const V difference = fused_subtract(V(1.0), narrowing, s * (a.upper * b.upper));
    const V middle = density * (difference * a_reciprocal * b_reciprocal);
    const V second = density * b_ratio;
    const V first = density * a_ratio;
    const V ratio = choose(far, V(1.0) - (first + second), middle);
    out.ratio = choose(near, out.ratio, ratio);
    out.first = choose(near, out.first, first);
    out.second = choose(near, out.second, second);
  }
  return out;
}

template <class V>
struct OptionLanes {
  V forward, strike, volatility, years;
};

/// What exercise now would bring; `call` where the right is a call.
template <class V>
GIMBAL_LANE V intrinsic_value(V forward, V strike, numerics::MaskOf<V> call) {
  const V gain = forward - strike;
  return larger(choose(call, gain, -gain), V(0.0));
}

/// Whether the kernels below have an answer: prices within 1e-300 and 1e300, total volatility within 1e-100 and 1e100.
template <class V>
GIMBAL_LANE numerics::MaskOf<V> is_usual(const OptionLanes<V>& in) {
  constexpr double price_least = 1e-300;
  constexpr double price_most = 1e300;
  const V s = in.volatility * square_root(in.years);
  const V least = smaller(in.forward, in.strike);
  const V most = larger(in.forward, in.strike);
  const auto prices = both(V(price_least) <= least, most <= V(price_most));
  return both(both(prices, in.forward == in.forward),
              both(V(total_volatility_least) <= s, s <= V(total_volatility_most)));
}

/// Premium and the Greeks that a batch gives, undiscounted.
template <class V>
struct GreekLanes {
  V premium, delta, gamma, vega, theta;
};

/// Domain    is_usual; `call` where the right is a call.
template <class V>
GIMBAL_LANE GreekLanes<V> greeks(const OptionLanes<V>& in, numerics::MaskOf<V> call) {
  const V root_years = square_root(in.years);
  const V s = in.volatility * root_years;
  const V s_reciprocal = V(1.0) / s;
  const V x = absolute(log_quotient(in.forward, in.strike).upper);
  const OutOfTheMoneyLanes<V> value = out_of_the_money(x, s, s_reciprocal);
  const V less = smaller(in.forward, in.strike);
  const auto above = in.strike < in.forward;
  const V forward_reciprocal = V(1.0) / in.forward;

  const V premium = fused_add(less, value.ratio, intrinsic_value(in.forward, in.strike, call));
  // Which tail is small and was computed depends on the side of the money: there the other is one less it.
  const V tail = choose(above, less * value.second * forward_reciprocal, value.first);
  const V rest = V(1.0) - tail;
  const auto tail_is_up = negated(either(above, value.far));
  const V up = choose(tail_is_up, tail, rest);
  const V down = choose(tail_is_up, rest, tail);
  const V delta = choose(call, up, -down);
  const V weighted_density = less * value.density;
  const V per_forward = weighted_density * forward_reciprocal;
  const V gamma = per_forward * forward_reciprocal * s_reciprocal;
  const V vega = weighted_density * root_years;
  // sigma / sqrt(T) = sigma^2 / s
  const V theta = weighted_density * in.volatility * (in.volatility * s_reciprocal) * -0.5;
  return {premium, delta, gamma, vega, theta};
}

/// The premium alone, with the bits of `greeks`.
template <class V>
GIMBAL_LANE V premium(const OptionLanes<V>& in, numerics::MaskOf<V> call) {
  const V s = in.volatility * square_root(in.years);
  const V x = absolute(log_quotient(in.forward, in.strike).upper);
  return fused_add(smaller(in.forward, in.strike), out_of_the_money(x, s, V(1.0) / s).ratio,
                   intrinsic_value(in.forward, in.strike, call));
}

}  // namespace gimbal::pricing::internal
