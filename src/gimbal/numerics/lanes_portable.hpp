// Lanes for any processor: doubles side by side, each operation the scalar one on every lane. What four lanes are where
// there is no AVX2, and what tests run kernels on that are written for wider registers than the machine has. Included
// by lanes.hpp, behind the scalar operations that it repeats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "gimbal/numerics/lanes.hpp"

namespace gimbal::numerics {

template <std::size_t N>
struct SeveralMasks {
  bool value[N]{};
};

template <std::size_t N>
struct SeveralLanes {
  double value[N]{};

  SeveralLanes() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): in a formula a plain double is lanes
  SeveralLanes(double every) {
    for (double& lane : value) lane = every;
  }

  // Friends, so that a plain double on one side becomes lanes, as it does with registers.
  friend SeveralLanes operator+(SeveralLanes a, SeveralLanes b) { return each(std::plus<>{}, a, b); }
  friend SeveralLanes operator-(SeveralLanes a, SeveralLanes b) { return each(std::minus<>{}, a, b); }
  friend SeveralLanes operator*(SeveralLanes a, SeveralLanes b) { return each(std::multiplies<>{}, a, b); }
  friend SeveralLanes operator/(SeveralLanes a, SeveralLanes b) { return each(std::divides<>{}, a, b); }
  friend SeveralLanes operator-(SeveralLanes v) { return each(std::negate<>{}, v); }
  friend SeveralMasks<N> operator<(SeveralLanes a, SeveralLanes b) { return test(std::less<>{}, a, b); }
  friend SeveralMasks<N> operator<=(SeveralLanes a, SeveralLanes b) { return test(std::less_equal<>{}, a, b); }
  friend SeveralMasks<N> operator==(SeveralLanes a, SeveralLanes b) { return test(std::equal_to<>{}, a, b); }

  friend SeveralLanes fused_add(SeveralLanes a, SeveralLanes b, SeveralLanes c) {
    return each([](double x, double y, double z) { return numerics::fused_add(x, y, z); }, a, b, c);
  }
  friend SeveralLanes fused_subtract(SeveralLanes a, SeveralLanes b, SeveralLanes c) {
    return each([](double x, double y, double z) { return numerics::fused_subtract(x, y, z); }, a, b, c);
  }
  friend SeveralLanes square_root(SeveralLanes v) {
    return each([](double x) { return numerics::square_root(x); }, v);
  }
  friend SeveralLanes absolute(SeveralLanes v) {
    return each([](double x) { return numerics::absolute(x); }, v);
  }
  friend SeveralLanes smaller(SeveralLanes a, SeveralLanes b) {
    return each([](double x, double y) { return numerics::smaller(x, y); }, a, b);
  }
  friend SeveralLanes larger(SeveralLanes a, SeveralLanes b) {
    return each([](double x, double y) { return numerics::larger(x, y); }, a, b);
  }
  friend SeveralLanes choose(SeveralMasks<N> mask, SeveralLanes a, SeveralLanes b) {
    SeveralLanes out;
    for (std::size_t i = 0; i < N; ++i) out.value[i] = mask.value[i] ? a.value[i] : b.value[i];
    return out;
  }
  friend SeveralLanes power_of_two(SeveralLanes n) {
    return each([](double x) { return numerics::power_of_two(x); }, n);
  }
  friend SeveralLanes exponent_of(SeveralLanes v) {
    return each([](double x) { return numerics::exponent_of(x); }, v);
  }
  friend SeveralLanes mantissa_of(SeveralLanes v) {
    return each([](double x) { return numerics::mantissa_of(x); }, v);
  }
  friend void store(SeveralLanes v, double* to) {
    for (std::size_t i = 0; i < N; ++i) to[i] = v.value[i];
  }

 private:
  template <class Operation, class... Several>
  static SeveralLanes each(Operation operation, const Several&... lanes) {
    SeveralLanes out;
    for (std::size_t i = 0; i < N; ++i) out.value[i] = operation(lanes.value[i]...);
    return out;
  }
  template <class Comparison>
  static SeveralMasks<N> test(Comparison comparison, const SeveralLanes& a, const SeveralLanes& b) {
    SeveralMasks<N> out;
    for (std::size_t i = 0; i < N; ++i) out.value[i] = comparison(a.value[i], b.value[i]);
    return out;
  }
};

template <std::size_t N>
SeveralMasks<N> both(SeveralMasks<N> a, const SeveralMasks<N>& b) {
  for (std::size_t i = 0; i < N; ++i) a.value[i] = a.value[i] && b.value[i];
  return a;
}
template <std::size_t N>
SeveralMasks<N> either(SeveralMasks<N> a, const SeveralMasks<N>& b) {
  for (std::size_t i = 0; i < N; ++i) a.value[i] = a.value[i] || b.value[i];
  return a;
}
template <std::size_t N>
SeveralMasks<N> negated(SeveralMasks<N> a) {
  for (bool& mask : a.value) mask = !mask;
  return a;
}
template <std::size_t N>
unsigned bits_of(const SeveralMasks<N>& mask) {
  unsigned bits = 0;
  for (std::size_t i = 0; i < N; ++i) bits |= (mask.value[i] ? 1U : 0U) << i;
  return bits;
}
template <std::size_t N>
bool any(const SeveralMasks<N>& mask) {
  return bits_of(mask) != 0;
}

template <std::size_t N>
struct LanesFrom<SeveralLanes<N>> {
  static SeveralLanes<N> doubles(const double* from) {
    SeveralLanes<N> out;
    for (std::size_t i = 0; i < N; ++i) out.value[i] = from[i];
    return out;
  }
  static SeveralMasks<N> zero_bytes(const std::uint8_t* from) {
    SeveralMasks<N> out;
    for (std::size_t i = 0; i < N; ++i) out.value[i] = from[i] == 0;
    return out;
  }
};

}  // namespace gimbal::numerics
