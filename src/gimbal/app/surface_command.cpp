// `gimbal surface`: the fitted surfaces of a recorded market, as a volatility desk reads them. The answer is no where
// one of them leaves room for arbitrage.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "gimbal/app/commands.hpp"
#include "gimbal/app/json_output.hpp"
#include "gimbal/app/terminal.hpp"
#include "gimbal/host/clock.hpp"
#include "gimbal/host/file_reader.hpp"
#include "gimbal/host/file_writer.hpp"
#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/report/rich_cheap_csv.hpp"
#include "gimbal/report/rich_cheap_table.hpp"
#include "gimbal/report/surface_grid.hpp"
#include "gimbal/report/surface_json.hpp"
#include "gimbal/report/surface_page.hpp"
#include "gimbal/report/surface_table.hpp"
#include "gimbal/surface/surface_fit.hpp"

namespace gimbal::app {
namespace {

// Fits what it is handed and keeps the figures, none of the snapshots.
class Fitting final : public market::SnapshotSink {
 public:
  explicit Fitting(const SurfaceCommand& command) : command_{command} { fit_.model = command.model; }

  bool take(market::RecordedSnapshot&& recorded) override {
    if (auto done = fit(recorded); !done) {
      error_ = done.error();
      return false;
    }
    return command_.snapshots == SnapshotChoice::all;
  }

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] const std::vector<report::SurfaceFigures>& figures() const { return figures_; }
  [[nodiscard]] const std::string& grid() const { return grid_; }
  [[nodiscard]] const std::string& rich() const { return rich_; }
  /// Of one snapshot: the quotes and the trades that pay most.
  [[nodiscard]] const std::string& standing_out() const { return standing_out_; }
  [[nodiscard]] const std::vector<report::SurfacePart>& parts() const { return parts_; }

  /// How many snapshots had no surface to show.
  [[nodiscard]] std::uint64_t snapshots_without() const { return snapshots_without_; }

  /// Why there is no figure at all.
  [[nodiscard]] Unexpected nothing() const {
    const std::vector<std::string> known = underlyings();
    const std::string when = snapshots_ == 1 ? "at " + format_utc(time_) : fmt::format("in {} snapshots", snapshots_);
    std::string sentence;
    if (known.empty()) {
      sentence = fmt::format("no live option {}", when);
      if (expired_ > 0) sentence += fmt::format(" ({} expired)", expired_);
    } else if (command_.underlying && std::find(known.begin(), known.end(), *command_.underlying) == known.end()) {
      sentence = fmt::format("no option on {} {}, only on {}", *command_.underlying, when, fmt::join(known, ", "));
    } else {
      sentence =
          fmt::format("no surface of {} {}: no quote or mark of an option gives a volatility",
                      command_.underlying ? *command_.underlying : fmt::format("{}", fmt::join(known, ", ")), when);
    }
    return with_context(Error{ErrorCode::missing_data, sentence}, command_.market);
  }

 private:
  Result<void> fit(const market::RecordedSnapshot& recorded) {
    auto built = market::build_snapshot(recorded, universe_, market::MarketAssumptions{});
    if (!built) return Unexpected{built.error()};
    const market::MarketSnapshot& snapshot = built->snapshot;
    universe_ = snapshot.universe;
    time_ = snapshot.time;
    ++snapshots_;
    expired_ += snapshot.quality.expired;
    const auto set = surface::fit_surfaces(snapshot, fit_);
    if (!set) return Unexpected{set.error()};
    const std::size_t before = figures_.size();
    for (const surface::VolSurface& surface : set->surfaces()) {
      if (command_.underlying && universe_->asset(surface.underlying()).code.view() != *command_.underlying) continue;
      figures_.push_back(report::surface_figures(surface, snapshot, command_.convention));
      if (command_.page) parts_.push_back(report::surface_part(surface, snapshot, fit_, command_.convention));
      if (command_.grid) grid_ += report::surface_grid_lines(surface, snapshot, command_.convention);
    }
    if (auto looked = look_for_trades(snapshot, *set); !looked) return looked;
    if (figures_.size() == before) ++snapshots_without_;
    return {};
  }

  // Options against the surface, and what quotes alone pay for: in full where that was asked for, and for one snapshot
  // what stands out.
  Result<void> look_for_trades(const market::MarketSnapshot& snapshot, const surface::SurfaceSet& set) {
    const bool one = command_.snapshots == SnapshotChoice::one;
    if (!command_.rich && !one) return {};
    const auto is_other = [this](market::InstrumentId id) {
      return command_.underlying && (*universe_)[id].underlying.view() != *command_.underlying;
    };
    auto rows = surface::rich_cheap(snapshot, set, residuals_);
    if (!rows) return Unexpected{rows.error()};
    residuals_.absorb(snapshot.time, surface::residuals_of(*rows));
    std::erase_if(*rows, [&](const surface::RichCheapRow& row) { return is_other(row.instrument); });
    if (command_.rich) rich_ += report::rich_cheap_lines(*rows, snapshot);
    if (!one) return {};
    auto trades = surface::quoted_arbitrages(snapshot);
    if (!trades) return Unexpected{trades.error()};
    std::erase_if(*trades,
                  [&](const surface::QuotedArbitrage& trade) { return is_other(trade.legs.front().instrument); });
    constexpr std::size_t shown = 3;
    const report::TextStyle style = output_style();
    standing_out_ = "\n" + report::rich_cheap_table(*universe_, *rows, shown, style) + "\n" +
                    report::quoted_arbitrage_text(*universe_, *trades, shown, style);
    return {};
  }

  [[nodiscard]] std::vector<std::string> underlyings() const {
    std::vector<std::string> known;
    for (const market::Instrument& instrument : universe_->instruments()) {
      const std::string code = instrument.underlying.str();
      if (instrument.is_option() && std::find(known.begin(), known.end(), code) == known.end()) known.push_back(code);
    }
    return known;
  }

  const SurfaceCommand& command_;
  surface::FitSettings fit_;
  std::shared_ptr<const market::Universe> universe_ = std::make_shared<const market::Universe>();
  std::vector<report::SurfaceFigures> figures_;
  std::vector<report::SurfacePart> parts_;
  surface::ResidualHistory residuals_;
  std::string rich_ = report::rich_cheap_header();
  std::string standing_out_;
  std::string grid_ = report::surface_grid_header();
  std::uint64_t snapshots_ = 0;
  std::uint64_t snapshots_without_ = 0;
  std::uint64_t expired_ = 0;
  UtcTime time_;
  std::optional<Error> error_;
};

Result<void> read_and_fit(const SurfaceCommand& command, Fitting& sink) {
  Progress progress{"fitting " + command.market};
  const auto format = host::read_market_file(
      command.market, {.at = command.at, .now = host::utc_now(), .sampling_interval = command.sampling_interval}, sink,
      [&progress](const host::FileProgress& file) { progress.update(file.bytes_read, file.bytes_total); });
  if (sink.error()) return with_context(*sink.error(), command.market);
  if (!format) return Unexpected{format.error()};
  if (sink.figures().empty()) return sink.nothing();
  return {};
}

std::string tables(const SurfaceCommand& command, const Fitting& fitting) {
  const report::TextStyle style = output_style();
  std::string text;
  if (command.snapshots == SnapshotChoice::all) {
    text = report::surface_history_table(fitting.figures(), style);
    if (fitting.snapshots_without() > 0)
      text += report::paragraph(
          "", fmt::format("snapshots in which nothing can be fitted: {}", fitting.snapshots_without()), style,
          report::Emphasis::warning);
    return text;
  }
  for (const report::SurfaceFigures& surface : fitting.figures()) text += report::surface_table(surface, style) + '\n';
  return text + report::surface_legend(command.convention, style) + fitting.standing_out();
}

// The options that decide what the page shows, in one order.
std::string canonical_command(const SurfaceCommand& command) {
  std::string text = "gimbal surface --market " + shell_word(command.market);
  if (command.underlying) text += " --underlying " + shell_word(*command.underlying);
  if (command.at) text += " --at " + format_utc(*command.at);
  if (command.sampling_interval != SurfaceCommand{}.sampling_interval)
    text += fmt::format(" --sample-minutes {}",
                        std::chrono::duration_cast<std::chrono::minutes>(command.sampling_interval).count());
  if (command.model != surface::Model::svi) text += fmt::format(" --model {}", surface::to_string(command.model));
  if (command.convention == surface::DeltaConvention::premium_adjusted) text += " --premium-adjusted";
  return text + " --html page.html";
}

Result<void> write_page(const SurfaceCommand& command, const Fitting& fitting) {
  if (!command.page) return {};
  return host::write_file(*command.page,
                          report::surface_page({fitting.parts(), command.market, canonical_command(command)}));
}

// A CSV text where it was asked for: to its file, or to standard output.
Result<void> write_csv(const std::optional<std::string>& file, const std::string& text) {
  if (!file) return {};
  if (!file->empty()) return host::write_file(*file, text);
  print(text);
  return {};
}

}  // namespace

Result<ExitStatus> run_command(const SurfaceCommand& command) {
  if (command.page && command.snapshots == SnapshotChoice::all)
    return fail(ErrorCode::invalid_argument, "--html shows one snapshot: give --at a time instead of all");
  const int to_output = (to_standard_output(command.json) ? 1 : 0) + (command.grid && command.grid->empty() ? 1 : 0) +
                        (command.rich && command.rich->empty() ? 1 : 0);
  if (to_output > 1)
    return fail(ErrorCode::invalid_argument,
                "only one of --json, --grid and --rich can go to standard output: name a file for the others");
  Fitting sink{command};
  if (auto read = read_and_fit(command, sink); !read) return Unexpected{read.error()};
  const std::vector<report::SurfaceFigures>& figures = sink.figures();
  if (command.json.wanted)
    if (auto written = write_json(command.json, report::surfaces_json(figures)); !written)
      return Unexpected{written.error()};
  if (auto written = write_csv(command.grid, sink.grid()); !written) return Unexpected{written.error()};
  if (auto written = write_csv(command.rich, sink.rich()); !written) return Unexpected{written.error()};
  if (auto written = write_page(command, sink); !written) return Unexpected{written.error()};
  if (to_output == 0) print(tables(command, sink));
  const bool free = std::all_of(figures.begin(), figures.end(),
                                [](const report::SurfaceFigures& surface) { return surface.arbitrage_free; });
  return free ? ExitStatus::done : ExitStatus::answer_is_no;
}

}  // namespace gimbal::app
