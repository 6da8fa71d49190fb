// Which lines to hold when there may only be so many: the continuous programme cannot count, so lines are given up a
// few at a time, those that carry least of what the bounds and the objective ask for first, solving again after each
// step.
#pragma once

#include <optional>

#include "gimbal/allocate/internal/programme.hpp"

namespace gimbal::allocate::internal {

struct LineChoice {
  Frame frame;            // ranges closed for lines given up: no trade, or a trade to nothing
  Continuous continuous;  // over the lines kept
  bool within_limit = true;
  std::optional<double> line_price;  // numeraire gained by one line more, where the limit binds
  int solves = 0;
};

/// Gives up lines until the limit holds, starting from an answer without it. Trades too small to be allowed are given
/// up as well. Where closing a line makes the programme infeasible, others are tried.
[[nodiscard]] LineChoice choose_lines(const Problem& problem, const Frame& frame, Continuous continuous);

/// The ranges of a frame closed for all but the lines that carry most, so that any trades within them hold the lines
/// limit. Lines held today are given up only where they alone are too many: without them the current book, which the
/// least violation must not fall behind, could not be kept.
[[nodiscard]] Frame keep_best_lines(const Problem& problem, const Frame& frame, const Continuous& continuous);

/// Lines held after trades: fractions below a millionth of a lot count as none.
[[nodiscard]] std::uint32_t lines_held(const Problem& problem, std::span<const double> trades);

}  // namespace gimbal::allocate::internal
