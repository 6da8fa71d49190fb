// Arithmetic on one, four or eight doubles under one set of names, so that a kernel is written once, as a template over
// its lanes, and gives the same bits whichever of them it runs on: every lane does exactly what the scalar operation of
// the same name does.
//
// One lane is a plain double. Four are an AVX2 register, which every x86-64 processor that Gimbal runs on has, and
// plain doubles side by side elsewhere (lanes_portable.hpp). Eight are in lanes8.hpp, for sources that are compiled for
// AVX-512 and chosen at run time. Everything here is inlined whatever the compiler thinks: a copy of it compiled for a
// richer processor must never become the one that the whole program calls.
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
#define GIMBAL_HAS_AVX2 1
#endif
#define GIMBAL_LANE [[gnu::always_inline]] inline

namespace gimbal::numerics {

template <class V>
inline constexpr std::size_t lane_count = sizeof(V) / sizeof(double);
/// What a comparison of lanes gives.
template <class V>
using MaskOf = decltype(std::declval<V>() < std::declval<V>());

/// Adding and subtracting it rounds to the nearest integer, ties to even, as long as that is below 2^51 in size.
inline constexpr double rounding_shift = 0x1.8p52;
inline constexpr std::uint64_t mantissa_bits = 0x000fffffffffffffULL;
inline constexpr std::uint64_t one_bits = 0x3ff0000000000000ULL;
/// An integer below 2^52 in the low bits of this is the double 2^52 plus that integer.
inline constexpr std::uint64_t integer_bits = 0x4330000000000000ULL;
inline constexpr double integer_shift_of_exponents = 0x1p52 + 1023.0;

// One lane. -------------------------------------------------------------------------------------------------------

/// How lanes come from memory; specialised for each kind.
template <class V>
struct LanesFrom;
template <>
struct LanesFrom<double> {
  GIMBAL_LANE static double doubles(const double* from) { return *from; }
  GIMBAL_LANE static bool zero_bytes(const std::uint8_t* from) { return *from == 0; }
};

template <class V>
GIMBAL_LANE V load(const double* from) {
  return LanesFrom<V>::doubles(from);
}
/// Whether each of the next bytes is zero.
template <class V>
GIMBAL_LANE MaskOf<V> zero_bytes(const std::uint8_t* from) {
  return LanesFrom<V>::zero_bytes(from);
}
GIMBAL_LANE void store(double v, double* to) { *to = v; }

/// a b + c, rounded once.
GIMBAL_LANE double fused_add(double a, double b, double c) { return std::fma(a, b, c); }
/// c - a b, rounded once.
GIMBAL_LANE double fused_subtract(double a, double b, double c) { return std::fma(-a, b, c); }
GIMBAL_LANE double square_root(double v) { return std::sqrt(v); }
GIMBAL_LANE double absolute(double v) { return std::fabs(v); }
/// The second where they compare neither way.
GIMBAL_LANE double smaller(double a, double b) { return a < b ? a : b; }
GIMBAL_LANE double larger(double a, double b) { return a > b ? a : b; }

/// `a` where the mask holds, else `b`.
GIMBAL_LANE double choose(bool mask, double a, double b) { return mask ? a : b; }
GIMBAL_LANE bool both(bool a, bool b) { return a && b; }
GIMBAL_LANE bool either(bool a, bool b) { return a || b; }
GIMBAL_LANE bool negated(bool a) { return !a; }
GIMBAL_LANE bool any(bool mask) { return mask; }
/// Lane i in bit i.
GIMBAL_LANE unsigned bits_of(bool mask) { return mask ? 1U : 0U; }

/// 2^n for integral -1022 <= n <= 1023.
GIMBAL_LANE double power_of_two(double n) {
  return std::bit_cast<double>((std::bit_cast<std::uint64_t>(n + rounding_shift) + 1023U) << 52U);
}
/// e and m of v = 2^e m with 1 <= m < 2, for normal positive v.
GIMBAL_LANE double exponent_of(double v) {
  return std::bit_cast<double>((std::bit_cast<std::uint64_t>(v) >> 52U) | integer_bits) - integer_shift_of_exponents;
}
GIMBAL_LANE double mantissa_of(double v) {
  return std::bit_cast<double>((std::bit_cast<std::uint64_t>(v) & mantissa_bits) | one_bits);
}

#if defined(GIMBAL_HAS_AVX2)

// Four lanes. -----------------------------------------------------------------------------------------------------

struct Mask4 {
  __m256d value;
};

struct Lanes4 {
  __m256d value;
  Lanes4() = default;
  // NOLINTBEGIN(google-explicit-constructor): in a formula a register or a plain double is lanes
  GIMBAL_LANE Lanes4(__m256d lanes) : value{lanes} {}
  GIMBAL_LANE Lanes4(double every) : value{_mm256_set1_pd(every)} {}
  // NOLINTEND(google-explicit-constructor)
};

template <>
struct LanesFrom<Lanes4> {
  GIMBAL_LANE static Lanes4 doubles(const double* from) { return _mm256_loadu_pd(from); }
  GIMBAL_LANE static Mask4 zero_bytes(const std::uint8_t* from) {
    std::int32_t bytes = 0;
    __builtin_memcpy(&bytes, from, sizeof bytes);
    const __m256i wide = _mm256_cvtepu8_epi64(_mm_cvtsi32_si128(bytes));
    return {_mm256_castsi256_pd(_mm256_cmpeq_epi64(wide, _mm256_setzero_si256()))};
  }
};
GIMBAL_LANE void store(Lanes4 v, double* to) { _mm256_storeu_pd(to, v.value); }

GIMBAL_LANE Lanes4 operator+(Lanes4 a, Lanes4 b) { return _mm256_add_pd(a.value, b.value); }
GIMBAL_LANE Lanes4 operator-(Lanes4 a, Lanes4 b) { return _mm256_sub_pd(a.value, b.value); }
GIMBAL_LANE Lanes4 operator*(Lanes4 a, Lanes4 b) { return _mm256_mul_pd(a.value, b.value); }
GIMBAL_LANE Lanes4 operator/(Lanes4 a, Lanes4 b) { return _mm256_div_pd(a.value, b.value); }
GIMBAL_LANE Lanes4 operator-(Lanes4 v) { return _mm256_xor_pd(v.value, _mm256_set1_pd(-0.0)); }
GIMBAL_LANE Mask4 operator<(Lanes4 a, Lanes4 b) { return {_mm256_cmp_pd(a.value, b.value, _CMP_LT_OQ)}; }
GIMBAL_LANE Mask4 operator<=(Lanes4 a, Lanes4 b) { return {_mm256_cmp_pd(a.value, b.value, _CMP_LE_OQ)}; }
GIMBAL_LANE Mask4 operator==(Lanes4 a, Lanes4 b) { return {_mm256_cmp_pd(a.value, b.value, _CMP_EQ_OQ)}; }

GIMBAL_LANE Lanes4 fused_add(Lanes4 a, Lanes4 b, Lanes4 c) { return _mm256_fmadd_pd(a.value, b.value, c.value); }
GIMBAL_LANE Lanes4 fused_subtract(Lanes4 a, Lanes4 b, Lanes4 c) { return _mm256_fnmadd_pd(a.value, b.value, c.value); }
GIMBAL_LANE Lanes4 square_root(Lanes4 v) { return _mm256_sqrt_pd(v.value); }
GIMBAL_LANE Lanes4 absolute(Lanes4 v) { return _mm256_andnot_pd(_mm256_set1_pd(-0.0), v.value); }
GIMBAL_LANE Lanes4 smaller(Lanes4 a, Lanes4 b) { return _mm256_min_pd(a.value, b.value); }
GIMBAL_LANE Lanes4 larger(Lanes4 a, Lanes4 b) { return _mm256_max_pd(a.value, b.value); }

GIMBAL_LANE Lanes4 choose(Mask4 mask, Lanes4 a, Lanes4 b) { return _mm256_blendv_pd(b.value, a.value, mask.value); }
GIMBAL_LANE Mask4 both(Mask4 a, Mask4 b) { return {_mm256_and_pd(a.value, b.value)}; }
GIMBAL_LANE Mask4 either(Mask4 a, Mask4 b) { return {_mm256_or_pd(a.value, b.value)}; }
GIMBAL_LANE Mask4 negated(Mask4 a) { return {_mm256_xor_pd(a.value, _mm256_castsi256_pd(_mm256_set1_epi64x(-1)))}; }
GIMBAL_LANE bool any(Mask4 mask) { return _mm256_movemask_pd(mask.value) != 0; }
GIMBAL_LANE unsigned bits_of(Mask4 mask) { return static_cast<unsigned>(_mm256_movemask_pd(mask.value)); }

GIMBAL_LANE Lanes4 power_of_two(Lanes4 n) {
  const __m256i shifted = _mm256_castpd_si256((n + rounding_shift).value);
  return _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_add_epi64(shifted, _mm256_set1_epi64x(1023)), 52));
}
GIMBAL_LANE Lanes4 exponent_of(Lanes4 v) {
  const __m256i exponent = _mm256_srli_epi64(_mm256_castpd_si256(v.value), 52);
  const __m256i integer = _mm256_or_si256(exponent, _mm256_set1_epi64x(std::int64_t{integer_bits}));
  return Lanes4{_mm256_castsi256_pd(integer)} - integer_shift_of_exponents;
}
GIMBAL_LANE Lanes4 mantissa_of(Lanes4 v) {
  const __m256i bits = _mm256_and_si256(_mm256_castpd_si256(v.value), _mm256_set1_epi64x(std::int64_t{mantissa_bits}));
  return _mm256_castsi256_pd(_mm256_or_si256(bits, _mm256_set1_epi64x(std::int64_t{one_bits})));
}

#endif

}  // namespace gimbal::numerics

#include "gimbal/numerics/lanes_portable.hpp"

#if !defined(GIMBAL_HAS_AVX2)
namespace gimbal::numerics {
using Lanes4 = SeveralLanes<4>;
using Mask4 = SeveralMasks<4>;
}  // namespace gimbal::numerics
#endif
