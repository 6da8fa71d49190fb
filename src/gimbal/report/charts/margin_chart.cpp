// Two bars a row, one inside the other.
#include "gimbal/report/charts/margin_chart.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/report/charts/axis.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report {
namespace {

constexpr double width = 350.0;
constexpr double row_height = 32.0;
constexpr double names = 96.0;
constexpr double amounts = 60.0;
constexpr double half_digit = 4.0;
constexpr double outer_height = 18.0;
constexpr double inner_height = 8.0;
constexpr double percent = 100.0;
constexpr double share_most = 3.0;  // what is beyond is as good as lost, and would flatten every other bar

double shown(const std::optional<double>& share) {
  const double value = share.value_or(share_most);
  return percent * (std::isfinite(value) ? std::clamp(value, 0.0, share_most) : share_most);
}

}  // namespace

std::string margin_chart(const MarginChart& chart) {
  if (chart.bars.empty()) return {};
  double most = 1.0;
  for (const MarginBar& bar : chart.bars)
    most = std::max({most, shown(bar.initial) / percent, shown(bar.maintenance) / percent});
  const double first = 20.0;  // under the ceiling's name
  const Plot plot{.left = names,
                  .right = width - amounts,
                  .top = first - 2.0,
                  .bottom = first + row_height * static_cast<double>(chart.bars.size()),
                  .edge = width};
  const LinearScale scale{{0.0, percent * most}, plot.across()};
  Svg svg{width, plot.bottom + axis_height, chart.name};
  draw_x_axis(svg, plot, scale, round_ticks(scale.domain(), 5), {"Required, % of the balance", "%"});
  for (std::size_t i = 0; i < chart.bars.size(); ++i) {
    const MarginBar& bar = chart.bars[i];
    const double middle = first + row_height * (static_cast<double>(i) + 0.5);
    svg.text({names - 8.0, middle + half_digit}, Anchor::end, bar.name);
    const auto draw = [&](double share, double height, const char* attributes) {
      svg.rectangle({scale.at(0.0), middle - 0.5 * height, scale.at(share) - scale.at(0.0), height}, attributes);
    };
    draw(shown(bar.initial), outer_height, "class=\"initial\" data-series=\"initial\" data-mark=\"broad\"");
    draw(shown(bar.maintenance), inner_height,
         "class=\"maintenance\" data-series=\"maintenance\" data-mark=\"narrow\"");
    svg.text({width, middle + half_digit}, Anchor::end, percent_text(bar.initial));
  }
  if (chart.ceiling && std::isfinite(*chart.ceiling)) {
    const double x = scale.at(percent * *chart.ceiling);
    svg.line({x, plot.top}, {x, plot.bottom}, "class=\"ceiling\"");
    svg.text({x, svg_font_size}, Anchor::middle, "ceiling " + percent_text(*chart.ceiling, 0));
  }
  return svg.finished();
}

}  // namespace gimbal::report
