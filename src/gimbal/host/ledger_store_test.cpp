// The ledger file against the ledger in memory, against SQL that an auditor would write, and against everything that
// keeps a file from being written.
#include "gimbal/host/ledger_store.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "gimbal/foundation/random.hpp"

namespace gimbal::host {
namespace {

namespace fs = std::filesystem;
using market::AccountId;
using market::AssetCode;
using market::Instrument;
using market::InstrumentId;
using market::InstrumentKind;
using market::Payoff;
using portfolio::Entry;
using portfolio::EntryKind;
using portfolio::Unit;

constexpr auto account = static_cast<AccountId>(0);
constexpr auto option = static_cast<InstrumentId>(0);
constexpr auto perpetual = static_cast<InstrumentId>(1);
const std::string configuration = "configuration-a";

Instrument instrument(const char* name, InstrumentKind kind) {
  Instrument made;
  made.name = name;
  made.venue = "sample";
  made.kind = kind;
  made.payoff = Payoff::inverse;
  made.underlying = made.settlement = AssetCode::of("BTC");
  made.quote = AssetCode::of("USD");
  made.contract_size = Decimal{kind == InstrumentKind::option ? 1 : 10};
  if (kind == InstrumentKind::option) made.strike = Decimal{60000};
  if (kind == InstrumentKind::option) made.expiry = utc_from_milliseconds(1'772'179'200'000);
  made.tick = Decimal::of(kind == InstrumentKind::option ? "0.0001" : "0.5");
  made.lot = made.minimum = Decimal::of(kind == InstrumentKind::option ? "0.1" : "1");
  return made;
}

const std::shared_ptr<const market::Universe> universe = *market::Universe{}.extended(std::vector<Instrument>{
    instrument("sample:CALL", InstrumentKind::option), instrument("sample:PERPETUAL", InstrumentKind::perpetual)});
const Unit btc = Unit::of(*universe->find_asset(AssetCode::of("BTC")));

UtcTime time_of(std::uint64_t event) { return utc_from_milliseconds(1'770'000'000'000 + 250 * std::int64_t(event)); }

Entry stamped(Entry entry, std::uint64_t event) {
  entry.event = event;
  entry.time = time_of(event);
  return entry;
}

Entry trade(std::uint64_t event, InstrumentId what, std::int64_t lots, std::int64_t ticks, Int128 fee) {
  market::Fill fill;
  fill.account = account;
  fill.instrument = what;
  fill.side = lots > 0 ? market::Side::buy : market::Side::sell;
  fill.quantity = QuantityLots{lots > 0 ? lots : -lots};
  fill.price = PriceTicks{ticks};
  fill.fee = Amount{fee};
  return stamped(portfolio::trade_entry(fill, *universe), event);
}

Entry funding(std::uint64_t event, Int128 paid) {
  market::FundingPayment payment;
  payment.instrument = perpetual;
  payment.paid = Amount{paid};
  return stamped(portfolio::funding_entry(payment, *universe), event);
}

Entry delivery(std::uint64_t event, std::int64_t lots, Int128 value) {
  market::Delivery paid;
  paid.instrument = option;
  paid.position = QuantityLots{lots};
  paid.value = Amount{value};
  paid.fee = Amount{7};
  return stamped(portfolio::delivery_entry(paid, *universe), event);
}

Entry opening(std::uint64_t event) {
  const auto asset = *universe->find_asset(AssetCode::of("BTC"));
  const std::vector<portfolio::OpeningBalance> balances = {
      {account, portfolio::Place::cash, asset, Amount{300'000'000}}};
  const std::vector<portfolio::OpeningPosition> positions = {{account, option, QuantityLots{-25}, std::nullopt},
                                                             {account, perpetual, QuantityLots{6400}, Decimal{64000}}};
  return stamped(portfolio::opening_entry(balances, positions, *universe), event);
}

LapRecord lap(std::uint64_t number, std::uint64_t event, const portfolio::Ledger& ledger) {
  return LapRecord{number, event, time_of(event), ledger.positions(), {{"USD", 191'234.125}, {"BTC", 2.75}}};
}

// Two laps that hold an entry of every kind.
struct Story {
  std::vector<Entry> first = {opening(3), trade(8, option, 10, 345, 3'000), trade(9, perpetual, -100, 128'001, 781)};
  std::vector<Entry> second = {funding(14, -1234), delivery(15, -15, -4'500'000)};
  LapRecord first_lap;
  LapRecord second_lap;
  portfolio::Ledger ledger;

  Story() {
    for (const Entry& entry : first) GIMBAL_ASSERT(ledger.post(entry).has_value());
    first_lap = lap(1, 12, ledger);
    for (const Entry& entry : second) GIMBAL_ASSERT(ledger.post(entry).has_value());
    second_lap = lap(2, 20, ledger);
  }
};

std::string unit_name(Unit unit) {
  if (unit.kind == Unit::Kind::instrument) return (*universe)[static_cast<InstrumentId>(unit.id)].name;
  return universe->asset(static_cast<market::AssetId>(unit.id)).code.str();
}

std::vector<StoredBalance> balances_of(const portfolio::Ledger& ledger) {
  std::vector<StoredBalance> all;
  for (const auto& [key, units] : ledger.balances())
    all.push_back(StoredBalance{key.account, portfolio::to_string(key.place), unit_name(key.unit), units});
  std::sort(all.begin(), all.end(), [](const StoredBalance& a, const StoredBalance& b) {
    return std::tie(a.account, a.place, a.unit) < std::tie(b.account, b.place, b.unit);
  });
  return all;
}

std::string contents(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return std::string{std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

class LedgerFile : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    // In memory where the system has such a folder: no test can cut the power, and these make thousands of commits.
    const bool memory = ::access("/dev/shm", W_OK) == 0;
    place_ = fs::path{memory ? "/dev/shm" : testing::TempDir()} /
             fmt::format("gimbal_ledger_{}_{}", test->name(), ::getpid());
    fs::remove_all(place_);
    fs::create_directories(place_);
    path_ = place_ / "l.sqlite";
  }
  void TearDown() override { fs::remove_all(place_); }

  LedgerStore opened() const {
    Result<LedgerStore> store = LedgerStore::open(path_, configuration);
    EXPECT_TRUE(store.has_value()) << store.error().message;
    return std::move(*store);
  }

  void write_story() const {
    LedgerStore store = opened();
    ASSERT_TRUE(store.write(story_.first, &story_.first_lap, *universe).has_value());
    ASSERT_TRUE(store.write(story_.second, &story_.second_lap, *universe).has_value());
  }

  // All rows of a query, as an auditor with the sqlite3 command would see them.
  std::vector<std::string> rows(const std::string& sql) const {
    std::vector<std::string> lines;
    sqlite3* file = nullptr;
    EXPECT_EQ(sqlite3_open_v2(path_.c_str(), &file, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
    const auto take = [](void* into, int columns, char** values, char**) {
      std::string line;
      for (int i = 0; i < columns; ++i) line += fmt::format("{}{}", i > 0 ? "|" : "", values[i] ? values[i] : "NULL");
      static_cast<std::vector<std::string>*>(into)->push_back(line);
      return 0;
    };
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(file, sql.c_str(), take, &lines, &message), SQLITE_OK) << message;
    sqlite3_free(message);
    sqlite3_close(file);
    return lines;
  }

  // What somebody with the sqlite3 command does to the file behind our back.
  void tamper(const std::string& sql) const {
    sqlite3* file = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &file), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(file, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(file);
    sqlite3_close(file);
  }

  Error refusal(std::string_view by = configuration) const {
    const Result<LedgerStore> store = LedgerStore::open(path_, by);
    EXPECT_FALSE(store.has_value());
    return store ? Error{} : store.error();
  }

  const Story story_;
  fs::path place_;
  fs::path path_;
};

TEST_F(LedgerFile, BalancesAndPositionsEqualTheLedgersInMemory) {
  write_story();
  const LedgerStore store = opened();
  const Result<std::vector<StoredBalance>> balances = store.balances();
  ASSERT_TRUE(balances.has_value());
  EXPECT_EQ(*balances, balances_of(story_.ledger));
  EXPECT_EQ(*store.event_last(), std::optional<std::uint64_t>{20});
}

TEST_F(LedgerFile, AnAuditorsQueriesFindEveryUnitBalanced) {
  write_story();
  EXPECT_EQ(rows("SELECT * FROM unbalanced"), std::vector<std::string>{});
  EXPECT_EQ(rows("SELECT count(*) FROM entries"), std::vector<std::string>{"5"});
  EXPECT_EQ(rows("SELECT kind, time, reference FROM entries WHERE event = 14"),
            std::vector<std::string>{"funding|2026-02-02T02:40:03.5Z|sample:PERPETUAL"});
  EXPECT_EQ(rows("SELECT place, unit, amount, units_high, units_low FROM postings WHERE event = 14 ORDER BY line"),
            (std::vector<std::string>{"cash|BTC|0.00001234|0|1234", "funding|BTC|-0.00001234|-1|999998766"}));
  EXPECT_EQ(rows("SELECT lap, account, instrument, contracts, lots FROM positions"),
            (std::vector<std::string>{"1|0|sample:CALL|-1.5|-15", "1|0|sample:PERPETUAL|6300|6300",
                                      "2|0|sample:PERPETUAL|6300|6300"}));
  EXPECT_EQ(rows("SELECT * FROM equity WHERE lap = 2"), (std::vector<std::string>{"2|BTC|2.75", "2|USD|191234.125"}));
  tamper("UPDATE postings SET units_low = units_low + 1 WHERE event = 14 AND line = 0");
  EXPECT_EQ(rows("SELECT * FROM unbalanced"), std::vector<std::string>{"14|BTC|1"});
}

TEST_F(LedgerFile, AmountsPast64BitsSumExactly) {
  // 2^80 smallest units: ten to the sixth coins of eighteen decimals.
  Entry entry;
  entry.event = 1;
  entry.kind = EntryKind::opening;
  const Int128 huge = Int128{1} << 80U;
  entry.postings = {{account, portfolio::Place::capital, btc, -huge - 1},
                    {account, portfolio::Place::cash, btc, huge},
                    {account, portfolio::Place::fees, btc, 1}};
  LedgerStore store = opened();
  ASSERT_TRUE(store.write(std::vector{entry}, nullptr, *universe).has_value());
  EXPECT_EQ(rows("SELECT * FROM unbalanced"), std::vector<std::string>{});
  const std::vector<StoredBalance> balances = *store.balances();
  ASSERT_EQ(balances.size(), 3U);
  EXPECT_EQ(balances[0].units, -huge - 1);
  EXPECT_EQ(balances[1].units, huge);
  EXPECT_EQ(rows("SELECT amount FROM postings WHERE place = 'cash'"),
            std::vector<std::string>{"12089258196146291.74706176"});
  entry.event = 2;
  entry.postings = {{account, portfolio::Place::capital, btc, -(Int128{1} << 100U)},
                    {account, portfolio::Place::cash, btc, Int128{1} << 100U}};
  EXPECT_EQ(store.write(std::vector{entry}, nullptr, *universe).error().code, ErrorCode::limit_exceeded);
}

TEST_F(LedgerFile, AReplayOverTheSameEntriesDoublesNothing) {
  write_story();
  const std::string before = contents(path_);
  LedgerStore store = opened();
  ASSERT_TRUE(store.write(story_.first, &story_.first_lap, *universe).has_value());
  const Result<void> ahead = store.check_replayed();
  ASSERT_FALSE(ahead.has_value());
  EXPECT_EQ(
      ahead.error().message,
      fmt::format("ledger {} is ahead of the journal: it goes to event 20, the journal's last entry is of event 9",
                  path_.string()));
  ASSERT_TRUE(store.write(story_.second, &story_.second_lap, *universe).has_value());
  EXPECT_TRUE(store.check_replayed().has_value());
  EXPECT_EQ(contents(path_), before);
}

TEST_F(LedgerFile, ALedgerBehindTheJournalIsCaughtUp) {
  {
    LedgerStore store = opened();
    ASSERT_TRUE(store.write(story_.first, &story_.first_lap, *universe).has_value());
  }
  {
    LedgerStore store = opened();
    ASSERT_TRUE(store.write(story_.first, &story_.first_lap, *universe).has_value());
    ASSERT_TRUE(store.write(story_.second, &story_.second_lap, *universe).has_value());
    EXPECT_TRUE(store.check_replayed().has_value());
  }
  EXPECT_EQ(*opened().balances(), balances_of(story_.ledger));
}

TEST_F(LedgerFile, AnyRowThatDiffersFromTheJournalIsFoundByReplay) {
  const std::vector<std::string> changes = {
      "UPDATE entries SET reference = 'x' WHERE event = 14",
      "UPDATE entries SET time_ns = time_ns + 1 WHERE event = 14",
      "UPDATE entries SET kind = 'trade' WHERE event = 14",
      "UPDATE postings SET amount = '1' WHERE event = 14 AND line = 0",
      "UPDATE postings SET units_low = 5 WHERE event = 14 AND line = 0",
      "UPDATE postings SET place = 'fees' WHERE event = 14 AND line = 1",
      "DELETE FROM postings WHERE event = 14 AND line = 1",
      "DELETE FROM postings WHERE event = 14; DELETE FROM entries WHERE event = 14",
      "INSERT INTO entries VALUES (13, 0, '', 'trade', '')",
      "INSERT INTO entries VALUES (99, 0, '', 'trade', '')",
      "UPDATE positions SET lots = 1 WHERE lap = 2",
      "DELETE FROM positions WHERE lap = 2",
      "UPDATE equity SET equity = 1 WHERE lap = 2",
      "INSERT INTO laps VALUES (3, 30, 0, '')",
  };
  for (const std::string& change : changes) {
    fs::remove(path_);
    write_story();
    tamper(change);
    LedgerStore store = opened();
    const bool agrees = store.write(story_.first, &story_.first_lap, *universe).has_value() &&
                        store.write(story_.second, &story_.second_lap, *universe).has_value() &&
                        store.check_replayed().has_value();
    EXPECT_FALSE(agrees) << change;
  }
}

TEST_F(LedgerFile, AnEntryThatDoesNotBalanceLeavesTheWholeLapOut) {
  write_story();
  const std::string before = contents(path_);
  LedgerStore store = opened();
  std::vector<Entry> entries = story_.first;
  ASSERT_TRUE(store.write(entries, &story_.first_lap, *universe).has_value());
  entries = story_.second;
  entries.push_back(funding(21, 5));
  entries.back().postings[0].amount += 1;
  const Result<void> refused = store.write(entries, &story_.second_lap, *universe);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().message, "the entry of event 21 does not balance: 0.00000001 BTC are left over");
  EXPECT_EQ(contents(path_), before);
  ASSERT_TRUE(store.write(story_.second, &story_.second_lap, *universe).has_value()) << "and the store goes on";
}

TEST_F(LedgerFile, EventsAndLapsMustAscend) {
  LedgerStore store = opened();
  ASSERT_TRUE(store.write(story_.second, &story_.second_lap, *universe).has_value());
  EXPECT_EQ(store.write(story_.first, nullptr, *universe).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(store.write({}, &story_.first_lap, *universe).error().code, ErrorCode::invalid_argument);
}

TEST_F(LedgerFile, OpenedAndNeverWrittenToItLeavesNoFile) {
  {
    const LedgerStore store = opened();
    EXPECT_EQ(*store.event_last(), std::nullopt);
    EXPECT_TRUE(store.balances()->empty());
  }
  EXPECT_TRUE(fs::is_empty(place_));
  std::ofstream{path_} << "";  // an empty file that was there stays an empty file
  EXPECT_EQ(*opened().event_last(), std::nullopt);
  EXPECT_EQ(fs::file_size(path_), 0U);
  write_story();
  const std::string before = contents(path_);
  EXPECT_EQ(*opened().event_last(), std::optional<std::uint64_t>{20});
  EXPECT_EQ(contents(path_), before);
  EXPECT_EQ(std::distance(fs::directory_iterator{place_}, fs::directory_iterator{}), 1);
}

TEST_F(LedgerFile, AnotherConfigurationIsRefused) {
  write_story();
  const std::string before = contents(path_);
  const Error error = refusal("configuration-b");
  EXPECT_EQ(error.code, ErrorCode::invalid_argument);
  EXPECT_NE(error.message.find("was written by configuration configuration-a"), std::string::npos);
  EXPECT_EQ(contents(path_), before);
}

TEST_F(LedgerFile, WhatIsNoLedgerIsRefusedAndLeftAlone) {
  const std::string text = "key,value\n" + std::string(5000, 'x');
  std::ofstream{path_} << text;
  EXPECT_EQ(refusal().code, ErrorCode::parse);
  EXPECT_EQ(contents(path_), text);
  fs::remove(path_);
  tamper("CREATE TABLE songs (title TEXT)");
  const std::string before = contents(path_);
  EXPECT_EQ(refusal().message, fmt::format("ledger {}: the file is there and is no ledger", path_.string()));
  EXPECT_EQ(contents(path_), before);
}

TEST_F(LedgerFile, ANewerFormatIsRefused) {
  write_story();
  tamper("PRAGMA user_version = 2");
  EXPECT_EQ(refusal().code, ErrorCode::unsupported);
}

TEST_F(LedgerFile, ADamagedOrShortenedDatabaseIsRefusedAndLeftAlone) {
  write_story();
  const std::string good = contents(path_);
  for (std::size_t size = 1; size < good.size(); size += 997) {
    std::ofstream{path_, std::ios::binary} << good.substr(0, size);
    EXPECT_FALSE(LedgerStore::open(path_, configuration).has_value()) << "cut to " << size << " of " << good.size();
    EXPECT_EQ(contents(path_).size(), size);
  }
  std::string bad = good;
  for (std::size_t at = 4096; at < 4096 + 64; ++at) bad[at] = '\xff';  // the start of the second page
  std::ofstream{path_, std::ios::binary} << bad;
  EXPECT_EQ(refusal().code, ErrorCode::corrupt);
  EXPECT_EQ(contents(path_), bad);
}

TEST_F(LedgerFile, PlacesWhereNoLedgerCanBeAreRefusedInOneLine) {
  const std::string missing = place_ / "missing" / "l.sqlite";
  const Result<LedgerStore> store = LedgerStore::open(missing, configuration);
  ASSERT_FALSE(store.has_value());
  EXPECT_EQ(store.error().code, ErrorCode::io);
  EXPECT_EQ(store.error().message,
            fmt::format("ledger {}: unable to open database file (No such file or directory)", missing));
  EXPECT_FALSE(LedgerStore::open(place_, configuration).has_value()) << "a folder";
  EXPECT_TRUE(fs::is_directory(place_));
  EXPECT_FALSE(LedgerStore::open("/proc/l.sqlite", configuration).has_value());
}

TEST_F(LedgerFile, ALedgerThatIsBeingWrittenElsewhereIsRefused) {
  write_story();
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_EQ(refusal().message, fmt::format("ledger {}: database is locked", path_.string()));
  sqlite3_close(other);
}

// Runs `body` in a child whose files may not grow past a size, which is what a full disk looks like to a writer.
template <class Body>
int with_full_disk(rlim_t file_bytes_max, Body body) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{file_bytes_max, file_bytes_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::_exit(body());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

TEST_F(LedgerFile, AFullDiskLeavesNoLedgerOrTheOneThatWas) {
  write_story();
  const rlim_t whole = fs::file_size(path_);
  fs::remove(path_);
  for (rlim_t room = 0; room < whole; room += 4099) {
    const int answer = with_full_disk(room, [this] {
      Result<LedgerStore> store = LedgerStore::open(path_, configuration);
      if (!store) return store.error().code == ErrorCode::io ? 0 : 9;
      const Result<void> written = store->write(story_.first, &story_.first_lap, *universe);
      return !written && written.error().code == ErrorCode::io ? 0 : 8;
    });
    ASSERT_EQ(answer, 0) << "room for " << room << " bytes";
    ASSERT_TRUE(fs::is_empty(place_)) << "room for " << room << " bytes";
  }
  write_story();
  const std::string before = contents(path_);
  const int answer = with_full_disk(before.size(), [&] {
    Result<LedgerStore> store = LedgerStore::open(path_, configuration);
    if (!store) return 9;
    std::vector<Entry> entries = story_.first;
    entries.insert(entries.end(), story_.second.begin(), story_.second.end());
    for (std::uint64_t event = 100; event < 1100; ++event) entries.push_back(funding(event, 1));
    return store->write(entries, nullptr, *universe).has_value() ? 8 : 0;
  });
  ASSERT_EQ(answer, 0);
  EXPECT_EQ(contents(path_), before);
  EXPECT_EQ(*opened().balances(), balances_of(story_.ledger));
}

TEST_F(LedgerFile, AnySequenceOfEntriesSumsToTheLedgerInMemory) {
  SeededRandom random{7};
  portfolio::Ledger ledger;
  LedgerStore store = opened();
  std::uint64_t event = 0;
  for (std::uint64_t round = 1; round <= 40; ++round) {
    std::vector<Entry> entries;
    const std::uint64_t count = random.below(30);
    for (std::uint64_t i = 0; i < count; ++i) {
      event += 1 + random.below(3);
      const auto lots = static_cast<std::int64_t>(random.below(2'000'000)) - 1'000'000;
      const std::uint64_t kind = random.below(4);
      if (kind == 0) entries.push_back(funding(event, Int128{lots} * 1'000'003));
      if (kind == 1) entries.push_back(delivery(event, lots, Int128{lots} * 777));
      if (kind == 2) entries.push_back(trade(event, option, lots == 0 ? 1 : lots, 345, lots));
      if (kind == 3) entries.push_back(trade(event, perpetual, lots == 0 ? 1 : lots, 128'001, lots));
      ASSERT_TRUE(ledger.post(entries.back()).has_value());
    }
    const LapRecord closed = lap(round, ++event, ledger);
    ASSERT_TRUE(store.write(entries, &closed, *universe).has_value());
    ASSERT_EQ(*store.balances(), balances_of(ledger));
  }
  EXPECT_EQ(rows("SELECT * FROM unbalanced"), std::vector<std::string>{});
}

}  // namespace
}  // namespace gimbal::host
