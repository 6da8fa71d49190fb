// The generator and its draws.
#include "gimbal/foundation/random.hpp"

#include <bit>

#include "gimbal/foundation/assert.hpp"

namespace gimbal {
namespace {

std::uint64_t splitmix64(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

SeededRandom::SeededRandom(std::uint64_t seed) : state_{} {
  for (std::uint64_t& word : state_) word = splitmix64(seed);
}

std::uint64_t SeededRandom::bits() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double SeededRandom::uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }

std::uint64_t SeededRandom::below(std::uint64_t bound) {
  GIMBAL_ASSERT(bound > 0);
  const std::uint64_t unbiased_from = (0 - bound) % bound;  // 2^64 mod bound
  std::uint64_t draw = bits();
  while (draw < unbiased_from) draw = bits();
  return draw % bound;
}

SeededRandom SeededRandom::fork(std::uint64_t purpose) {
  return SeededRandom{bits() ^ (purpose * 0x9e3779b97f4a7c15ULL)};
}

}  // namespace gimbal
