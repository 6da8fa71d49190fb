// Where the calibration of a slice begins: for a given place and width the rest of a raw SVI slice is linear, so that a
// few of each are tried, and the best one fitted by least squares is near the least that any slice can reach.
// Minimising from elsewhere ends in valleys where width and slopes run away together.
//
// Source    S. De Marco and C. Martini, "Quasi-explicit calibration of Gatheral's SVI model", Zeliade white paper
//           (2009), section 3.
#pragma once

#include "gimbal/surface/svi_fit.hpp"

namespace gimbal::surface {

/// The best of the slices tried, by a loss that lets go of quotes far off; the problem's prior where none of them is a
/// slice.
[[nodiscard]] SmileShape shape_start(const SmileProblem& problem);

}  // namespace gimbal::surface
