// The chain decoder on composed tables, cut and split everywhere, and on a real month where one is at hand.
#include "gimbal/venue/deribit/chain_csv_decoder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/venue/deribit/instrument_name.hpp"
#include "gimbal/venue/internal/collected_snapshots.hpp"

namespace gimbal::venue::deribit {
namespace {

using internal::collected;
using internal::Collector;
using internal::same;
using market::RecordedQuote;
using market::RecordedSnapshot;

constexpr std::string_view header =
    "timestamp,instrument_name,underlying_name,underlying,index_price,bid_price,ask_price,mark_price,"
    "implied_volatility,delta\n";

std::string two_snapshots() {
  return std::string{header} +
         "2026-02-01T04:00:00+00:00,BTC-27MAR26-80000-C,BTC-27MAR26,79010.25,78950.10,0.0415,0.042,0.04171,0.4512,0.5\n"
         "2026-02-01T04:00:00+00:00,BTC-27MAR26-80000-P,BTC-27MAR26,79012.75,78950.30,,0.0005,0.00003,1.2,-0.5\n"
         "2026-02-01T04:00:00+00:00,BTC-3FEB26-79000-C,SYN.BTC-3FEB26,78960.5,78950.20,0.01,0.0105,0.0102,0,0.5\n"
         "2026-02-01T04:00:00+00:00,ETH-27MAR26-2000-P,ETH-27MAR26,2410.5,2400.55,0.031,0.032,0.0315,0.6,-0.3\n"
         "2026-02-01T10:00:00+00:00,ETH-1FEB26-2000-P,index_price,2390,2390.01,,,0,,0\n";
}

Result<std::vector<RecordedSnapshot>> decoded(std::string_view text, SnapshotWindow window = {},
                                              std::size_t piece = 1U << 20U) {
  return collected(*chain_csv_decoder(window), text, piece);
}

std::string refusal(std::string_view text) {
  const auto snapshots = decoded(text);
  EXPECT_FALSE(snapshots.has_value());
  return snapshots ? "" : snapshots.error().message;
}

TEST(ChainCsv, RowsBecomeQuotesAndTheirUnderlyingsAssumedOnes) {
  const auto snapshots = decoded(two_snapshots());
  ASSERT_TRUE(snapshots.has_value()) << snapshots.error().message;
  ASSERT_EQ(snapshots->size(), 2U);
  const RecordedSnapshot& first = (*snapshots)[0];
  EXPECT_EQ(format_utc(first.time), "2026-02-01T04:00:00Z");
  EXPECT_EQ(first.rows, 4U);
  ASSERT_EQ(first.quotes.size(), 8U);  // four options, two futures, two perpetuals
  EXPECT_EQ(first.quotes[0].bid_price, Decimal::of("0.0415"));
  EXPECT_EQ(first.quotes[0].mark_volatility, 0.4512);
  EXPECT_EQ(first.quotes[0].forward, 79010.25);
  EXPECT_FALSE(first.quotes[0].bid_size.has_value());
  EXPECT_FALSE(first.quotes[1].bid_price.has_value());
  EXPECT_FALSE(first.quotes[2].mark_volatility.has_value());  // a volatility of zero
  EXPECT_EQ(first.quotes[4].instrument.name, "deribit:BTC-27MAR26");
  EXPECT_TRUE(first.quotes[4].assumed);
  EXPECT_EQ(first.quotes[4].forward, 79010.25);  // the lower of two
  EXPECT_EQ(first.quotes[5].instrument.name, "deribit:ETH-27MAR26");
  EXPECT_EQ(first.quotes[6].instrument.name, "deribit:BTC-PERPETUAL");
  EXPECT_TRUE(first.quotes[6].assumed);
  EXPECT_EQ(first.quotes[7].instrument.name, "deribit:ETH-PERPETUAL");
  const RecordedSnapshot& second = (*snapshots)[1];
  ASSERT_EQ(second.quotes.size(), 2U);
  EXPECT_FALSE(second.quotes[0].mark_volatility.has_value());
}

TEST(ChainCsv, IndexIsTheExactMedianOfItsCurrencysRows) {
  const auto snapshots = decoded(two_snapshots());
  ASSERT_TRUE(snapshots.has_value());
  const auto& indices = (*snapshots)[0].indices;
  ASSERT_EQ(indices.size(), 2U);
  EXPECT_EQ(indices[0].asset.view(), "BTC");
  EXPECT_EQ(indices[0].price, Decimal::of("78950.2"));
  EXPECT_EQ(indices[1].price, Decimal::of("2400.55"));
}

TEST(ChainCsv, AnySplitOfTheBytesGivesTheSameSnapshots) {
  const std::string text = two_snapshots();
  const auto whole = decoded(text);
  ASSERT_TRUE(whole.has_value());
  for (std::size_t piece = 1; piece < 200; ++piece) {
    const auto pieces = decoded(text, {}, piece);
    ASSERT_TRUE(pieces.has_value());
    EXPECT_TRUE(same(*whole, *pieces)) << "pieces of " << piece;
  }
}

TEST(ChainCsv, CarriageReturnsQuotesBlankLinesAndColumnOrderDoNotMatter) {
  std::string text = two_snapshots();
  const auto plain = decoded(text);
  std::string dressed = "\xEF\xBB\xBF";
  for (const char c : text) dressed += c == '\n' ? "\r\n\r\n" : std::string(1, c);
  const std::string name = "BTC-27MAR26-80000-C";
  dressed.replace(dressed.find(name), name.size(), "\"" + name + "\"");
  const auto same_but_dressed = decoded(dressed);
  ASSERT_TRUE(same_but_dressed.has_value()) << same_but_dressed.error().message;
  EXPECT_TRUE(same(*plain, *same_but_dressed));

  const auto turned = decoded(
      "instrument_name,implied_volatility,mark_price,ask_price,bid_price,index_price,timestamp,underlying,underlying_"
      "name\n"
      "BTC-27MAR26-80000-C,0.4512,0.04171,0.042,0.0415,78950.10,2026-02-01T04:00:00Z,79010.25,BTC-27MAR26\n");
  ASSERT_TRUE(turned.has_value()) << turned.error().message;
  EXPECT_TRUE(same((*turned)[0].quotes[0], (*plain)[0].quotes[0]));
}

TEST(ChainCsv, EveryTruncationIsAnErrorOrSnapshots) {
  const std::string text = two_snapshots();
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto cut = decoded(std::string_view{text}.substr(0, length));
    EXPECT_TRUE(!cut || cut->size() <= 2U);
  }
}

TEST(ChainCsv, WindowBeginsAtTheLastSnapshotNotLater) {
  const auto at = [](std::string_view time) { return SnapshotWindow{*parse_utc(time)}; };
  const std::string text = two_snapshots();
  EXPECT_EQ(decoded(text, at("2026-02-01T04:00:00Z"))->size(), 2U);
  EXPECT_EQ(decoded(text, at("2026-02-01T09:59:59Z"))->size(), 2U);
  EXPECT_EQ(decoded(text, at("2026-02-01T10:00:00Z"))->size(), 1U);
  EXPECT_EQ(decoded(text, at("2027-01-01T00:00:00Z"))->size(), 1U);
  const auto before = decoded(text, at("2026-02-01T03:59:59Z"));
  ASSERT_FALSE(before.has_value());
  EXPECT_EQ(before.error().message, "line 2: the file begins at 2026-02-01T04:00:00Z, after 2026-02-01T03:59:59Z");
}

TEST(ChainCsv, RecordingOfTheFutureIsRefused) {
  SnapshotWindow window;
  window.now = *parse_utc("2026-02-01T09:59:00Z");
  EXPECT_TRUE(decoded(two_snapshots(), window).has_value());  // a minute is left to the clocks
  window.now = *parse_utc("2026-02-01T09:58:59Z");
  EXPECT_EQ(
      decoded(two_snapshots(), window).error().message,
      "line 6: 2026-02-01T10:00:00Z lies in the future: it is 2026-02-01T09:58:59Z now, and a recording is of the "
      "past");
}

TEST(ChainCsv, SinkThatHasEnoughEndsTheReading) {
  Collector collector{1};
  const auto decoder = chain_csv_decoder();
  ASSERT_TRUE(decoder->feed(two_snapshots() + "broken beyond repair\n", collector).has_value());
  EXPECT_FALSE(decoder->wants_more());
  ASSERT_TRUE(decoder->finish(collector).has_value());
  EXPECT_EQ(collector.snapshots.size(), 1U);
}

TEST(ChainCsv, MistakesNameLineAndField) {
  EXPECT_EQ(refusal("timestamp,instrument_name,bid\n"),
            "line 1: column 'underlying_name' is missing; found: timestamp,instrument_name,bid");
  std::string text = two_snapshots();
  const auto replaced = [&text](std::string_view from, std::string_view to) {
    std::string changed = text;
    return changed.replace(changed.find(from), from.size(), to);
  };
  EXPECT_EQ(refusal(replaced("0.0415", "abc")),
            "line 2: field 'bid_price': 'abc' is not a decimal number of at most 18 digits");
  EXPECT_EQ(refusal(replaced("0.4512", "nan")), "line 2: field 'implied_volatility': 'nan' is not a number");
  EXPECT_EQ(refusal(replaced("BTC-27MAR26-80000-C", "BTC-27MAR26-80000")),
            "line 2: field 'instrument_name': 'BTC-27MAR26-80000' is not a Deribit instrument name: an option has a "
            "date, a strike and C or P");
  EXPECT_EQ(refusal(replaced("BTC-27MAR26-80000-C", "BTC-PERPETUAL")),
            "line 2: field 'instrument_name': 'BTC-PERPETUAL' is not an inverse option");
  EXPECT_EQ(refusal(replaced("0.4512,", "")), "line 2: field 'delta': missing, the line ends after 9 of 10 fields");
  EXPECT_EQ(refusal(replaced("BTC-27MAR26-80000-C", "\"BTC-27MAR26-80000-C")),
            "line 2: a quoted field does not end on its line");
  EXPECT_EQ(refusal(replaced("2026-02-01T10", "2026-02-01T03")),
            "line 6: time goes back from 2026-02-01T04:00:00+00:00 to 2026-02-01T03:00:00+00:00");
  EXPECT_EQ(refusal(replaced("2026-02-01T10", "2026-02-31T10")),
            "line 6: '2026-02-31T10:00:00+00:00' is not a UTC time such as 2026-02-01T04:54:02Z");
  EXPECT_EQ(refusal(std::string{header}), "no rows: the file holds no snapshot");
  EXPECT_NE(refusal(std::string(200'000, 'x')).find("longer than"), std::string::npos);
}

TEST(ChainCsv, DecodedSnapshotsBuild) {
  const auto snapshots = decoded(two_snapshots());
  ASSERT_TRUE(snapshots.has_value());
  const auto built =
      market::build_snapshot((*snapshots)[0], std::make_shared<market::Universe>(), market::MarketAssumptions{});
  ASSERT_TRUE(built.has_value()) << built.error().message;
  EXPECT_EQ(built->snapshot.quality.two_sided, 3U);
  EXPECT_EQ(built->snapshot.quality.one_sided, 1U);
  EXPECT_EQ(built->snapshot.quality.quotes_assumed, 4U);
}

TEST(ChainCsv, IsToldByItsFirstLine) {
  EXPECT_TRUE(is_chain_csv(two_snapshots()));
  EXPECT_FALSE(is_chain_csv("a,b\ntimestamp,instrument_name\n"));
}

}  // namespace
}  // namespace gimbal::venue::deribit
