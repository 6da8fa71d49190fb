// The columns in the order that docs/formats.md gives them.
#include "gimbal/report/rich_cheap_csv.hpp"

#include <fmt/core.h>

namespace gimbal::report {
namespace {

std::string cell(const std::optional<double>& value) { return value ? fmt::format(",{}", *value) : std::string{","}; }

std::string side_cells(const std::optional<surface::SideEdge>& side) {
  return side ? fmt::format(",{},{}", side->volatility, side->gain_quote) : std::string{",,"};
}

}  // namespace

std::string rich_cheap_header() {
  return "time,instrument,fitted_volatility,bid_over,sell_gain,ask_under,buy_gain,residual,score\n";
}

std::string rich_cheap_lines(std::span<const surface::RichCheap> options, const market::MarketSnapshot& snapshot) {
  const std::string time = format_utc(snapshot.time);
  std::string text;
  for (const surface::RichCheap& option : options) {
    text += fmt::format("{},{},{}", time, (*snapshot.universe)[option.instrument].name, option.fitted_volatility);
    text += side_cells(option.sell) + side_cells(option.buy) + cell(option.residual) + cell(option.score) + '\n';
  }
  return text;
}

}  // namespace gimbal::report
