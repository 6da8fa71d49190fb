// The laps of a run as one JSON document (docs/formats.md has every key): the same laps give the same bytes, whenever
// and wherever it is written, since it holds no time of day, no duration, no version and no path.
#pragma once

#include <span>
#include <string>

#include "gimbal/report/lap_report.hpp"

namespace gimbal::report {

/// What a run was asked for.
struct RunSummary {
  std::string configuration;           ///< Its name: `vol_arbitrage`.
  std::string configuration_identity;  ///< SHA-256 of its text, hexadecimal.
  std::uint64_t laps_asked = 1;
};

/// UTF-8, keys in fixed order, one line per innermost object, a line break at the end.
///
/// Numbers   exact decimals (prices, sizes, cash, fees) are strings, analytics are numbers in their shortest form that
///           reads back to the same double. What is absent or not finite is null.
/// Names     of keys end in their units; `usd` in them is the numeraire in lower case.
/// Domain    laps of one run, in order, all with the same numeraire.
[[nodiscard]] std::string laps_json(std::span<const LapReport> laps, const RunSummary& run);

}  // namespace gimbal::report
