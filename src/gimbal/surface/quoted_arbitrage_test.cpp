// Trades worked by hand, what they pay at every price, and a search by brute force that must find no better.
#include "gimbal/surface/quoted_arbitrage.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "gimbal/foundation/random.hpp"
#include "gimbal/surface/sample_chain.hpp"

namespace gimbal::surface {
namespace {

using market::OptionRight;
using market::Payoff;

const market::FeeSchedule some_fees{.taker_rate = Decimal::of("0.0003"),
                                    .maker_rate = {},
                                    .option_cap = Decimal::of("0.125"),
                                    .delivery_rate = {},
                                    .delivery_cap = {}};

SampleOption call(int strike, const std::string& bid, const std::string& ask) {
  return {.strike = Decimal{strike}, .bid = bid, .ask = ask};
}
SampleOption put(int strike, const std::string& bid, const std::string& ask) {
  return {.strike = Decimal{strike}, .right = OptionRight::put, .bid = bid, .ask = ask};
}

/// What a trade's legs pay at expiry, in the quote currency, for options of one expiry.
double payoff_at(const market::MarketSnapshot& snapshot, const QuotedArbitrage& trade, double price) {
  double sum = 0.0;
  for (const ArbitrageLeg& leg : trade.legs) {
    const market::Instrument& option = (*snapshot.universe)[leg.instrument];
    const double strike = option.strike.to_double();
    const double value = std::max(option.right == OptionRight::call ? price - strike : strike - price, 0.0);
    // Coin at expiry is money at the price then; premiums in coin were money at the index of 100.
    sum += leg.contracts * (option.payoff == Payoff::inverse ? value / price * 100.0 : value);
  }
  return sum;
}

TEST(QuotedArbitrage, AButterflyIsFoundWithItsBestWings) {
  const market::MarketSnapshot snapshot =
      snapshot_of({call(90, "11", "12"), call(95, "9.8", "9.9"), call(100, "9.5", "9.6"), call(105, "3", "4"),
                   call(120, "1", "2")});
  const auto found = quoted_arbitrages(snapshot);
  ASSERT_FALSE(found.empty());
  const QuotedArbitrage& best = found.front();
  EXPECT_EQ(best.kind, QuotedArbitrageKind::butterfly);
  ASSERT_EQ(best.legs.size(), 3U);
  EXPECT_EQ(best.legs[0].contracts, -1.0);
  EXPECT_EQ(best.legs[0].price, 9.5);
  // Not the nearest: a third at 90 and two at 105 cost 12/3 + 2 4/3, halves at 95 and 105 (9.9 + 4)/2.
  EXPECT_NEAR(best.gain, 9.5 - 20.0 / 3.0, 1e-12);
  EXPECT_EQ(best.gain, best.gain_before_fees);
  EXPECT_EQ(best.contracts_most, 10.0);
  EXPECT_FALSE(best.needs_forward_hedge);
}

TEST(QuotedArbitrage, FeesAreTakenOffAndMayLeaveNothing) {
  std::vector<SampleOption> options{call(90, "11", "12"), call(100, "7.02", "8"), call(110, "1.9", "2")};
  EXPECT_EQ(quoted_arbitrages(snapshot_of(options)).size(), 1U);
  for (SampleOption& option : options) option.fees = some_fees;  // 0.03 a leg, of which there are two in all
  EXPECT_TRUE(quoted_arbitrages(snapshot_of(options)).empty());
  options[1].bid = "7.1";
  const auto found = quoted_arbitrages(snapshot_of(options));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].gain_before_fees, 0.1, 1e-12);
  EXPECT_NEAR(found[0].gain, 0.1 - 0.06, 1e-9);
}

TEST(QuotedArbitrage, AVerticalThatPaysForBeingHeldIsFoundForBothRights) {
  const auto calls = quoted_arbitrages(snapshot_of({call(90, "5", "6"), call(100, "7", "8")}));
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls[0].kind, QuotedArbitrageKind::vertical);
  EXPECT_NEAR(calls[0].gain, 1.0, 1e-12);
  const auto puts = quoted_arbitrages(snapshot_of({put(90, "7", "8"), put(100, "5", "6")}));
  ASSERT_EQ(puts.size(), 1U);
  EXPECT_EQ(puts[0].kind, QuotedArbitrageKind::vertical);
}

TEST(QuotedArbitrage, ABoxIsFoundWhereTwoStrikesDisagreeAboutTheForward) {
  // At 90 the forward sells at 90 + 13 - 2 = 101, at 100 it is bought at 100 + 5.1 - 5 = 100.1.
  const auto found = quoted_arbitrages(
      snapshot_of({call(90, "13", "13.2"), put(90, "1.8", "2"), call(100, "5", "5.1"), put(100, "5", "5.2")}));
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].kind, QuotedArbitrageKind::box);
  EXPECT_NEAR(found[0].gain, 0.9, 1e-12);
  EXPECT_EQ(found[0].legs.size(), 4U);
}

TEST(QuotedArbitrage, ABoxInCoinLetsThePriceAtExpiryCancel) {
  // Forwards of 102 and 100: C - P = 1 - K/F.
  const auto coin = [](int strike, OptionRight right, double middle) {
    return SampleOption{.payoff = Payoff::inverse,
                        .strike = Decimal{strike},
                        .right = right,
                        .bid = fmt::format("{:.4f}", middle - 0.0005),
                        .ask = fmt::format("{:.4f}", middle + 0.0005)};
  };
  const market::MarketSnapshot snapshot =
      snapshot_of({coin(90, OptionRight::call, 0.05 + 1.0 - 90.0 / 102.0), coin(90, OptionRight::put, 0.05),
                   coin(100, OptionRight::call, 0.05), coin(100, OptionRight::put, 0.05)});
  const auto found = quoted_arbitrages(snapshot);
  ASSERT_FALSE(found.empty());
  ASSERT_EQ(found[0].kind, QuotedArbitrageKind::box);
  double least = 1e9;
  double most = -1e9;
  double premium = 0.0;
  for (const ArbitrageLeg& leg : found[0].legs) premium -= leg.contracts * leg.price * 100.0;
  for (double price = 20.0; price < 500.0; price += 1.0) {
    const double sum = premium + payoff_at(snapshot, found[0], price);
    least = std::min(least, sum);
    most = std::max(most, sum);
  }
  EXPECT_NEAR(least, found[0].gain, 1e-9);
  EXPECT_NEAR(most, found[0].gain, 1e-9);
}

TEST(QuotedArbitrage, ACalendarNeedsItsForwardsHedged) {
  SampleOption early = call(100, "5", "5.5");
  SampleOption late = call(100, "4", "4.5");
  late.expiry = *parse_utc("2026-06-26T08:00:00Z");
  const auto found = quoted_arbitrages(snapshot_of({early, late}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, QuotedArbitrageKind::calendar);
  EXPECT_TRUE(found[0].needs_forward_hedge);
  EXPECT_NEAR(found[0].gain, 0.5, 1e-12);
  // The later forward is a tenth higher: the strike that corresponds is 110, which is not listed, and 100 is no bound.
  late.forward = 110.0;
  EXPECT_TRUE(quoted_arbitrages(snapshot_of({early, late})).empty());
}

TEST(QuotedArbitrage, AMarketPricedFromOneSurfaceHasNone) {
  std::vector<SampleOption> options;
  for (int strike = 80; strike <= 120; strike += 5) {
    const double middle =
        std::max(100.0 - strike, 0.0) + 4.0 * std::exp(-0.01 * (strike - 100) * (strike - 100) / 10.0);
    options.push_back(call(strike, fmt::format("{:.2f}", middle - 0.3), fmt::format("{:.2f}", middle + 0.3)));
  }
  EXPECT_TRUE(quoted_arbitrages(snapshot_of(options)).empty());
}

/// Every pair of wings around every bid.
double best_butterfly_by_force(const std::vector<SampleOption>& options) {
  double best = 0.0;
  const auto number = [](const std::string& text) { return std::stod(text); };
  for (const SampleOption& middle : options)
    for (const SampleOption& low : options)
      for (const SampleOption& high : options) {
        const double k1 = low.strike.to_double();
        const double k2 = middle.strike.to_double();
        const double k3 = high.strike.to_double();
        if (!(k1 < k2 && k2 < k3)) continue;
        const double share = (k3 - k2) / (k3 - k1);
        best = std::max(best, number(middle.bid) - share * number(low.ask) - (1.0 - share) * number(high.ask));
      }
  return best;
}

RC_GTEST_PROP(QuotedArbitrage, NoWingsAreBetterThanThoseOfTheHull, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  std::vector<SampleOption> options;
  const auto count = 3 + random.below(10);
  for (std::uint64_t i = 0; i < count; ++i) {
    const int strike = 80 + 4 * static_cast<int>(i) + static_cast<int>(random.below(4));
    const double middle = 20.0 * std::exp(-0.08 * static_cast<double>(i)) + 4.0 * random.uniform();
    options.push_back(call(strike, fmt::format("{:.2f}", middle), fmt::format("{:.2f}", middle + 0.5)));
  }
  const market::MarketSnapshot snapshot = snapshot_of(options);
  double found = 0.0;
  for (const QuotedArbitrage& trade : quoted_arbitrages(snapshot)) {
    RC_ASSERT(trade.gain > 0.0);
    if (trade.kind == QuotedArbitrageKind::butterfly) found = std::max(found, trade.gain);
    // Whatever the price at expiry, nothing is owed.
    for (double price = 50.0; price <= 200.0; price += 2.5) RC_ASSERT(payoff_at(snapshot, trade, price) >= -1e-9);
  }
  RC_ASSERT(std::fabs(found - best_butterfly_by_force(options)) < 1e-9);
}

}  // namespace
}  // namespace gimbal::surface
