// Hand-worked pairs of both settlements.
#include "gimbal/surface/parity.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "gimbal/market/snapshot_builder.hpp"

namespace gimbal::surface {
namespace {

using market::AssetCode;
using market::OptionRight;
using market::Payoff;

market::RecordedQuote quote_of(Payoff payoff, int strike, OptionRight right, const char* bid, const char* ask) {
  market::RecordedQuote quote;
  market::Instrument& option = quote.instrument;
  option.name = fmt::format("test:{}-{}", strike, right == OptionRight::call ? "C" : "P");
  option.venue = "test";
  option.kind = market::InstrumentKind::option;
  option.payoff = payoff;
  option.underlying = AssetCode::of("BTC");
  option.quote = AssetCode::of(payoff == Payoff::inverse ? "USD" : "USDC");
  option.settlement = AssetCode::of(payoff == Payoff::inverse ? "BTC" : "USDC");
  option.right = right;
  option.strike = Decimal{strike};
  option.expiry = *parse_utc("2026-03-27T08:00:00Z");
  option.contract_size = option.lot = option.minimum = Decimal{1};
  option.tick = Decimal::of("0.0001");
  quote.bid_price = Decimal::of(bid);
  quote.ask_price = Decimal::of(ask);
  quote.forward = 100.0;
  return quote;
}

double forward_of(const std::vector<market::RecordedQuote>& quotes, double forward) {
  market::RecordedSnapshot recorded;
  recorded.time = *parse_utc("2026-02-01T08:00:00Z");
  recorded.indices = {{AssetCode::of("BTC"), Decimal{100}}};
  recorded.quotes = quotes;
  const auto built = market::build_snapshot(recorded, std::make_shared<market::Universe>(), {});
  EXPECT_TRUE(built.has_value());
  std::vector<std::size_t> rows(built->snapshot.rows());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return forward_within_parity(built->snapshot, rows, forward);
}

/// Pairs at four strikes whose synthetic forward is bid 2 over and asked 3 over a strike of 100, in the quote currency.
std::vector<market::RecordedQuote> linear_pairs() {
  std::vector<market::RecordedQuote> quotes;
  for (const int strike : {98, 99, 101, 102}) {
    const int over = 102 - strike;  // The forward's bid less the strike.
    quotes.push_back(quote_of(Payoff::linear, strike, OptionRight::call, fmt::format("{}.5", over + 10).c_str(),
                              fmt::format("{}.0", over + 11).c_str()));
    quotes.push_back(quote_of(Payoff::linear, strike, OptionRight::put, "10", "10.5"));
  }
  return quotes;
}

TEST(Parity, AForwardWithinTheBandStays) {
  for (const double forward : {102.0, 102.4, 103.0}) EXPECT_EQ(forward_of(linear_pairs(), forward), forward);
}

TEST(Parity, AForwardOutsideIsMovedToTheNearestEdge) {
  EXPECT_DOUBLE_EQ(forward_of(linear_pairs(), 100.0), 102.0);
  EXPECT_DOUBLE_EQ(forward_of(linear_pairs(), 110.0), 103.0);
}

TEST(Parity, ThreePairsAreNotEnoughToMoveIt) {
  auto quotes = linear_pairs();
  quotes.pop_back();
  EXPECT_EQ(forward_of(quotes, 100.0), 100.0);
}

TEST(Parity, PairsThatContradictEachOtherLeaveItAlone) {
  auto quotes = linear_pairs();
  quotes.push_back(quote_of(Payoff::linear, 100, OptionRight::call, "20", "20.5"));
  quotes.push_back(quote_of(Payoff::linear, 100, OptionRight::put, "10", "10.5"));
  EXPECT_EQ(forward_of(quotes, 100.0), 100.0);
}

TEST(Parity, CoinPremiumsBoundTheForwardByTheirOwnRelation) {
  // C - P = 1 - K/F: between 0.05 and 0.06 at 95 is F between 100 and 101.06; three more strikes say nothing narrower.
  std::vector<market::RecordedQuote> quotes{quote_of(Payoff::inverse, 95, OptionRight::call, "0.10", "0.105"),
                                            quote_of(Payoff::inverse, 95, OptionRight::put, "0.045", "0.05")};
  for (const int strike : {94, 96, 97}) {
    const double middle = 1.0 - strike / 100.5;
    quotes.push_back(quote_of(Payoff::inverse, strike, OptionRight::call,
                              fmt::format("{:.4f}", middle + 0.05 - 0.005).c_str(),
                              fmt::format("{:.4f}", middle + 0.05 + 0.005).c_str()));
    quotes.push_back(quote_of(Payoff::inverse, strike, OptionRight::put, "0.0480", "0.0520"));
  }
  EXPECT_NEAR(forward_of(quotes, 90.0), 95.0 / 0.95, 1e-12);
  EXPECT_NEAR(forward_of(quotes, 120.0), 95.0 / 0.94, 1e-12);
  EXPECT_EQ(forward_of(quotes, 100.5), 100.5);
}

}  // namespace
}  // namespace gimbal::surface
