// The solver of convex quadratic and linear programmes: a primal-dual interior-point method on the homogeneous
// embedding, so that one run ends in a solution or in a proof that there is none. Set up once for a programme's shape,
// then solve; the iteration allocates nothing. Linear algebra in internal/quasidefinite.hpp.
#pragma once

#include <cstddef>
#include <memory>

#include "gimbal/foundation/result.hpp"
#include "gimbal/optimize/quadratic_program.hpp"

namespace gimbal::optimize {

/// What a caller may trade. Defaults suit programmes whose numbers lie within eight orders of magnitude of one.
struct Settings {
  /// Iterations end when each residual r satisfies |r| <= tolerance_absolute + tolerance_relative * scale, where scale
  /// is the largest term that r was subtracted from. Smaller is slower by an iteration or two; below 1e-11 rounding
  /// decides.
  double tolerance_absolute = 1e-9;
  double tolerance_relative = 1e-9;
  /// A proof of infeasibility must hold to |rows'y + z| <= tolerance_infeasible (relative to the proof's own size).
  /// Larger gives up sooner on programmes that are nearly infeasible.
  double tolerance_infeasible = 1e-9;
  /// If progress ends before the tolerances are met, an iterate that meets them times this factor still counts as
  /// optimal. 1 is strict; 1000 accepts residuals of 1e-6 from badly scaled programmes.
  double tolerance_factor_stalled = 100.0;
  int iterations_max = 100;
  /// Rounds of row and column scaling before the start; 0 solves the programme as given.
  int scaling_rounds = 10;

  /// Errors    invalid_argument when a tolerance is not positive, a factor below one, or a count negative.
  [[nodiscard]] Result<void> validate() const;
};

/// Solves a programme.
///
/// Errors    invalid_argument when the programme or the settings do not validate. Infeasible, unbounded and failed
///           solves are answers, not errors: see Solution::status.
/// Source    S. Mehrotra, SIAM J. Optimization 2 (1992) 575-601 (predictor and corrector); P. Goulart and Y. Chen,
///           "Clarabel: an interior-point solver for conic programs with quadratic objectives" (2024) (embedding);
///           D. Ruiz, RAL-TR-2001-034 (scaling); R. Vanderbei, SIAM J. Optimization 5 (1995) 100-113 (factorisation).
[[nodiscard]] Result<Solution> solve(const QuadraticProgram& program, const Settings& settings = {});

/// A programme set up for solving: ordering, memory and scaling are done once.
class InteriorPoint {
 public:
  /// Errors    as solve().
  [[nodiscard]] static Result<InteriorPoint> set_up(const QuadraticProgram& program, const Settings& settings);
  InteriorPoint(InteriorPoint&&) noexcept;
  InteriorPoint& operator=(InteriorPoint&&) noexcept;
  ~InteriorPoint();

  /// Runs the iteration from its standard start. The same programme gives the same bits every time.
  /// Cost      no allocation besides the vectors of `solution`, which are reused when they are large enough, unless a
  ///           curved programme without a solution resists the iteration and two linear ones have to be asked why.
  void solve(Solution& solution);

 private:
  class State;
  explicit InteriorPoint(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gimbal::optimize
