// Costs of crossing quotes: half-spreads to the mid, fees with their cap, and sides that are not there.
#include "gimbal/allocate/cost.hpp"

#include <gtest/gtest.h>

#include "gimbal/allocate/internal/sample_market.hpp"

namespace gimbal::allocate {
namespace {

using internal::make_market;
using internal::OptionQuote;
using internal::quote;
using internal::SampleDescription;
using internal::SampleMarket;

SampleMarket one(market::RecordedQuote row) {
  SampleDescription description;
  description.quotes = {std::move(row)};
  return make_market(description);
}

market::RecordedQuote option_at(const char* bid, const char* ask, double mark) {
  market::RecordedQuote row = quote(OptionQuote{});
  row.bid_price = Decimal::of(bid);
  row.ask_price = Decimal::of(ask);
  row.mark_price = mark;
  return row;
}

TEST(Cost, OfAnInverseOptionIsHalfTheSpreadAndTheFeeAtTheIndex) {
  const SampleMarket market = one(option_at("0.0600", "0.0620", 0.0612));
  const auto costs = trading_costs(*market.view.snapshot, market.view.numeraire);
  ASSERT_TRUE(costs);
  // 0.001 coin of half-spread and 0.0003 coin of fee, at 60,000.
  EXPECT_NEAR((*costs)[0].buy->total, 0.0013 * 60000.0, 1e-9);
  EXPECT_NEAR((*costs)[0].sell->total, 0.0013 * 60000.0, 1e-9);
  EXPECT_NEAR((*costs)[0].buy->fee, 0.0003, 1e-12);
}

TEST(Cost, OfACheapOptionIsCappedByItsPremium) {
  const SampleMarket market = one(option_at("0.0008", "0.0010", 0.0009));
  const auto costs = trading_costs(*market.view.snapshot, market.view.numeraire);
  ASSERT_TRUE(costs);
  EXPECT_NEAR((*costs)[0].buy->fee, 0.125 * 0.0010, 1e-12);
  EXPECT_NEAR((*costs)[0].sell->fee, 0.125 * 0.0008, 1e-12);
}

TEST(Cost, IsNeverNegativeWhereTheMarkLiesOutsideTheQuotes) {
  const SampleMarket market = one(option_at("0.0600", "0.0620", 0.0700));
  const auto costs = trading_costs(*market.view.snapshot, market.view.numeraire);
  ASSERT_TRUE(costs);
  EXPECT_NEAR((*costs)[0].buy->total, 0.0013 * 60000.0, 1e-9);
}

TEST(Cost, OneSidedQuotesAreCountedFromTheMarkAndTradeOnThatSideOnly) {
  market::RecordedQuote row = option_at("0.0600", "0.0620", 0.0612);
  row.bid_price.reset();
  row.bid_size.reset();
  const SampleMarket market = one(row);
  const auto costs = trading_costs(*market.view.snapshot, market.view.numeraire);
  ASSERT_TRUE(costs);
  EXPECT_FALSE((*costs)[0].sell);
  EXPECT_NEAR((*costs)[0].buy->total, (0.0008 + 0.0003) * 60000.0, 1e-9);
  row.mark_price = 0.0700;  // above the ask: the reference is held to the ask, and only the fee remains
  const SampleMarket above = one(row);
  EXPECT_NEAR((*trading_costs(*above.view.snapshot, above.view.numeraire))[0].buy->total, 0.0003 * 60000.0, 1e-9);
  row.mark_price.reset();
  const SampleMarket unmarked = one(row);
  EXPECT_FALSE((*trading_costs(*unmarked.view.snapshot, unmarked.view.numeraire))[0].buy);
}

TEST(Cost, OfATradeRoundsItsFeeAsTheVenueDoes) {
  const SampleMarket market = one(quote(internal::FutureQuote{.half_spread = 30.0}));
  // 7 contracts of 10 USD at 60,030: fee 0.0005 x 70 / 60030 = 5.8304e-7 coin, rounded to 5.8e-7.
  const auto cost = trade_cost(*market.view.snapshot, 0, QuantityLots{7}, market.view.numeraire);
  ASSERT_TRUE(cost);
  const double spread_coin = 70.0 / 60000.0 - 70.0 / 60030.0;
  EXPECT_NEAR(*cost, (spread_coin + 58e-8) * 60000.0, 1e-9);
}

TEST(Cost, ExchangeRatesAreQuotientsOfIndexPrices) {
  SampleDescription description;
  description.quotes = {quote(OptionQuote{})};
  description.numeraire = "BTC";
  const SampleMarket market = make_market(description);
  const auto usd = *market.view.universe().find_asset(market::usd());
  EXPECT_DOUBLE_EQ(*exchange_rate(*market.view.snapshot, usd, market.view.numeraire), 1.0 / 60000.0);
  EXPECT_EQ(*exchange_rate(*market.view.snapshot, market.view.numeraire, market.view.numeraire), 1.0);
}

}  // namespace
}  // namespace gimbal::allocate
