// Every defect of a recorded quote is handled and counted.
#include "gimbal/market/snapshot_builder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "gimbal/market/contract_value.hpp"
#include "gimbal/market/internal/test_instruments.hpp"

namespace gimbal::market {
namespace {

using namespace internal;

RecordedQuote quote_of(Instrument instrument, const char* bid, const char* ask) {
  RecordedQuote quote;
  quote.instrument = std::move(instrument);
  if (bid != nullptr) quote.bid_price = Decimal::of(bid);
  if (ask != nullptr) quote.ask_price = Decimal::of(ask);
  quote.bid_size = quote.ask_size = Decimal{5};
  quote.mark_price = 0.04;
  quote.mark_volatility = 0.5;
  quote.forward = 79'000.0;
  return quote;
}

RecordedSnapshot recorded(std::vector<RecordedQuote> quotes) {
  RecordedSnapshot snapshot;
  snapshot.time = *parse_utc("2026-02-01T04:00:00Z");
  snapshot.rows = quotes.size();
  snapshot.quotes = std::move(quotes);
  snapshot.indices = {{AssetCode::of("BTC"), Decimal::of("78950.2")}};
  return snapshot;
}

Result<BuiltSnapshot> built(const RecordedSnapshot& snapshot, const MarketAssumptions& assumptions = {}) {
  return build_snapshot(snapshot, std::make_shared<const Universe>(), assumptions);
}

MarketSnapshot one_row(RecordedQuote quote) {
  auto result = built(recorded({std::move(quote)}));
  EXPECT_TRUE(result.has_value()) << result.error().message;
  return result->snapshot;
}

TEST(SnapshotBuilder, TwoSidedQuoteIsKeptWhole) {
  const MarketSnapshot snapshot = one_row(quote_of(inverse_option(), "0.0395", "0.0405"));
  ASSERT_EQ(snapshot.rows(), 1U);
  EXPECT_EQ(snapshot.bid[0], PriceTicks{395});
  EXPECT_EQ(snapshot.ask[0], PriceTicks{405});
  EXPECT_EQ(snapshot.bid_size[0], QuantityLots{50});
  for (const QuoteFlag flag :
       {QuoteFlag::bid, QuoteFlag::ask, QuoteFlag::mark_price, QuoteFlag::mark_volatility, QuoteFlag::forward})
    EXPECT_TRUE(snapshot.has(0, flag));
  QualityCounts expected;
  expected.rows = expected.instruments = expected.two_sided = 1;
  EXPECT_EQ(snapshot.quality, expected);
}

TEST(SnapshotBuilder, EachDefectIsCountedWhereItBelongs) {
  EXPECT_EQ(one_row(quote_of(inverse_option(), nullptr, "0.0405")).quality.one_sided, 1U);
  EXPECT_EQ(one_row(quote_of(inverse_option(), "0.0395", nullptr)).quality.one_sided, 1U);
  EXPECT_EQ(one_row(quote_of(inverse_option(), "0", "0.0405")).quality.one_sided, 1U);
  EXPECT_EQ(one_row(quote_of(inverse_option(), nullptr, nullptr)).quality.unquoted, 1U);
  EXPECT_EQ(one_row(quote_of(inverse_option(), "-0.0395", nullptr)).quality.unquoted, 1U);
  RecordedQuote bare = quote_of(inverse_option(), "0.0395", "0.0405");
  bare.mark_price = 0.0;
  bare.forward.reset();
  bare.mark_volatility = std::numeric_limits<double>::quiet_NaN();
  const MarketSnapshot without = one_row(bare);
  EXPECT_EQ(without.quality.without_mark, 1U);
  EXPECT_EQ(without.quality.without_forward, 1U);
  EXPECT_FALSE(without.has(0, QuoteFlag::mark_volatility));
}

TEST(SnapshotBuilder, CrossedQuoteKeepsNeitherSide) {
  for (const char* ask : {"0.0395", "0.039"}) {
    const MarketSnapshot snapshot = one_row(quote_of(inverse_option(), "0.0395", ask));
    EXPECT_EQ(snapshot.quality.crossed, 1U);
    EXPECT_EQ(snapshot.quality.unquoted, 0U);
    EXPECT_TRUE(snapshot.has(0, QuoteFlag::crossed));
    EXPECT_FALSE(snapshot.has(0, QuoteFlag::bid));
    EXPECT_FALSE(snapshot.has(0, QuoteFlag::ask));
  }
}

TEST(SnapshotBuilder, SideOffItsTickIsLeftOutAndTheOtherKept) {
  const MarketSnapshot snapshot = one_row(quote_of(inverse_option(), "0.0396", "0.0405"));
  EXPECT_EQ(snapshot.quality.off_tick, 1U);
  EXPECT_EQ(snapshot.quality.one_sided, 1U);
  EXPECT_FALSE(snapshot.has(0, QuoteFlag::bid));
  EXPECT_TRUE(snapshot.has(0, QuoteFlag::ask));
}

TEST(SnapshotBuilder, ExpiredAndRepeatedQuotesAreLeftOut) {
  RecordedSnapshot snapshot =
      recorded({quote_of(inverse_option(), "0.0395", "0.0405"), quote_of(inverse_option(), "0.01", "0.02"),
                quote_of(inverse_perpetual(), "78950", "78951")});
  const auto first = built(snapshot);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->snapshot.quality.duplicates, 1U);
  EXPECT_EQ(first->snapshot.bid[*first->snapshot.row_of(InstrumentId{0})], PriceTicks{395});
  snapshot.time = *inverse_option().expiry;
  const auto later = built(snapshot);
  ASSERT_TRUE(later.has_value());
  EXPECT_EQ(later->snapshot.quality.expired, 2U);
  EXPECT_EQ(later->snapshot.rows(), 1U);
}

TEST(SnapshotBuilder, SizesAreAssumedWhereTheFormatHasNone) {
  RecordedQuote option = quote_of(inverse_option(), "0.0395", nullptr);
  RecordedQuote perpetual = quote_of(inverse_perpetual(), "78950", "78951");
  RecordedQuote linear = quote_of(linear_perpetual(), "200", "200.01");
  for (RecordedQuote* quote : {&option, &perpetual, &linear}) {
    quote->bid_size.reset();
    quote->ask_size.reset();
  }
  RecordedSnapshot snapshot = recorded({option, perpetual, linear});
  snapshot.indices.push_back({AssetCode::of("SOL"), Decimal{200}});
  const auto result = built(snapshot);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(result->snapshot.quality.sizes_assumed, 3U);
  EXPECT_EQ(result->snapshot.bid_size[0], QuantityLots{250});
  EXPECT_EQ(result->snapshot.ask_size[0], QuantityLots{});        // no ask to have a size
  EXPECT_EQ(result->snapshot.bid_size[1], QuantityLots{50'000});  // 500,000 USD in tens
  EXPECT_EQ(result->snapshot.bid_size[2], QuantityLots{25'000});  // in tenths of a coin at 200
}

TEST(SnapshotBuilder, NamedContractsAreQuotedAroundForwardOrIndex) {
  RecordedQuote future;
  future.instrument = inverse_future();
  future.assumed = true;
  future.forward = 79'010.0;
  RecordedQuote perpetual;
  perpetual.instrument = inverse_perpetual();
  perpetual.assumed = true;
  const auto result = built(recorded({future, perpetual}));
  ASSERT_TRUE(result.has_value());
  const MarketSnapshot& snapshot = result->snapshot;
  EXPECT_EQ(snapshot.quality.quotes_assumed, 2U);
  EXPECT_EQ(snapshot.quality.without_mark, 0U);
  EXPECT_EQ(price_of(future.instrument, snapshot.bid[0]), Decimal::of("78985"));     // 79010 (1 - 3e-4) = 78986.3
  EXPECT_EQ(price_of(future.instrument, snapshot.ask[0]), Decimal::of("79035"));     // 79033.7
  EXPECT_EQ(price_of(perpetual.instrument, snapshot.bid[1]), Decimal::of("78942"));  // 78942.305
  EXPECT_EQ(price_of(perpetual.instrument, snapshot.ask[1]), Decimal::of("78958.5"));
  EXPECT_TRUE(snapshot.has(0, QuoteFlag::quote_assumed));
  future.forward.reset();
  EXPECT_EQ(one_row(future).quality.unquoted, 1U);
}

TEST(SnapshotBuilder, FundingComesFromTheFileOrTheConfiguration) {
  RecordedQuote perpetual = quote_of(inverse_perpetual(), "78950", "78951");
  MarketAssumptions assumptions;
  assumptions.funding_rate_8h = Decimal::of("0.0001");
  const auto configured = built(recorded({perpetual}), assumptions);
  EXPECT_EQ(configured->snapshot.funding_rate_8h[0], Decimal::of("0.0001"));
  EXPECT_FALSE(configured->snapshot.has(0, QuoteFlag::funding_rate));
  perpetual.funding_rate_8h = Decimal::of("-0.00003");
  const auto given = built(recorded({perpetual}), assumptions);
  EXPECT_EQ(given->snapshot.funding_rate_8h[0], Decimal::of("-0.00003"));
  EXPECT_TRUE(given->snapshot.has(0, QuoteFlag::funding_rate));
  perpetual.funding_rate_8h = Decimal::of("1.5");
  EXPECT_EQ(built(recorded({perpetual})).error().code, ErrorCode::invalid_argument);
}

TEST(SnapshotBuilder, RowsStandInOrderOfIdAndTheUniverseGrows) {
  const std::array known{spot(), inverse_option()};
  const auto universe = *Universe{}.extended(known);
  const auto result = build_snapshot(
      recorded({quote_of(inverse_perpetual(), "78950", "78951"), quote_of(inverse_option(), "0.0395", "0.0405")}),
      universe, {});
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->listed, std::vector<Instrument>{inverse_perpetual()});
  EXPECT_EQ(result->snapshot.instrument, (std::vector<InstrumentId>{InstrumentId{1}, InstrumentId{2}}));
  EXPECT_EQ(result->snapshot.universe->size(), 3U);
  const auto again =
      build_snapshot(recorded({quote_of(inverse_option(), "0.0395", "0.0405")}), result->snapshot.universe, {});
  EXPECT_EQ(again->snapshot.universe, result->snapshot.universe);
}

TEST(SnapshotBuilder, ChangedDefinitionsAndMissingIndicesAreErrors) {
  const std::array known{inverse_option()};
  const auto universe = *Universe{}.extended(known);
  RecordedQuote changed = quote_of(inverse_option(), "0.0395", "0.0405");
  changed.instrument.lot = Decimal{1};
  changed.instrument.minimum = Decimal{1};
  EXPECT_EQ(build_snapshot(recorded({changed}), universe, {}).error().message,
            "instrument 'deribit:BTC-27MAR26-80000-C' changed its definition at 2026-02-01T04:00:00Z");
  RecordedSnapshot blind = recorded({quote_of(inverse_option(), "0.0395", "0.0405")});
  blind.indices.clear();
  EXPECT_EQ(built(blind).error().message, "no index price of BTC at 2026-02-01T04:00:00Z");
  blind.indices = {{AssetCode::of("BTC"), Decimal{-1}}};
  EXPECT_EQ(built(blind).error().message, "index price of BTC at 2026-02-01T04:00:00Z is -1, which is no price");
}

TEST(SnapshotBuilder, ImpossibleNumbersAreCutOrLeftOut) {
  RecordedQuote quote = quote_of(inverse_option(), "999999999999999999", "0.000000000000000001");
  quote.bid_size = Decimal::of("999999999999999999");
  quote.mark_price = 1e300;
  EXPECT_EQ(one_row(quote).quality.off_tick, 2U);
  quote.bid_price = Decimal::of("0.0395");
  quote.ask_price.reset();
  EXPECT_EQ(one_row(quote).bid_size[0].raw(), 1'000'000'000'000'000);
  quote.bid_size = Decimal{-3};
  const MarketSnapshot snapshot = one_row(quote);
  EXPECT_EQ(snapshot.bid_size[0], QuantityLots{});
  EXPECT_EQ(snapshot.quality.without_mark, 1U);
}

TEST(SnapshotBuilder, DollarsAreOneUnlessTheirIndexSaysOtherwise) {
  RecordedSnapshot snapshot = recorded({quote_of(spot(), "78950", "78950.01")});
  const auto plain = built(snapshot);
  ASSERT_TRUE(plain.has_value()) << plain.error().message;
  const auto usdc = *plain->snapshot.universe->find_asset(AssetCode::of("USDC"));
  EXPECT_EQ(*plain->snapshot.index(usdc), 1.0);
  snapshot.indices.push_back({AssetCode::of("USDC"), Decimal::of("0.9998")});
  EXPECT_EQ(*built(snapshot)->snapshot.index(usdc), 0.9998);
}

}  // namespace
}  // namespace gimbal::market
