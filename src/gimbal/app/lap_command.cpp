// `gimbal lap`: runs laps and shows them.
#include "gimbal/app/commands.hpp"
#include "gimbal/app/json_output.hpp"
#include "gimbal/app/terminal.hpp"
#include "gimbal/host/file_writer.hpp"
#include "gimbal/report/attribution_text.hpp"
#include "gimbal/report/lap_json.hpp"
#include "gimbal/report/lap_line.hpp"
#include "gimbal/report/lap_page.hpp"
#include "gimbal/report/lap_table.hpp"
#include "gimbal/report/orders_csv.hpp"

namespace gimbal::app {
namespace {

// Shows laps as they come: a row each, or in full where that was asked for.
LapObserver observer_of(const LapCommand& command, const report::TextStyle& style) {
  if (to_standard_output(command.json)) return {};
  return [&command, style](const report::LapReport& lap, const report::LapReport* before, std::uint64_t count) {
    const report::LapPlace place{count, before};
    if (command.verbose) {
      print(report::lap_table(lap, place, {style}) + "\n");
    } else if (count > 1) {
      if (before == nullptr) print(report::lap_line_header(lap, style));
      print(report::lap_line(lap, place, style));
    }
  };
}

// Where the profit of a run of several laps came from.
std::string run_profit_text(const std::vector<report::LapReport>& laps, const report::TextStyle& style) {
  std::vector<report::AttributionReport> intervals;
  for (const report::LapReport& lap : laps)
    if (lap.attribution) intervals.push_back(*lap.attribution);
  if (intervals.size() < 2) return {};
  return report::attribution_text(report::joined(intervals), laps.back().numeraire, "All laps ", style);
}

// Whether every lap's booked book holds every hard bound.
bool holds_every_bound(const std::vector<report::LapReport>& laps) {
  for (const report::LapReport& lap : laps) {
    if (!lap.trouble.empty() || !lap.target || !lap.target->broken.empty()) return false;
    for (const report::ConstraintLine& line : lap.constraints)
      if (line.broken()) return false;
  }
  return true;
}

// The options that decide what a run computes, in one order: where its results go is left out, so that two runs into
// different files write the same page.
std::string canonical_command(const LapOptions& options) {
  std::string text =
      fmt::format("gimbal lap {} --market {}", shell_word(options.configuration), shell_word(options.market));
  if (options.at) text += " --at " + format_utc(*options.at);
  text += fmt::format(" --laps {}", options.laps);
  if (options.sampling_interval != LapOptions{}.sampling_interval)
    text += fmt::format(" --sample-minutes {}",
                        std::chrono::duration_cast<std::chrono::minutes>(options.sampling_interval).count());
  if (options.portfolio) text += " --portfolio " + shell_word(*options.portfolio);
  return text + " --html page.html";
}

Result<void> write_page(const LapCommand& command, const LapOutcome& outcome, const report::RunSummary& summary) {
  if (!command.page) return {};
  const report::LapPage page{outcome.laps, *outcome.detail, summary, canonical_command(command.run)};
  return host::write_file(*command.page, report::lap_page(page));
}

}  // namespace

Result<ExitStatus> run_command(const LapCommand& command) {
  const report::TextStyle style = output_style();
  LapOptions options = command.run;
  options.detail = command.page.has_value();
  const auto outcome = run_laps(options, observer_of(command, style));
  if (!outcome) return Unexpected{outcome.error()};
  if (command.orders)
    if (auto written = host::write_file(*command.orders, report::orders_csv(outcome->laps)); !written)
      return Unexpected{written.error()};
  const report::RunSummary summary{outcome->configuration.name, outcome->configuration.engine->identity,
                                   command.run.laps};
  if (auto written = write_json(command.json, report::laps_json(outcome->laps, summary)); !written)
    return Unexpected{written.error()};
  if (auto written = write_page(command, *outcome, summary); !written) return Unexpected{written.error()};
  if (!to_standard_output(command.json)) {
    const std::size_t count = outcome->laps.size();
    if (!command.verbose && count > 0) {
      const report::LapReport* before = count > 1 ? &outcome->laps[count - 2] : nullptr;
      print((count > 1 ? "\n" : "") + report::lap_table(outcome->laps.back(), {count, before}, {style}));
    }
    print(run_profit_text(outcome->laps, style));
    if (outcome->laps_recovered > 0)
      print(fmt::format("\n{} earlier laps were read back from the journal\n", outcome->laps_recovered));
    if (!outcome->note.empty()) print("\nnote: " + outcome->note + "\n");
  }
  return holds_every_bound(outcome->laps) ? ExitStatus::done : ExitStatus::answer_is_no;
}

}  // namespace gimbal::app
