// Four doubles worked on at once: one AVX register where the target has fused multiply-add, plain code elsewhere. Every
// lane does exactly what the scalar operation of the same name does, so a result never depends on which body was
// compiled.
#pragma once

#include <cmath>
#include <cstddef>

#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
#endif

namespace gimbal::numerics::internal {

inline constexpr std::size_t lane_count = 4;

#if defined(__AVX2__) && defined(__FMA__)

struct Lanes {
  __m256d value;
};

inline Lanes load(const double* from) { return {_mm256_loadu_pd(from)}; }
inline void store(Lanes lanes, double* to) { _mm256_storeu_pd(to, lanes.value); }
inline Lanes broadcast(double value) { return {_mm256_set1_pd(value)}; }
inline Lanes add(Lanes a, Lanes b) { return {_mm256_add_pd(a.value, b.value)}; }
inline Lanes multiply(Lanes a, Lanes b) { return {_mm256_mul_pd(a.value, b.value)}; }
/// a b + c, rounded once.
inline Lanes fused_add(Lanes a, Lanes b, Lanes c) { return {_mm256_fmadd_pd(a.value, b.value, c.value)}; }
/// c - a b, rounded once.
inline Lanes fused_subtract(Lanes a, Lanes b, Lanes c) { return {_mm256_fnmadd_pd(a.value, b.value, c.value)}; }

#else

struct Lanes {
  double value[lane_count];
};

inline Lanes load(const double* from) { return {{from[0], from[1], from[2], from[3]}}; }
inline void store(Lanes lanes, double* to) {
  for (std::size_t i = 0; i < lane_count; ++i) to[i] = lanes.value[i];
}
inline Lanes broadcast(double value) { return {{value, value, value, value}}; }
inline Lanes add(Lanes a, Lanes b) {
  for (std::size_t i = 0; i < lane_count; ++i) a.value[i] += b.value[i];
  return a;
}
inline Lanes multiply(Lanes a, Lanes b) {
  for (std::size_t i = 0; i < lane_count; ++i) a.value[i] *= b.value[i];
  return a;
}
inline Lanes fused_add(Lanes a, Lanes b, Lanes c) {
  for (std::size_t i = 0; i < lane_count; ++i) c.value[i] = std::fma(a.value[i], b.value[i], c.value[i]);
  return c;
}
inline Lanes fused_subtract(Lanes a, Lanes b, Lanes c) {
  for (std::size_t i = 0; i < lane_count; ++i) c.value[i] = std::fma(-a.value[i], b.value[i], c.value[i]);
  return c;
}

#endif

}  // namespace gimbal::numerics::internal
