// `gimbal data`: what a recorded market holds. The whole file is read and every snapshot built, so that a file which is
// reported on is one that laps can run over.
#include "gimbal/app/commands.hpp"
#include "gimbal/app/json_output.hpp"
#include "gimbal/app/terminal.hpp"
#include "gimbal/host/clock.hpp"
#include "gimbal/host/file_reader.hpp"
#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/report/data_json.hpp"
#include "gimbal/report/data_table.hpp"

namespace gimbal::app {
namespace {

// Builds each snapshot as a lap would, and lets go of it.
class Tally final : public market::SnapshotSink {
 public:
  bool take(market::RecordedSnapshot&& recorded) override {
    auto built = market::build_snapshot(recorded, universe_, market::MarketAssumptions{});
    if (!built) {
      error_ = built.error();
      return false;
    }
    universe_ = built->snapshot.universe;
    tally_.add(built->snapshot);
    return true;
  }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] const report::DataTally& tally() const { return tally_; }

 private:
  std::shared_ptr<const market::Universe> universe_ = std::make_shared<const market::Universe>();
  report::DataTally tally_;
  std::optional<Error> error_;
};

Result<report::DataReport> read_data(const DataCommand& command) {
  Tally sink;
  Progress progress{"reading " + command.file};
  const auto format = host::read_market_file(
      command.file, {.at = std::nullopt, .now = host::utc_now(), .sampling_interval = command.sampling_interval}, sink,
      [&progress](const host::FileProgress& file) { progress.update(file.bytes_read, file.bytes_total); });
  if (sink.error()) return with_context(*sink.error(), command.file);
  if (!format) return Unexpected{format.error()};
  return sink.tally().report(std::string{venue::to_string(*format)});
}

}  // namespace

Result<ExitStatus> run_command(const DataCommand& command) {
  const auto report = read_data(command);
  if (!report) return Unexpected{report.error()};
  if (auto written = write_json(command.json, report::data_json(*report)); !written) return Unexpected{written.error()};
  if (!to_standard_output(command.json)) print(report::data_table(*report, output_style()));
  return ExitStatus::done;
}

}  // namespace gimbal::app
