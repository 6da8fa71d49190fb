// What to do when not everything can be had: the least violation by priority, never worse than the current book in the
// priorities above the one that gives way, and sentences that say what is broken.
#pragma once

#include <string>
#include <vector>

#include "gimbal/allocate/internal/problem.hpp"

namespace gimbal::allocate::internal {

/// The problem with a cap behind its bounds and pools for each of those down to the first priority that the current
/// book breaks: not worse than today, before anything else. The bounds and pools of `problem` keep their places.
///
/// Why    the lexicographic sum alone would let one bound of a priority pay for another of the same priority; and a
///        bound that stands in a higher priority than all broken ones must hold exactly, since doing nothing holds it.
[[nodiscard]] Problem with_caps(const Problem& problem);

/// The priority of caps: above every priority that an owner can give.
inline constexpr int cap_priority = 0;

struct Relaxation {
  bool found = false;
  Frame frame;                 // with bounds and headrooms widened just enough
  std::vector<double> trades;  // a point inside
  int solves = 0;
};

/// Widens the bounds of a frame as little as possible, lexicographically by priority, until the programme is feasible.
/// Caps are kept unless they contradict the trades that lines must make.
[[nodiscard]] Relaxation relax(const Problem& problem, const Frame& frame);

/// What is broken at a vector of trades, most important first: `delta BTC is 1.24 BTC, 0.24 above its upper bound of
/// 1`. Only bounds as stated count, hard ones alone.
[[nodiscard]] std::vector<std::string> broken_sentences(const Problem& problem, std::span<const double> trades);

}  // namespace gimbal::allocate::internal
