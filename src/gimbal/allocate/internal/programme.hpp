// The continuous programme: the allocation problem with fractions of lots allowed, as a quadratic programme over
// segments of trades, solved with as few stress rows as it needs. Its duals are the shadow prices of every report.
#pragma once

#include <vector>

#include "gimbal/allocate/internal/problem.hpp"
#include "gimbal/optimize/quadratic_program.hpp"

namespace gimbal::allocate::internal {

/// A stretch of a line's trade on which cost, images and requirement are all straight: one variable, 0 to 1, the part
/// of `width` that is traded. (In lots, variables of options and perpetuals lie five orders of magnitude apart, and
/// solves fail.) The functions are convex, so the programme fills a line's segments in their order by itself.
struct Segment {
  std::size_t line = 0;
  double direction = 1.0;  // +1: the trade grows from its base, -1: it falls
  double width = 0.0;      // lots
  double middle = 0.0;     // a trade inside the stretch
};

/// A programme with the way back from its variables and rows.
struct Programme {
  optimize::QuadraticProgram program;
  std::vector<double> base;               // trades at which every segment is zero, by line
  std::vector<Segment> segments;          // the first variables
  std::vector<std::size_t> bound_of_row;  // of the first rows: index into Problem::bounds
  std::vector<std::size_t> pool_of_row;   // of the rows after them: index into Problem::pools
};

/// Builds the programme with the bounds named in `rows` (ascending), all pools and all pulls.
[[nodiscard]] Programme build_programme(const Problem& problem, const Frame& frame,
                                        const std::vector<std::size_t>& rows);

/// Trades by line of a vector of the programme's variables.
[[nodiscard]] std::vector<double> trades_of(const Programme& programme, const std::vector<double>& x);

struct Continuous {
  optimize::SolutionStatus status = optimize::SolutionStatus::numerical_failure;
  std::vector<double> trades;  // lots, by line
  std::vector<double>
      bound_price;                 // by bound: numeraire lost per unit by which the active bound rises; see Solution::y
  std::vector<double> pool_price;  // by pool: numeraire lost per unit of headroom demanded, not negative
  std::vector<double> buy_price;  // by line: numeraire gained per lot by which its largest purchase grows, not negative
  std::vector<double> sell_price;
  double objective = 0.0;  // numeraire, of the maximum
  int iterations = 0;
  int solves = 0;
};

/// Solves it. Stress rows enter only when an answer breaks them: of several hundred, a handful ever bind.
[[nodiscard]] Continuous solve_continuous(const Problem& problem, const Frame& frame);

/// The bounds that are always in: all but the stress rows, and of those the few that are nearest to binding at
/// `trades`.
[[nodiscard]] std::vector<std::size_t> starting_rows(const Problem& problem, const Frame& frame,
                                                     std::span<const double> trades);
/// Adds the rows that `trades` breaks by more than a solver's tolerance, the worst few of them; false when there are
/// none.
[[nodiscard]] bool add_broken_rows(const Problem& problem, const Frame& frame, std::span<const double> trades,
                                   std::vector<std::size_t>& rows);

}  // namespace gimbal::allocate::internal
