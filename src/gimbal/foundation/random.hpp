// Seeded randomness with draws of our own, since the standard library's distributions differ between implementations.
// Passed in, never ambient. Take one draw per full expression: the order of evaluation inside one is not ours.
#pragma once

#include <cstdint>

namespace gimbal {

/// xoshiro256** seeded through splitmix64: the same seed gives the same sequence everywhere.
/// Source    D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021).
class SeededRandom {
 public:
  explicit SeededRandom(std::uint64_t seed);

  /// 64 uniform bits.
  std::uint64_t bits();
  /// Uniform on [0, 1) with 53 bits.
  double uniform();
  /// Uniform on 0 .. bound - 1 without bias; bound > 0.
  std::uint64_t below(std::uint64_t bound);
  /// A generator whose sequence is independent of this one's, for a named purpose.
  SeededRandom fork(std::uint64_t purpose);

 private:
  std::uint64_t state_[4];
};

}  // namespace gimbal
