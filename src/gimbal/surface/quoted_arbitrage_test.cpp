// Every kind worked out by hand, all of them against brute force over random chains, and their payoffs at settlement.
#include "gimbal/surface/quoted_arbitrage.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include "gimbal/foundation/random.hpp"
#include "gimbal/market/contract_value.hpp"
#include "gimbal/pricing/black76.hpp"
#include "gimbal/surface/internal/sample_chain.hpp"

namespace gimbal::surface {
namespace {

using internal::sample_future;
using internal::sample_june;
using internal::sample_march;
using internal::sample_quote;
using internal::sample_snapshot;
using internal::sample_time;
using internal::SampleTerms;
using market::Instrument;
using market::MarketSnapshot;
using market::OptionRight;
using market::Payoff;
using market::QuoteFlag;
using market::RecordedQuote;

constexpr double index_price = 60000.0;

std::vector<QuotedArbitrage> found_in(const MarketSnapshot& snapshot, double money_least = 0.01) {
  auto found = quoted_arbitrages(snapshot, {.money_least = money_least});
  EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().message);
  return *found;
}
std::vector<QuotedArbitrage> found_in(const std::vector<RecordedQuote>& quotes) {
  return found_in(sample_snapshot(quotes));
}

SampleTerms coin_call(double strike, UtcTime expiry = sample_march()) { return {.strike = strike, .expiry = expiry}; }
SampleTerms coin_put(double strike) { return {.right = OptionRight::put, .strike = strike}; }
SampleTerms linear_call(double strike, UtcTime expiry = sample_march()) {
  return {.payoff = Payoff::linear, .strike = strike, .expiry = expiry};
}
SampleTerms linear_put(double strike) {
  return {.payoff = Payoff::linear, .right = OptionRight::put, .strike = strike};
}

std::vector<double> contracts_of(const QuotedArbitrage& trade) {
  std::vector<double> contracts;
  for (const ArbitrageLeg& leg : trade.legs) contracts.push_back(leg.contracts);
  return contracts;
}

TEST(QuotedArbitrage, SellsAButterflyOfCoinCallsAfterFeesAtTheirCap) {
  // A quarter of 110,000 and three of 114,000 cover 113,000: 0.25 x 0.0016 + 0.75 x 0.0008 = 0.0010 for 0.0015.
  std::vector<RecordedQuote> quotes{sample_quote(coin_call(110000), "0.0014", "0.0016"),
                                    sample_quote(coin_call(113000), "0.0015", "0.0018"),
                                    sample_quote(coin_call(114000), "0.0007", "0.0008")};
  quotes[2].ask_size = Decimal{3};
  const auto found = found_in(quotes);
  ASSERT_EQ(found.size(), 1U);
  const QuotedArbitrage& trade = found[0];
  EXPECT_EQ(trade.kind, ArbitrageKind::butterfly);
  ASSERT_EQ(contracts_of(trade), (std::vector{-1.0, 0.25, 0.75}));
  EXPECT_EQ(trade.legs[0].price, 0.0015);
  EXPECT_EQ(trade.legs[2].price, 0.0008);
  EXPECT_NEAR(trade.money_before_fees, 0.0005 * index_price, 1e-9);
  // 12.5 % of 0.0015 + 0.0010.
  EXPECT_NEAR(trade.money, (0.0005 - 0.125 * 0.0025) * index_price, 1e-9);
  // Above 114,000 both legs' options are delivered: two coins at 0.015 %.
  EXPECT_NEAR(trade.delivery_fees_most, 2.0 * 0.00015 * index_price, 1e-9);
  EXPECT_NEAR(*trade.units, 4.0, 1e-12);
  EXPECT_FALSE(trade.needs_forward_hedge);
}

TEST(QuotedArbitrage, KnowsNoSizeWhereOneIsAssumed) {
  std::vector<RecordedQuote> quotes{sample_quote(linear_call(60000), "1900", "2000"),
                                    sample_quote(linear_call(64000), "2100", "2200")};
  quotes[0].bid_size.reset();
  quotes[0].ask_size.reset();
  const auto found = found_in(quotes);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_FALSE(found[0].units.has_value());
}

TEST(QuotedArbitrage, SellsACallAboveALowerOne) {
  const auto found =
      found_in({sample_quote(linear_call(60000), "1900", "2000"), sample_quote(linear_call(64000), "2100", "2200")});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, ArbitrageKind::vertical);
  EXPECT_EQ(contracts_of(found[0]), (std::vector{-1.0, 1.0}));
  EXPECT_EQ(found[0].payoff_least, 0.0);
  EXPECT_NEAR(found[0].money, 100.0 - 2.0 * 18.0, 1e-9);
}

TEST(QuotedArbitrage, CoversALinearOptionByItsNeighbourAndTheirDistanceInCash) {
  const auto calls =
      found_in({sample_quote(linear_call(60000), "3100", "3200"), sample_quote(linear_call(62000), "900", "1000")});
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls[0].payoff_least, -2000.0);
  EXPECT_NEAR(calls[0].money, 3100.0 - 1000.0 - 2000.0 - 2.0 * 18.0, 1e-9);
  const auto puts =
      found_in({sample_quote(linear_put(60000), "900", "1000"), sample_quote(linear_put(62000), "3100", "3200")});
  ASSERT_EQ(puts.size(), 1U);
  EXPECT_EQ(puts[0].payoff_least, -2000.0);
  EXPECT_NEAR(puts[0].money, calls[0].money, 1e-9);
}

TEST(QuotedArbitrage, CoversACoinCallByAHigherOneAndCoins) {
  // Three quarters of 80,000 and a quarter of a coin cover 60,000: 0.75 x 0.02 + 0.25 = 0.265 for 0.27.
  const auto found =
      found_in({sample_quote(coin_call(60000), "0.27", "0.28"), sample_quote(coin_call(80000), "0.01", "0.02")});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, ArbitrageKind::vertical);
  EXPECT_EQ(contracts_of(found[0]), (std::vector{-1.0, 0.75}));
  EXPECT_NEAR(found[0].payoff_least, -0.25, 1e-15);
  EXPECT_NEAR(found[0].money, (0.005 - 1.75 * 0.0003) * index_price, 1e-9);
}

TEST(QuotedArbitrage, CoversAPutByAFractionOfAHigherOne) {
  const auto found =
      found_in({sample_quote(coin_put(20000), "0.0006", ""), sample_quote(coin_put(30000), "", "0.0006")});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, ArbitrageKind::vertical);
  EXPECT_NEAR(found[0].legs[1].contracts, 2.0 / 3.0, 1e-15);
  EXPECT_NEAR(found[0].money, (0.0002 - 0.125 * 0.0010) * index_price, 1e-9);
}

TEST(QuotedArbitrage, BoxesWithoutAFuture) {
  // Long the synthetic of 50,000 at 7,000 (a forward of 57,000), short that of 70,000 at -10,000 (60,000).
  const auto linear = found_in(
      {sample_quote(linear_call(50000), "", "9000", 58000), sample_quote(linear_put(50000), "2000", "", 58000),
       sample_quote(linear_call(70000), "1000", "", 58000), sample_quote(linear_put(70000), "", "11000", 58000)});
  ASSERT_EQ(linear.size(), 3U);  // The box, and both synthetics against the rows' forward.
  EXPECT_EQ(linear[0].kind, ArbitrageKind::box);
  EXPECT_EQ(contracts_of(linear[0]), (std::vector{-1.0, 1.0, 1.0, -1.0}));
  EXPECT_NEAR(linear[0].payoff_least, 20000.0, 1e-9);
  EXPECT_NEAR(linear[0].money, 3000.0 - 4.0 * 18.0, 1e-9);
  EXPECT_FALSE(linear[0].needs_forward_hedge);
  EXPECT_TRUE(linear[1].needs_forward_hedge);

  // In coin: 0.12 for 1 - 50,000/S, and -0.16 for 1 - 70,000/S: the same with 1.4 of the first.
  const auto inverse =
      found_in({sample_quote(coin_call(50000), "", "0.15", 58000), sample_quote(coin_put(50000), "0.03", "", 58000),
                sample_quote(coin_call(70000), "0.02", "", 58000), sample_quote(coin_put(70000), "", "0.18", 58000)});
  ASSERT_EQ(inverse[0].kind, ArbitrageKind::box);
  EXPECT_EQ(contracts_of(inverse[0]), (std::vector{-1.0, 1.0, 1.4, -1.4}));
  EXPECT_NEAR(inverse[0].payoff_least, 0.4, 1e-12);
  EXPECT_NEAR(inverse[0].money, (-0.16 - 1.4 * 0.12 + 0.4 - 4.8 * 0.0003) * index_price, 1e-9);
}

std::vector<RecordedQuote> rich_synthetic(Payoff payoff) {
  const bool inverse = payoff == Payoff::inverse;
  return {sample_quote({.payoff = payoff, .strike = 50000}, inverse ? "0.23" : "13800", "", 61000),
          sample_quote({.payoff = payoff, .right = OptionRight::put, .strike = 50000}, "", inverse ? "0.03" : "1800",
                       61020)};
}

TEST(QuotedArbitrage, TakesParityAgainstTheQuotedFuture) {
  std::vector<RecordedQuote> quotes = rich_synthetic(Payoff::inverse);
  quotes.push_back(sample_quote(sample_future({}), "60995", "61000"));
  quotes.back().ask_size = Decimal{2500};
  const auto found = found_in(quotes);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, ArbitrageKind::parity);
  // 50,000 dollars of a future of ten dollars a contract.
  EXPECT_EQ(contracts_of(found[0]), (std::vector{-1.0, 1.0, 5000.0}));
  EXPECT_EQ(found[0].legs[2].price, 61000.0);
  const double fees = 2.0 * 0.0003 + 0.0005 * 50000.0 / 61000.0;
  EXPECT_NEAR(found[0].money, (0.2 - (1.0 - 50000.0 / 61000.0) - fees) * index_price, 1e-6);
  EXPECT_NEAR(*found[0].units, 0.5, 1e-12);
  EXPECT_FALSE(found[0].needs_forward_hedge);

  quotes = rich_synthetic(Payoff::linear);
  quotes.push_back(sample_quote(sample_future({.payoff = Payoff::linear}), "60995", "61000"));
  const auto linear = found_in(quotes);
  ASSERT_EQ(linear.size(), 1U);
  EXPECT_EQ(contracts_of(linear[0]), (std::vector{-1.0, 1.0, 1.0}));
  EXPECT_NEAR(linear[0].money, 12000.0 - 11000.0 - 2.0 * 18.0 - 0.0005 * 61000.0, 1e-6);
}

TEST(QuotedArbitrage, SaysWhenParityStandsAgainstAModelForward) {
  std::vector<RecordedQuote> quotes = rich_synthetic(Payoff::inverse);
  const auto bare = found_in(quotes);
  ASSERT_EQ(bare.size(), 1U);
  EXPECT_EQ(bare[0].legs.size(), 2U);
  EXPECT_TRUE(bare[0].needs_forward_hedge);
  // The forward has to be bought, so at the higher of the two rows.
  EXPECT_NEAR(bare[0].money, (0.2 - (1.0 - 50000.0 / 61020.0) - 2.0 * 0.0003) * index_price, 1e-6);

  RecordedQuote named = sample_quote(sample_future({}), "", "");
  named.assumed = true;
  named.forward = 61000;
  quotes.push_back(named);
  const auto listed = found_in(quotes);
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(contracts_of(listed[0]), (std::vector{-1.0, 1.0, 5000.0}));
  EXPECT_EQ(listed[0].legs[2].price, 61020.0);
  EXPECT_TRUE(listed[0].needs_forward_hedge);
  EXPECT_FALSE(listed[0].units.has_value());
  EXPECT_NEAR(bare[0].money - listed[0].money, 0.0005 * 50000.0 / 61020.0 * index_price, 1e-6);
}

TEST(QuotedArbitrage, SellsTheEarlierOfTwoCoinCallsOfOneMoneyness) {
  // Forwards 60,000 and 66,000: 72,000 in June is 65,454.5 in March, and 66,000 in March is 72,600 in June.
  const std::vector<RecordedQuote> quotes{sample_quote(coin_call(66000), "0.05", "0.06", 60000),
                                          sample_quote(coin_call(72000, sample_june()), "0.02", "0.03", 66000),
                                          sample_quote(coin_call(74000, sample_june()), "0.01", "0.02", 66000)};
  const auto found = found_in(quotes);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, ArbitrageKind::calendar);
  EXPECT_TRUE(found[0].needs_forward_hedge);
  EXPECT_NEAR(found[0].legs[1].contracts, 0.7, 1e-12);
  EXPECT_NEAR(found[0].legs[2].contracts, 0.3, 1e-12);
  EXPECT_NEAR(found[0].money, (0.05 - 0.7 * 0.03 - 0.3 * 0.02 - 2.0 * 0.0003) * index_price, 1e-6);
  // March pays on one coin at the most, June on one.
  EXPECT_NEAR(found[0].delivery_fees_most, 2.0 * 0.00015 * index_price, 1e-9);
}

TEST(QuotedArbitrage, ScalesALinearCalendarByTheForwards) {
  const auto found = found_in({sample_quote(linear_call(60000), "4000", "4100", 60000),
                               sample_quote(linear_call(66000, sample_june()), "3000", "3300", 66000)});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].legs[1].contracts, 60.0 / 66.0, 1e-12);
  EXPECT_NEAR(found[0].money, 4000.0 - 3300.0 / 1.1 - 18.0 * (1.0 + 1.0 / 1.1), 1e-6);
}

TEST(QuotedArbitrage, KeepsWhatDoesNotPayAlikeApart) {
  // Each would be a vertical if the two were of one family.
  EXPECT_TRUE(
      found_in({sample_quote(coin_call(60000), "", "0.01"), sample_quote(linear_call(64000), "900", "")}).empty());
  RecordedQuote other_venue = sample_quote(coin_call(64000), "0.05", "");
  other_venue.instrument.venue = "elsewhere";
  EXPECT_TRUE(found_in({sample_quote(coin_call(60000), "", "0.01"), other_venue}).empty());
  RecordedQuote other_size = sample_quote(coin_call(64000), "0.05", "");
  other_size.instrument.contract_size = Decimal{10};
  EXPECT_TRUE(found_in({sample_quote(coin_call(60000), "", "0.01"), other_size}).empty());
}

TEST(QuotedArbitrage, RefusesToReportNothing) {
  for (const double least : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()})
    EXPECT_FALSE(quoted_arbitrages(sample_snapshot({}), {.money_least = least}).has_value());
  MarketSnapshot snapshot = sample_snapshot({sample_quote(coin_call(60000), "0.05", "0.06")});
  snapshot.index_price[market::raw(*snapshot.universe->find_asset(market::AssetCode::of("BTC")))].reset();
  const auto found = quoted_arbitrages(snapshot);
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, ErrorCode::missing_data);
}

TEST(QuotedArbitrage, FindsNoneInAChainOfOneModel) {
  std::vector<RecordedQuote> quotes;
  for (const Payoff payoff : {Payoff::inverse, Payoff::linear}) {
    for (const UtcTime expiry : {sample_march(), sample_june()}) {
      const double forward = expiry == sample_march() ? 60000.0 : 61000.0;
      const double years = years_between(sample_time(), expiry).raw();
      for (double strike = 30000; strike <= 120000; strike += 5000) {
        for (const OptionRight right : {OptionRight::call, OptionRight::put}) {
          const double premium = pricing::black76_premium({forward, strike, 0.6, years, right});
          const double ticks = payoff == Payoff::inverse ? premium / forward * 1e4 : premium;
          const double tick = payoff == Payoff::inverse ? 1e-4 : 1.0;
          const auto text = [&](double count) { return nearest_decimal(count * tick, 4)->to_string(); };
          quotes.push_back(sample_quote({payoff, right, strike, expiry, false}, text(std::floor(ticks)),
                                        text(std::floor(ticks) + 1.0), forward));
        }
      }
    }
  }
  EXPECT_TRUE(found_in(quotes).empty());
}

/// A chain of one right or both whose premiums are noise around a smile of intrinsic values: full of arbitrages.
std::vector<RecordedQuote> noisy_chain(SeededRandom& random, Payoff payoff, UtcTime expiry, double forward) {
  std::vector<RecordedQuote> quotes;
  const bool has_fees = random.below(2) == 0;
  const double tick = payoff == Payoff::inverse ? 1e-4 : 1.0;
  const double unit = payoff == Payoff::inverse ? forward : 1.0;
  const double years = years_between(sample_time(), expiry).raw();
  const double noise = 0.1 * random.uniform();
  for (double strike = 40000; strike <= 85000; strike += 1000.0 * static_cast<double>(1 + random.below(8))) {
    for (const OptionRight right : {OptionRight::call, OptionRight::put}) {
      const double fair = pricing::black76_premium({forward, strike, 0.6, years, right}) / unit / tick;
      const double bid = std::floor(fair * (1.0 + noise * (random.uniform() - 0.5)));
      const double ask = bid + 1.0 + std::floor(0.05 * fair * random.uniform());
      const auto text = [&](double count) {
        return count < 1.0 || random.below(8) == 0 ? "" : nearest_decimal(count * tick, 4)->to_string();
      };
      const std::string bid_text = text(bid);
      const std::string ask_text = text(ask);
      const double own = forward * (1.0 + 0.002 * (random.uniform() - 0.5));
      quotes.push_back(sample_quote({payoff, right, strike, expiry, has_fees}, bid_text, ask_text, own));
      quotes.back().bid_size = Decimal{static_cast<std::int64_t>(random.below(20))};
    }
  }
  return quotes;
}

/// Three of them, so soon after one another that noise outweighs the time between.
std::vector<RecordedQuote> three_expiries(SeededRandom& random, Payoff payoff) {
  std::vector<RecordedQuote> quotes;
  for (const int days : {0, 1, 2}) {
    const UtcTime expiry = sample_march() + std::chrono::hours{24 * days};
    for (const RecordedQuote& quote : noisy_chain(random, payoff, expiry, 60000.0 + 500.0 * days))
      quotes.push_back(quote);
  }
  return quotes;
}

/// One option as brute force sees it: after fees, per contract.
struct Quoted {
  market::InstrumentId id{};
  double strike = 0.0;
  double forward = 0.0;
  OptionRight right = OptionRight::call;
  UtcTime expiry;
  double gain = std::nan("");  ///< Of selling; NaN where it cannot be.
  double cost = std::nan("");
};

std::vector<Quoted> read(const MarketSnapshot& snapshot) {
  std::vector<Quoted> all;
  for (std::size_t row = 0; row < snapshot.rows(); ++row) {
    const market::InstrumentId id = snapshot.instrument[row];
    const Instrument& option = (*snapshot.universe)[id];
    if (!option.is_option()) continue;
    Quoted quoted{id, option.strike.to_double(), snapshot.forward[row], option.right, *option.expiry};
    const double uncapped = option.fees.taker_rate.to_double() * (option.payoff == Payoff::inverse ? 1.0 : index_price);
    const double cap = option.fees.option_cap.to_double();
    const double bid = market::price_of(option, snapshot.bid[row]).to_double();
    const double ask = market::price_of(option, snapshot.ask[row]).to_double();
    if (snapshot.has(row, QuoteFlag::bid) && snapshot.bid_size[row].raw() > 0)
      quoted.gain = bid - std::min(uncapped, cap * bid);
    if (snapshot.has(row, QuoteFlag::ask)) quoted.cost = ask + std::min(uncapped, cap * ask);
    all.push_back(quoted);
  }
  return all;
}

/// The cheapest cover of `sold` among all pairs, singles and cash, written out case by case. Places are strikes, or
/// strikes over forwards with costs over `scale`.
struct Candidate {
  double place = 0.0;
  double cost = 0.0;
};
double brute_cover(Payoff payoff, OptionRight right, const std::vector<Candidate>& candidates, double place) {
  double best = std::numeric_limits<double>::infinity();
  const bool inverse = payoff == Payoff::inverse;
  for (const Candidate& a : candidates) {
    if (a.place == place) best = std::min(best, a.cost);
    if (right == OptionRight::call && a.place < place) best = std::min(best, a.cost);
    if (right == OptionRight::call && a.place > place)
      best = std::min(best, inverse ? a.cost * place / a.place + 1.0 - place / a.place : a.cost + a.place - place);
    if (right == OptionRight::put && a.place > place) best = std::min(best, a.cost * place / a.place);
    if (right == OptionRight::put && a.place < place && !inverse) best = std::min(best, a.cost + place - a.place);
    for (const Candidate& b : candidates)
      if (a.place < place && b.place > place)
        best = std::min(best, (a.cost * (b.place - place) + b.cost * (place - a.place)) / (b.place - a.place));
  }
  if (inverse && right == OptionRight::call) best = std::min(best, 1.0);
  return best;
}

/// Money of the best trade that sells `sold` against its own expiry, or against the best of the later ones.
double brute_within(Payoff payoff, const std::vector<Quoted>& all, const Quoted& sold) {
  std::vector<Candidate> candidates;
  for (const Quoted& other : all)
    if (other.expiry == sold.expiry && other.right == sold.right && !std::isnan(other.cost))
      candidates.push_back({other.strike, other.cost});
  return sold.gain - brute_cover(payoff, sold.right, candidates, sold.strike);
}
double brute_calendar(Payoff payoff, const std::vector<Quoted>& all, const Quoted& sold) {
  const bool inverse = payoff == Payoff::inverse;
  std::map<UtcTime, std::vector<Candidate>> later;
  for (const Quoted& other : all)
    if (other.expiry > sold.expiry && other.right == sold.right && !std::isnan(other.cost))
      later[other.expiry].push_back({other.strike / other.forward, inverse ? other.cost : other.cost / other.forward});
  double best = std::numeric_limits<double>::infinity();
  for (const auto& [expiry, candidates] : later)
    best = std::min(best, brute_cover(payoff, sold.right, candidates, sold.strike / sold.forward));
  return sold.gain - (inverse ? 1.0 : sold.forward) * best;
}

double unit_of(Payoff payoff) { return payoff == Payoff::inverse ? index_price : 1.0; }

/// Money of the trade that was found with this option sold, or nothing.
std::optional<double> money_of(const std::vector<QuotedArbitrage>& found, market::InstrumentId sold, bool calendar) {
  for (const QuotedArbitrage& trade : found) {
    const bool within = trade.kind == ArbitrageKind::butterfly || trade.kind == ArbitrageKind::vertical;
    if ((calendar ? trade.kind == ArbitrageKind::calendar : within) && trade.legs[0].instrument == sold)
      return trade.money;
  }
  return std::nullopt;
}

void agree(const std::optional<double>& found, double brute) {
  constexpr double least = 0.01;
  constexpr double rounding = 1e-7;
  if (found) {
    RC_ASSERT(std::fabs(*found - brute) <= rounding);
  } else {
    RC_ASSERT(!(brute >= least + rounding));
  }
}

RC_GTEST_PROP(QuotedArbitrage, FindsWhatBruteForceFindsWithinAnExpiry, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const Payoff payoff = random.below(2) == 0 ? Payoff::inverse : Payoff::linear;
  const MarketSnapshot snapshot = sample_snapshot(noisy_chain(random, payoff, sample_march(), 60000.0));
  const auto found = found_in(snapshot);
  const std::vector<Quoted> all = read(snapshot);
  for (const Quoted& sold : all)
    agree(money_of(found, sold.id, false), brute_within(payoff, all, sold) * unit_of(payoff));
}

RC_GTEST_PROP(QuotedArbitrage, FindsTheBestCalendarThatBruteForceFindsOfThreeExpiries, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const Payoff payoff = random.below(2) == 0 ? Payoff::inverse : Payoff::linear;
  const MarketSnapshot snapshot = sample_snapshot(three_expiries(random, payoff));
  const auto found = found_in(snapshot);
  const std::vector<Quoted> all = read(snapshot);
  for (const Quoted& sold : all)
    agree(money_of(found, sold.id, true), brute_calendar(payoff, all, sold) * unit_of(payoff));
}

RC_GTEST_PROP(QuotedArbitrage, FindsTheBestBoxOfEverySyntheticThatCanBeSold, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const Payoff payoff = random.below(2) == 0 ? Payoff::inverse : Payoff::linear;
  const MarketSnapshot snapshot = sample_snapshot(noisy_chain(random, payoff, sample_march(), 60000.0));
  const auto found = found_in(snapshot);
  const std::vector<Quoted> all = read(snapshot);
  const auto put_of = [&](const Quoted& call) -> const Quoted& {
    return *std::find_if(all.begin(), all.end(), [&](const Quoted& other) {
      return other.right == OptionRight::put && other.strike == call.strike;
    });
  };
  for (const Quoted& sold : all) {
    if (sold.right != OptionRight::call) continue;
    double best = -std::numeric_limits<double>::infinity();
    for (const Quoted& bought : all) {
      if (bought.right != OptionRight::call || bought.strike == sold.strike) continue;
      const double income = sold.gain - put_of(sold).cost;
      const double outlay = bought.cost - put_of(bought).gain;
      const double ratio = sold.strike / bought.strike;
      const double money = payoff == Payoff::inverse ? income - ratio * outlay + ratio - 1.0
                                                     : income - outlay + sold.strike - bought.strike;
      if (money > best) best = money;  // False for NaN.
    }
    const auto box = std::find_if(found.begin(), found.end(), [&](const QuotedArbitrage& trade) {
      return trade.kind == ArbitrageKind::box && trade.legs[0].instrument == sold.id;
    });
    agree(box == found.end() ? std::nullopt : std::optional{box->money}, best * unit_of(payoff));
  }
}

/// What a leg pays at settlement, a future against the price that it was traded at.
double payoff_at(const Instrument& instrument, const ArbitrageLeg& leg, double settlement) {
  const double size = leg.contracts * instrument.contract_size.to_double();
  const bool inverse = instrument.payoff == Payoff::inverse;
  if (!instrument.is_option()) return size * (inverse ? 1.0 / leg.price - 1.0 / settlement : settlement - leg.price);
  const double strike = instrument.strike.to_double();
  const double beyond = instrument.right == OptionRight::call ? settlement - strike : strike - settlement;
  return size * std::max(beyond, 0.0) / (inverse ? settlement : 1.0);
}

RC_GTEST_PROP(QuotedArbitrage, PaysWhatItSaysAtEverySettlement, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const Payoff payoff = random.below(2) == 0 ? Payoff::inverse : Payoff::linear;
  std::vector<RecordedQuote> quotes = noisy_chain(random, payoff, sample_march(), 60000.0);
  quotes.push_back(sample_quote(sample_future({.payoff = payoff}), "59990", "60010"));
  const MarketSnapshot snapshot = sample_snapshot(quotes);
  for (const QuotedArbitrage& trade : found_in(snapshot)) {
    RC_ASSERT(!trade.needs_forward_hedge);
    for (double settlement = 5000; settlement <= 300000; settlement *= 1.03) {
      double paid = 0.0;
      double traded = 0.0;
      for (const ArbitrageLeg& leg : trade.legs) {
        const double one = payoff_at((*snapshot.universe)[leg.instrument], leg, settlement);
        paid += one;
        traded += std::fabs(one);
      }
      RC_ASSERT(paid >= trade.payoff_least - 1e-12 * (1.0 + traded));
    }
    RC_ASSERT(trade.money <= trade.money_before_fees);
    RC_ASSERT(std::fabs((trade.premium + trade.payoff_least - trade.fees) * unit_of(payoff) - trade.money) <= 1e-7);
  }
}

RC_GTEST_PROP(QuotedArbitrage, CalendarsCoverWhatIsOwedWhileTheForwardsKeepTheirRatio, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const Payoff payoff = random.below(2) == 0 ? Payoff::inverse : Payoff::linear;
  const MarketSnapshot snapshot = sample_snapshot(three_expiries(random, payoff));
  for (const QuotedArbitrage& trade : found_in(snapshot)) {
    if (trade.kind != ArbitrageKind::calendar) continue;
    const auto forward_of = [&](const ArbitrageLeg& leg) { return snapshot.forward[*snapshot.row_of(leg.instrument)]; };
    for (double settlement = 5000; settlement <= 300000; settlement *= 1.03) {
      double worth = 0.0;
      for (const ArbitrageLeg& leg : trade.legs)
        worth += payoff_at((*snapshot.universe)[leg.instrument], leg,
                           settlement * forward_of(leg) / forward_of(trade.legs.front()));
      RC_ASSERT(worth >= trade.payoff_least - 1e-12 * settlement);
    }
  }
}

TEST(QuotedArbitrage, RandomChainsHoldEveryKind) {
  // Or the properties above would say little.
  std::map<std::pair<Payoff, ArbitrageKind>, int> counts;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SeededRandom random{seed};
    const Payoff payoff = seed % 2 == 0 ? Payoff::inverse : Payoff::linear;
    for (const QuotedArbitrage& trade : found_in(sample_snapshot(three_expiries(random, payoff))))
      ++counts[{payoff, trade.kind}];
  }
  for (const Payoff payoff : {Payoff::inverse, Payoff::linear})
    for (const ArbitrageKind kind : {ArbitrageKind::butterfly, ArbitrageKind::vertical, ArbitrageKind::box,
                                     ArbitrageKind::parity, ArbitrageKind::calendar})
      EXPECT_GE((counts[{payoff, kind}]), 10) << to_string(payoff) << " " << to_string(kind);
}

RC_GTEST_PROP(QuotedArbitrage, IsSortedByMoneyWhateverTheOrderOfTheFile, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  std::vector<RecordedQuote> quotes = noisy_chain(random, Payoff::inverse, sample_march(), 60000.0);
  const MarketSnapshot snapshot = sample_snapshot(quotes);
  const auto found = found_in(snapshot);
  for (std::size_t i = 0; i + 1 < found.size(); ++i) RC_ASSERT(found[i].money >= found[i + 1].money);
  // Over the same universe, so that ids mean the same.
  std::reverse(quotes.begin(), quotes.end());
  RC_ASSERT(found == found_in(sample_snapshot(quotes, sample_time(), snapshot.universe)));
}

}  // namespace
}  // namespace gimbal::surface
