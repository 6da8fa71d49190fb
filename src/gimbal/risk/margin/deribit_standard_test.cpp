// Deribit's standard margin: worked examples to the digit, and what a convex rule owes to an optimiser.
//
// The venue prints 350 BTC's initial margin alone; its maintenance follows from the same table. Not covered, since the
// venue prints no inputs in full: open orders' margin, rates of 2026.
#include "gimbal/risk/margin/deribit_standard.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "gimbal/foundation/random.hpp"
#include "gimbal/risk/internal/sample_market.hpp"

namespace gimbal::risk {
namespace {

using internal::future;
using internal::option;
using market::InstrumentId;
using market::OptionRight;
using market::Payoff;

struct Sample {
  std::shared_ptr<const market::MarketSnapshot> snapshot;
  portfolio::MarkPrices marks;
  DeribitStandard rule{deribit_standard_2022()};

  Sample(const std::vector<internal::SampleQuote>& quotes, const std::vector<internal::SampleIndex>& indices)
      : snapshot{internal::sample_snapshot(quotes, indices)}, marks{portfolio::mark_prices(*snapshot, {})} {}

  [[nodiscard]] MarginMarket market() const { return {*snapshot, marks}; }
  [[nodiscard]] InstrumentId id(const std::string& name) const { return *snapshot->universe->find(name); }
  [[nodiscard]] market::AssetId asset(std::string_view text) const {
    return *snapshot->universe->find_asset(internal::code(text));
  }
  // Initial and maintenance requirement of a book, all pools added up.
  [[nodiscard]] double requirement(const std::vector<MarginPosition>& positions, MarginSide side) const {
    const auto assessment = rule.assess(market(), {positions, {}});
    EXPECT_TRUE(assessment);
    double total = 0.0;
    for (const MarginPool& pool : assessment->pools)
      total += side == MarginSide::initial ? pool.initial : pool.maintenance;
    return total;
  }
};

struct GoldenRow {
  std::string kind, underlying, index, strike;
  double mark = 0.0, position = 0.0, initial = 0.0, maintenance = 0.0;
};

std::vector<GoldenRow> golden() {
  std::ifstream file{"tests/golden/deribit_standard_margin.csv"};
  EXPECT_TRUE(file.good()) << "tests run in the repository's root";
  std::vector<GoldenRow> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#' || line.starts_with("kind")) continue;
    std::stringstream fields{line};
    GoldenRow row;
    for (std::string* text : {&row.kind, &row.underlying, &row.index, &row.strike}) std::getline(fields, *text, ',');
    for (double* number : {&row.mark, &row.position, &row.initial, &row.maintenance}) {
      std::string field;
      std::getline(fields, field, ',');
      *number = std::strtod(field.c_str(), nullptr);
    }
    rows.push_back(row);
  }
  return rows;
}

market::Instrument instrument_of(const GoldenRow& row) {
  if (row.kind == "future")
    return future({.underlying = row.underlying, .payoff = Payoff::linear, .contract_size = "0.001"});
  const bool linear = row.kind.starts_with("linear");
  return option({.underlying = row.underlying,
                 .payoff = linear ? Payoff::linear : Payoff::inverse,
                 .right = row.kind.ends_with("call") ? OptionRight::call : OptionRight::put,
                 .strike = row.strike});
}

TEST(DeribitStandard, ReproducesTheWorkedExamplesToTheDigit) {
  const auto rows = golden();
  ASSERT_EQ(rows.size(), 15U);
  for (const GoldenRow& row : rows) {
    const market::Instrument instrument = instrument_of(row);
    const Sample sample{{{instrument, std::nullopt, row.mark}}, {{row.underlying, row.index}}};
    const double contracts = row.position / (row.kind == "future" ? 0.001 : 1.0);
    const std::vector<MarginPosition> book = {{sample.id(instrument.name), contracts}};
    // The examples are decimal, the rule is in doubles: a few units of the last place between them.
    EXPECT_NEAR(sample.requirement(book, MarginSide::initial), row.initial, 4e-16 * 4.0 * (row.initial + 1.0))
        << row.kind;
    EXPECT_NEAR(sample.requirement(book, MarginSide::maintenance), row.maintenance,
                4e-16 * 4.0 * (row.maintenance + 1.0))
        << row.kind;
  }
}

// Eight instruments in three pools.
Sample eight_instruments() {
  std::vector<internal::SampleQuote> quotes = {
      {option({.strike = "66000"}), std::nullopt, 0.02},
      {option({.right = OptionRight::put, .strike = "54000"}), std::nullopt, 0.015},
      {option({.right = OptionRight::put, .strike = "90000"}), std::nullopt, 0.52},
      {option({.underlying = "ETH", .strike = "3000"}), std::nullopt, 0.05},
      {option({.payoff = Payoff::linear, .strike = "60000"}), std::nullopt, 3000.0},
      {future({}), std::nullopt, 60000.0},
      {future({.underlying = "ETH", .contract_size = "1"}), std::nullopt, 3000.0},
      {future({.payoff = Payoff::linear, .contract_size = "0.001"}), std::nullopt, 60010.0},
  };
  return {quotes, {{"BTC", "60000"}, {"ETH", "3000"}}};
}

// Sizes at which the size-dependent rates of futures matter: some hundreds of coins.
double scale_of(const Sample& sample, std::size_t i) {
  const auto& instrument = (*sample.snapshot->universe)[static_cast<InstrumentId>(i)];
  if (instrument.is_option()) return 100.0;
  return instrument.payoff == Payoff::inverse ? 3'000'000.0 : 300'000.0;
}

std::vector<MarginPosition> random_book(const Sample& sample, SeededRandom& random) {
  std::vector<MarginPosition> book;
  for (std::size_t i = 0; i < sample.snapshot->universe->size(); ++i) {
    const double share = 2.0 * random.uniform() - 1.0;
    const bool held = random.uniform() < 0.7;
    book.push_back({static_cast<InstrumentId>(i), held ? share * scale_of(sample, i) : 0.0});
  }
  return book;
}

std::vector<PositionLimits> wide_limits(const Sample& sample) {
  std::vector<PositionLimits> limits;
  for (std::size_t i = 0; i < sample.snapshot->universe->size(); ++i)
    limits.push_back({static_cast<InstrumentId>(i), -scale_of(sample, i), scale_of(sample, i)});
  return limits;
}

TEST(DeribitStandard, AnEmptyBookNeedsNothing) {
  const Sample sample = eight_instruments();
  EXPECT_EQ(sample.requirement({}, MarginSide::initial), 0.0);
  std::vector<MarginPosition> zeros;
  for (std::size_t i = 0; i < 8; ++i) zeros.push_back({static_cast<InstrumentId>(i), 0.0});
  EXPECT_EQ(sample.requirement(zeros, MarginSide::initial), 0.0);
  EXPECT_EQ(sample.requirement(zeros, MarginSide::maintenance), 0.0);
}

TEST(DeribitStandard, IsConvexInPositions) {
  const Sample sample = eight_instruments();
  SeededRandom random{20220111};
  for (int trial = 0; trial < 10'000; ++trial) {
    const auto a = random_book(sample, random);
    const auto b = random_book(sample, random);
    auto middle = a;
    for (std::size_t i = 0; i < a.size(); ++i) middle[i].contracts = 0.5 * (a[i].contracts + b[i].contracts);
    for (const MarginSide side : {MarginSide::initial, MarginSide::maintenance}) {
      const double mean = 0.5 * (sample.requirement(a, side) + sample.requirement(b, side));
      ASSERT_LE(sample.requirement(middle, side), mean * (1.0 + 1e-12)) << trial;
    }
  }
}

TEST(DeribitStandard, OptionsScaleWithTheirNumber) {
  const Sample sample = eight_instruments();
  SeededRandom random{7};
  for (int trial = 0; trial < 1'000; ++trial) {
    auto book = random_book(sample, random);
    book.resize(5);
    auto threefold = book;
    for (MarginPosition& position : threefold) position.contracts *= 3.0;
    const double once = sample.requirement(book, MarginSide::initial);
    ASSERT_NEAR(sample.requirement(threefold, MarginSide::initial), 3.0 * once, 1e-12 * (1.0 + once));
  }
}

TEST(DeribitStandard, NeitherOrderNorSplittingOfLinesChangesABit) {
  const Sample sample = eight_instruments();
  SeededRandom random{11};
  for (int trial = 0; trial < 1'000; ++trial) {
    auto book = random_book(sample, random);
    // Halves are exact, so that splitting itself rounds nothing.
    auto split = book;
    for (MarginPosition& position : split) position.contracts *= 0.5;
    split.insert(split.end(), split.begin(), split.end());
    for (std::size_t i = split.size(); i > 1; --i) std::swap(split[i - 1], split[random.below(i)]);
    auto shuffled = book;
    for (std::size_t i = shuffled.size(); i > 1; --i) std::swap(shuffled[i - 1], shuffled[random.below(i)]);
    const double whole = sample.requirement(book, MarginSide::initial);
    ASSERT_EQ(sample.requirement(shuffled, MarginSide::initial), whole);
    ASSERT_EQ(sample.requirement(split, MarginSide::initial), whole);
  }
}

double bound_total(const MarginBound& bound, const std::vector<MarginPosition>& book) {
  double total = 0.0;
  for (const PoolBound& pool : bound.pools) total += pool.at(book);
  return total;
}

TEST(DeribitStandard, TheBoundIsAboveTheRuleAndClose) {
  const Sample sample = eight_instruments();
  SeededRandom random{13};
  const auto limits = wide_limits(sample);
  std::vector<double> gaps;
  for (int trial = 0; trial < 10'000; ++trial) {
    const auto now = random_book(sample, random);
    const auto other = random_book(sample, random);
    const MarginSide side = trial % 2 == 0 ? MarginSide::initial : MarginSide::maintenance;
    const auto bound = sample.rule.bound(sample.market(), {now, {}}, limits, side);
    ASSERT_TRUE(bound);
    const double exact_now = sample.requirement(now, side);
    const double exact_other = sample.requirement(other, side);
    // Around the book it was taken at there is no gap but rounding.
    ASSERT_NEAR(bound_total(*bound, now), exact_now, 1e-12 * (1.0 + exact_now));
    ASSERT_GE(bound_total(*bound, other), exact_other * (1.0 - 1e-12));
    if (exact_other > 0.0) gaps.push_back(bound_total(*bound, other) / exact_other - 1.0);
  }
  std::sort(gaps.begin(), gaps.end());
  const double median = gaps[gaps.size() / 2];
  const double percentile_99 = gaps[gaps.size() * 99 / 100];
  RecordProperty("gap_median", fmt::format("{:.3g}", median));
  RecordProperty("gap_99", fmt::format("{:.3g}", percentile_99));
  EXPECT_LT(median, 0.005) << "chord gap";
  EXPECT_LT(percentile_99, 0.02) << "chord gap";
}

TEST(DeribitStandard, TheBoundHoldsWhatIsHeldBeyondItsLimits) {
  const Sample sample = eight_instruments();
  const InstrumentId perpetual = sample.id(future({}).name);
  const std::vector<MarginPosition> book = {{perpetual, 5'000'000.0}};
  const std::vector<PositionLimits> limits = {{perpetual, -1000.0, 1000.0}};
  const auto bound = sample.rule.bound(sample.market(), {book, {}}, limits, MarginSide::initial);
  ASSERT_TRUE(bound);
  const double exact = sample.requirement(book, MarginSide::initial);
  EXPECT_NEAR(bound_total(*bound, book), exact, 1e-12 * exact);
  EXPECT_NEAR(bound_total(*bound, {}), 0.0, 0.0);
}

TEST(DeribitStandard, LimitsOutOfOrderAreRefused) {
  const Sample sample = eight_instruments();
  const InstrumentId perpetual = sample.id(future({}).name);
  for (const std::vector<PositionLimits>& limits :
       {std::vector<PositionLimits>{{perpetual, 2.0, 1.0}},
        std::vector<PositionLimits>{{perpetual, 0.0, std::numeric_limits<double>::infinity()}},
        std::vector<PositionLimits>{{perpetual, 0.0, 1.0}, {perpetual, 0.0, 1.0}}})
    EXPECT_EQ(sample.rule.bound(sample.market(), {}, limits, MarginSide::initial).error().code,
              ErrorCode::invalid_argument);
}

TEST(DeribitStandard, AMissingOrNegativeMarkIsAnErrorForLongsToo) {
  Sample sample = eight_instruments();
  const auto call = option({.strike = "66000"});
  const InstrumentId id = sample.id(call.name);
  for (const double contracts : {-1.0, 1.0}) {
    const MarginBook book{{{id, contracts}}, {}};
    sample.marks[market::raw(id)] = -0.01;
    auto refused = sample.rule.assess(sample.market(), book);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::out_of_domain);
    EXPECT_NE(refused.error().message.find(call.name), std::string::npos);
    sample.marks[market::raw(id)] = std::nullopt;
    refused = sample.rule.assess(sample.market(), book);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::missing_data);
    EXPECT_FALSE(sample.rule.bound(sample.market(), book, {}, MarginSide::initial));
  }
}

TEST(DeribitStandard, AMissingIndexIsAnError) {
  Sample sample = eight_instruments();
  market::MarketSnapshot blind = *sample.snapshot;
  blind.index_price[market::raw(sample.asset("BTC"))] = std::nullopt;
  const MarginBook book{{{sample.id(future({}).name), 1.0}}, {}};
  const auto refused = sample.rule.assess({blind, sample.marks}, book);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::missing_data);
}

TEST(DeribitStandard, AnUnderlyingWithoutRatesIsAnError) {
  const auto dogecoin = future({.underlying = "DOGE", .payoff = Payoff::linear, .contract_size = "1"});
  const Sample sample{{{dogecoin, std::nullopt, 0.2}}, {{"DOGE", "0.2"}}};
  const auto refused = sample.rule.assess(sample.market(), {{{sample.id(dogecoin.name), 1.0}}, {}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "margin of sample:DOGE-linear-perpetual: the parameters have no rates for linear "
            "perpetuals on DOGE");
}

TEST(DeribitStandard, UnconfirmedRatesSaySo) {
  const Sample sample = eight_instruments();
  const auto linear = option({.payoff = Payoff::linear, .strike = "60000"});
  const auto assessment = sample.rule.assess(sample.market(), {{{sample.id(linear.name), -1.0}}, {}});
  ASSERT_TRUE(assessment);
  EXPECT_EQ(assessment->unconfirmed, std::vector<std::string>{"linear option rates of BTC"});
}

TEST(DeribitStandard, EveryIntermediateIsListed) {
  const Sample sample = eight_instruments();
  const auto call = option({.strike = "66000"});
  const auto assessment = sample.rule.assess(sample.market(), {{{sample.id(call.name), -2.0}}, {}});
  ASSERT_TRUE(assessment);
  ASSERT_EQ(assessment->lines.size(), 1U);
  const MarginLine& line = assessment->lines[0];
  EXPECT_EQ(line.pool, sample.asset("BTC"));
  ASSERT_EQ(line.terms.size(), 5U);
  EXPECT_EQ(line.terms[2].name, "out of the money");
  EXPECT_NEAR(line.terms[2].value, 0.1, 1e-15);
}

TEST(DeribitStandard, BuyingAnOptionTakesItsPremiumFromTheBalanceAndSellingAddsIt) {
  const Sample sample = eight_instruments();
  const InstrumentId call = sample.id(option({.strike = "66000"}).name);
  const auto effects = sample.rule.balance_effects(sample.market(), call, 0.021);
  ASSERT_TRUE(effects);
  ASSERT_EQ(effects->size(), 1U);
  EXPECT_EQ((*effects)[0].pool, sample.asset("BTC"));
  EXPECT_EQ((*effects)[0].amount, -0.021);
}

TEST(DeribitStandard, AFutureAtTheMarkLeavesTheBalanceAlone) {
  const Sample sample = eight_instruments();
  const InstrumentId perpetual = sample.id(future({}).name);
  EXPECT_EQ((*sample.rule.balance_effects(sample.market(), perpetual, 60000.0))[0].amount, 0.0);
  // Bought 6 USD above the mark: 10 USD x (1/60,006 - 1/60,000) coin, a loss.
  EXPECT_NEAR((*sample.rule.balance_effects(sample.market(), perpetual, 60006.0))[0].amount,
              10.0 / 60006.0 - 10.0 / 60000.0, 1e-18);
}

// A what-if book's balance and the effects that the optimiser counts with are the same arithmetic.
TEST(DeribitStandard, TheWhatIfBookMovesByTheEffects) {
  const Sample sample = eight_instruments();
  portfolio::AccountValue btc;
  btc.asset = sample.asset("BTC");
  btc.cash = 10.0;
  const MarginBook book{{{sample.id(future({}).name), 5000.0}}, {btc}};
  const std::vector<MarginTrade> trades = {{sample.id(option({.strike = "66000"}).name), -3.0, 0.019, 0.0009},
                                           {sample.id(future({}).name), -2000.0, 59990.0, 0.0001},
                                           {sample.id(option({.payoff = Payoff::linear}).name), 2.0, 3100.0, 36.0}};
  const auto after = book_after(sample.market(), book, trades);
  ASSERT_TRUE(after);
  const auto before = sample.rule.assess(sample.market(), book);
  const auto assessed = sample.rule.assess(sample.market(), *after);
  ASSERT_TRUE(assessed);
  ASSERT_EQ(assessed->pools.size(), 2U);
  double btc_change = 0.0;
  double usdc_change = 0.0;
  for (const MarginTrade& trade : trades) {
    const auto effects = sample.rule.balance_effects(sample.market(), trade.instrument, trade.price);
    for (const BalanceEffect& effect : *effects)
      (effect.pool == btc.asset ? btc_change : usdc_change) += trade.contracts * effect.amount;
    (sample.snapshot->universe->settlement(trade.instrument) == btc.asset ? btc_change : usdc_change) -= trade.fee;
  }
  const auto pool = [&](const MarginAssessment& assessment, market::AssetId asset) {
    for (const MarginPool& each : assessment.pools)
      if (each.asset == asset) return each;
    return MarginPool{};
  };
  EXPECT_NEAR(pool(*assessed, btc.asset).balance, pool(*before, btc.asset).balance + btc_change, 1e-12);
  EXPECT_NEAR(pool(*assessed, sample.asset("USDC")).balance, usdc_change, 1e-9);
  EXPECT_NEAR(usdc_change, -6236.0, 1e-9);
}

}  // namespace
}  // namespace gimbal::risk
