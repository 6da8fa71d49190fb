// Where profit came from, in a paragraph for the terminal. The figures line by line are in the JSON and on the page.
#pragma once

#include <string>

#include "gimbal/report/attribution_report.hpp"
#include "gimbal/report/table.hpp"

namespace gimbal::report {

/// `Profit   -4,970 USD since 2026-01-06 14:00: trades -3,238, fees -822, ...`, assets and buckets together, items of
/// zero left out. `label` stands in front, as in paragraph().
[[nodiscard]] std::string attribution_text(const AttributionReport& attribution, const std::string& numeraire,
                                           std::string_view label, const TextStyle& style);

}  // namespace gimbal::report
