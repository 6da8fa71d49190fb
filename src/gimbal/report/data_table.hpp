// A recorded market's contents for people: what is in it, when, with which gaps, and how good its quotes are.
#pragma once

#include <string>

#include "gimbal/report/data_report.hpp"
#include "gimbal/report/table.hpp"

namespace gimbal::report {

/// At most this many gaps are shown; the document has all of them.
inline constexpr std::size_t gaps_shown = 10;

[[nodiscard]] std::string data_table(const DataReport& report, const TextStyle& style);

}  // namespace gimbal::report
