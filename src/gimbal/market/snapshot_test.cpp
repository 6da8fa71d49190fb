// Canonical bytes of snapshots and instruments: what is written reads back the same, and nothing else reads at all.
#include "gimbal/market/snapshot.hpp"

#include <gtest/gtest.h>

#include "gimbal/market/internal/test_instruments.hpp"
#include "gimbal/market/snapshot_builder.hpp"

namespace gimbal::market {
namespace {

using namespace internal;

MarketSnapshot sample() {
  RecordedSnapshot recorded;
  recorded.time = *parse_utc("2026-02-01T04:00:00Z");
  recorded.rows = 7;
  recorded.unsupported = 2;
  for (const Instrument& instrument : {inverse_option(), inverse_perpetual(), inverse_future(), spot()}) {
    RecordedQuote& quote = recorded.quotes.emplace_back();
    quote.instrument = instrument;
    quote.bid_price = instrument.tick * Decimal{1'000};
    quote.ask_price = instrument.tick * Decimal{1'005};
    quote.bid_size = Decimal{3};
    quote.mark_price = 0.1;
    quote.forward = 1.0 / 3.0;
    quote.funding_rate_8h = Decimal::of("0.00012345");
  }
  recorded.indices = {{AssetCode::of("BTC"), Decimal::of("78950.21")}};
  const auto built = build_snapshot(recorded, std::make_shared<const Universe>(), {});
  EXPECT_TRUE(built.has_value()) << built.error().message;
  return built->snapshot;
}

Bytes encoded(const MarketSnapshot& snapshot) {
  ByteWriter out;
  encode(snapshot, out);
  return out.take();
}

TEST(Snapshot, RoundTripsThroughItsBytes) {
  const MarketSnapshot snapshot = sample();
  const Bytes bytes = encoded(snapshot);
  ByteReader in{bytes};
  const auto again = decode_snapshot(in, snapshot.universe);
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_TRUE(in.finish("snapshot").has_value());
  EXPECT_EQ(encoded(*again), bytes);
  EXPECT_EQ(again->time, snapshot.time);
  EXPECT_EQ(again->bid, snapshot.bid);
  EXPECT_EQ(again->forward, snapshot.forward);
  EXPECT_EQ(again->funding_rate_8h, snapshot.funding_rate_8h);
  EXPECT_EQ(again->index_price, snapshot.index_price);
  EXPECT_EQ(again->quality, snapshot.quality);
}

TEST(Snapshot, EveryTruncationIsAnError) {
  const MarketSnapshot snapshot = sample();
  const Bytes bytes = encoded(snapshot);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    ByteReader in{std::span{bytes}.first(length)};
    EXPECT_FALSE(decode_snapshot(in, snapshot.universe).has_value()) << length;
  }
}

TEST(Snapshot, ForeignUniversesAndDisorderAreErrors) {
  MarketSnapshot snapshot = sample();
  const Bytes bytes = encoded(snapshot);
  ByteReader foreign{bytes};
  EXPECT_FALSE(decode_snapshot(foreign, std::make_shared<const Universe>()).has_value());
  std::swap(snapshot.instrument[0], snapshot.instrument[1]);
  const Bytes disordered = encoded(snapshot);
  ByteReader in{disordered};
  EXPECT_EQ(decode_snapshot(in, snapshot.universe).error().message, "a snapshot's rows are not in order of instrument");
}

TEST(Snapshot, RowsAndIndicesAreFoundOrSaidToBeMissing) {
  const MarketSnapshot snapshot = sample();
  EXPECT_EQ(snapshot.row_of(InstrumentId{2}), 2U);
  EXPECT_FALSE(snapshot.row_of(InstrumentId{9}).has_value());
  EXPECT_EQ(*snapshot.index(*snapshot.universe->find_asset(AssetCode::of("BTC"))), 78950.21);
  MarketSnapshot blind = snapshot;
  blind.index_price.assign(blind.index_price.size(), std::nullopt);
  EXPECT_EQ(blind.index(AssetId{1}).error().message, "no index price of BTC at 2026-02-01T04:00:00Z");
}

TEST(Snapshot, InstrumentsRoundTripAndTruncationsAreErrors) {
  for (const Instrument& instrument :
       {inverse_option(), inverse_perpetual(), inverse_future(), linear_option(), spot()}) {
    ByteWriter out;
    encode(instrument, out);
    const Bytes bytes = out.take();
    ByteReader in{bytes};
    const auto again = decode_instrument(in);
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(*again, instrument);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      ByteReader cut{std::span{bytes}.first(length)};
      EXPECT_FALSE(decode_instrument(cut).has_value()) << instrument.name << " cut to " << length;
    }
  }
}

}  // namespace
}  // namespace gimbal::market
