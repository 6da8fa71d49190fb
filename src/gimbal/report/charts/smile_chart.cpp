// Bars, a curve and triangles over strike and volatility.
#include "gimbal/report/charts/smile_chart.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "gimbal/report/charts/axis.hpp"

namespace gimbal::report {
namespace {

constexpr double width = 310.0;
constexpr double height = 206.0;
constexpr Plot plot{
    .left = 38.0, .right = width - 12.0, .top = axis_title_above, .bottom = height - axis_height, .edge = width};
constexpr double percent = 100.0;
constexpr double triangle = 5.5;  // from its middle to its tip
constexpr double widened = 0.06;  // so that no mark stands on the frame

bool is_finite(const SmilePoint& point) { return std::isfinite(point.moneyness) && std::isfinite(point.volatility); }
bool is_finite(const SmileBar& bar) {
  return std::isfinite(bar.moneyness) && std::isfinite(bar.bid) && std::isfinite(bar.ask);
}
bool is_finite(const SmileMark& mark) { return std::isfinite(mark.moneyness) && std::isfinite(mark.volatility); }

template <class Element>
std::vector<Element> finite_ones(const std::vector<Element>& elements) {
  std::vector<Element> kept;
  std::copy_if(elements.begin(), elements.end(), std::back_inserter(kept),
               [](const Element& element) { return is_finite(element); });
  return kept;
}

struct Scales {
  LinearScale x;
  LinearScale y;
};

Scales scales_of(const SmileChart& chart) {
  std::vector<double> across;
  std::vector<double> up;
  for (const SmileBar& bar : chart.bars) {
    across.push_back(percent * bar.moneyness);
    up.push_back(percent * 0.5 * (bar.bid + bar.ask));
  }
  for (const SmilePoint& point : chart.curve) {
    across.push_back(percent * point.moneyness);
    up.push_back(percent * point.volatility);
  }
  for (const SmileMark& mark : chart.marks) {
    across.push_back(percent * mark.moneyness);
    up.push_back(percent * mark.volatility);
  }
  return {LinearScale{interval_of(across, widened), plot.across()}, LinearScale{interval_of(up, widened), plot.up()}};
}

void draw_bars(Svg& svg, const Scales& scales, const std::vector<SmileBar>& bars) {
  svg.open("class=\"quotes\" data-series=\"bid to ask\" data-mark=\"bar\"");
  for (const SmileBar& bar : bars) {
    const double x = scales.x.at(percent * bar.moneyness);
    svg.line({x, scales.y.at(percent * bar.bid)}, {x, scales.y.at(percent * bar.ask)}, {});
  }
  svg.close();
}

// Long points up, short points down; what is no longer held is hollow.
void draw_mark(Svg& svg, const Scales& scales, const SmileMark& mark) {
  const bool held = mark.after != 0.0;
  const bool is_long = (held ? mark.after : mark.before) > 0.0;
  const double x = scales.x.at(percent * mark.moneyness);
  const double y = scales.y.at(percent * mark.volatility);
  const double up = is_long ? -1.0 : 1.0;
  const Point corners[] = {
      {x, y + up * triangle}, {x - triangle, y - up * 0.8 * triangle}, {x + triangle, y - up * 0.8 * triangle}};
  svg.open();
  svg.title(mark.words);
  const char* series = is_long ? "long" : "short";
  if (held) {
    svg.polygon(corners, fmt::format("class=\"{0}\" data-series=\"{0}\" data-mark=\"{0}\"", series));
  } else {
    svg.polygon(corners, fmt::format("class=\"closed {}\" data-series=\"closed\" data-mark=\"hollow\"", series));
  }
  svg.close();
}

}  // namespace

std::string smile_chart(const SmileChart& chart) {
  const SmileChart shown{chart.name, finite_ones(chart.bars), finite_ones(chart.curve), finite_ones(chart.marks)};
  if (shown.bars.empty() && shown.curve.empty() && shown.marks.empty()) return {};
  const Scales scales = scales_of(shown);
  Svg svg{width, height, fmt::format("Smile of {}: volatility of bids and asks by strike, fitted curve", chart.name)};
  draw_y_axis(svg, plot, scales.y, round_ticks(scales.y.domain(), 5), {"Volatility, % a year", "%"});
  draw_x_axis(svg, plot, scales.x, round_ticks(scales.x.domain(), 6), {"Strike over forward, %", "%"});
  draw_bars(svg, scales, shown.bars);
  std::vector<Point> curve;
  for (const SmilePoint& point : shown.curve)
    curve.push_back({scales.x.at(percent * point.moneyness), scales.y.at(percent * point.volatility)});
  if (curve.size() > 1) svg.polyline(curve, "class=\"curve\" data-series=\"fitted\" data-mark=\"line\"");
  for (const SmileMark& mark : shown.marks) draw_mark(svg, scales, mark);
  return svg.finished();
}

}  // namespace gimbal::report
