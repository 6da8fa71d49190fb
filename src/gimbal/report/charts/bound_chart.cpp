// Rows of a band, a ring and a dot.
#include "gimbal/report/charts/bound_chart.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "gimbal/report/charts/axis.hpp"

namespace gimbal::report {
namespace {

constexpr double width = 350.0;
constexpr double row_height = 62.0;
constexpr double words_height = 16.0;
constexpr double title_at = 13.0;  // from the row's top, as the other two
constexpr double track_at = 27.0;
constexpr double numbers_at = 48.0;
constexpr double inset = 10.0;  // so that a mark at the end of the scale stays inside
constexpr double half_band = 6.0;
constexpr double radius = 4.5;
constexpr double label_gap = 8.0;

std::optional<double> finite(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? value : std::nullopt;
}

// Both bounds, both values and zero, so that rows of one kind have their origin in sight.
LinearScale scale_of(const BoundRow& row) {
  std::vector<double> values = {0.0};
  for (const auto& value : {row.lower, row.upper, row.before, row.after})
    if (finite(value)) values.push_back(*value);
  constexpr double widened = 0.04;
  return {interval_of(values, widened), {inset, width - inset}};
}

// The bounds themselves, and zero where there is room for it: what a reader compares with.
void draw_numbers(Svg& svg, const BoundRow& row, const LinearScale& scale, double top) {
  std::vector<double> values;
  for (const auto& bound : {finite(row.lower), finite(row.upper)})
    if (bound) values.push_back(*bound);
  values.push_back(0.0);
  const double step = round_ticks(scale.domain(), 20).step;
  std::vector<Interval> taken;
  for (const double value : values) {
    const std::string text = tick_text(value, step);
    const double half = 0.5 * text_units(text);
    const double x = std::clamp(scale.at(value), half, width - half);
    const auto touches = [&](const Interval& other) {
      return x - half < other.upper + label_gap && x + half > other.lower - label_gap;
    };
    if (std::any_of(taken.begin(), taken.end(), touches)) continue;
    taken.push_back({x - half, x + half});
    svg.text({x, top + numbers_at}, Anchor::middle, text, "class=\"tick\"");
    svg.line({scale.at(value), top + track_at - half_band}, {scale.at(value), top + track_at + half_band},
             "class=\"bound\"");
  }
}

double height_of(const BoundRow& row) { return row_height + (row.words.empty() ? 0.0 : words_height); }

void draw_row(Svg& svg, const BoundRow& row, double row_top) {
  const LinearScale scale = scale_of(row);
  if (!row.words.empty())
    svg.text({0.0, row_top + title_at + words_height}, Anchor::start, row.words, "class=\"tick\"");
  const double top = row_top + height_of(row) - row_height;
  const double middle = top + track_at;
  const auto before = finite(row.before);
  const auto after = finite(row.after);
  svg.line({inset, middle}, {width - inset, middle}, "class=\"track\"");
  if (row.lower || row.upper) {
    const double from = row.lower ? scale.at(*row.lower) : inset;
    const double to = row.upper ? scale.at(*row.upper) : width - inset;
    svg.rectangle({from, middle - half_band, std::max(0.0, to - from), 2.0 * half_band}, "class=\"allowed\"");
  }
  open_axis(svg, 'x', {row.name, row.unit});
  svg.text({0.0, row_top + title_at}, Anchor::start, row.name, "class=\"axis-title strong\"");
  draw_numbers(svg, row, scale, top);
  svg.close();
  svg.text({width, row_top + title_at}, Anchor::end,
           before ? fmt::format("{} \xE2\x86\x92 {}", row.before_text, row.after_text) : row.after_text,
           "class=\"value\"");
  if (before && after) svg.line({scale.at(*before), middle}, {scale.at(*after), middle}, "class=\"moved\"");
  if (before)
    svg.circle({scale.at(*before), middle}, radius, "class=\"before\" data-series=\"before\" data-mark=\"ring\"");
  if (after) svg.circle({scale.at(*after), middle}, radius, "class=\"after\" data-series=\"after\" data-mark=\"dot\"");
}

}  // namespace

std::string bound_chart(const BoundChart& chart) {
  if (chart.rows.empty()) return {};
  double height = 0.0;
  for (const BoundRow& row : chart.rows) height += height_of(row);
  Svg svg{width, height, chart.name};
  double top = 0.0;
  for (const BoundRow& row : chart.rows) {
    draw_row(svg, row, top);
    top += height_of(row);
  }
  return svg.finished();
}

}  // namespace gimbal::report
