// Where the parts of an axis stand.
#include "gimbal/report/charts/axis.hpp"

#include <fmt/core.h>

#include <cmath>
#include <limits>

namespace gimbal::report {
namespace {

constexpr double below_numbers = 16.0;  // from the plot's edge to a number's base line
constexpr double below_title = 32.0;
constexpr double beside_numbers = 6.0;
constexpr double half_digit = 4.0;  // lowers a base line so that a number stands in the middle of its line
constexpr double label_gap = 6.0;

}  // namespace

void open_axis(Svg& svg, char which, const AxisTitle& title) {
  svg.open(fmt::format("class=\"axis\" data-axis=\"{}\"{}", which, attribute("data-unit", title.unit)));
}

void draw_x_axis(Svg& svg, const Plot& plot, const LinearScale& scale, const Ticks& ticks, const AxisTitle& title) {
  open_axis(svg, 'x', title);
  double free_from = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < ticks.values.size(); ++i) {
    const double x = scale.at(ticks.values[i]);
    svg.line({x, plot.top}, {x, plot.bottom}, "class=\"grid\"");
    const std::string text = ticks.text_of(i);
    const double half = 0.5 * text_units(text);
    if (x - half < free_from || x - half < 0.0 || x + half > plot.edge) continue;
    svg.text({x, plot.bottom + below_numbers}, Anchor::middle, text, "class=\"tick\"");
    free_from = x + half + label_gap;
  }
  svg.text({0.5 * (plot.left + plot.right), plot.bottom + below_title}, Anchor::middle, title.text,
           "class=\"axis-title\"");
  svg.close();
}

void draw_y_axis(Svg& svg, const Plot& plot, const LinearScale& scale, const Ticks& ticks, const AxisTitle& title) {
  open_axis(svg, 'y', title);
  for (std::size_t i = 0; i < ticks.values.size(); ++i) {
    const double y = scale.at(ticks.values[i]);
    svg.line({plot.left, y}, {plot.right, y}, "class=\"grid\"");
    svg.text({plot.left - beside_numbers, y + half_digit}, Anchor::end, ticks.text_of(i), "class=\"tick\"");
  }
  svg.text({0.0, svg_font_size}, Anchor::start, title.text, "class=\"axis-title\"");
  svg.close();
}

MoneyUnit money_unit(double magnitude_most, const std::string& asset) {
  constexpr double digits_most = 1e4;
  constexpr double thousand = 1e3;
  if (magnitude_most < digits_most) return {1.0, asset};
  if (magnitude_most < digits_most * thousand) return {thousand, "thousand " + asset};
  return {thousand * thousand, "million " + asset};
}

}  // namespace gimbal::report
