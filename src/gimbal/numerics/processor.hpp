// What the processor at hand can do beyond what every one that Gimbal runs on can. Results never depend on it, only how
// long they take.
#pragma once

namespace gimbal::numerics {

/// Whether sources compiled for AVX-512 (lanes8.hpp) may be called.
[[nodiscard]] inline bool has_eight_lanes() noexcept {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
#else
  return false;
#endif
}

/// Whether the instructions are there that this program was compiled with.
[[nodiscard]] inline bool has_what_is_compiled_in() noexcept {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
#else
  return true;
#endif
}

}  // namespace gimbal::numerics
