// `gimbal lap` as a person runs it, on the example and on broken input: what it promises of the books it leaves, and
// that a refusal is one clear sentence that leaves journal and ledger as they were.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "command_folder.hpp"
#include "gimbal/app/commands.hpp"
#include "gimbal/app/lap_run.hpp"
#include "gimbal/host/journal_file.hpp"
#include "gimbal/host/ledger_store.hpp"
#include "gimbal/report/lap_json.hpp"

namespace gimbal::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* example = "examples/vol_arbitrage.toml";
constexpr const char* example_market = "examples/market.csv.zst";

class LapCommandTest : public CommandFolder {
 protected:
  // The example's configuration with one piece of text put in another's place.
  [[nodiscard]] std::string example_with(const std::string& from, const std::string& to) const {
    std::string text = text_of(example);
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return write("changed.toml", text.replace(at, from.size(), to));
  }

  [[nodiscard]] LapOptions options(std::uint64_t laps = 1) const {
    LapOptions options;
    options.configuration = example;
    options.market = example_market;
    options.laps = laps;
    return options;
  }

  // The complaint of a run that must be refused, which must leave nothing behind.
  [[nodiscard]] std::string refusal(LapOptions options) const {
    options.journal = in_folder("journal");
    if (!options.ledger) options.ledger = in_folder("ledger.sqlite");
    const auto outcome = run_laps(options);
    EXPECT_FALSE(outcome);
    EXPECT_FALSE(fs::exists(in_folder("journal")));
    EXPECT_FALSE(fs::exists(in_folder("ledger.sqlite")));
    return outcome ? "" : outcome.error().message;
  }
};

std::string json_of(const LapOutcome& outcome, std::uint64_t laps) {
  return report::laps_json(outcome.laps, {outcome.configuration.name, outcome.configuration.engine->identity, laps});
}

TEST_F(LapCommandTest, TheExampleHoldsEveryHardBoundInEveryLap) {
  constexpr std::uint64_t laps = 8;
  LapOptions wanted = options(laps);
  wanted.journal = in_folder("journal");
  wanted.ledger = in_folder("ledger.sqlite");
  const auto outcome = run_laps(wanted);
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_EQ(outcome->laps.size(), laps);
  std::size_t trades = 0;
  std::size_t deliveries = 0;
  std::size_t broken_before = 0;
  for (const report::LapReport& lap : outcome->laps) {
    EXPECT_TRUE(lap.trouble.empty()) << lap.trouble;
    ASSERT_TRUE(lap.target);
    EXPECT_TRUE(lap.target->broken.empty()) << lap.lap << ": " << lap.target->broken[0];
    std::size_t binding = 0;
    for (const report::ConstraintLine& line : lap.constraints) {
      EXPECT_FALSE(line.broken()) << lap.lap << ": " << line.target.name;
      binding += line.target.binding ? 1 : 0;
      const double now = line.target.value_current;
      if (lap.lap == 1 &&
          ((line.target.lower && now < *line.target.lower) || (line.target.upper && now > *line.target.upper)))
        ++broken_before;
    }
    EXPECT_GE(binding, 3U) << lap.lap;
    trades += lap.trades.size();
    deliveries += lap.deliveries.size();
  }
  EXPECT_GE(broken_before, 2U);
  EXPECT_GE(trades, 30U);
  EXPECT_GE(deliveries, 1U);
  const auto verified = host::verify_journal(in_folder("journal"));
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->status, host::JournalStatus::ok) << verified->sentence;
  const auto replayed = run_command(ReplayCommand{in_folder("journal"), {true, in_folder("replay.json")}});
  ASSERT_TRUE(replayed) << replayed.error().message;
  EXPECT_EQ(*replayed, ExitStatus::done);
}

TEST_F(LapCommandTest, TheSameInputGivesTheSameBytesAndDigests) {
  const auto first = run_laps(options(2));
  const auto second = run_laps(options(2));
  ASSERT_TRUE(first);
  ASSERT_TRUE(second);
  EXPECT_EQ(json_of(*first, 2), json_of(*second, 2));
}

TEST_F(LapCommandTest, AJournalIsContinuedWhereItEnds) {
  LapOptions part = options(1);
  part.journal = in_folder("journal");
  part.ledger = in_folder("ledger.sqlite");
  ASSERT_TRUE(run_laps(part));
  const auto rest = run_laps(part);
  ASSERT_TRUE(rest) << rest.error().message;
  EXPECT_EQ(rest->laps_recovered, 1U);
  ASSERT_EQ(rest->laps.size(), 1U);
  const auto whole = run_laps(options(2));
  ASSERT_TRUE(whole);
  EXPECT_EQ(rest->laps[0].lap, 2U);
  EXPECT_EQ(rest->laps[0].digest, whole->laps[1].digest);
}

TEST_F(LapCommandTest, ALedgerThatIsBehindItsJournalCatchesUp) {
  LapOptions journalled = options(1);
  journalled.journal = in_folder("journal");
  ASSERT_TRUE(run_laps(journalled));
  journalled.ledger = in_folder("late.sqlite");
  const auto outcome = run_laps(journalled);
  ASSERT_TRUE(outcome) << outcome.error().message;
  auto ledger = host::LedgerStore::open(in_folder("late.sqlite"), outcome->configuration.engine->identity);
  ASSERT_TRUE(ledger);
  EXPECT_GT(ledger->balances()->size(), 6U);
}

TEST_F(LapCommandTest, AnotherConfigurationsJournalAndLedgerAreRefusedUntouched) {
  LapOptions first = options(1);
  first.journal = in_folder("journal");
  first.ledger = in_folder("ledger.sqlite");
  ASSERT_TRUE(run_laps(first));
  const std::string journal_before = text_of(in_folder("journal/journal"));
  const std::string ledger_before = text_of(in_folder("ledger.sqlite"));
  LapOptions other = first;
  other.configuration = example_with("ceiling = 0.6", "ceiling = 0.59");
  EXPECT_FALSE(run_laps(other));
  other.journal.reset();
  EXPECT_FALSE(run_laps(other));
  EXPECT_EQ(text_of(in_folder("journal/journal")), journal_before);
  EXPECT_EQ(text_of(in_folder("ledger.sqlite")), ledger_before);
}

TEST_F(LapCommandTest, AnUnknownKeyIsNamedWithTheNearestKnownOne) {
  LapOptions wrong = options();
  wrong.configuration = example_with("risk_aversion", "risk_adversion");
  const std::string complaint = refusal(wrong);
  EXPECT_NE(complaint.find("changed.toml:"), std::string::npos) << complaint;
  EXPECT_NE(complaint.find("unknown key 'allocation.risk_adversion'; did you mean 'allocation.risk_aversion'?"),
            std::string::npos)
      << complaint;
}

TEST_F(LapCommandTest, ABoundWithLowerAboveUpperIsRefused) {
  LapOptions wrong = options();
  wrong.configuration = example_with("lower = -1.5", "lower = 1.75");
  const std::string complaint = refusal(wrong);
  EXPECT_NE(complaint.find("lower is 1.75, expected at most upper, which is 1.5"), std::string::npos) << complaint;
}

TEST_F(LapCommandTest, ABoundNarrowerThanItsLotsIsRefusedWithItsWidth) {
  LapOptions wrong = options();
  wrong.configuration = example_with("lower = -1500\nupper = 1500", "lower = -0.01\nupper = 0.01");
  const std::string complaint = refusal(wrong);
  EXPECT_NE(complaint.find("vega BTC"), std::string::npos) << complaint;
  EXPECT_NE(complaint.find("0.02"), std::string::npos) << complaint;
}

TEST_F(LapCommandTest, AnUnknownLimitStopsTheStart) {
  LapOptions wrong = options();
  wrong.configuration = example_with("stress_loss_max", "stress_los_max");
  EXPECT_NE(refusal(wrong).find("limits.stress_los_max"), std::string::npos);
}

TEST_F(LapCommandTest, AMissingColumnIsNamedWithItsLine) {
  LapOptions wrong = options();
  wrong.market = write("market.csv", "timestamp,instrument_name,underlying_name,underlying,index_price,bid_price\n");
  const std::string complaint = refusal(wrong);
  EXPECT_NE(complaint.find("market.csv"), std::string::npos) << complaint;
  EXPECT_NE(complaint.find("ask_price"), std::string::npos) << complaint;
}

TEST_F(LapCommandTest, AnUnparsableNumberIsNamedWithLineAndField) {
  std::string text = text_of(example_market);
  const auto line_of = [&text](std::size_t number) {
    std::size_t at = 0;
    for (std::size_t i = 1; i < number; ++i) at = text.find('\n', at) + 1;
    return at;
  };
  const std::size_t row = line_of(5);
  const std::size_t field = text.find(',', text.find(',', row) + 1) + 1;  // the third field
  text.replace(field, text.find(',', field) - field, "abc");
  LapOptions wrong = options();
  wrong.market = write("market.csv", text);
  const std::string complaint = refusal(wrong);
  EXPECT_NE(complaint.find("line 5"), std::string::npos) << complaint;
  EXPECT_NE(complaint.find("'abc'"), std::string::npos) << complaint;
}

TEST_F(LapCommandTest, ATruncatedStreamIsRefusedBeforeTheFirstLapIsJournalled) {
  std::ifstream in{example_market, std::ios::binary};
  std::ostringstream whole;
  whole << in.rdbuf();
  std::ofstream{in_folder("cut.csv.zst"), std::ios::binary} << whole.str().substr(0, whole.str().size() / 2);
  LapOptions wrong = options(12);
  wrong.market = in_folder("cut.csv.zst");
  const std::string complaint = refusal(wrong);
  EXPECT_NE(complaint.find("cut.csv.zst"), std::string::npos) << complaint;
}

TEST_F(LapCommandTest, ATimeBeforeTheFileIsRefused) {
  LapOptions wrong = options();
  wrong.at = *parse_utc("2020-01-01");
  const std::string complaint = refusal(wrong);
  EXPECT_NE(complaint.find("2020-01-01"), std::string::npos) << complaint;
}

TEST_F(LapCommandTest, AnUnknownInstrumentInAPortfolioIsNamed) {
  LapOptions wrong = options();
  wrong.portfolio =
      write("book.toml", "[cash]\nBTC = 1\n[[position]]\ninstrument = \"deribit:BTC-1JAN70-1-C\"\ncontracts = 1\n");
  const std::string complaint = refusal(wrong);
  EXPECT_NE(complaint.find("book.toml:4"), std::string::npos) << complaint;
  EXPECT_NE(complaint.find("deribit:BTC-1JAN70-1-C"), std::string::npos) << complaint;
}

TEST_F(LapCommandTest, APortfolioFileReplacesTheStartingBook) {
  LapOptions wanted = options();
  wanted.portfolio = write("book.toml",
                           "[cash]\nBTC = 10\n[[position]]\ninstrument = \"deribit:BTC-PERPETUAL\"\n"
                           "contracts = -50000\n");
  const auto outcome = run_laps(wanted);
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_NEAR(*outcome->laps[0].equity, 10.0 * outcome->laps[0].indices[0].price_usd.to_double(), 20'000.0);
}

TEST_F(LapCommandTest, AnUnwritableLedgerIsRefused) {
  LapOptions wrong = options();
  wrong.ledger = in_folder("no/such/folder/ledger.sqlite");
  const std::string complaint = refusal(wrong);
  EXPECT_NE(complaint.find("no/such/folder"), std::string::npos) << complaint;
}

TEST_F(LapCommandTest, RecordedChainsHoldEveryHardBound) {
  const char* data = std::getenv("GIMBAL_DATA");
  if (data == nullptr) GTEST_SKIP() << "GIMBAL_DATA is not set";
  LapOptions wanted = options(2);
  wanted.market = std::string{data} + "/deribit_chain/deribit_chain_202602.csv.zst";
  const auto outcome = run_laps(wanted);
  ASSERT_TRUE(outcome) << outcome.error().message;
  for (const report::LapReport& lap : outcome->laps) {
    EXPECT_TRUE(lap.trouble.empty());
    for (const report::ConstraintLine& line : lap.constraints) EXPECT_FALSE(line.broken()) << line.target.name;
  }
}

}  // namespace
}  // namespace gimbal::app
