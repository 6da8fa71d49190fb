// A line with a dot for every lap, as long as they are few enough to be told apart.
#include "gimbal/report/charts/line_chart.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "gimbal/report/charts/axis.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report {
namespace {

constexpr double width = 350.0;
constexpr double height = 220.0;
constexpr double radius = 3.0;
constexpr std::size_t dots_most = 60;
constexpr int ticks_most = 6;

bool is_known(const LinePoint& point) { return point.value && std::isfinite(*point.value); }

}  // namespace

std::string line_chart(const LineChart& chart) {
  std::vector<double> laps;
  std::vector<double> values;
  for (const LinePoint& point : chart.points) {
    laps.push_back(point.lap);
    if (is_known(point)) values.push_back(*point.value);
  }
  if (values.empty()) return {};
  double magnitude = 0.0;
  for (const double value : values) magnitude = std::max(magnitude, std::fabs(value));
  const MoneyUnit unit = money_unit(magnitude, chart.asset);
  for (double& value : values) value /= unit.size;
  const Interval domain = interval_of(values, 0.1);
  const Ticks ticks = round_ticks(domain, ticks_most);
  double label = 0.0;
  for (const double value : ticks.values) label = std::max(label, text_units(tick_text(value, ticks.step)));
  const Plot plot{.left = label + 8.0,
                  .right = width - 10.0,
                  .top = axis_title_above,
                  .bottom = height - axis_height,
                  .edge = width};
  const LinearScale y{domain, plot.up()};
  const LinearScale x{interval_of(laps), plot.across()};
  Svg svg{width, height, chart.name};
  draw_y_axis(svg, plot, y, ticks, {fmt::format("{}, {}", chart.quantity, unit.name), chart.asset});
  // Laps are counted: an axis of halves would be none.
  Ticks counted = round_ticks(x.domain(), 8);
  if (counted.step < 1.0) counted = {1.0, laps, {}};
  draw_x_axis(svg, plot, x, counted, {"Lap, count", "1"});
  std::vector<Point> stretch;
  const auto draw_stretch = [&] {
    if (stretch.size() > 1) svg.polyline(stretch, "class=\"curve\"");
    if (stretch.size() == 1 || chart.points.size() <= dots_most)
      for (const Point& point : stretch) svg.circle(point, radius, "class=\"after\"");
    stretch.clear();
  };
  for (const LinePoint& point : chart.points) {
    if (is_known(point)) stretch.push_back({x.at(point.lap), y.at(*point.value / unit.size)});
    if (!is_known(point)) draw_stretch();
  }
  draw_stretch();
  return svg.finished();
}

}  // namespace gimbal::report
