// The ledger on disk: the same entries that portfolio::Ledger folds, in one SQLite file that people and other programs
// can query, with the positions and the equity of each lap. The schema is in docs/formats.md. The journal is the truth
// and the ledger its reading: a ledger that is behind is caught up by replay, one that is ahead is refused.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gimbal/portfolio/ledger.hpp"

namespace gimbal::host {

/// Equity of all accounts in one numeraire at the end of a lap.
struct LapEquity {
  std::string numeraire;  ///< `USD`, `BTC`, `ETH`
  double equity = 0.0;    ///< In that numeraire.
  friend bool operator==(const LapEquity&, const LapEquity&) = default;
};

/// The close of a lap, as the ledger keeps it.
struct LapRecord {
  std::uint64_t lap = 0;    ///< 1, 2, 3, ... or however the caller counts, ascending.
  std::uint64_t event = 0;  ///< Sequence of the event that closed it.
  UtcTime time;
  std::vector<portfolio::Position> positions;
  std::vector<LapEquity> equity;
};

/// A balance summed up by the database.
struct StoredBalance {
  market::AccountId account{};
  std::string place;  ///< portfolio::to_string(Place)
  std::string unit;   ///< Asset code or canonical instrument name.
  Int128 units = 0;   ///< In the unit's smallest step (asset decimals, lots).
  friend bool operator==(const StoredBalance&, const StoredBalance&) = default;
};

/// Writes entries to a ledger file. Neither copied nor shared between threads.
class LedgerStore {
 public:
  /// Creates the ledger at `path`, or continues it when `configuration` (a digest in text) is the one it was begun
  /// with.
  ///
  /// Nothing is written before the first write(): a store that was opened and never written to leaves no file, or the
  /// file that it found. Whether writing would be allowed is tried out here.
  /// Errors    invalid_argument when another configuration wrote the ledger; parse when the file is no ledger; corrupt
  ///           when it is damaged; io when the operating system refuses. The file is left as it was.
  [[nodiscard]] static Result<LedgerStore> open(const std::string& path, std::string_view configuration);
  LedgerStore(LedgerStore&&) noexcept;
  LedgerStore& operator=(LedgerStore&&) noexcept;
  ~LedgerStore();

  /// Writes entries, in ascending order of event, and the close of their lap where there is one, in one transaction:
  /// all of it or nothing, durable on return.
  ///
  /// A continued ledger is given the journal's entries from the first one on. What it holds already is compared and not
  /// doubled; what it lacks is added.
  /// Errors    corrupt when an entry does not sum to zero in every unit, or when the ledger holds another entry or lap
  ///           in its place; limit_exceeded for an amount past 9.2e27 smallest units; io. Nothing is changed then.
  [[nodiscard]] Result<void> write(std::span<const portfolio::Entry> entries, const LapRecord* lap,
                                   const market::Universe& universe);

  /// To be asked when a replay has given everything that the journal holds.
  /// Errors    corrupt when the ledger is ahead: it holds entries or laps that were never given.
  [[nodiscard]] Result<void> check_replayed() const;

  /// The largest event in the file, or nothing for a new ledger.
  [[nodiscard]] Result<std::optional<std::uint64_t>> event_last() const;

  /// Every balance that is not zero, in ascending order of account, place and unit as texts.
  [[nodiscard]] Result<std::vector<StoredBalance>> balances() const;

 private:
  struct State;
  explicit LedgerStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gimbal::host
