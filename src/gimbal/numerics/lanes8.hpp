// Eight lanes: an AVX-512 register. Only for sources that are compiled for AVX-512 and chosen at run time; such a
// source instantiates templates over Lanes8 alone, so that nothing compiled for the richer processor is shared with the
// rest. Empty without the instructions F and DQ.
#pragma once

#include "gimbal/numerics/lanes.hpp"

#if defined(__AVX512F__) && defined(__AVX512DQ__)
#include <immintrin.h>

namespace gimbal::numerics {

struct Mask8 {
  __mmask8 value;
};

struct Lanes8 {
  __m512d value;
  Lanes8() = default;
  // NOLINTBEGIN(google-explicit-constructor): in a formula a register or a plain double is lanes
  GIMBAL_LANE Lanes8(__m512d lanes) : value{lanes} {}
  GIMBAL_LANE Lanes8(double every) : value{_mm512_set1_pd(every)} {}
  // NOLINTEND(google-explicit-constructor)
};

template <>
struct LanesFrom<Lanes8> {
  GIMBAL_LANE static Lanes8 doubles(const double* from) { return _mm512_loadu_pd(from); }
  GIMBAL_LANE static Mask8 zero_bytes(const std::uint8_t* from) {
    std::int64_t bytes = 0;
    __builtin_memcpy(&bytes, from, sizeof bytes);
    const __m512i wide = _mm512_cvtepu8_epi64(_mm_cvtsi64_si128(bytes));
    return {_mm512_cmpeq_epi64_mask(wide, _mm512_setzero_si512())};
  }
};
GIMBAL_LANE void store(Lanes8 v, double* to) { _mm512_storeu_pd(to, v.value); }

GIMBAL_LANE Lanes8 operator+(Lanes8 a, Lanes8 b) { return _mm512_add_pd(a.value, b.value); }
GIMBAL_LANE Lanes8 operator-(Lanes8 a, Lanes8 b) { return _mm512_sub_pd(a.value, b.value); }
GIMBAL_LANE Lanes8 operator*(Lanes8 a, Lanes8 b) { return _mm512_mul_pd(a.value, b.value); }
GIMBAL_LANE Lanes8 operator/(Lanes8 a, Lanes8 b) { return _mm512_div_pd(a.value, b.value); }
GIMBAL_LANE Lanes8 operator-(Lanes8 v) { return _mm512_xor_pd(v.value, _mm512_set1_pd(-0.0)); }
GIMBAL_LANE Mask8 operator<(Lanes8 a, Lanes8 b) { return {_mm512_cmp_pd_mask(a.value, b.value, _CMP_LT_OQ)}; }
GIMBAL_LANE Mask8 operator<=(Lanes8 a, Lanes8 b) { return {_mm512_cmp_pd_mask(a.value, b.value, _CMP_LE_OQ)}; }
GIMBAL_LANE Mask8 operator==(Lanes8 a, Lanes8 b) { return {_mm512_cmp_pd_mask(a.value, b.value, _CMP_EQ_OQ)}; }

GIMBAL_LANE Lanes8 fused_add(Lanes8 a, Lanes8 b, Lanes8 c) { return _mm512_fmadd_pd(a.value, b.value, c.value); }
GIMBAL_LANE Lanes8 fused_subtract(Lanes8 a, Lanes8 b, Lanes8 c) { return _mm512_fnmadd_pd(a.value, b.value, c.value); }
GIMBAL_LANE Lanes8 square_root(Lanes8 v) { return _mm512_sqrt_pd(v.value); }
GIMBAL_LANE Lanes8 absolute(Lanes8 v) { return _mm512_andnot_pd(_mm512_set1_pd(-0.0), v.value); }
GIMBAL_LANE Lanes8 smaller(Lanes8 a, Lanes8 b) { return _mm512_min_pd(a.value, b.value); }
GIMBAL_LANE Lanes8 larger(Lanes8 a, Lanes8 b) { return _mm512_max_pd(a.value, b.value); }

GIMBAL_LANE Lanes8 choose(Mask8 mask, Lanes8 a, Lanes8 b) { return _mm512_mask_blend_pd(mask.value, b.value, a.value); }
GIMBAL_LANE Mask8 both(Mask8 a, Mask8 b) { return {static_cast<__mmask8>(a.value & b.value)}; }
GIMBAL_LANE Mask8 either(Mask8 a, Mask8 b) { return {static_cast<__mmask8>(a.value | b.value)}; }
GIMBAL_LANE Mask8 negated(Mask8 a) { return {static_cast<__mmask8>(~a.value)}; }
GIMBAL_LANE bool any(Mask8 mask) { return mask.value != 0; }
GIMBAL_LANE unsigned bits_of(Mask8 mask) { return mask.value; }

GIMBAL_LANE Lanes8 power_of_two(Lanes8 n) {
  const __m512i shifted = _mm512_castpd_si512((n + rounding_shift).value);
  return _mm512_castsi512_pd(_mm512_slli_epi64(_mm512_add_epi64(shifted, _mm512_set1_epi64(1023)), 52));
}
GIMBAL_LANE Lanes8 exponent_of(Lanes8 v) {
  const __m512i exponent = _mm512_srli_epi64(_mm512_castpd_si512(v.value), 52);
  const __m512i integer = _mm512_or_si512(exponent, _mm512_set1_epi64(std::int64_t{integer_bits}));
  return Lanes8{_mm512_castsi512_pd(integer)} - integer_shift_of_exponents;
}
GIMBAL_LANE Lanes8 mantissa_of(Lanes8 v) {
  const __m512i bits = _mm512_and_si512(_mm512_castpd_si512(v.value), _mm512_set1_epi64(std::int64_t{mantissa_bits}));
  return _mm512_castsi512_pd(_mm512_or_si512(bits, _mm512_set1_epi64(std::int64_t{one_bits})));
}

}  // namespace gimbal::numerics

#endif
