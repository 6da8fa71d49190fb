// The columns in the order that docs/formats.md gives them.
#include "gimbal/report/rich_cheap_csv.hpp"

#include <fmt/core.h>

namespace gimbal::report {
namespace {

std::string cell(const std::optional<double>& value) { return value ? fmt::format(",{}", *value) : std::string{","}; }

std::string side_cells(const std::optional<surface::QuoteEdge>& side) {
  return side ? cell(side->volatility) + cell(side->money) : std::string{",,"};
}

}  // namespace

std::string rich_cheap_header() {
  return "time,instrument,log_moneyness,volatility_fitted,rung,sell_volatility,sell_money,buy_volatility,buy_money,"
         "residual,score\n";
}

std::string rich_cheap_lines(std::span<const surface::RichCheapRow> rows, const market::MarketSnapshot& snapshot) {
  const std::string time = format_utc(snapshot.time);
  std::string text;
  for (const surface::RichCheapRow& row : rows) {
    text += fmt::format("{},{},{},{},{}", time, (*snapshot.universe)[row.instrument].name, row.log_moneyness,
                        row.volatility_fitted, surface::to_string(row.rung));
    text += side_cells(row.sell) + side_cells(row.buy) + cell(row.residual) + cell(row.score) + '\n';
  }
  return text;
}

}  // namespace gimbal::report
