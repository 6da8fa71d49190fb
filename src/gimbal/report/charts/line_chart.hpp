// One quantity over the laps of a run.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gimbal::report {

struct LinePoint {
  double lap = 0.0;
  std::optional<double> value;  ///< Absent where it is not known: the line is broken there.
};

struct LineChart {
  std::string name;      ///< `Equity after each lap`
  std::string quantity;  ///< `Equity`
  std::string asset;
  std::vector<LinePoint> points;  ///< In ascending order of lap.
};

/// The figure as SVG, 350 by 220 units. Empty where no value is known.
[[nodiscard]] std::string line_chart(const LineChart& chart);

}  // namespace gimbal::report
