// Axes of figures: a title that names the unit, round numbers, and lines behind the data.
#pragma once

#include <string>

#include "gimbal/report/charts/linear_scale.hpp"
#include "gimbal/report/charts/svg.hpp"

namespace gimbal::report {

struct AxisTitle {
  std::string text;  ///< `Profit, thousand USD`: holds the unit.
  std::string unit;  ///< `USD`; `1` of what has none.
};

/// The plot of a figure: the rectangle between its axes.
struct Plot {
  double left = 0.0;
  double right = 0.0;
  double top = 0.0;
  double bottom = 0.0;
  double edge = 0.0;  ///< The figure's right edge, which no label passes.

  [[nodiscard]] Interval across() const { return {left, right}; }
  [[nodiscard]] Interval up() const { return {bottom, top}; }  ///< Values that grow go up.
};

/// Space that the axes need around a plot.
inline constexpr double axis_height = 36.0;       ///< Below: numbers and the title.
inline constexpr double axis_title_above = 20.0;  ///< Above: the title of the y axis.

/// Opens the group of an axis; the caller writes its ticks and closes it.
void open_axis(Svg& svg, char which, const AxisTitle& title);

/// Numbers below the plot and the title under them, lines up through the plot. Labels that would touch the one before
/// or leave the figure are left out.
void draw_x_axis(Svg& svg, const Plot& plot, const LinearScale& scale, const Ticks& ticks, const AxisTitle& title);

/// Numbers left of the plot and the title above it, lines across the plot.
void draw_y_axis(Svg& svg, const Plot& plot, const LinearScale& scale, const Ticks& ticks, const AxisTitle& title);

/// Money in a unit in which it has few digits.
struct MoneyUnit {
  double size = 1.0;  ///< 1, a thousand or a million of the asset.
  std::string name;   ///< `thousand USD`
};

/// The unit in which the largest magnitude has at most four digits before its point, or more of the largest unit.
[[nodiscard]] MoneyUnit money_unit(double magnitude_most, const std::string& asset);

}  // namespace gimbal::report
