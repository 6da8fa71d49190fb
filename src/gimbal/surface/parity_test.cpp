// Hand-worked pairs of both settlements.
#include "gimbal/surface/parity.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "gimbal/surface/internal/sample_chain.hpp"

namespace gimbal::surface {
namespace {

using market::OptionRight;
using market::Payoff;

market::RecordedQuote option_of(Payoff payoff, int strike, OptionRight right, const std::string& bid,
                                const std::string& ask) {
  market::RecordedQuote quote = internal::sample_quote(
      internal::SampleTerms{.payoff = payoff, .right = right, .strike = static_cast<double>(strike)}, bid, ask, 100.0);
  quote.instrument.tick = Decimal::of("0.0001");
  return quote;
}

double forward_of(const std::vector<market::RecordedQuote>& options, double forward) {
  const market::MarketSnapshot snapshot = internal::sample_snapshot(options);
  std::vector<std::size_t> rows(snapshot.rows());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return forward_within_parity(snapshot, rows, forward);
}

/// Pairs at four strikes whose synthetic forward is bid 2 over and asked 3 over a strike of 100, in the quote currency.
std::vector<market::RecordedQuote> linear_pairs() {
  std::vector<market::RecordedQuote> quotes;
  for (const int strike : {98, 99, 101, 102}) {
    const int over = 102 - strike;  // The forward's bid less the strike.
    quotes.push_back(option_of(Payoff::linear, strike, OptionRight::call, fmt::format("{}.5", over + 10),
                               fmt::format("{}.0", over + 11)));
    quotes.push_back(option_of(Payoff::linear, strike, OptionRight::put, "10", "10.5"));
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
  quotes.push_back(option_of(Payoff::linear, 100, OptionRight::call, "20", "20.5"));
  quotes.push_back(option_of(Payoff::linear, 100, OptionRight::put, "10", "10.5"));
  EXPECT_EQ(forward_of(quotes, 100.0), 100.0);
}

TEST(Parity, CoinPremiumsBoundTheForwardByTheirOwnRelation) {
  // C - P = 1 - K/F: between 0.05 and 0.06 at 95 is F between 100 and 101.06; three more strikes say nothing narrower.
  std::vector<market::RecordedQuote> quotes{option_of(Payoff::inverse, 95, OptionRight::call, "0.10", "0.105"),
                                            option_of(Payoff::inverse, 95, OptionRight::put, "0.045", "0.05")};
  for (const int strike : {94, 96, 97}) {
    const double middle = 1.0 - strike / 100.5;
    quotes.push_back(option_of(Payoff::inverse, strike, OptionRight::call, fmt::format("{:.4f}", middle + 0.05 - 0.005),
                               fmt::format("{:.4f}", middle + 0.05 + 0.005)));
    quotes.push_back(option_of(Payoff::inverse, strike, OptionRight::put, "0.0480", "0.0520"));
  }
  EXPECT_NEAR(forward_of(quotes, 90.0), 95.0 / 0.95, 1e-12);
  EXPECT_NEAR(forward_of(quotes, 120.0), 95.0 / 0.94, 1e-12);
  EXPECT_EQ(forward_of(quotes, 100.5), 100.5);
}

}  // namespace
}  // namespace gimbal::surface
