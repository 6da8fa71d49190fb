// Curves of one quantity over another, one curve a member of a family that has an order: paler ones come first.
#pragma once

#include <string>
#include <vector>

#include "gimbal/report/charts/axis.hpp"

namespace gimbal::report {

struct Curve {
  std::string name;  ///< `27 March 2026`; what a pointer at rest shows.
  std::vector<Point> points;
  bool marked = false;  ///< A dot at every point.
};

struct CurvesChart {
  std::string name;  ///< What the figure shows to who cannot see it.
  AxisTitle x;
  AxisTitle y;
  std::vector<Curve> curves;  ///< In the family's order.
  Ticks x_ticks = {};         ///< Empty: round numbers.
  bool zero = false;          ///< Whether the y axis begins at zero at the latest.
};

/// The figure as SVG, 350 by 240 units. Points that are not finite are left out. Empty where nothing is left to show.
[[nodiscard]] std::string curves_chart(const CurvesChart& chart);

}  // namespace gimbal::report
