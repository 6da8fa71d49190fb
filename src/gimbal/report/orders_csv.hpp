// Approved orders as CSV, one a line, so that a person can key them in where no connection to the venue exists: the
// venue's own names, units and steps, and why each order is there.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gimbal/report/lap_report.hpp"

namespace gimbal::report {

/// A field of a CSV record: as it is, or in quotes where it holds a comma, a quote or a line break.
/// Source    RFC 4180, section 2.
[[nodiscard]] std::string csv_field(std::string_view text);

/// The header and the approved orders of the laps, in their order. Lines end in CR LF, as the RFC has it.
/// Format    docs/formats.md.
[[nodiscard]] std::string orders_csv(std::span<const LapReport> laps);

}  // namespace gimbal::report
