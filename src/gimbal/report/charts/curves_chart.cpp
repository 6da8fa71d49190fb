// Opacity tells the members of a family apart: it prints, and needs no eye for colours.
#include "gimbal/report/charts/curves_chart.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace gimbal::report {
namespace {

constexpr double width = 350.0;
constexpr double height = 240.0;
constexpr double radius = 2.6;
constexpr double opacity_least = 0.35;

std::vector<Point> finite_points(const Curve& curve) {
  std::vector<Point> kept;
  for (const Point& point : curve.points)
    if (std::isfinite(point.x) && std::isfinite(point.y)) kept.push_back(point);
  return kept;
}

void draw(Svg& svg, const LinearScale& x, const LinearScale& y, const Curve& curve, double opacity) {
  std::vector<Point> places;
  for (const Point& point : finite_points(curve)) places.push_back({x.at(point.x), y.at(point.y)});
  svg.open(fmt::format("opacity=\"{:.2f}\"", opacity));
  svg.title(curve.name);
  if (places.size() > 1) svg.polyline(places, "class=\"curve\"");
  if (curve.marked || places.size() == 1)
    for (const Point& place : places) svg.circle(place, radius, "class=\"after\"");
  svg.close();
}

}  // namespace

std::string curves_chart(const CurvesChart& chart) {
  std::vector<double> across;
  std::vector<double> up;
  if (chart.zero) up.push_back(0.0);
  for (const Curve& curve : chart.curves)
    for (const Point& point : finite_points(curve)) across.push_back(point.x), up.push_back(point.y);
  if (across.empty()) return {};
  Interval domain = interval_of(up, 0.05);
  if (chart.zero) domain.lower = std::min(0.0, *std::min_element(up.begin(), up.end()));
  const Ticks ticks = round_ticks(domain, 6);
  double label = 0.0;
  for (const double value : ticks.values) label = std::max(label, text_units(tick_text(value, ticks.step)));
  const Plot plot{.left = label + 8.0,
                  .right = width - 12.0,
                  .top = axis_title_above,
                  .bottom = height - axis_height,
                  .edge = width};
  const LinearScale y{domain, plot.up()};
  const LinearScale x{interval_of(across), plot.across()};
  Svg svg{width, height, chart.name};
  draw_y_axis(svg, plot, y, ticks, chart.y);
  draw_x_axis(svg, plot, x, chart.x_ticks.values.empty() ? round_ticks(x.domain(), 7) : chart.x_ticks, chart.x);
  const std::size_t count = chart.curves.size();
  for (std::size_t i = 0; i < count; ++i) {
    const double share = count > 1 ? static_cast<double>(i) / static_cast<double>(count - 1) : 1.0;
    draw(svg, x, y, chart.curves[i], opacity_least + (1.0 - opacity_least) * share);
  }
  return svg.finished();
}

}  // namespace gimbal::report
