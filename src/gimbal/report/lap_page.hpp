// The page of a run: one HTML document that holds everything it shows, loads nothing and needs no network, with its
// figures as SVG, its numbers as a JSON block and one script for the surface that can be turned. A risk manager's
// questions come first, the proof of the figures last.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "gimbal/report/lap_detail.hpp"
#include "gimbal/report/lap_json.hpp"
#include "gimbal/report/lap_report.hpp"

namespace gimbal::report {

/// What a page is written from.
struct LapPage {
  std::span<const LapReport> laps;  ///< Of one run, in order, at least one; all with the same numeraire.
  const LapDetail& detail;          ///< Of the last lap.
  RunSummary run;
  std::string command;  ///< That repeats the page, with the options that change results and no others.
};

/// UTF-8 HTML. The same laps give the same bytes: it holds no time of day, no duration and no version.
///
/// Security  the policy in its head allows the one style sheet and the one script by their hashes and nothing else; all
///           text from outside is escaped, in the JSON block as well.
[[nodiscard]] std::string lap_page(const LapPage& page);

}  // namespace gimbal::report
