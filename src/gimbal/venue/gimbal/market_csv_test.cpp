// What is written reads back the same, whatever the split; what is not of the format says where and why.
#include "gimbal/venue/gimbal/market_csv.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "gimbal/venue/deribit/instrument_name.hpp"
#include "gimbal/venue/internal/collected_snapshots.hpp"

namespace gimbal::venue {
namespace {

using internal::same;
using market::RecordedQuote;
using market::RecordedSnapshot;

Result<std::vector<RecordedSnapshot>> decoded(std::string_view text, std::size_t piece = 1U << 20U) {
  return internal::collected(*market_csv_decoder(), text, piece);
}

// As they were written: the count of rows is the file's own.
std::vector<RecordedSnapshot> without_rows(std::vector<RecordedSnapshot> snapshots) {
  for (RecordedSnapshot& snapshot : snapshots) snapshot.rows = 0;
  return snapshots;
}

std::string encoded(const std::vector<RecordedSnapshot>& snapshots) {
  std::string text = market_csv_head();
  for (const RecordedSnapshot& snapshot : snapshots) {
    const auto appended = append_market_csv(snapshot, text);
    EXPECT_TRUE(appended.has_value()) << appended.error().message;
  }
  return text;
}

RecordedQuote quote_of(std::string_view venue_name) {
  RecordedQuote quote;
  quote.instrument = *deribit::parse_instrument_name(venue_name);
  return quote;
}

std::vector<RecordedSnapshot> sample() {
  RecordedSnapshot snapshot;
  snapshot.time = *parse_utc("2026-01-05T02:00:00Z");
  snapshot.indices = {{market::AssetCode::of("BTC"), Decimal::of("93120.55")},
                      {market::AssetCode::of("USDC"), Decimal::of("0.9998")}};
  RecordedQuote perpetual = quote_of("BTC-PERPETUAL");
  perpetual.bid_price = Decimal{93118};
  perpetual.bid_size = Decimal{5210};
  perpetual.ask_price = Decimal::of("93118.5");
  perpetual.ask_size = Decimal{880};
  perpetual.mark_price = perpetual.forward = 93118.2;
  perpetual.funding_rate_8h = Decimal::of("-0.00003");
  RecordedQuote option = quote_of("BTC-30JAN26-90000-P");
  option.ask_price = Decimal::of("0.0305");
  option.ask_size = Decimal::of("12.5");
  option.mark_price = 0.1 + 0.2;
  option.mark_volatility = 0.4812345678901234;
  option.forward = 93500.25;
  RecordedQuote future = quote_of("BTC-30JAN26");
  future.assumed = true;
  snapshot.quotes = {perpetual, option, future};
  RecordedSnapshot later = snapshot;
  later.time += std::chrono::hours{6};
  later.indices.pop_back();
  return {snapshot, later};
}

TEST(MarketCsv, DecodingWhatWasEncodedGivesTheSame) {
  const auto again = decoded(encoded(sample()));
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_TRUE(same(sample(), without_rows(*again)));
  EXPECT_EQ((*again)[0].rows, 5U);
}

TEST(MarketCsv, LinesAreThoseOfTheDocumentation) {
  const std::string text = encoded(sample());
  EXPECT_EQ(text.substr(0, text.find("\n2026-01-05T08")),
            "# gimbal market 1\n"
            "time,instrument,index_price,forward,bid_price,bid_size,ask_price,ask_size,mark_price,mark_volatility,"
            "funding_rate_8h,assumed\n"
            "2026-01-05T02:00:00Z,index:BTC,93120.55,,,,,,,,,\n"
            "2026-01-05T02:00:00Z,index:USDC,0.9998,,,,,,,,,\n"
            "2026-01-05T02:00:00Z,deribit:BTC-PERPETUAL,,93118.2,93118,5210,93118.5,880,93118.2,,-0.00003,\n"
            "2026-01-05T02:00:00Z,deribit:BTC-30JAN26-90000-P,,93500.25,,,0.0305,12.5,0.30000000000000004,"
            "0.4812345678901234,,\n"
            "2026-01-05T02:00:00Z,deribit:BTC-30JAN26,,,,,,,,,,yes");
}

rc::Gen<std::optional<Decimal>> any_decimal() {
  return rc::gen::map(
      rc::gen::pair(rc::gen::inRange<std::int64_t>(-1'000'000'000'000, 1'000'000'000'000), rc::gen::inRange(-1, 13)),
      [](const std::pair<std::int64_t, int>& parts) -> std::optional<Decimal> {
        if (parts.second < 0) return std::nullopt;
        return Decimal{Int128{parts.first}, parts.second};
      });
}

rc::Gen<std::optional<double>> any_real() {
  return rc::gen::map(rc::gen::arbitrary<std::uint64_t>(), [](std::uint64_t bits) -> std::optional<double> {
    const double value = std::bit_cast<double>(bits);
    if (bits % 5 == 0 || !(value - value == 0.0)) return std::nullopt;
    return value;
  });
}

RecordedQuote any_quote() {
  RecordedQuote quote = quote_of(*rc::gen::element<std::string>("BTC-PERPETUAL", "ETH-27MAR26", "BTC_USDC",
                                                                "BTC-30JAN26-90000-P", "XRP_USDC-27MAR26-0d625-C"));
  quote.bid_price = *any_decimal();
  quote.ask_price = *any_decimal();
  quote.bid_size = *any_decimal();
  quote.ask_size = *any_decimal();
  quote.funding_rate_8h = *any_decimal();
  quote.mark_price = *any_real();
  quote.mark_volatility = *any_real();
  quote.forward = *any_real();
  quote.assumed = *rc::gen::arbitrary<bool>();
  return quote;
}

RC_GTEST_PROP(MarketCsv, AnySnapshotsRoundTripThroughAnySplit, ()) {
  std::vector<RecordedSnapshot> snapshots;
  UtcTime time = *parse_utc("2026-01-05T02:00:00Z");
  const auto count = *rc::gen::inRange(1, 4);
  for (int i = 0; i < count; ++i) {
    RecordedSnapshot snapshot;
    snapshot.time = time;
    time += Duration{*rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000'000)};
    const auto quotes = *rc::gen::inRange(1, 8);
    for (int j = 0; j < quotes; ++j) snapshot.quotes.push_back(any_quote());
    const auto price = *rc::gen::inRange<std::int64_t>(1, 1'000'000'000);
    snapshot.indices.push_back({market::AssetCode::of("ETH"), Decimal{Int128{price}, 4}});
    snapshots.push_back(std::move(snapshot));
  }
  const std::string text = encoded(snapshots);
  const auto again = decoded(text, *rc::gen::inRange<std::size_t>(1, 300));
  RC_ASSERT(again.has_value());
  RC_ASSERT(same(without_rows(snapshots), without_rows(*again)));
  RC_ASSERT(encoded(*again) == text);
}

TEST(MarketCsv, EveryTruncationIsAnErrorOrSnapshots) {
  const std::string text = encoded(sample());
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto cut = decoded(std::string_view{text}.substr(0, length));
    EXPECT_TRUE(!cut || cut->size() <= 2U) << length;
  }
}

TEST(MarketCsv, MistakesNameLineAndField) {
  const std::string text = encoded(sample());
  const auto refusal = [&text](std::string_view from, std::string_view to) {
    std::string changed = text;
    const auto snapshots = decoded(changed.replace(changed.find(from), from.size(), to));
    EXPECT_FALSE(snapshots.has_value());
    return snapshots ? "" : snapshots.error().message;
  };
  EXPECT_EQ(refusal("market 1", "market 2"), "line 1: '# gimbal market 2' where '# gimbal market 1' is read");
  EXPECT_EQ(refusal(",bid_size", ""),
            "line 2: column 'bid_size' is missing; found: time,instrument,index_price,forward,bid_price,ask_price,"
            "ask_size,mark_price,mark_volatility,funding_rate_8h,assumed");
  EXPECT_EQ(refusal("93120.55", "-1"), "line 3: field 'index_price': an index price must be positive");
  EXPECT_EQ(refusal("93120.55", ""), "line 3: field 'index_price': an index price must be positive");
  EXPECT_EQ(refusal("index:USDC", "index:BTC"), "line 4: field 'instrument': a second index of the same asset");
  EXPECT_EQ(refusal("deribit:BTC-P", "okx:BTC-P"),
            "line 5: field 'instrument': 'okx:BTC-PERPETUAL' is not a canonical instrument name such as "
            "deribit:BTC-27DEC24-60000-C");
  EXPECT_EQ(refusal("93118,", "1.2.3,"),
            "line 5: field 'bid_price': '1.2.3' is not a decimal number of at most 18 digits");
  EXPECT_EQ(refusal(",yes", ",no"), "line 7: field 'assumed': 'no' is neither empty nor 'yes'");
}

TEST(MarketCsv, WhatCannotBeWrittenIsRefused) {
  std::string text;
  auto snapshots = sample();
  snapshots[0].quotes[1].mark_price = std::numeric_limits<double>::infinity();
  EXPECT_EQ(append_market_csv(snapshots[0], text).error().message,
            "deribit:BTC-30JAN26-90000-P: inf is not a finite number");
  snapshots[1].quotes[0].instrument.lot = Decimal{7};
  EXPECT_EQ(append_market_csv(snapshots[1], text).error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace gimbal::venue
