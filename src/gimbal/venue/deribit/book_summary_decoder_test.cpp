// Book summaries composed from the venue's schema: one response, several, in an array, a line each, cut and split.
#include "gimbal/venue/deribit/book_summary_decoder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/venue/internal/collected_snapshots.hpp"

namespace gimbal::venue::deribit {
namespace {

using internal::collected;
using internal::Collector;
using market::RecordedQuote;
using market::RecordedSnapshot;

// Times are an offset in milliseconds from 2026-02-01T04:00:00Z.
constexpr std::int64_t base_milliseconds = 1'769'918'400'000;

std::string option_row(std::string_view name, std::string_view quotes, std::int64_t offset) {
  return fmt::format(
      R"({{"instrument_name":"{}",{},"mark_price":0.04171234,"mark_iv":45.12,"underlying_price":79010.25,)"
      R"("underlying_index":"BTC-27MAR26","estimated_delivery_price":78950.2,"base_currency":"BTC",)"
      R"("quote_currency":"BTC","interest_rate":0.0,"open_interest":12.5,"volume":3.0,"last":null,)"
      R"("creation_timestamp":{}}})",
      name, quotes, base_milliseconds + offset);
}

std::string option_response(std::int64_t offset) {
  return R"({"jsonrpc":"2.0","id":7,"result":[)" +
         option_row("BTC-27MAR26-80000-C", R"("bid_price": 0.0415 ,"ask_price":0.042)", offset) + "," +
         option_row("BTC-27MAR26-80000-P", R"("bid_price":null,"ask_price":5.0e-4)", offset + 1) + "," +
         option_row("BTC-CS-27MAR26-80000_90000", R"("bid_price":null,"ask_price":null)", offset) +
         R"(],"usIn":1,"usOut":2,"usDiff":1,"testnet":false})";
}

std::string future_response(std::int64_t offset) {
  return fmt::format(
      R"({{"jsonrpc":"2.0","result":[)"
      R"({{"instrument_name":"BTC-PERPETUAL","bid_price":78960.5,"ask_price":78961.0,"mark_price":78960.71,)"
      R"("funding_8h":2.203e-05,"current_funding":0.0,"estimated_delivery_price":78950.4,"base_currency":"BTC",)"
      R"("quote_currency":"USD","creation_timestamp":{0}}},)"
      R"({{"instrument_name":"BTC-27MAR26","bid_price":79012.5,"ask_price":79015.0,"mark_price":79013.2,)"
      R"("estimated_delivery_price":78950.1,"base_currency":"BTC",)"
      R"("quote_currency":"USD","creation_timestamp":{0}}}]}})",
      base_milliseconds + offset);
}

Result<std::vector<RecordedSnapshot>> decoded(std::string_view text, SnapshotWindow window = {},
                                              std::size_t piece = 1U << 20U) {
  return collected(*book_summary_decoder(window), text, piece);
}

std::string refusal(std::string_view text) {
  const auto snapshots = decoded(text);
  EXPECT_FALSE(snapshots.has_value()) << text;
  return snapshots ? "" : snapshots.error().message;
}

constexpr std::int64_t hour = 3'600'000;

TEST(BookSummary, ResponseBecomesQuotesWithExactPrices) {
  const auto snapshots = decoded(option_response(0));
  ASSERT_TRUE(snapshots.has_value()) << snapshots.error().message;
  ASSERT_EQ(snapshots->size(), 1U);
  const RecordedSnapshot& snapshot = (*snapshots)[0];
  EXPECT_EQ(format_utc(snapshot.time), "2026-02-01T04:00:00.001Z");
  EXPECT_EQ(snapshot.rows, 3U);
  EXPECT_EQ(snapshot.unsupported, 1U);
  ASSERT_EQ(snapshot.quotes.size(), 2U);
  const RecordedQuote& call = snapshot.quotes[0];
  EXPECT_EQ(call.instrument.name, "deribit:BTC-27MAR26-80000-C");
  EXPECT_EQ(call.bid_price, Decimal::of("0.0415"));
  EXPECT_EQ(call.ask_price, Decimal::of("0.042"));
  EXPECT_EQ(call.mark_price, 0.04171234);
  EXPECT_DOUBLE_EQ(*call.mark_volatility, 0.4512);
  EXPECT_EQ(call.forward, 79010.25);
  EXPECT_FALSE(call.bid_size.has_value());
  EXPECT_FALSE(snapshot.quotes[1].bid_price.has_value());
  EXPECT_EQ(snapshot.quotes[1].ask_price, Decimal::of("0.0005"));
  ASSERT_EQ(snapshot.indices.size(), 1U);
  EXPECT_EQ(snapshot.indices[0].price, Decimal::of("78950.2"));
}

TEST(BookSummary, FuturesAndPerpetualsAreQuotedAndNotAssumed) {
  const auto snapshots = decoded(future_response(0));
  ASSERT_TRUE(snapshots.has_value()) << snapshots.error().message;
  const RecordedQuote& perpetual = (*snapshots)[0].quotes[0];
  EXPECT_EQ(perpetual.bid_price, Decimal::of("78960.5"));
  EXPECT_EQ(perpetual.funding_rate_8h, Decimal::of("0.00002203"));
  EXPECT_EQ(perpetual.forward, 78960.71);
  EXPECT_FALSE(perpetual.assumed);
  const RecordedQuote& future = (*snapshots)[0].quotes[1];
  EXPECT_FALSE(future.funding_rate_8h.has_value());
  EXPECT_FALSE(future.assumed);
  EXPECT_EQ((*snapshots)[0].indices[0].price, Decimal::of("78950.1"));
}

TEST(BookSummary, DocumentsAreOneSnapshotUntilAnInstrumentComesAgain) {
  for (const std::string& text :
       {option_response(0) + future_response(500) + option_response(hour) + future_response(hour + 500),
        option_response(0) + "\n" + future_response(500) + "\n" + option_response(hour) + "\n" +
            future_response(hour + 500) + "\n",
        "[" + option_response(0) + ",\n" + future_response(500) + "," + option_response(hour) + "," +
            future_response(hour + 500) + "]\n"}) {
    const auto snapshots = decoded(text);
    ASSERT_TRUE(snapshots.has_value()) << snapshots.error().message;
    ASSERT_EQ(snapshots->size(), 2U);
    EXPECT_EQ((*snapshots)[0].quotes.size(), 4U);
    EXPECT_EQ((*snapshots)[0].rows, 5U);
    EXPECT_EQ(format_utc((*snapshots)[0].time), "2026-02-01T04:00:00.5Z");
    EXPECT_EQ((*snapshots)[0].indices[0].price, Decimal::of("78950.2"));  // of 78950.1, .2, .2, .4
    EXPECT_EQ(format_utc((*snapshots)[1].time), "2026-02-01T05:00:00.5Z");
  }
}

TEST(BookSummary, DocumentsFarApartAreSnapshotsOfTheirOwn) {
  EXPECT_EQ(decoded(option_response(0) + future_response(600'001))->size(), 1U);
  EXPECT_EQ(decoded(option_response(0) + future_response(600'002))->size(), 2U);
}

TEST(BookSummary, RowsAloneAreReadToo) {
  const std::string rows = "[" + option_row("BTC-27MAR26-80000-C", R"("bid_price":0.0415,"ask_price":null)", 0) + "," +
                           option_row("BTC-27MAR26-80000-P", R"("bid_price":null,"ask_price":null)", 0) + "]";
  const auto snapshots = decoded(rows);
  ASSERT_TRUE(snapshots.has_value()) << snapshots.error().message;
  ASSERT_EQ(snapshots->size(), 1U);
  EXPECT_EQ((*snapshots)[0].quotes.size(), 2U);
}

TEST(BookSummary, IndexFallsBackToLinearContractsAndThenToThePerpetual) {
  const auto row = [](std::string_view name, std::string_view field) {
    return fmt::format(R"({{"instrument_name":"{}",{},"creation_timestamp":{}}})", name, field, base_milliseconds);
  };
  const auto linear = decoded(row("BTC_USDC-PERPETUAL", R"("estimated_delivery_price":78900.5)"));
  EXPECT_EQ((*linear)[0].indices[0].price, Decimal::of("78900.5"));
  const auto perpetual = decoded(row("BTC-PERPETUAL", R"("underlying_price":78800.5)"));
  EXPECT_EQ((*perpetual)[0].indices[0].price, Decimal::of("78800.5"));
  EXPECT_TRUE((*decoded(row("BTC-27MAR26", R"("mark_price":1)")))[0].indices.empty());
}

TEST(BookSummary, AnySplitOfTheBytesGivesTheSameSnapshots) {
  const std::string text = option_response(0) + "\n" + future_response(500) + option_response(hour);
  const auto whole = decoded(text);
  ASSERT_TRUE(whole.has_value());
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U, 501U}) {
    const auto pieces = decoded(text, {}, piece);
    ASSERT_TRUE(pieces.has_value());
    ASSERT_EQ(pieces->size(), whole->size());
    for (std::size_t i = 0; i < whole->size(); ++i) {
      EXPECT_EQ((*pieces)[i].time, (*whole)[i].time);
      ASSERT_EQ((*pieces)[i].quotes.size(), (*whole)[i].quotes.size());
      for (std::size_t j = 0; j < (*whole)[i].quotes.size(); ++j) {
        EXPECT_EQ((*pieces)[i].quotes[j].instrument, (*whole)[i].quotes[j].instrument);
        EXPECT_EQ((*pieces)[i].quotes[j].bid_price, (*whole)[i].quotes[j].bid_price);
      }
    }
  }
}

TEST(BookSummary, EveryTruncationIsAnErrorOrTheDocumentsBefore) {
  const std::string text = option_response(0) + future_response(500);
  const std::size_t first = option_response(0).size();
  for (std::size_t length = 0; length < text.size(); ++length)
    EXPECT_EQ(decoded(std::string_view{text}.substr(0, length)).has_value(), length == first) << length;
}

TEST(BookSummary, WindowBeginsAtTheLastSnapshotNotLater) {
  const auto at = [](std::string_view time) { return SnapshotWindow{*parse_utc(time)}; };
  const std::string text = option_response(0) + option_response(hour) + option_response(2 * hour);
  const auto first_time = [&](std::string_view time) { return format_utc((*decoded(text, at(time)))[0].time); };
  EXPECT_EQ(first_time("2026-02-01T04:30:00Z"), "2026-02-01T04:00:00.001Z");
  EXPECT_EQ(first_time("2026-02-01T05:30:00Z"), "2026-02-01T05:00:00.001Z");
  EXPECT_EQ(decoded(text, at("2026-02-01T05:30:00Z"))->size(), 2U);
  EXPECT_EQ(decoded(text, at("2027-01-01T00:00:00Z"))->size(), 1U);
  EXPECT_EQ(decoded(text, at("2026-01-01T00:00:00Z")).error().code, ErrorCode::invalid_argument);
}

TEST(BookSummary, RecordingOfTheFutureIsRefused) {
  SnapshotWindow window;
  window.now = *parse_utc("2026-02-01T03:59:01Z");
  EXPECT_TRUE(decoded(option_response(0), window).has_value());  // a minute is left to the clocks
  EXPECT_EQ(decoded(option_response(2'000), window).error().message,
            "line 1: row 1: field 'creation_timestamp': 2026-02-01T04:00:02Z lies in the future: it is "
            "2026-02-01T03:59:01Z now, and a recording is of the past");
}

TEST(BookSummary, SinkThatHasEnoughEndsTheReading) {
  Collector collector{1};
  const auto decoder = book_summary_decoder();
  ASSERT_TRUE(decoder->feed(option_response(0) + option_response(hour) + "broken", collector).has_value());
  EXPECT_FALSE(decoder->wants_more());
  EXPECT_TRUE(decoder->finish(collector).has_value());
  EXPECT_EQ(collector.snapshots.size(), 1U);
}

TEST(BookSummary, MistakesNameLineRowAndField) {
  const std::string text = "\n\n" + option_response(0);
  const auto replaced = [&text](std::string_view from, std::string_view to) {
    std::string changed = text;
    return changed.replace(changed.find(from), from.size(), to);
  };
  EXPECT_EQ(refusal(replaced("5.0e-4", "5.0e-x")).substr(0, 41), "line 3: row 2: field 'ask_price': '5.0e-x");
  EXPECT_EQ(refusal(replaced("5.0e-4", "\"0.0005\"")),
            "line 3: row 2: field 'ask_price': '\"0.0005\"' is not a decimal number of at most 18 digits");
  EXPECT_EQ(refusal(replaced("BTC-27MAR26-80000-P", "BTC-27MAR26-P")),
            "line 3: row 2: field 'instrument_name': 'BTC-27MAR26-P' is not a Deribit instrument name: an option has a "
            "date, a strike and C or P");
  EXPECT_EQ(refusal(replaced("\"creation_timestamp\"", "\"creation_time\"")),
            "line 3: row 1: field 'creation_timestamp': '' is not a count of milliseconds");
  EXPECT_EQ(refusal(R"({"jsonrpc":"2.0","error":{"code":10028,"message":"too_many_requests"}})"),
            "line 1: an object without an array 'result': not a response with book summaries");
  EXPECT_EQ(refusal(R"({"jsonrpc":"2.0","result":[]})"), "no rows: the file holds no snapshot");
  EXPECT_EQ(refusal(text + "\nx"), "line 4: byte 0x78 where a JSON object begins");
  EXPECT_EQ(refusal("[" + option_response(0)), "line 1: the array around the objects does not end");
  EXPECT_EQ(refusal(option_response(hour) + option_response(0)),
            "line 1: time goes back from 2026-02-01T05:00:00.001Z to 2026-02-01T04:00:00.001Z");
}

TEST(BookSummary, DecodedSnapshotsBuildAndCountWhatWasLeftOut) {
  const auto snapshots = decoded(option_response(0) + future_response(1));
  const auto built =
      market::build_snapshot((*snapshots)[0], std::make_shared<market::Universe>(), market::MarketAssumptions{});
  ASSERT_TRUE(built.has_value()) << built.error().message;
  EXPECT_EQ(built->snapshot.quality.rows, 5U);
  EXPECT_EQ(built->snapshot.quality.instruments, 4U);
  EXPECT_EQ(built->snapshot.quality.unsupported, 1U);
  EXPECT_EQ(built->snapshot.quality.sizes_assumed, 4U);
  EXPECT_EQ(built->snapshot.quality.quotes_assumed, 0U);
}

TEST(BookSummary, IsToldByItsFirstVisibleByte) {
  EXPECT_TRUE(is_json("  \n{"));
  EXPECT_TRUE(is_json("["));
  EXPECT_FALSE(is_json("timestamp,{"));
  EXPECT_FALSE(is_json("  "));
}

}  // namespace
}  // namespace gimbal::venue::deribit
