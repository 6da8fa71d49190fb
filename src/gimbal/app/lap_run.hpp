// A run of laps over a recorded market: joins the file, the engine, the workers, the paper venue, the journal and the
// ledger. What a lap is, is the engine's; this only feeds it and keeps what it reports.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gimbal/app/configuration.hpp"
#include "gimbal/report/lap_detail.hpp"
#include "gimbal/report/lap_report.hpp"

namespace gimbal::app {

struct LapOptions {
  std::string configuration;                           ///< File.
  std::string market;                                  ///< File.
  std::optional<UtcTime> at;                           ///< Begin at the last snapshot not later than this.
  std::uint64_t laps = 1;                              ///< At most; the file may end before.
  Duration sampling_interval = std::chrono::hours{1};  ///< Between snapshots of a record of changes.
  std::optional<std::string> portfolio;                ///< File.
  std::optional<std::string> journal;                  ///< Folder.
  std::optional<std::string> ledger;                   ///< File.
  bool detail = false;                                 ///< Whether the last lap's details are wanted.
};

/// What a run has to show for itself.
struct LapOutcome {
  Configuration configuration;
  std::vector<report::LapReport> laps;
  std::optional<report::LapDetail> detail;  ///< Of the last lap, where that was asked for.
  std::uint64_t laps_recovered = 0;         ///< That the journal held already.
  std::string note;                         ///< Something to know that is no error: the file ended early.
};

/// Told of each lap as it is done, with the one before it in this run (null for the first) and how many there will be.
using LapObserver =
    std::function<void(const report::LapReport& lap, const report::LapReport* before, std::uint64_t count)>;

/// Runs laps and hands over what each reported. Everything that can be refused is refused before the first lap is
/// journalled: the configuration, the whole range of the market that the laps will read, the portfolio, the journal and
/// the ledger.
/// Errors    with file, line or key; journal and ledger are as they were at the end of the last complete lap.
[[nodiscard]] Result<LapOutcome> run_laps(const LapOptions& options, const LapObserver& observer = {});

}  // namespace gimbal::app
