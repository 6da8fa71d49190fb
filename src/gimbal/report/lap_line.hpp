// A lap in one row, for runs of many: the header once, then a row as each lap comes in, all of the same columns.
#pragma once

#include <string>

#include "gimbal/report/lap_report.hpp"
#include "gimbal/report/lap_table.hpp"

namespace gimbal::report {

/// Two lines: the columns and a rule. Narrower styles leave out the columns that matter least.
[[nodiscard]] std::string lap_line_header(const LapReport& lap, const TextStyle& style);

/// One line: time, equity and its change, trades, what they cost, orders refused or not filled, bounds that bind and
/// that are broken by the booked book, the worst stress row and the largest margin utilisation.
[[nodiscard]] std::string lap_line(const LapReport& lap, const LapPlace& place, const TextStyle& style);

}  // namespace gimbal::report
