// The loop that feeds the core: journal an event, apply it, book what it moved, carry out what was decided. It owns the
// order of these steps and nothing else; what happens outside comes through the four ports.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "gimbal/engine/state.hpp"

namespace gimbal::engine {

/// Where events are kept. `append` buffers; after `commit` everything appended survives a crash.
class JournalPort {
 public:
  virtual ~JournalPort() = default;
  [[nodiscard]] virtual Result<void> append(std::span<const std::uint8_t> record) = 0;
  [[nodiscard]] virtual Result<void> commit() = 0;
};

/// Where the ledger's entries are kept. Entries are handed over as they arise, and made durable by lap.
class LedgerPort {
 public:
  virtual ~LedgerPort() = default;
  [[nodiscard]] virtual Result<void> add(const portfolio::Entry& entry, const market::Universe& universe) = 0;
  /// The end of a lap; `state` is the one after LapClosed.
  [[nodiscard]] virtual Result<void> close_lap(const State& state) = 0;
};

/// The slow work: pure functions of the immutable snapshots in the command.
struct Workers {
  std::function<Result<SurfacesFitted>(const FitSurfaces&)> fit;
  std::function<Result<PortfolioOpened>(const OpenPortfolio&)> open;
  std::function<Result<TargetProposed>(const ProposeTarget&)> propose;
};

/// Sends an approved order; the events that the venue answers with, in order.
using VenuePort = std::function<std::vector<EventBody>(const market::Approved<market::OrderRequest>&)>;

class Loop {
 public:
  struct Ports {
    JournalPort* journal = nullptr;  ///< Null: nothing is journalled.
    LedgerPort* ledger = nullptr;    ///< Null: nothing is booked outside the state.
    Workers workers;
    VenuePort venue;
  };

  Loop(State state, Ports ports) : state_{std::move(state)}, ports_{std::move(ports)} {}

  /// One event from outside and everything that follows from it.
  /// Errors    of the ports, with nothing later done; what was not committed is the caller's to drop.
  [[nodiscard]] Result<void> take(UtcTime at, EventBody body);

  /// Finishes the lap that an earlier process left in the middle: takes the records that its journal's replay still
  /// expects, and closes its open orders.
  /// Errors    as take().
  [[nodiscard]] Result<void> resume(std::vector<EventBody> records);

  [[nodiscard]] const State& state() const { return state_; }

 private:
  [[nodiscard]] Result<void> carry_out(const Command& command);
  [[nodiscard]] Result<void> take_all(std::vector<EventBody> bodies);
  [[nodiscard]] Result<void> commit();

  State state_;
  Ports ports_;
  bool cause_pending_ = false;  ///< A record of the engine's own making is appended and not yet durable.
};

/// What a replay found.
struct ReplayReport {
  std::uint64_t events = 0;
  std::uint64_t laps = 0;
  Digest last{};
};

/// Folds recorded events through the same apply and decide, and holds them to what was recorded: every event of the
/// engine's own making must come out as it stands in the journal, digests included.
class Replay {
 public:
  /// `ledger`, where given, is shown every entry and lap, so that a ledger that is behind its journal catches up.
  explicit Replay(State state, LedgerPort* ledger = nullptr) : state_{std::move(state)}, ledger_{ledger} {}

  /// Errors    of the ledger; corrupt, naming the event, when the fold does not make the recorded event.
  [[nodiscard]] Result<void> take(const Event& event);

  [[nodiscard]] const State& state() const { return state_; }
  [[nodiscard]] const ReplayReport& report() const { return report_; }
  /// The engine's own records that the journal does not hold yet, oldest first: it was cut off before them.
  [[nodiscard]] const std::vector<EventBody>& pending() const { return expected_; }

 private:
  State state_;
  LedgerPort* ledger_;
  std::vector<EventBody> expected_;  ///< Records decided on and not yet met, oldest first.
  ReplayReport report_;
};

}  // namespace gimbal::engine
