// Two groups of lanes side by side, each operation on both. A kernel whose steps wait for each other leaves a
// processor's units idle half of the time; over two groups one works while the other waits.
#pragma once

#include "gimbal/numerics/lanes.hpp"

namespace gimbal::numerics {

template <class V>
struct TwiceMasks {
  MaskOf<V> low, high;
};

template <class V>
struct TwiceLanes {
  V low, high;

  TwiceLanes() = default;
  GIMBAL_LANE TwiceLanes(V of_low, V of_high) : low{of_low}, high{of_high} {}
  // NOLINTNEXTLINE(google-explicit-constructor): in a formula a plain double is lanes
  GIMBAL_LANE TwiceLanes(double every) : low{every}, high{every} {}

  // Friends, so that a plain double on one side becomes lanes.
  GIMBAL_LANE friend TwiceLanes operator+(TwiceLanes a, TwiceLanes b) { return {a.low + b.low, a.high + b.high}; }
  GIMBAL_LANE friend TwiceLanes operator-(TwiceLanes a, TwiceLanes b) { return {a.low - b.low, a.high - b.high}; }
  GIMBAL_LANE friend TwiceLanes operator*(TwiceLanes a, TwiceLanes b) { return {a.low * b.low, a.high * b.high}; }
  GIMBAL_LANE friend TwiceLanes operator/(TwiceLanes a, TwiceLanes b) { return {a.low / b.low, a.high / b.high}; }
  GIMBAL_LANE friend TwiceLanes operator-(TwiceLanes v) { return {-v.low, -v.high}; }
  GIMBAL_LANE friend TwiceMasks<V> operator<(TwiceLanes a, TwiceLanes b) { return {a.low < b.low, a.high < b.high}; }
  GIMBAL_LANE friend TwiceMasks<V> operator<=(TwiceLanes a, TwiceLanes b) { return {a.low <= b.low, a.high <= b.high}; }
  GIMBAL_LANE friend TwiceMasks<V> operator==(TwiceLanes a, TwiceLanes b) { return {a.low == b.low, a.high == b.high}; }
  GIMBAL_LANE friend TwiceLanes fused_add(TwiceLanes a, TwiceLanes b, TwiceLanes c) {
    return {fused_add(a.low, b.low, c.low), fused_add(a.high, b.high, c.high)};
  }
  GIMBAL_LANE friend TwiceLanes fused_subtract(TwiceLanes a, TwiceLanes b, TwiceLanes c) {
    return {fused_subtract(a.low, b.low, c.low), fused_subtract(a.high, b.high, c.high)};
  }
  GIMBAL_LANE friend TwiceLanes square_root(TwiceLanes v) { return {square_root(v.low), square_root(v.high)}; }
  GIMBAL_LANE friend TwiceLanes absolute(TwiceLanes v) { return {absolute(v.low), absolute(v.high)}; }
  GIMBAL_LANE friend TwiceLanes smaller(TwiceLanes a, TwiceLanes b) {
    return {smaller(a.low, b.low), smaller(a.high, b.high)};
  }
  GIMBAL_LANE friend TwiceLanes larger(TwiceLanes a, TwiceLanes b) {
    return {larger(a.low, b.low), larger(a.high, b.high)};
  }
  GIMBAL_LANE friend TwiceLanes choose(TwiceMasks<V> mask, TwiceLanes a, TwiceLanes b) {
    return {choose(mask.low, a.low, b.low), choose(mask.high, a.high, b.high)};
  }
  GIMBAL_LANE friend TwiceLanes power_of_two(TwiceLanes n) { return {power_of_two(n.low), power_of_two(n.high)}; }
  GIMBAL_LANE friend TwiceLanes exponent_of(TwiceLanes v) { return {exponent_of(v.low), exponent_of(v.high)}; }
  GIMBAL_LANE friend TwiceLanes mantissa_of(TwiceLanes v) { return {mantissa_of(v.low), mantissa_of(v.high)}; }
  GIMBAL_LANE friend void store(TwiceLanes v, double* to) {
    store(v.low, to);
    store(v.high, to + lane_count<V>);
  }
};

template <class V>
GIMBAL_LANE TwiceMasks<V> both(TwiceMasks<V> a, TwiceMasks<V> b) {
  return {both(a.low, b.low), both(a.high, b.high)};
}
template <class V>
GIMBAL_LANE TwiceMasks<V> either(TwiceMasks<V> a, TwiceMasks<V> b) {
  return {either(a.low, b.low), either(a.high, b.high)};
}
template <class V>
GIMBAL_LANE TwiceMasks<V> negated(TwiceMasks<V> a) {
  return {negated(a.low), negated(a.high)};
}
template <class V>
GIMBAL_LANE bool any(TwiceMasks<V> mask) {
  return any(either(mask.low, mask.high));
}
template <class V>
GIMBAL_LANE unsigned bits_of(TwiceMasks<V> mask) {
  return bits_of(mask.low) | bits_of(mask.high) << lane_count<V>;
}

template <class V>
struct LanesFrom<TwiceLanes<V>> {
  GIMBAL_LANE static TwiceLanes<V> doubles(const double* from) {
    return {load<V>(from), load<V>(from + lane_count<V>)};
  }
  GIMBAL_LANE static TwiceMasks<V> zero_bytes(const std::uint8_t* from) {
    return {numerics::zero_bytes<V>(from), numerics::zero_bytes<V>(from + lane_count<V>)};
  }
};

}  // namespace gimbal::numerics
