// `gimbal surface` as a person runs it: the example's surfaces in full and through all its snapshots, and refusals that
// name what is missing and what is there.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "command_folder.hpp"
#include "gimbal/app/commands.hpp"

namespace gimbal::app {
namespace {

constexpr const char* example_market = "examples/market.csv.zst";
constexpr std::size_t example_snapshots = 12;

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

class SurfaceCommandTest : public CommandFolder {
 protected:
  [[nodiscard]] SurfaceCommand command(const std::string& market = example_market) const {
    SurfaceCommand command;
    command.market = market;
    command.json = {true, in_folder("surface.json")};
    return command;
  }

  /// The document, whose verdict the exit status repeats.
  [[nodiscard]] std::string document(const SurfaceCommand& command) const {
    const auto status = run_command(command);
    EXPECT_TRUE(status) << status.error().message;
    if (!status) return {};
    const std::string text = text_of(command.json.file);
    EXPECT_EQ(*status, holds(text, "\"arbitrage_free\": false") ? ExitStatus::answer_is_no : ExitStatus::done);
    EXPECT_FALSE(holds(text, "nan"));
    EXPECT_FALSE(holds(text, "inf"));
    return text;
  }

  /// The complaint, which leaves no document behind.
  [[nodiscard]] std::string refusal(const SurfaceCommand& command) const {
    const auto status = run_command(command);
    EXPECT_FALSE(status);
    EXPECT_FALSE(std::filesystem::exists(command.json.file));
    return status ? "" : status.error().message;
  }
};

TEST_F(SurfaceCommandTest, WithoutATimeItIsTheFirstSnapshotOfEveryUnderlying) {
  const std::string text = document(command());
  EXPECT_EQ(count_of(text, "\"underlying\": "), 2U);
  EXPECT_TRUE(holds(text, "\"underlying\": \"BTC\""));
  EXPECT_TRUE(holds(text, "\"underlying\": \"ETH\""));
  EXPECT_EQ(count_of(text, "\"time\": \"2026-01-05T02:00:00Z\""), 2U);
  EXPECT_EQ(count_of(text, "\"rung\": "), count_of(text, "\"min_density_g\": "));
  EXPECT_TRUE(holds(text, "\"model\": \"svi\""));
}

TEST_F(SurfaceCommandTest, OneUnderlyingAtATimeIsTheLastSnapshotNotLater) {
  SurfaceCommand wanted = command();
  wanted.underlying = "ETH";
  wanted.at = *parse_utc("2026-01-05T15:30:00Z");
  const std::string text = document(wanted);
  EXPECT_EQ(count_of(text, "\"underlying\": "), 1U);
  EXPECT_TRUE(holds(text, "\"time\": \"2026-01-05T14:00:00Z\""));
  EXPECT_FALSE(holds(text, "BTC"));
}

TEST_F(SurfaceCommandTest, AllSnapshotsAreOnePassOverTheFile) {
  SurfaceCommand wanted = command();
  wanted.snapshots = SnapshotChoice::all;
  const std::string text = document(wanted);
  EXPECT_EQ(count_of(text, "\"underlying\": "), 2 * example_snapshots);
  // The part of the first time is what it is alone.
  const std::string first = document(command());
  const std::string body = first.substr(0, first.rfind("\n ]\n}"));
  EXPECT_EQ(text.substr(0, body.size()), body);
}

TEST_F(SurfaceCommandTest, PremiumAdjustedDeltasAreOtherStrikes) {
  SurfaceCommand wanted = command();
  const std::string forward = document(wanted);
  wanted.convention = surface::DeltaConvention::premium_adjusted;
  const std::string adjusted = document(wanted);
  EXPECT_TRUE(holds(forward, "\"delta\": \"forward\""));
  EXPECT_TRUE(holds(adjusted, "\"delta\": \"premium_adjusted\""));
  EXPECT_NE(forward, adjusted);
}

TEST_F(SurfaceCommandTest, TheGridHasEveryListedStrikeOnce) {
  SurfaceCommand wanted = command();
  wanted.underlying = "BTC";
  wanted.grid = in_folder("grid.csv");
  const std::string json = document(wanted);
  const std::string grid = text_of(*wanted.grid);
  EXPECT_EQ(grid.find("time,underlying,expiry,forward,kind,delta,strike,log_moneyness,volatility\n"), 0U);
  const std::size_t expiries = count_of(json, "\"expiry\": ");
  EXPECT_EQ(count_of(grid, ",atm,"), expiries);
  EXPECT_EQ(count_of(grid, ",delta,0.") + count_of(grid, ",delta,-0."), 14 * expiries);
  std::stringstream lines{grid};
  std::vector<std::string> strikes;
  for (std::string line; std::getline(lines, line);)
    if (holds(line, ",strike,-") || holds(line, ",strike,0")) strikes.push_back(line);
  const std::size_t listed = strikes.size();
  EXPECT_GT(listed, 5 * expiries);
  std::sort(strikes.begin(), strikes.end());
  EXPECT_EQ(std::unique(strikes.begin(), strikes.end()), strikes.end());
}

TEST_F(SurfaceCommandTest, AnUnderlyingThatIsNotThereIsNamedWithThoseThatAre) {
  SurfaceCommand wanted = command();
  wanted.underlying = "SOL";
  EXPECT_EQ(refusal(wanted), "examples/market.csv.zst: no option on SOL at 2026-01-05T02:00:00Z, only on BTC, ETH");
  wanted.snapshots = SnapshotChoice::all;
  EXPECT_EQ(refusal(wanted), "examples/market.csv.zst: no option on SOL in 12 snapshots, only on BTC, ETH");
}

TEST_F(SurfaceCommandTest, AChainWithoutASurfaceIsRefused) {
  const std::string head =
      "# gimbal market 1\n"
      "time,instrument,index_price,forward,bid_price,bid_size,ask_price,ask_size,mark_price,mark_volatility,"
      "funding_rate_8h,assumed\n"
      "2026-01-05T02:00:00Z,index:BTC,93150,,,,,,,,,\n";
  const std::string futures = write(
      "futures.csv", head + "2026-01-05T02:00:00Z,deribit:BTC-PERPETUAL,,93177.94,93176.5,10,93179,10,93177.94,,,\n");
  EXPECT_EQ(refusal(command(futures)), futures + ": no live option at 2026-01-05T02:00:00Z");
  const std::string expired = write(
      "expired.csv", head + "2026-01-05T02:00:00Z,deribit:BTC-4JAN26-93000-C,,93153,0.0055,1,0.0065,1,0.006,0.49,,\n");
  EXPECT_EQ(refusal(command(expired)), expired + ": no live option at 2026-01-05T02:00:00Z (1 expired)");
  const std::string silent =
      write("silent.csv", head + "2026-01-05T02:00:00Z,deribit:BTC-9JAN26-93000-C,,93153,,,,,,,,\n");
  EXPECT_EQ(refusal(command(silent)),
            silent + ": no surface of BTC at 2026-01-05T02:00:00Z: no quote or mark of an option gives a volatility");
  const std::string odd =
      write("odd.csv", head + "2026-01-05T02:00:00Z,deribit:BTC-9JAN26-93000-C,,93153,x,1,0.0065,1,0.006,0.49,,\n");
  const std::string complaint = refusal(command(odd));
  EXPECT_EQ(complaint.find(odd + ": line 4: field 'bid_price'"), 0U) << complaint;
}

TEST_F(SurfaceCommandTest, RichAndCheapAreALineAnOptionWithItsPastAsScore) {
  SurfaceCommand wanted = command();
  wanted.underlying = "BTC";
  wanted.rich = in_folder("rich.csv");
  (void)document(wanted);
  const std::string one = text_of(*wanted.rich);
  EXPECT_EQ(one.substr(0, one.find('\n')),
            "time,instrument,log_moneyness,volatility_fitted,rung,sell_volatility,sell_money,buy_volatility,buy_money,"
            "residual,score");
  EXPECT_GT(count_of(one, "\n"), 100U);
  EXPECT_EQ(count_of(one, ":ETH-"), 0U);
  // A first snapshot has no past: every line ends with an empty score.
  EXPECT_EQ(count_of(one, ",\n") + 1, count_of(one, "\n"));
  wanted.snapshots = SnapshotChoice::all;
  (void)document(wanted);
  const std::string all = text_of(*wanted.rich);
  EXPECT_EQ(all.substr(0, one.size()), one) << "what comes later changes nothing";
  EXPECT_GT(count_of(all, "\n"), count_of(all, ",\n") + 50U);
}

TEST_F(SurfaceCommandTest, TwoDocumentsDoNotShareStandardOutput) {
  SurfaceCommand wanted = command();
  wanted.json.file.clear();
  wanted.grid = std::string{};
  const auto status = run_command(wanted);
  ASSERT_FALSE(status);
  EXPECT_TRUE(holds(status.error().message, "only one of --json, --grid and --rich can go to standard output"));
}

TEST_F(SurfaceCommandTest, ARecordedMonthIsFittedSnapshotBySnapshot) {
  const char* data = std::getenv("GIMBAL_DATA");
  if (data == nullptr) GTEST_SKIP() << "GIMBAL_DATA is not set";
  SurfaceCommand wanted = command(std::string{data} + "/deribit_chain/deribit_chain_202512.csv.zst");
  wanted.snapshots = SnapshotChoice::all;
  const std::string text = document(wanted);
  EXPECT_GT(count_of(text, "\"underlying\": \"BTC\""), 0U);
  EXPECT_EQ(count_of(text, "\"underlying\": \"BTC\""), count_of(text, "\"underlying\": \"ETH\""));
}

TEST_F(SurfaceCommandTest, ThePageIsOfOneSnapshot) {
  SurfaceCommand wanted = command();
  wanted.page = in_folder("page.html");
  (void)document(wanted);
  EXPECT_TRUE(holds(text_of(*wanted.page), "gimbal surface --market examples/market.csv.zst --html page.html"));
  wanted = command();
  std::filesystem::remove(wanted.json.file);
  wanted.page = in_folder("page.html");
  wanted.snapshots = SnapshotChoice::all;
  EXPECT_TRUE(holds(refusal(wanted), "--html shows one snapshot"));
}

}  // namespace
}  // namespace gimbal::app
