// Feeding recorded snapshots through the engine.
#include "gimbal/app/lap_run.hpp"

#include <utility>

#include "gimbal/allocate/allocation.hpp"
#include "gimbal/app/ledger_writer.hpp"
#include "gimbal/app/portfolio_file.hpp"
#include "gimbal/app/terminal.hpp"
#include "gimbal/engine/loop.hpp"
#include "gimbal/host/clock.hpp"
#include "gimbal/host/file_reader.hpp"
#include "gimbal/host/journal_file.hpp"
#include "gimbal/simulate/paper_venue.hpp"
#include "gimbal/surface/surface_fit.hpp"

namespace gimbal::app {
namespace {

constexpr std::size_t text_bytes_max = 16U << 20U;

// Counts the snapshots that the laps will read, so that what is wrong with them is known before anything is written.
class RangeCheck final : public market::SnapshotSink {
 public:
  RangeCheck(std::uint64_t wanted, std::optional<UtcTime> after) : wanted_{wanted}, after_{after} {}
  bool take(market::RecordedSnapshot&& snapshot) override {
    if (!after_ || snapshot.time > *after_) ++found_;
    return found_ < wanted_;
  }
  [[nodiscard]] std::uint64_t found() const { return found_; }

 private:
  std::uint64_t wanted_;
  std::optional<UtcTime> after_;
  std::uint64_t found_ = 0;
};

class Journal final : public engine::JournalPort {
 public:
  explicit Journal(host::JournalWriter writer) : writer_{std::move(writer)} {}
  Result<void> append(std::span<const std::uint8_t> record) override { return writer_.append(record); }
  Result<void> commit() override {
    if (auto committed = writer_.commit(); !committed) return Unexpected{committed.error()};
    return {};
  }
  [[nodiscard]] const host::JournalWriter& writer() const { return writer_; }

 private:
  host::JournalWriter writer_;
};

// The slow work of a lap, each a pure function of what the engine's command holds.
engine::Workers workers_of(const Configuration& configuration, const std::optional<std::string>& portfolio_file,
                           const std::string& portfolio_text) {
  engine::Workers workers;
  workers.fit = [&configuration](const engine::FitSurfaces& command) -> Result<engine::SurfacesFitted> {
    auto fitted = surface::fit_surfaces(*command.market, configuration.fit, command.before.get());
    if (!fitted) return Unexpected{fitted.error()};
    return engine::SurfacesFitted{std::make_shared<const surface::SurfaceSet>(std::move(*fitted))};
  };
  workers.open = [&configuration, portfolio_file,
                  portfolio_text](const engine::OpenPortfolio& command) -> Result<engine::PortfolioOpened> {
    if (portfolio_file) return read_portfolio(*portfolio_file, portfolio_text, *command.market);
    return open_starting_book(configuration.start, *command.market, *command.surfaces);
  };
  workers.propose = [&configuration,
                     checked = false](const engine::ProposeTarget& command) mutable -> Result<engine::TargetProposed> {
    const auto book = risk::read_book(*command.view, *command.ledger, command.account);
    if (!book) return Unexpected{book.error()};
    const allocate::AllocationInput input{*command.view, *book, configuration.target, configuration.allocation};
    if (!std::exchange(checked, true))
      if (auto wide = allocate::check_bounds_against_lots(input); !wide) return Unexpected{wide.error()};
    auto target = allocate::allocate(input);
    if (!target) return Unexpected{target.error()};
    return engine::TargetProposed{std::move(*target)};
  };
  return workers;
}

class Run final : public market::SnapshotSink {
 public:
  Run(const LapOptions& options, Configuration configuration, const LapObserver& observer)
      : options_{options}, configuration_{std::move(configuration)}, observer_{observer} {}

  Result<LapOutcome> run() {
    if (auto opened = read_portfolio_text(); !opened) return Unexpected{opened.error()};
    if (auto recovered = recover(); !recovered) return Unexpected{recovered.error()};
    const auto found = check_range();
    if (!found) return Unexpected{found.error()};
    if (auto begun = begin(); !begun) return Unexpected{begun.error()};
    laps_wanted_ = *found;
    if (auto fed = feed(); !fed) return Unexpected{fed.error()};
    LapOutcome outcome;
    // Between laps the engine's state is that of the last one.
    if (options_.detail) outcome.detail = report::lap_detail(loop_->state(), configuration_.fit);
    outcome.configuration = std::move(configuration_);
    outcome.laps = std::move(reports_);
    outcome.laps_recovered = laps_recovered_;
    if (*found < options_.laps)
      outcome.note = fmt::format("{} holds {} of the {} snapshots asked for", options_.market, *found, options_.laps);
    return outcome;
  }

  bool take(market::RecordedSnapshot&& snapshot) override {
    if (after_ && snapshot.time <= *after_) return true;
    if (auto lapped = lap(snapshot); !lapped) {
      error_ = lapped.error();
      return false;
    }
    progress_.update(reports_.size(), laps_wanted_);
    return reports_.size() < laps_wanted_;
  }

 private:
  Result<void> read_portfolio_text() {
    if (!options_.portfolio) return {};
    auto text = host::read_whole_file(*options_.portfolio, text_bytes_max);
    if (!text) return Unexpected{text.error()};
    portfolio_text_ = std::move(*text);
    return {};
  }

  // Opens journal and ledger, and replays what the journal holds.
  Result<void> recover() {
    if (options_.ledger) {
      auto ledger = LedgerWriter::open(*options_.ledger, configuration_.engine->identity);
      if (!ledger) return Unexpected{ledger.error()};
      ledger_.emplace(std::move(*ledger));
    }
    replay_ = std::make_unique<engine::Replay>(engine::State{configuration_.engine}, ledger_port());
    if (!options_.journal) return {};
    auto writer =
        host::JournalWriter::open(*options_.journal, configuration_.engine->identity,
                                  [this](std::uint64_t, std::span<const std::uint8_t> record) -> Result<void> {
                                    const auto event = engine::decode_event(record, replay_->state().universe);
                                    if (!event) return Unexpected{event.error()};
                                    return replay_->take(*event);
                                  });
    if (!writer) return Unexpected{writer.error()};
    journal_ = std::make_unique<Journal>(std::move(*writer));
    laps_recovered_ = replay_->report().laps;
    if (replay_->state().market) after_ = replay_->state().market->time;
    if (laps_recovered_ > 0 && options_.portfolio)
      return fail(ErrorCode::invalid_argument,
                  "{}: the journal {} is past its opening; a portfolio file cannot be "
                  "opened into it",
                  *options_.portfolio, *options_.journal);
    return {};
  }

  Result<std::uint64_t> check_range() {
    RangeCheck check{options_.laps, after_};
    Progress progress{"reading " + options_.market};
    const auto read = host::read_market_file(
        options_.market, window(), check,
        [&progress](const host::FileProgress& file) { progress.update(file.bytes_read, file.bytes_total); });
    if (!read) return Unexpected{read.error()};
    if (check.found() == 0)
      return fail(ErrorCode::missing_data, "{}: no snapshot after {}, where the journal ends", options_.market,
                  after_ ? format_utc(*after_) : "its beginning");
    return check.found();
  }

  Result<void> begin() {
    engine::Loop::Ports ports;
    ports.journal = journal_.get();
    ports.ledger = ledger_port();
    ports.workers = workers_of(configuration_, options_.portfolio, portfolio_text_);
    ports.venue = [this](const market::Approved<market::OrderRequest>& order) { return venue_.submit(order); };
    const bool fresh = replay_->state().sequence == 0;
    std::vector<engine::EventBody> pending = replay_->pending();
    loop_ = std::make_unique<engine::Loop>(replay_->state(), std::move(ports));
    replay_.reset();
    // Without a journal a ledger is compared with a run from its beginning; with one it must not know more than that.
    if (ledger_)
      if (auto level = ledger_->replayed(); !level && journal_) return level;
    if (fresh) return {};
    if (auto resumed = loop_->resume(std::move(pending)); !resumed) return resumed;
    adopt_positions();
    return {};
  }

  void adopt_positions() {
    const engine::State& state = loop_->state();
    venue_.adopt(state.ledger.positions(), state.last_trade, state.market);
  }

  Result<void> feed() {
    const auto read = host::read_market_file(options_.market, window(), *this);
    if (error_) return Unexpected{*error_};
    if (!read) return Unexpected{read.error()};
    return {};
  }

  [[nodiscard]] venue::SnapshotWindow window() const {
    return {.at = options_.at, .now = begun_, .sampling_interval = options_.sampling_interval};
  }

  Result<void> lap(const market::RecordedSnapshot& recorded) {
    auto built = market::build_snapshot(recorded, loop_->state().universe, configuration_.assumptions);
    if (!built) return with_context(built.error(), options_.market);
    auto snapshot = std::make_shared<const market::MarketSnapshot>(std::move(built->snapshot));
    if (loop_->state().sequence == 0)
      if (auto started = loop_->take(snapshot->time, engine::Started{configuration_.engine->text}); !started)
        return started;
    auto settled = venue_.advance(snapshot);
    if (!settled) return Unexpected{settled.error()};
    for (engine::EventBody& event : *settled)
      if (auto taken = loop_->take(snapshot->time, std::move(event)); !taken) return taken;
    const bool opened_before = loop_->state().opened;
    if (auto taken = loop_->take(snapshot->time, engine::MarketUpdated{std::move(built->listed), snapshot}); !taken)
      return taken;
    if (!opened_before) adopt_positions();
    return keep_report();
  }

  Result<void> keep_report() {
    report::LapMarks marks;
    marks.digest = loop_->state().lap_digest;
    if (journal_) marks.journal_head = engine::to_string(journal_->writer().head_committed());
    auto report = report::lap_report(loop_->state(), configuration_.target, marks);
    if (!report) return Unexpected{report.error()};
    const report::LapReport* before = reports_.empty() ? nullptr : &reports_.back();
    if (observer_) observer_(*report, before, laps_wanted_);
    reports_.push_back(std::move(*report));
    return {};
  }

  [[nodiscard]] engine::LedgerPort* ledger_port() { return ledger_ ? &*ledger_ : nullptr; }

  const LapOptions& options_;
  const UtcTime begun_ = host::utc_now();
  Configuration configuration_;
  const LapObserver& observer_;
  std::string portfolio_text_;
  std::optional<LedgerWriter> ledger_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<engine::Replay> replay_;
  std::unique_ptr<engine::Loop> loop_;
  simulate::PaperVenue venue_;
  std::optional<UtcTime> after_;
  std::uint64_t laps_wanted_ = 0;
  std::uint64_t laps_recovered_ = 0;
  std::vector<report::LapReport> reports_;
  std::optional<Error> error_;
  Progress progress_{"laps"};
};

}  // namespace

Result<LapOutcome> run_laps(const LapOptions& options, const LapObserver& observer) {
  const auto text = host::read_whole_file(options.configuration, text_bytes_max);
  if (!text) return Unexpected{text.error()};
  auto configuration = read_configuration(options.configuration, *text);
  if (!configuration) return Unexpected{configuration.error()};
  return Run{options, std::move(*configuration), observer}.run();
}

}  // namespace gimbal::app
