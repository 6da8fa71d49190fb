// Bars from top to bottom, so that names and amounts have room on a narrow page.
#include "gimbal/report/charts/waterfall.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "gimbal/report/charts/axis.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report {
namespace {

constexpr double width = 350.0;
constexpr double row_height = 24.0;
constexpr double bar_height = 14.0;
constexpr double names = 92.0;
constexpr double amounts = 84.0;
constexpr double half_digit = 4.0;
constexpr double bar_least = 1.0;  // a part that is not zero is seen

struct Bar {
  std::string name;
  Decimal amount;
  double from = 0.0;
  double to = 0.0;
  bool total = false;
};

std::vector<Bar> bars_of(const Waterfall& waterfall, const MoneyUnit& unit) {
  std::vector<Bar> bars;
  Decimal sum;
  for (const WaterfallStep& step : waterfall.steps) {
    const double from = sum.to_double() / unit.size;
    sum = sum + step.amount;
    bars.push_back({step.name, step.amount, from, sum.to_double() / unit.size, false});
  }
  bars.push_back({"change", sum, 0.0, sum.to_double() / unit.size, true});
  return bars;
}

double magnitude_most(const Waterfall& waterfall) {
  double most = 0.0;
  Decimal sum;
  for (const WaterfallStep& step : waterfall.steps) {
    sum = sum + step.amount;
    most = std::max({most, std::fabs(sum.to_double()), std::fabs(step.amount.to_double())});
  }
  return most;
}

const char* look_of(const Bar& bar) {
  if (bar.total) return "total";
  return bar.amount.is_negative() ? "loss" : "gain";
}

void draw_bar(Svg& svg, const LinearScale& scale, const Bar& bar, double top, const std::string& asset) {
  const double middle = top + 0.5 * row_height;
  const double from = std::min(scale.at(bar.from), scale.at(bar.to));
  const double length = std::fabs(scale.at(bar.to) - scale.at(bar.from));
  const double shown = bar.amount.is_zero() ? 0.0 : std::max(length, bar_least);
  const char* emphasis = bar.total ? "class=\"strong\"" : "";
  svg.text({names - 8.0, middle + half_digit}, Anchor::end, bar.name, emphasis);
  svg.rectangle({from, middle - 0.5 * bar_height, shown, bar_height},
                fmt::format("class=\"{0}\" data-series=\"{0}\"{1}", look_of(bar),
                            attribute("data-amount", bar.amount.to_string())));
  svg.text({width, middle + half_digit}, Anchor::end,
           change_text(bar.amount.to_double(), money_decimals(bar.amount.to_double(), asset)), emphasis);
}

}  // namespace

Decimal waterfall_total(const Waterfall& waterfall) {
  Decimal sum;
  for (const WaterfallStep& step : waterfall.steps) sum = sum + step.amount;
  return sum;
}

std::string waterfall_chart(const Waterfall& waterfall) {
  if (waterfall.steps.empty()) return {};
  const MoneyUnit unit = money_unit(magnitude_most(waterfall), waterfall.asset);
  const std::vector<Bar> bars = bars_of(waterfall, unit);
  std::vector<double> ends = {0.0};
  for (const Bar& bar : bars) ends.push_back(bar.to);
  const Plot plot{.left = names,
                  .right = width - amounts,
                  .top = 4.0,
                  .bottom = 8.0 + row_height * static_cast<double>(bars.size()),
                  .edge = width};
  const LinearScale scale{interval_of(ends, 0.03), plot.across()};
  Svg svg{width, plot.bottom + axis_height, waterfall.name};
  draw_x_axis(svg, plot, scale, round_ticks(scale.domain(), 5),
              {fmt::format("Profit, {}", unit.name), waterfall.asset});
  svg.line({scale.at(0.0), plot.top}, {scale.at(0.0), plot.bottom}, "class=\"zero\"");
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double top = 6.0 + row_height * static_cast<double>(i);
    draw_bar(svg, scale, bars[i], top, waterfall.asset);
    if (i + 1 < bars.size())
      svg.line({scale.at(bars[i].to), top + 0.5 * (row_height + bar_height)},
               {scale.at(bars[i].to), top + row_height + 0.5 * (row_height - bar_height)}, "class=\"joint\"");
  }
  return svg.finished();
}

}  // namespace gimbal::report
