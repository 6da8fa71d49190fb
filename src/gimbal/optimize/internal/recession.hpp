// The two linear programmes that settle a doubt. When an iteration on a programme with curvature ends without an answer
// but points at infinity, its trouble is that a quadratic lets proofs emerge only slowly; without the quadratic they
// come fast.
#pragma once

#include "gimbal/optimize/quadratic_program.hpp"

namespace gimbal::optimize::internal {

/// The same rows and bounds with no objective: infeasible exactly if the programme is.
[[nodiscard]] QuadraticProgram feasibility_program(const QuadraticProgram& program);

/// Directions d with |d| <= 1 along which no bound is ever met and P d = 0, minimising cost'd: below zero exactly if
/// the programme, if feasible at all, is unbounded.
[[nodiscard]] QuadraticProgram recession_program(const QuadraticProgram& program);

}  // namespace gimbal::optimize::internal
