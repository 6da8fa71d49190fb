// Fixed columns, so that rows written one after another line up without knowing each other.
#include "gimbal/report/lap_line.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "gimbal/report/internal/lap_figures.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report {
namespace {

struct Column {
  const char* header;
  std::size_t width;
  int importance;  // 1 is left out last
};

// With gaps of one, 100 columns together.
constexpr Column columns[] = {{"lap", 3, 1},    {"time UTC", 16, 2},     {"equity", 12, 1}, {"change", 9, 3},
                              {"trades", 6, 2}, {"cost", 8, 6},          {"missing", 7, 5}, {"binds", 5, 4},
                              {"broken", 6, 1}, {"worst stress", 12, 6}, {"margin", 6, 4}};
constexpr std::size_t column_count = std::size(columns);

// The least importance that still fits the width.
int importance_shown(std::size_t width) {
  for (int importance = 6; importance > 1; --importance) {
    std::size_t total = 0;
    for (const Column& column : columns)
      if (column.importance <= importance) total += column.width + 1;
    if (total <= width + 1) return importance;
  }
  return 1;
}

std::string row(const std::vector<TableCell>& cells, const TextStyle& style) {
  const int shown = importance_shown(style.width);
  std::string line;
  for (std::size_t i = 0; i < column_count; ++i) {
    if (columns[i].importance > shown) continue;
    if (!line.empty()) line += ' ';
    const std::string text = fitted(printable(cells[i].text), columns[i].width, Alignment::right);
    line += emphasised(text, cells[i].emphasis, style);
  }
  return line + '\n';
}

// Money in few columns: what does not fit is given by its size instead of being cut.
std::string money_within(double value, const std::string& asset, std::size_t width, bool change) {
  std::string text = change ? change_text(value, money_decimals(value, asset)) : money_text(value, asset);
  return text.size() <= width ? text : fmt::format("{:.1e}", value);
}

}  // namespace

std::string lap_line_header(const LapReport& lap, const TextStyle& style) {
  std::vector<TableCell> names;
  std::vector<TableCell> rules;
  for (const Column& column : columns) {
    const bool money = std::string_view{column.header} == "equity";
    names.push_back({money ? "equity " + lap.numeraire : column.header, Emphasis::strong});
    rules.push_back({std::string(column.width, '-'), Emphasis::faint});
  }
  return row(names, style) + row(rules, style);
}

std::string lap_line(const LapReport& lap, const LapPlace& place, const TextStyle& style) {
  const auto binding = std::count_if(lap.constraints.begin(), lap.constraints.end(),
                                     [](const ConstraintLine& line) { return line.target.binding; });
  const auto broken = std::count_if(lap.constraints.begin(), lap.constraints.end(),
                                    [](const ConstraintLine& line) { return line.broken(); });
  const std::size_t missing = internal::orders_missing(lap);
  const auto money = [&lap](const std::optional<double>& value, std::size_t column, bool change) {
    return value ? money_within(*value, lap.numeraire, columns[column].width, change) : std::string{text_absent};
  };
  std::optional<double> change;
  if (lap.equity && place.before != nullptr && place.before->equity) change = *lap.equity - *place.before->equity;
  std::optional<double> worst;
  if (!lap.stress.empty()) worst = lap.stress.front().profit;
  return row({{std::to_string(lap.lap)},
              {format_utc_minutes(lap.time)},
              {money(lap.equity, 2, false)},
              {money(change, 3, true), change && *change < 0.0 ? Emphasis::bad : Emphasis::plain},
              {std::to_string(lap.fills.size())},
              {money(internal::cost_of_fills(lap), 5, false)},
              {std::to_string(missing), missing > 0 ? Emphasis::warning : Emphasis::plain},
              {std::to_string(binding)},
              {std::to_string(broken), broken > 0 ? Emphasis::bad : Emphasis::plain},
              {money(worst, 9, false)},
              {percent_text(internal::utilisation_most(lap), 0)}},
             style);
}

}  // namespace gimbal::report
