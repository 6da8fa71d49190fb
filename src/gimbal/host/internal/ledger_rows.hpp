// The ledger's rows: values built once from entries and laps, then inserted, or compared with the rows that a file
// holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gimbal/host/internal/sqlite.hpp"
#include "gimbal/host/ledger_store.hpp"

namespace gimbal::host::internal {

// 128 bits in two columns, so that SQL can sum them: units = units_high * 10^9 + units_low, 0 <= units_low < 10^9.
inline constexpr std::int64_t units_low_base = 1'000'000'000;

struct PostingRow {
  std::int64_t account = 0;
  std::string place;
  std::string unit;
  std::string amount;
  std::int64_t units_high = 0;
  std::int64_t units_low = 0;
  friend bool operator==(const PostingRow&, const PostingRow&) = default;
};

struct EntryRow {
  std::int64_t event = 0;
  std::int64_t time_ns = 0;
  std::string time;
  std::string kind;
  std::string reference;
  std::vector<PostingRow> postings;
  friend bool operator==(const EntryRow&, const EntryRow&) = default;
};

struct PositionRow {
  std::int64_t account = 0;
  std::string instrument;
  std::string contracts;
  std::int64_t lots = 0;
  friend bool operator==(const PositionRow&, const PositionRow&) = default;
};

struct LapRow {
  std::int64_t lap = 0;
  std::int64_t event = 0;
  std::int64_t time_ns = 0;
  std::string time;
  std::vector<PositionRow> positions;  // ascending, as the table gives them back
  std::vector<LapEquity> equity;       // likewise
  friend bool operator==(const LapRow&, const LapRow&) = default;
};

/// Errors    corrupt when the entry does not sum to zero in every unit, limit_exceeded for an amount past the columns.
[[nodiscard]] Result<EntryRow> row_of(const portfolio::Entry& entry, const market::Universe& universe);
/// Errors    out_of_domain when an equity is no number.
[[nodiscard]] Result<LapRow> row_of(const LapRecord& lap, const market::Universe& universe);

[[nodiscard]] Result<void> insert(const SqliteConnection& file, const EntryRow& row);
[[nodiscard]] Result<void> insert(const SqliteConnection& file, const LapRow& row);

/// The first entry whose event is past `event`, or nothing.
[[nodiscard]] Result<std::optional<EntryRow>> entry_past(const SqliteConnection& file, std::int64_t event);
/// The first lap whose number is past `lap`, or nothing.
[[nodiscard]] Result<std::optional<LapRow>> lap_past(const SqliteConnection& file, std::int64_t lap);
/// Every balance that is not zero, in ascending order of account, place and unit.
[[nodiscard]] Result<std::vector<StoredBalance>> balances_in(const SqliteConnection& file);

}  // namespace gimbal::host::internal
