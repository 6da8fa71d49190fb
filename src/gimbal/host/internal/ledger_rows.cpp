// Names, exact decimals and the statements that move rows in and out.
#include "gimbal/host/internal/ledger_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

namespace gimbal::host::internal {
namespace {

using portfolio::Unit;

std::int64_t signed_sequence(std::uint64_t sequence) {
  GIMBAL_ASSERT(sequence <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
  return static_cast<std::int64_t>(sequence);
}

/// The unit's name and the amount in coins or contracts, exactly.
std::pair<std::string, std::string> named(Unit unit, Int128 units, const market::Universe& universe) {
  if (unit.kind == Unit::Kind::asset) {
    const market::Asset& asset = universe.asset(static_cast<market::AssetId>(unit.id));
    return {asset.code.str(), Decimal{units, asset.scale}.to_string()};
  }
  const market::Instrument& instrument = universe[static_cast<market::InstrumentId>(unit.id)];
  GIMBAL_ASSERT(units == static_cast<std::int64_t>(units));
  const QuantityLots lots{static_cast<std::int64_t>(units)};
  return {instrument.name, market::contracts_of(instrument, lots).to_string()};
}

Result<PostingRow> row_of(const portfolio::Posting& posting, std::uint64_t event, const market::Universe& universe) {
  auto [unit, amount] = named(posting.unit, posting.amount, universe);
  Int128 high = posting.amount / units_low_base;
  Int128 low = posting.amount % units_low_base;
  if (low < 0) {
    low += units_low_base;
    high -= 1;
  }
  if (high != static_cast<std::int64_t>(high))
    return fail(ErrorCode::limit_exceeded, "event {} moves {} {}: more than the ledger's columns hold", event, amount,
                unit);
  return PostingRow{market::raw(posting.account),    to_string(posting.place),      std::move(unit), std::move(amount),
                    static_cast<std::int64_t>(high), static_cast<std::int64_t>(low)};
}

/// Calls `take` for each row of a query with one integer parameter.
template <class Take>
Result<void> each_row(const SqliteConnection& file, const char* sql, std::int64_t parameter, Take take) {
  Result<SqliteStatement> query = file.prepare(sql);
  if (!query) return Unexpected{query.error()};
  query->bind(parameter);
  while (true) {
    const Result<bool> row = query->step();
    if (!row) return Unexpected{row.error()};
    if (!*row) return {};
    take(*query);
  }
}

}  // namespace

Result<EntryRow> row_of(const portfolio::Entry& entry, const market::Universe& universe) {
  EntryRow row{signed_sequence(entry.event),
               nanoseconds_of(entry.time),
               format_utc(entry.time),
               portfolio::to_string(entry.kind),
               entry.reference,
               {}};
  std::map<Unit, Amount> sums;
  for (const portfolio::Posting& posting : entry.postings) {
    sums[posting.unit] = sums[posting.unit] + Amount{posting.amount};
    Result<PostingRow> posting_row = row_of(posting, entry.event, universe);
    if (!posting_row) return Unexpected{posting_row.error()};
    row.postings.push_back(std::move(*posting_row));
  }
  for (const auto& [unit, sum] : sums)
    if (!sum.is_zero())
      return fail(ErrorCode::corrupt, "the entry of event {} does not balance: {} {} are left over", entry.event,
                  named(unit, sum.units(), universe).second, named(unit, sum.units(), universe).first);
  return row;
}

Result<LapRow> row_of(const LapRecord& lap, const market::Universe& universe) {
  LapRow row{signed_sequence(lap.lap),
             signed_sequence(lap.event),
             nanoseconds_of(lap.time),
             format_utc(lap.time),
             {},
             lap.equity};
  for (const LapEquity& equity : lap.equity)
    if (!std::isfinite(equity.equity))
      return fail(ErrorCode::out_of_domain, "equity in {} at lap {} is no number", equity.numeraire, lap.lap);
  for (const portfolio::Position& held : lap.positions) {
    auto [instrument, contracts] = named(Unit::of(held.instrument), held.lots.raw(), universe);
    row.positions.push_back(
        PositionRow{market::raw(held.account), std::move(instrument), std::move(contracts), held.lots.raw()});
  }
  std::sort(row.positions.begin(), row.positions.end(), [](const PositionRow& a, const PositionRow& b) {
    return std::tie(a.account, a.instrument) < std::tie(b.account, b.instrument);
  });
  std::sort(row.equity.begin(), row.equity.end(),
            [](const LapEquity& a, const LapEquity& b) { return a.numeraire < b.numeraire; });
  return row;
}

Result<void> insert(const SqliteConnection& file, const EntryRow& row) {
  Result<SqliteStatement> entry = file.prepare("INSERT INTO entries VALUES (?, ?, ?, ?, ?)");
  if (!entry) return Unexpected{entry.error()};
  entry->bind(row.event);
  entry->bind(row.time_ns);
  entry->bind(row.time);
  entry->bind(row.kind);
  entry->bind(row.reference);
  if (auto done = entry->run(); !done) return done;
  Result<SqliteStatement> posting = file.prepare("INSERT INTO postings VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  if (!posting) return Unexpected{posting.error()};
  std::int64_t line = 0;
  for (const PostingRow& moved : row.postings) {
    posting->bind(row.event);
    posting->bind(line++);
    posting->bind(moved.account);
    posting->bind(moved.place);
    posting->bind(moved.unit);
    posting->bind(moved.amount);
    posting->bind(moved.units_high);
    posting->bind(moved.units_low);
    if (auto done = posting->run(); !done) return done;
  }
  return {};
}

Result<void> insert(const SqliteConnection& file, const LapRow& row) {
  Result<SqliteStatement> lap = file.prepare("INSERT INTO laps VALUES (?, ?, ?, ?)");
  if (!lap) return Unexpected{lap.error()};
  lap->bind(row.lap);
  lap->bind(row.event);
  lap->bind(row.time_ns);
  lap->bind(row.time);
  if (auto done = lap->run(); !done) return done;
  Result<SqliteStatement> position = file.prepare("INSERT INTO positions VALUES (?, ?, ?, ?, ?)");
  if (!position) return Unexpected{position.error()};
  for (const PositionRow& held : row.positions) {
    position->bind(row.lap);
    position->bind(held.account);
    position->bind(held.instrument);
    position->bind(held.contracts);
    position->bind(held.lots);
    if (auto done = position->run(); !done) return done;
  }
  Result<SqliteStatement> equity = file.prepare("INSERT INTO equity VALUES (?, ?, ?)");
  if (!equity) return Unexpected{equity.error()};
  for (const LapEquity& worth : row.equity) {
    equity->bind(row.lap);
    equity->bind(worth.numeraire);
    equity->bind(worth.equity);
    if (auto done = equity->run(); !done) return done;
  }
  return {};
}

Result<std::optional<EntryRow>> entry_past(const SqliteConnection& file, std::int64_t event) {
  std::optional<EntryRow> found;
  auto done = each_row(file, "SELECT * FROM entries WHERE event > ? ORDER BY event LIMIT 1", event,
                       [&](const SqliteStatement& row) {
                         found = EntryRow{row.integer(0), row.integer(1), row.text(2), row.text(3), row.text(4), {}};
                       });
  if (!done) return Unexpected{done.error()};
  if (!found) return found;
  done = each_row(
      file, "SELECT * FROM postings WHERE event = ? ORDER BY line", found->event, [&](const SqliteStatement& row) {
        found->postings.push_back(
            PostingRow{row.integer(2), row.text(3), row.text(4), row.text(5), row.integer(6), row.integer(7)});
      });
  if (!done) return Unexpected{done.error()};
  return found;
}

Result<std::optional<LapRow>> lap_past(const SqliteConnection& file, std::int64_t lap) {
  std::optional<LapRow> found;
  auto done =
      each_row(file, "SELECT * FROM laps WHERE lap > ? ORDER BY lap LIMIT 1", lap, [&](const SqliteStatement& row) {
        found = LapRow{row.integer(0), row.integer(1), row.integer(2), row.text(3), {}, {}};
      });
  if (!done) return Unexpected{done.error()};
  if (!found) return found;
  done = each_row(file, "SELECT * FROM positions WHERE lap = ? ORDER BY account, instrument", found->lap,
                  [&](const SqliteStatement& row) {
                    found->positions.push_back(PositionRow{row.integer(1), row.text(2), row.text(3), row.integer(4)});
                  });
  if (!done) return Unexpected{done.error()};
  done = each_row(file, "SELECT * FROM equity WHERE lap = ? ORDER BY numeraire", found->lap,
                  [&](const SqliteStatement& row) {
                    found->equity.push_back(LapEquity{row.text(1), row.real(2)});
                  });
  if (!done) return Unexpected{done.error()};
  return found;
}

Result<std::vector<StoredBalance>> balances_in(const SqliteConnection& file) {
  std::vector<StoredBalance> all;
  const auto done = each_row(
      file,
      "SELECT account, place, unit, SUM(units_high), SUM(units_low) FROM postings WHERE event > ? "
      "GROUP BY account, place, unit ORDER BY account, place, unit",
      -1, [&all](const SqliteStatement& row) {
        const Int128 units = Int128{row.integer(3)} * units_low_base + row.integer(4);
        if (units == 0) return;
        all.push_back(StoredBalance{static_cast<market::AccountId>(row.integer(0)), row.text(1), row.text(2), units});
      });
  if (!done) return Unexpected{done.error()};
  return all;
}

}  // namespace gimbal::host::internal
