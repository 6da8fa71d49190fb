// From fractions of lots to lots, with every hard bound kept: round, repair, climb; where that sticks, solve again with
// bounds drawn in by what lots may miss them by. The judge is always the frame as given, never the tightened one.
#pragma once

#include <cstdint>
#include <vector>

#include "gimbal/allocate/internal/problem.hpp"

namespace gimbal::allocate::internal {

struct Rounded {
  std::vector<std::int64_t> trades;  // lots, by line
  Regret regret;                     // against the frame
  std::uint32_t lines_over = 0;      // lines held beyond the limit
  double objective = 0.0;            // numeraire
  int solves = 0;                    // of tightened programmes
};

/// The best book in lots that was found: within the lines limit, then without regret if any such was, else of the least
/// regret. The current book (every trade zero, as far as ranges allow) always competes, so the answer is never worse
/// than it, lexicographically.
/// Meaning   `attainable` says that fractions of lots hold the whole frame. Without, nothing is solved again, and the
///           search only brings the violation down by priority.
[[nodiscard]] Rounded round_to_lots(const Problem& problem, const Frame& frame, const std::vector<double>& continuous,
                                    bool attainable);

}  // namespace gimbal::allocate::internal
