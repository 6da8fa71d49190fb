// Entries and laps as rows: built once from the values, then inserted, or compared with the rows that are there
// already.
#include "gimbal/host/ledger_store.hpp"

#include <unistd.h>

#include <filesystem>

#include "gimbal/host/internal/ledger_rows.hpp"
#include "gimbal/host/internal/sqlite.hpp"

namespace gimbal::host {
namespace {

using internal::EntryRow;
using internal::LapRow;
using internal::SqliteConnection;
using internal::SqliteStatement;

constexpr std::int64_t application_id = 0x474d424c;  // "GMBL": tells our files from other people's databases
constexpr std::int64_t format_version = 1;

constexpr const char* schema = R"sql(
PRAGMA application_id = 0x474d424c;
PRAGMA user_version = 1;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE entries (
  event INTEGER PRIMARY KEY, time_ns INTEGER NOT NULL, time TEXT NOT NULL, kind TEXT NOT NULL, reference TEXT NOT NULL
) STRICT;
CREATE TABLE postings (
  event INTEGER NOT NULL REFERENCES entries, line INTEGER NOT NULL, account INTEGER NOT NULL, place TEXT NOT NULL,
  unit TEXT NOT NULL, amount TEXT NOT NULL, units_high INTEGER NOT NULL, units_low INTEGER NOT NULL,
  PRIMARY KEY (event, line)
) STRICT, WITHOUT ROWID;
CREATE TABLE laps (
  lap INTEGER PRIMARY KEY, event INTEGER NOT NULL, time_ns INTEGER NOT NULL, time TEXT NOT NULL
) STRICT;
CREATE TABLE positions (
  lap INTEGER NOT NULL REFERENCES laps, account INTEGER NOT NULL, instrument TEXT NOT NULL, contracts TEXT NOT NULL,
  lots INTEGER NOT NULL, PRIMARY KEY (lap, account, instrument)
) STRICT, WITHOUT ROWID;
CREATE TABLE equity (
  lap INTEGER NOT NULL REFERENCES laps, numeraire TEXT NOT NULL, equity REAL NOT NULL, PRIMARY KEY (lap, numeraire)
) STRICT, WITHOUT ROWID;
CREATE VIEW balances AS
  SELECT account, place, unit, SUM(units_high) * 1000000000 + SUM(units_low) AS units
  FROM postings GROUP BY account, place, unit HAVING units <> 0;
CREATE VIEW unbalanced AS
  SELECT event, unit, SUM(units_high) * 1000000000 + SUM(units_low) AS units
  FROM postings GROUP BY event, unit HAVING units <> 0;
)sql";

}  // namespace

struct LedgerStore::State {
  // How far the rows given agree with the rows stored: what lies past `given` in the file was never given.
  struct Progress {
    std::int64_t entry_given = -1;  // event of the last entry, events being 0 and more
    std::int64_t lap_given = -1;
    bool entries_left = false;  // whether the file holds entries past the last one given
    bool laps_left = false;
  };

  std::string path;
  std::string configuration;
  bool file_found = false;  // before opening
  bool schema_made = false;
  Progress progress;
  std::unique_ptr<SqliteConnection> file;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    file.reset();
    if (!file_found && !schema_made) ::unlink(path.c_str());
  }

  Result<void> make_schema() const;
  Result<void> check_ours() const;
  Result<void> try_writing() const;
  Result<void> take(const EntryRow& row, Progress& reached) const;
  Result<void> take(const LapRow& row, Progress& reached) const;
  Result<Progress> write_all(const std::vector<EntryRow>& entries, const std::optional<LapRow>& lap) const;
};

Result<void> LedgerStore::State::make_schema() const {
  if (auto made = file->execute(schema); !made) return made;
  Result<SqliteStatement> meta = file->prepare("INSERT INTO meta VALUES ('configuration', ?)");
  if (!meta) return Unexpected{meta.error()};
  meta->bind(configuration);
  return meta->run();
}

Result<void> LedgerStore::State::check_ours() const {
  const Result<std::int64_t> application = file->integer_of("PRAGMA application_id");
  if (!application) return Unexpected{application.error()};
  if (*application != application_id)
    return fail(ErrorCode::parse, "ledger {}: the file is there and is no ledger", path);
  const Result<std::int64_t> version = file->integer_of("PRAGMA user_version");
  if (!version) return Unexpected{version.error()};
  if (*version != format_version)
    return fail(ErrorCode::unsupported, "ledger {}: format version {}; this program reads version {}", path, *version,
                format_version);
  const Result<std::string> health = file->text_of("PRAGMA quick_check(1)");
  if (!health) return Unexpected{health.error()};
  if (*health != "ok") return fail(ErrorCode::corrupt, "ledger {}: the database is damaged: {}", path, *health);
  const Result<std::string> written = file->text_of("SELECT value FROM meta WHERE key = 'configuration'");
  if (!written) return Unexpected{written.error()};
  if (*written != configuration)
    return fail(ErrorCode::invalid_argument,
                "ledger {} was written by configuration {}, this one is {}: a ledger is continued by the configuration "
                "that began it",
                path, *written, configuration);
  return {};
}

// A transaction that is taken back: it needs every permission that a kept one needs, and changes nothing.
Result<void> LedgerStore::State::try_writing() const {
  if (auto begun = file->execute("BEGIN IMMEDIATE"); !begun) return begun;
  const auto tried = schema_made ? file->execute("UPDATE meta SET value = value") : make_schema();
  if (!tried) return tried;
  return file->execute("ROLLBACK");
}

Result<void> LedgerStore::State::take(const EntryRow& row, Progress& reached) const {
  if (row.event <= reached.entry_given)
    return fail(ErrorCode::invalid_argument, "ledger {}: the entry of event {} comes after that of event {}", path,
                row.event, reached.entry_given);
  if (!reached.entries_left) {
    reached.entry_given = row.event;
    return insert(*file, row);
  }
  const Result<std::optional<EntryRow>> stored = internal::entry_past(*file, reached.entry_given);
  if (!stored) return Unexpected{stored.error()};
  GIMBAL_ASSERT(stored->has_value());
  if (**stored != row)
    return fail(ErrorCode::corrupt,
                "ledger {} does not follow the journal: its entry of event {} stands where the "
                "journal has another one, of event {}",
                path, (*stored)->event, row.event);
  reached.entry_given = row.event;
  const Result<std::optional<EntryRow>> further = internal::entry_past(*file, reached.entry_given);
  if (!further) return Unexpected{further.error()};
  reached.entries_left = further->has_value();
  return {};
}

Result<void> LedgerStore::State::take(const LapRow& row, Progress& reached) const {
  if (row.lap <= reached.lap_given)
    return fail(ErrorCode::invalid_argument, "ledger {}: lap {} comes after lap {}", path, row.lap, reached.lap_given);
  if (!reached.laps_left) {
    reached.lap_given = row.lap;
    return insert(*file, row);
  }
  const Result<std::optional<LapRow>> stored = internal::lap_past(*file, reached.lap_given);
  if (!stored) return Unexpected{stored.error()};
  GIMBAL_ASSERT(stored->has_value());
  if (**stored != row)
    return fail(ErrorCode::corrupt, "ledger {} does not follow the journal: its lap {} is not the journal's lap {}",
                path, (*stored)->lap, row.lap);
  reached.lap_given = row.lap;
  const Result<std::optional<LapRow>> further = internal::lap_past(*file, reached.lap_given);
  if (!further) return Unexpected{further.error()};
  reached.laps_left = further->has_value();
  return {};
}

Result<LedgerStore::State::Progress> LedgerStore::State::write_all(const std::vector<EntryRow>& entries,
                                                                   const std::optional<LapRow>& lap) const {
  Progress reached = progress;
  if (auto begun = file->execute("BEGIN IMMEDIATE"); !begun) return Unexpected{begun.error()};
  const auto written = [&]() -> Result<void> {
    if (!schema_made)
      if (auto made = make_schema(); !made) return made;
    for (const EntryRow& entry : entries)
      if (auto taken = take(entry, reached); !taken) return taken;
    if (lap)
      if (auto taken = take(*lap, reached); !taken) return taken;
    return file->execute("COMMIT");
  }();
  if (!written) {
    // Some failures have rolled back by themselves, so that this one's answer says nothing.
    static_cast<void>(file->execute("ROLLBACK").has_value());
    return Unexpected{written.error()};
  }
  return reached;
}

LedgerStore::LedgerStore(std::unique_ptr<State> state) : state_{std::move(state)} {}
LedgerStore::LedgerStore(LedgerStore&&) noexcept = default;
LedgerStore& LedgerStore::operator=(LedgerStore&&) noexcept = default;
LedgerStore::~LedgerStore() = default;

Result<LedgerStore> LedgerStore::open(const std::string& path, std::string_view configuration) {
  auto state = std::make_unique<State>();
  state->path = path;
  state->configuration = configuration;
  std::error_code ignored;
  state->file_found = std::filesystem::exists(path, ignored);
  Result<std::unique_ptr<SqliteConnection>> file = SqliteConnection::open(path, "ledger " + path);
  if (!file) return Unexpected{file.error()};
  state->file = std::move(*file);
  // EXTRA, so that a commit stays one through a power cut right after it: the folder is made durable too.
  if (auto set = state->file->execute("PRAGMA foreign_keys = ON; PRAGMA synchronous = EXTRA;"); !set)
    return Unexpected{set.error()};
  const Result<std::int64_t> tables = state->file->integer_of("SELECT count(*) FROM sqlite_schema");
  if (!tables) return Unexpected{tables.error()};
  // A file of a few bytes looks as empty to SQLite as one of none; only the latter is ours to begin.
  const bool empty = std::filesystem::file_size(path, ignored) == 0 || !state->file_found;
  state->schema_made = *tables > 0 || !empty;
  if (state->schema_made) {
    if (auto ours = state->check_ours(); !ours) return Unexpected{ours.error()};
    const Result<std::int64_t> entries = state->file->integer_of("SELECT EXISTS (SELECT * FROM entries)");
    if (!entries) return Unexpected{entries.error()};
    const Result<std::int64_t> laps = state->file->integer_of("SELECT EXISTS (SELECT * FROM laps)");
    if (!laps) return Unexpected{laps.error()};
    state->progress.entries_left = *entries != 0;
    state->progress.laps_left = *laps != 0;
  }
  if (auto tried = state->try_writing(); !tried) return Unexpected{tried.error()};
  return LedgerStore{std::move(state)};
}

Result<void> LedgerStore::write(std::span<const portfolio::Entry> entries, const LapRecord* lap,
                                const market::Universe& universe) {
  std::vector<EntryRow> entry_rows;
  for (const portfolio::Entry& entry : entries) {
    Result<EntryRow> row = internal::row_of(entry, universe);
    if (!row) return Unexpected{row.error()};
    entry_rows.push_back(std::move(*row));
  }
  std::optional<LapRow> lap_row;
  if (lap != nullptr) {
    Result<LapRow> row = internal::row_of(*lap, universe);
    if (!row) return Unexpected{row.error()};
    lap_row = std::move(*row);
  }
  if (entry_rows.empty() && !lap_row) return {};
  const Result<State::Progress> reached = state_->write_all(entry_rows, lap_row);
  if (!reached) return Unexpected{reached.error()};
  state_->progress = *reached;
  state_->schema_made = true;
  return {};
}

Result<void> LedgerStore::check_replayed() const {
  if (!state_->progress.entries_left && !state_->progress.laps_left) return {};
  const Result<std::optional<std::uint64_t>> last = event_last();
  if (!last) return Unexpected{last.error()};
  return fail(ErrorCode::corrupt,
              "ledger {} is ahead of the journal: it goes to event {}, the journal's last entry is of event {}",
              state_->path, last->value_or(0), state_->progress.entry_given);
}

Result<std::optional<std::uint64_t>> LedgerStore::event_last() const {
  if (!state_->schema_made) return std::optional<std::uint64_t>{};
  const Result<std::int64_t> last = state_->file->integer_of(
      "SELECT coalesce(max(event), -1) FROM (SELECT event FROM entries UNION ALL SELECT event FROM laps)");
  if (!last) return Unexpected{last.error()};
  if (*last < 0) return std::optional<std::uint64_t>{};
  return std::optional<std::uint64_t>{static_cast<std::uint64_t>(*last)};
}

Result<std::vector<StoredBalance>> LedgerStore::balances() const {
  if (!state_->schema_made) return std::vector<StoredBalance>{};
  return internal::balances_in(*state_->file);
}

}  // namespace gimbal::host
