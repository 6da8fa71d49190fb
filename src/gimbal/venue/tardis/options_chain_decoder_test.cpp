// Tardis' stream of changes, composed from its documented columns: what becomes of it at each hour, and what is
// refused.
#include "gimbal/venue/tardis/options_chain_decoder.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/venue/deribit/chain_csv_decoder.hpp"
#include "gimbal/venue/internal/collected_snapshots.hpp"

namespace gimbal::venue::tardis {
namespace {

using internal::collected;
using internal::Collector;
using internal::same;
using market::RecordedQuote;
using market::RecordedSnapshot;

constexpr std::string_view header =
    "exchange,symbol,timestamp,local_timestamp,type,strike_price,expiration,open_interest,last_price,bid_price,"
    "bid_amount,bid_iv,ask_price,ask_amount,ask_iv,mark_price,mark_iv,underlying_index,underlying_price,delta,gamma,"
    "vega,theta,rho\n";

// A row received `second` seconds after 2026-02-01T00:00:00Z, 19 ms after the exchange wrote it.
struct Row {
  std::string_view symbol = "BTC-27MAR26-80000-C";
  std::string_view type = "call";
  std::string_view strike = "80000";
  std::string_view expiry = "2026-03-27T08:00:00Z";
  std::string_view quotes = "0.0415,12.5,44.1,0.042,3,46.2";
  std::string_view mark = "0.04171,45.12";
  std::string_view underlying = "BTC-27MAR26,79010.25";
};

std::string row(std::int64_t second, const Row& row = {}) {
  constexpr std::int64_t base_seconds = 1'769'904'000;
  constexpr std::int64_t delay_microseconds = 19'000;
  const std::int64_t received = (base_seconds + second) * 1'000'000;
  return fmt::format("deribit,{},{},{},{},{},{},1.5,0.04,{},{},{},0.5,0.00001,50.1,-20.2,10.3\n", row.symbol,
                     received - delay_microseconds, received, row.type, row.strike,
                     nanoseconds_of(*parse_utc(row.expiry)) / 1'000, row.quotes, row.mark, row.underlying);
}

const Row put{.symbol = "BTC-27MAR26-80000-P", .type = "put", .quotes = ",,,0.0005,7.1,60"};
const Row daily{.symbol = "BTC-1FEB26-79000-C",
                .strike = "79000",
                .expiry = "2026-02-01T08:00:00Z",
                .underlying = "SYN.BTC-1FEB26,78960.5"};
const Row ether{.symbol = "ETH-27MAR26-2000-P", .type = "put", .strike = "2000", .underlying = "ETH-27MAR26,2410.5"};

constexpr std::int64_t hour = 3'600;

// Two hours of three options, the last changes of each hour a minute before its end.
std::string two_hours() {
  return std::string{header} + row(1) + row(2, put) + row(hour - 60, daily) + row(hour - 60) + row(hour - 59, put) +
         row(2 * hour - 60, daily) + row(2 * hour - 60, {.quotes = "0.0425,1,44,0.0435,2,46"}) +
         row(2 * hour - 30, put);
}

Result<std::vector<RecordedSnapshot>> decoded(std::string_view text, SnapshotWindow window = {},
                                              std::size_t piece = 1U << 20U) {
  return collected(*options_chain_decoder(window), text, piece);
}

std::vector<RecordedSnapshot> snapshots_of(const std::string& rows, SnapshotWindow window = {}) {
  const auto snapshots = decoded(std::string{header} + rows, window);
  EXPECT_TRUE(snapshots.has_value()) << snapshots.error().message;
  return snapshots ? *snapshots : std::vector<RecordedSnapshot>{};
}

std::string refusal(std::string_view text, SnapshotWindow window = {}) {
  const auto snapshots = decoded(text, window);
  EXPECT_FALSE(snapshots.has_value()) << text;
  return snapshots ? "" : snapshots.error().message;
}

std::vector<std::string> names_of(const RecordedSnapshot& snapshot) {
  std::vector<std::string> names;
  for (const RecordedQuote& quote : snapshot.quotes) names.push_back(quote.instrument.name.substr(8));
  return names;
}

std::vector<std::string> times_of(const std::vector<RecordedSnapshot>& snapshots) {
  std::vector<std::string> times;
  for (const RecordedSnapshot& snapshot : snapshots) times.push_back(format_utc(snapshot.time).substr(11));
  return times;
}

using Texts = std::vector<std::string>;

TEST(TardisChain, TheLastRowOfEachOptionIsTakenAtEachHourAndAtTheEnd) {
  const auto snapshots = decoded(two_hours());
  ASSERT_TRUE(snapshots.has_value()) << snapshots.error().message;
  EXPECT_EQ(times_of(*snapshots), (Texts{"01:00:00Z", "01:59:30Z"}));
  const RecordedSnapshot& first = (*snapshots)[0];
  EXPECT_EQ(first.rows, 5U);
  EXPECT_EQ(first.stale, 0U);
  EXPECT_EQ(names_of(first), (Texts{"BTC-27MAR26-80000-C", "BTC-27MAR26-80000-P", "BTC-1FEB26-79000-C", "BTC-27MAR26",
                                    "BTC-PERPETUAL"}));
  EXPECT_EQ(first.quotes[0].bid_price, Decimal::of("0.0415"));
  EXPECT_EQ(first.quotes[0].bid_size, Decimal::of("12.5"));
  EXPECT_EQ(first.quotes[0].ask_price, Decimal::of("0.042"));
  EXPECT_EQ(first.quotes[0].ask_size, Decimal{3});
  EXPECT_EQ(first.quotes[0].mark_price, 0.04171);
  EXPECT_DOUBLE_EQ(first.quotes[0].mark_volatility.value_or(0.0), 0.4512);
  EXPECT_EQ(first.quotes[0].forward, 79010.25);
  EXPECT_FALSE(first.quotes[1].bid_price.has_value());
  EXPECT_FALSE(first.quotes[1].bid_size.has_value());
  EXPECT_TRUE(first.quotes[3].assumed);
  EXPECT_EQ(first.quotes[3].forward, 79010.25);
  EXPECT_TRUE(first.quotes[4].assumed);
  const RecordedSnapshot& second = (*snapshots)[1];
  EXPECT_EQ(second.rows, 3U);
  EXPECT_EQ(second.quotes[0].bid_price, Decimal::of("0.0425"));
}

TEST(TardisChain, ADayHasTwentyFourSnapshots) {
  std::string rows;
  for (std::int64_t second = 0; second < 24 * hour; second += 300) rows += row(second);
  const auto snapshots = snapshots_of(rows);
  ASSERT_EQ(snapshots.size(), 25U);  // the first row is at midnight to the microsecond, so midnight has one too
  EXPECT_EQ(format_utc(snapshots[0].time), "2026-02-01T00:00:00Z");
  EXPECT_EQ(format_utc(snapshots[1].time), "2026-02-01T01:00:00Z");
  EXPECT_EQ(format_utc(snapshots[24].time), "2026-02-01T23:55:00Z");
  EXPECT_EQ(snapshots_of(rows.substr(rows.find('\n') + 1)).size(), 24U);
}

TEST(TardisChain, RowsOfTheSameInstantAsTheHourBelongToIt) {
  const auto snapshots = snapshots_of(row(hour - 1) + row(hour, put) + row(hour + 1));
  ASSERT_EQ(snapshots.size(), 2U);
  EXPECT_EQ(snapshots[0].rows, 2U);
  EXPECT_EQ(snapshots[1].rows, 1U);
}

TEST(TardisChain, TheIntervalIsTheWindows) {
  SnapshotWindow window;
  window.sampling_interval = std::chrono::minutes{15};
  EXPECT_EQ(times_of(snapshots_of(row(1) + row(899) + row(901) + row(1'799) + row(1'801), window)),
            (Texts{"00:15:00Z", "00:30:00Z", "00:30:01Z"}));
}

TEST(TardisChain, IndexIsTheLatestPriceOnTheIndexItself) {
  const Row early{
      .symbol = daily.symbol, .strike = daily.strike, .expiry = daily.expiry, .underlying = "index_price,78950.2"};
  const Row late{.symbol = "BTC-1FEB26-80000-C", .expiry = daily.expiry, .underlying = "index_price,78951.25"};
  const auto snapshots = snapshots_of(row(10, late) + row(5 + 10, early) + row(20) + row(30, late) + row(31, ether));
  ASSERT_EQ(snapshots.size(), 1U);
  ASSERT_EQ(snapshots[0].indices.size(), 2U);
  EXPECT_EQ(snapshots[0].indices[0].asset.view(), "BTC");
  EXPECT_EQ(snapshots[0].indices[0].price, Decimal::of("78951.25"));
  EXPECT_FALSE(snapshots[0].indices[0].assumed);
  EXPECT_EQ(snapshots[0].indices[1].asset.view(), "ETH");
  EXPECT_EQ(snapshots[0].indices[1].price, Decimal::of("2410.5"));
  EXPECT_TRUE(snapshots[0].indices[1].assumed);
}

TEST(TardisChain, WithoutOneTheLatestForwardOfTheNearestExpiryStandsIn) {
  const Row neighbour{.symbol = "BTC-1FEB26-80000-C", .expiry = daily.expiry, .underlying = "SYN.BTC-1FEB26,78961"};
  const auto snapshots = snapshots_of(row(10) + row(11, neighbour) + row(12, daily) + row(13));
  ASSERT_EQ(snapshots[0].indices.size(), 1U);
  EXPECT_EQ(snapshots[0].indices[0].price, Decimal::of("78960.5"));
  EXPECT_TRUE(snapshots[0].indices[0].assumed);
  const auto built = market::build_snapshot(snapshots[0], std::make_shared<market::Universe>(), {});
  ASSERT_TRUE(built.has_value()) << built.error().message;
  EXPECT_EQ(built->snapshot.quality.indices_assumed, 1U);
  EXPECT_EQ(built->snapshot.quality.quotes_assumed, 2U);
  EXPECT_EQ(built->snapshot.quality.sizes_assumed, 2U);  // of the assumed future and perpetual only
}

TEST(TardisChain, LinearOptionsAreSizedInContractsAndHaveTheirOwnPerpetual) {
  const Row linear{.symbol = "SOL_USDC-27MAR26-250-C",
                   .strike = "250",
                   .quotes = "10.5,129,40,11,20,50",
                   .underlying = "SOL_USDC-27MAR26,248.5"};
  const auto snapshots = snapshots_of(row(1, linear));
  EXPECT_EQ(names_of(snapshots[0]), (Texts{"SOL_USDC-27MAR26-250-C", "SOL_USDC-27MAR26", "SOL_USDC-PERPETUAL"}));
  EXPECT_EQ(snapshots[0].quotes[0].bid_size, Decimal{12});  // 129 coins in contracts of 10
  EXPECT_EQ(snapshots[0].quotes[0].ask_size, Decimal{2});
}

TEST(TardisChain, WhatWasNotHeardOfForTenMinutesIsLeftOutAndCounted) {
  const auto snapshots = snapshots_of(row(hour - 601) + row(hour - 599, put) + row(hour + 1));
  ASSERT_EQ(snapshots.size(), 2U);
  EXPECT_EQ(snapshots[0].stale, 1U);
  EXPECT_EQ(names_of(snapshots[0])[0], "BTC-27MAR26-80000-P");
  EXPECT_EQ(snapshots[1].stale, 1U);  // the put now
  EXPECT_EQ(names_of(snapshots[1])[0], "BTC-27MAR26-80000-C");
  const auto built = market::build_snapshot(snapshots[0], std::make_shared<market::Universe>(), {});
  ASSERT_TRUE(built.has_value()) << built.error().message;
  EXPECT_EQ(built->snapshot.quality.stale, 1U);
}

TEST(TardisChain, ASilentRecordingHasNoSnapshots) {
  const auto snapshots = snapshots_of(row(hour - 60) + row(hour + 60) + row(5 * hour - 60) + row(5 * hour + 1));
  EXPECT_EQ(times_of(snapshots), (Texts{"01:00:00Z", "05:00:00Z", "05:00:01Z"}));
  EXPECT_EQ(snapshots[1].rows, 2U);  // the row before the silence is not lost
}

TEST(TardisChain, ExpiredOptionsAreCountedOnceAndForgotten) {
  const auto snapshots = snapshots_of(row(8 * hour - 5, daily) + row(8 * hour - 4) + row(8 * hour + 1, daily) +
                                      row(9 * hour - 1) + row(9 * hour + 1));
  ASSERT_EQ(snapshots.size(), 3U);
  const auto expired = [](const RecordedSnapshot& snapshot) {
    const auto built = market::build_snapshot(snapshot, std::make_shared<market::Universe>(), {});
    EXPECT_TRUE(built.has_value()) << built.error().message;
    return built->snapshot.quality.expired;
  };
  EXPECT_EQ(expired(snapshots[0]), 1U);
  EXPECT_EQ(snapshots[0].indices[0].price, Decimal::of("79010.25"));  // not from what has expired
  EXPECT_EQ(expired(snapshots[1]), 1U);                               // a late row
  EXPECT_EQ(expired(snapshots[2]), 0U);
}

TEST(TardisChain, ContractsWithoutSpecificationAreCounted) {
  const Row other{.symbol = "MATIC_USDC-27MAR26-0d625-C", .strike = "NaN", .underlying = "SYN.MATIC_USDC-27MAR26,0.6"};
  const auto snapshots = snapshots_of(row(1, other) + row(2) + row(3, other));
  EXPECT_EQ(snapshots[0].rows, 3U);
  EXPECT_EQ(snapshots[0].unsupported, 2U);
  EXPECT_EQ(snapshots[0].quotes.size(), 3U);
}

TEST(TardisChain, FilesOfSeveralDaysMayStandOneBehindTheOther) {
  EXPECT_EQ(snapshots_of(row(1) + std::string{header} + row(2))[0].rows, 2U);
}

TEST(TardisChain, AnySplitOfTheBytesGivesTheSameSnapshots) {
  const std::string text = two_hours();
  const auto whole = decoded(text);
  ASSERT_TRUE(whole.has_value());
  for (std::size_t piece = 1; piece < 300; ++piece) {
    const auto pieces = decoded(text, {}, piece);
    ASSERT_TRUE(pieces.has_value());
    EXPECT_TRUE(same(*whole, *pieces)) << "pieces of " << piece;
  }
}

TEST(TardisChain, EveryTruncationInsideALineIsRefusedWithLineAndField) {
  const std::string text = two_hours();
  const std::string_view columns = header.substr(0, header.size() - 1);
  for (std::size_t length = 1; length < text.size(); ++length) {
    const std::string_view cut = std::string_view{text}.substr(0, length);
    if (cut.back() == '\n') {
      EXPECT_EQ(decoded(cut).has_value(), length > header.size()) << length;
      continue;
    }
    const auto line = static_cast<std::size_t>(std::count(cut.begin(), cut.end(), '\n')) + 1;
    std::string expected = fmt::format("line {}: ", line);
    if (line > 1) {
      const std::string_view last = cut.substr(cut.rfind('\n') + 1);
      std::string_view field = columns;
      for (auto commas = std::count(last.begin(), last.end(), ','); commas > 0; --commas)
        field.remove_prefix(field.find(',') + 1);
      expected += fmt::format("field '{}': ", field.substr(0, field.find(',')));
    }
    EXPECT_EQ(refusal(cut), expected + "the file ends here without a line break: it is cut short");
  }
}

TEST(TardisChain, WindowBeginsAtTheLastSnapshotNotLater) {
  const auto at = [](std::string_view time) { return SnapshotWindow{*parse_utc(time)}; };
  const std::string text = two_hours();
  EXPECT_EQ(decoded(text, at("2026-02-01T01:00:00Z"))->size(), 2U);
  EXPECT_EQ(decoded(text, at("2026-02-01T01:59:29Z"))->size(), 2U);
  EXPECT_EQ(decoded(text, at("2026-02-01T01:59:30Z"))->size(), 1U);
  EXPECT_EQ(decoded(text, at("2027-01-01T00:00:00Z"))->size(), 1U);
  EXPECT_EQ(refusal(text, at("2026-02-01T00:59:59Z")),
            "the first snapshot is of 2026-02-01T01:00:00Z, after 2026-02-01T00:59:59Z");
}

TEST(TardisChain, SinkThatHasEnoughEndsTheReading) {
  Collector collector{1};
  const auto decoder = options_chain_decoder();
  ASSERT_TRUE(decoder->feed(two_hours() + "broken beyond repair\n", collector).has_value());
  EXPECT_FALSE(decoder->wants_more());
  ASSERT_TRUE(decoder->finish(collector).has_value());
  EXPECT_EQ(collector.snapshots.size(), 1U);
}

TEST(TardisChain, RecordingOfTheFutureIsRefused) {
  SnapshotWindow window;
  window.now = *parse_utc("2026-02-01T01:58:30Z");
  EXPECT_TRUE(decoded(two_hours(), window).has_value());  // a minute is left to the clocks
  window.now = *parse_utc("2026-02-01T01:58:29Z");
  EXPECT_EQ(refusal(two_hours(), window),
            "line 9: field 'local_timestamp': 2026-02-01T01:59:30Z lies in the future: it is 2026-02-01T01:58:29Z now, "
            "and a recording is of the past");
}

TEST(TardisChain, MistakesNameLineAndField) {
  const std::string text = std::string{header} + row(1) + row(2);
  const auto refused = [&text](std::string_view from, std::string_view to) {
    std::string changed = text;
    return refusal(changed.replace(changed.rfind(from), from.size(), to));
  };
  EXPECT_EQ(refused("deribit", "okex-options"),
            "line 3: field 'exchange': chains of 'okex-options' are not read, those of 'deribit' are");
  EXPECT_EQ(refused("0.0415", "abc"), "line 3: field 'bid_price': 'abc' is not a decimal number of at most 18 digits");
  EXPECT_EQ(refused("45.12", "nan"), "line 3: field 'mark_iv': 'nan' is not a number");
  EXPECT_EQ(refused("79010.25", "7901O"),
            "line 3: field 'underlying_price': '7901O' is not a decimal number of at most 18 digits");
  EXPECT_EQ(refused("BTC-27MAR26,", "BTC-27MAR,"),
            "line 3: field 'underlying_index': 'BTC-27MAR' is not a Deribit instrument name: '27MAR' is neither "
            "PERPETUAL nor a date such as 27DEC24");
  EXPECT_EQ(refused("BTC-27MAR26,", "BTC-PERPETUAL,"),
            "line 3: field 'underlying_index': 'BTC-PERPETUAL' is not a dated future");
  EXPECT_EQ(refused("BTC-27MAR26-80000-C", "BTC-PERPETUAL"),
            "line 3: field 'symbol': 'BTC-PERPETUAL' is not an option");
  EXPECT_EQ(refused("call", "put"), "line 3: field 'type': 'put' where the symbol 'BTC-27MAR26-80000-C' says call");
  EXPECT_EQ(refused(",80000,", ",80001,"),
            "line 3: field 'strike_price': '80001' where the symbol 'BTC-27MAR26-80000-C' says 80000");
  EXPECT_EQ(refused(",80000,", ",,"),
            "line 3: field 'strike_price': '' where the symbol 'BTC-27MAR26-80000-C' says 80000");
  EXPECT_EQ(refused("1774598400000000", "1774598400000"),
            "line 3: field 'expiration': '1774598400000' where the symbol 'BTC-27MAR26-80000-C' says "
            "2026-03-27T08:00:00Z");
  EXPECT_EQ(refused("1769904002000000", "1769904000999999"),
            "line 3: field 'local_timestamp': time goes back from 2026-02-01T00:00:01Z to 2026-02-01T00:00:00.999999Z");
  EXPECT_EQ(refused("1769904001981000", "1769904062000001"),
            "line 3: field 'timestamp': 2026-02-01T00:01:02.000001Z lies after 2026-02-01T00:00:02Z, when it was "
            "received");
  EXPECT_EQ(refused("1769904001981000", "2026-02-01T00:00:02Z"),
            "line 3: field 'timestamp': '2026-02-01T00:00:02Z' is not a count of microseconds since 1970");
  EXPECT_EQ(refused(",10.3\n", "\n"), "line 3: field 'rho': missing, the line ends after 23 of 24 fields");
  EXPECT_EQ(refused("10.3\n", "10.3,1\n"), "line 3: 25 fields where the header has 24");
  EXPECT_EQ(refusal(std::string{header.substr(0, header.find(",underlying_price"))} + "\n"),
            "line 1: column 'underlying_price' is missing; found: " +
                std::string{header.substr(0, header.find(",underlying_price"))});
  EXPECT_EQ(refusal(header), "no rows: the file holds no snapshot");
  EXPECT_EQ(refusal(""), "no rows: the file holds no snapshot");
}

TEST(TardisChain, TheSameChainInDeribitsFormatGivesTheSameQuotes) {
  const auto ticks = snapshots_of(row(1) + row(2, put) + row(3, daily) + row(4, ether));
  Collector collector;
  const auto decoder = deribit::chain_csv_decoder();
  ASSERT_TRUE(decoder
                  ->feed("timestamp,instrument_name,underlying_name,underlying,index_price,bid_price,ask_price,"
                         "mark_price,implied_volatility\n"
                         "2026-02-01T00:00:04Z,BTC-27MAR26-80000-C,BTC-27MAR26,79010.25,,0.0415,0.042,0.04171,0.4512\n"
                         "2026-02-01T00:00:04Z,BTC-27MAR26-80000-P,BTC-27MAR26,79010.25,,,0.0005,0.04171,0.4512\n"
                         "2026-02-01T00:00:04Z,BTC-1FEB26-79000-C,SYN.BTC-1FEB26,78960.5,78960.5,0.0415,0.042,0.04171,"
                         "0.4512\n"
                         "2026-02-01T00:00:04Z,ETH-27MAR26-2000-P,ETH-27MAR26,2410.5,2410.5,0.0415,0.042,0.04171,"
                         "0.4512\n",
                         collector)
                  .has_value());
  ASSERT_TRUE(decoder->finish(collector).has_value());
  RecordedSnapshot from_ticks = ticks[0];
  for (RecordedQuote& quote : from_ticks.quotes) quote.bid_size = quote.ask_size = std::nullopt;
  for (market::RecordedIndex& index : from_ticks.indices) index.assumed = false;
  EXPECT_TRUE(same({from_ticks}, collector.snapshots));
}

TEST(TardisChain, IsToldByItsFirstLine) {
  EXPECT_TRUE(is_options_chain(two_hours()));
  EXPECT_FALSE(is_options_chain("a,b\nlocal_timestamp\n"));
}

TEST(TardisChain, ThePublishedSampleIsRead) {
  const char* data = std::getenv("GIMBAL_DATA");
  if (data == nullptr) GTEST_SKIP() << "GIMBAL_DATA is not set";
  std::ifstream file{std::string{data} + "/l2/tardis_deribit_options_chain_sample.csv"};
  std::ostringstream text;
  text << file.rdbuf();
  const auto snapshots = decoded(text.str());
  ASSERT_TRUE(snapshots.has_value()) << snapshots.error().message;
  ASSERT_EQ(snapshots->size(), 1U);
  EXPECT_EQ(format_utc((*snapshots)[0].time), "2020-06-08T00:01:00.473112Z");
  EXPECT_EQ((*snapshots)[0].rows, 7U);
  const auto built = market::build_snapshot((*snapshots)[0], std::make_shared<market::Universe>(), {});
  ASSERT_TRUE(built.has_value()) << built.error().message;
  const market::QualityCounts& quality = built->snapshot.quality;
  EXPECT_EQ(quality.instruments, 7U);  // five options and two perpetuals
  EXPECT_EQ(quality.off_tick, 4U);     // 0.0207, 0.0237, 0.12345 and 0.12456 are no multiples of 0.0005
  EXPECT_EQ(quality.indices_assumed, 2U);
}

}  // namespace
}  // namespace gimbal::venue::tardis
