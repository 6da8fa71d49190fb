// `gimbal data` as a person runs it: the contents of the example to the last figure, and a refusal of whatever is
// damaged that names file, line and field.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "command_folder.hpp"
#include "gimbal/app/commands.hpp"
#include "gimbal/app/lap_run.hpp"
#include "gimbal/host/file_reader.hpp"

namespace gimbal::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* example_market = "examples/market.csv.zst";
constexpr std::size_t bytes_max = 64U << 20U;

class DataCommandTest : public CommandFolder {
 protected:
  // The document on a file that can be read.
  [[nodiscard]] std::string document(const std::string& file) const {
    const auto status = run_command(DataCommand{.file = file, .json = {true, in_folder("data.json")}});
    EXPECT_TRUE(status) << status.error().message;
    if (!status) return "{}";
    EXPECT_EQ(*status, ExitStatus::done);
    return *host::read_whole_file(in_folder("data.json"), bytes_max);
  }

  // The complaint about one that cannot, which leaves no document behind.
  [[nodiscard]] std::string refusal(const std::string& file) const {
    const auto status = run_command(DataCommand{.file = file, .json = {true, in_folder("data.json")}});
    EXPECT_FALSE(status);
    EXPECT_FALSE(fs::exists(in_folder("data.json")));
    return status ? "" : status.error().message;
  }
};

constexpr const char* tardis_head =
    "exchange,symbol,timestamp,local_timestamp,type,strike_price,expiration,bid_price,bid_amount,ask_price,ask_amount,"
    "mark_price,mark_iv,underlying_index,underlying_price\n";

// A row received so many minutes after 2026-02-01T00:00:01Z.
std::string tardis_row(std::int64_t minute) {
  const std::int64_t received = (1'769'904'001 + 60 * minute) * 1'000'000;
  return fmt::format(
      "deribit,BTC-27MAR26-80000-C,{0},{0},call,80000,1774598400000000,0.0415,12.5,0.042,3,0.04171,45.12,BTC-27MAR26,"
      "79010.25\n",
      received);
}

TEST_F(DataCommandTest, TheExampleIsTheSameToTheLastFigure) {
  const auto golden = host::read_whole_file("tests/golden/example_market_data.json", bytes_max);
  ASSERT_TRUE(golden) << golden.error().message;
  EXPECT_EQ(document(example_market), *golden);
}

TEST_F(DataCommandTest, GapsAreListedTheLongestFirst) {
  std::string text = tardis_head;
  for (std::int64_t minute = 0; minute <= 60 * 24; minute += 5) {
    const std::int64_t hour = minute / 60;
    if ((hour >= 3 && hour < 5) || (hour >= 10 && hour < 14)) continue;
    text += tardis_row(minute);
  }
  const std::string json = document(write("day.csv", text));
  EXPECT_NE(json.find(R"("market_format": "Tardis options_chain, CSV")"), std::string::npos) << json;
  EXPECT_NE(json.find(R"({"asset": "BTC", "options": 1, "futures": 1, "perpetuals": 1, "spot_pairs": 0, )"),
            std::string::npos)
      << json;
  EXPECT_NE(json.find(R"( "spacing_seconds_median": 3600.0,
 "gaps": [
  {"from": "2026-02-01T10:00:00Z", "to": "2026-02-01T15:00:00Z", "seconds": 18000.0},
  {"from": "2026-02-01T03:00:00Z", "to": "2026-02-01T06:00:00Z", "seconds": 10800.0}
 ],
)"),
            std::string::npos)
      << json;
}

TEST_F(DataCommandTest, ATruncatedTardisFileIsRefusedWithLineAndField) {
  const std::string whole = tardis_head + tardis_row(0) + tardis_row(1);
  const std::string cut = write("cut.csv", whole.substr(0, whole.size() - 4));
  EXPECT_EQ(refusal(cut),
            cut + ": line 3: field 'underlying_price': the file ends here without a line break: it is cut short");
}

TEST_F(DataCommandTest, AFutureDatedTardisFileIsRefusedWithLineAndField) {
  constexpr std::int64_t minutes_in_two_hundred_years = std::int64_t{200} * 365 * 24 * 60;
  const std::string future =
      write("future.csv", tardis_head + tardis_row(0) + tardis_row(minutes_in_two_hundred_years));
  const std::string complaint = refusal(future);
  EXPECT_EQ(complaint.find(future + ": line 3: field 'local_timestamp': 2225-"), 0U) << complaint;
  EXPECT_NE(complaint.find("lies in the future"), std::string::npos) << complaint;
  LapOptions laps;
  laps.configuration = "examples/vol_arbitrage.toml";
  laps.market = future;
  laps.laps = 2;
  const auto outcome = run_laps(laps);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message.find(future + ": line 3: field 'local_timestamp': 2225-"), 0U)
      << outcome.error().message;
}

TEST_F(DataCommandTest, AChainWithoutIndexIsRefused) {
  const std::string chain = write(
      "chain.csv",
      "timestamp,instrument_name,underlying_name,underlying,index_price,bid_price,ask_price,mark_price,"
      "implied_volatility\n2026-02-01T04:00:00Z,BTC-27MAR26-80000-C,BTC-27MAR26,79010,,0.0415,0.042,0.0417,0.45\n");
  EXPECT_EQ(refusal(chain), chain + ": no index price of BTC at 2026-02-01T04:00:00Z");
}

TEST_F(DataCommandTest, WhatIsNoMarketIsToldWhatOneIs) {
  const std::string complaint = refusal(write("notes.txt", "call the broker\n"));
  EXPECT_NE(complaint.find("notes.txt: not a market file: it begins with 'call the broker'"), std::string::npos)
      << complaint;
  EXPECT_NE(complaint.find("Tardis"), std::string::npos) << complaint;
  EXPECT_NE(refusal(in_folder("missing.csv")).find("missing.csv: cannot be opened"), std::string::npos);
}

TEST_F(DataCommandTest, ARecordedMonthHoldsWhatItsIndexSays) {
  const char* data = std::getenv("GIMBAL_DATA");
  if (data == nullptr) GTEST_SKIP() << "GIMBAL_DATA is not set";
  const std::string folder = std::string{data} + "/deribit_chain/";
  const std::string json = document(folder + "deribit_chain_202512.csv.zst");
  const auto index = host::read_whole_file(folder + "snapshot_index.csv", bytes_max);
  ASSERT_TRUE(index);
  std::uint64_t listed = 0;
  for (std::size_t at = index->find(",2025-12-"); at != std::string::npos; at = index->find(",2025-12-", at + 1))
    ++listed;
  EXPECT_NE(json.find(fmt::format("\"snapshots\": {},\n", listed)), std::string::npos) << json;
}

}  // namespace
}  // namespace gimbal::app
