// The carry strategy of examples/delta_neutral_carry.toml, run as a person runs it: what its first comment promises of
// delta, room, turnover and profit, with the main trades' edge computed here from the market's first lines.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "gimbal/app/lap_run.hpp"

namespace gimbal::app {
namespace {

constexpr std::uint64_t laps = 8;

// Runs are the same to the last digit, so the suite shares one.
const LapOutcome& example() {
  static const LapOutcome outcome = [] {
    LapOptions options;
    options.configuration = "examples/delta_neutral_carry.toml";
    options.market = "examples/market.csv.zst";
    options.laps = laps;
    auto run = run_laps(options);
    GIMBAL_ASSERT(run.has_value());
    return *std::move(run);
  }();
  return outcome;
}

void expect_bounds_held(const report::LapReport& lap) {
  EXPECT_TRUE(lap.trouble.empty()) << lap.trouble;
  ASSERT_TRUE(lap.target);
  EXPECT_TRUE(lap.target->broken.empty()) << lap.target->broken[0];
  EXPECT_GT(lap.target->edge, 0.0);
  for (const report::ConstraintLine& line : lap.constraints) EXPECT_FALSE(line.broken()) << line.target.name;
  ASSERT_EQ(lap.exposures.size(), 2U);
  EXPECT_LE(std::fabs(lap.exposures[0].delta), 0.25) << lap.exposures[0].underlying;
  EXPECT_LE(std::fabs(lap.exposures[1].delta), 5.0) << lap.exposures[1].underlying;
  ASSERT_EQ(lap.margin.size(), 2U);
  for (const report::MarginReport& pool : lap.margin) {
    EXPECT_LE(pool.initial, 0.25 * pool.balance) << pool.pool;
    EXPECT_LE(pool.maintenance, (1.0 - 0.9) * pool.balance) << pool.pool;
  }
}

// Dollars that change hands: inverse contracts are counted in them.
double turnover(const report::LapReport& lap) {
  double total = 0.0;
  for (const report::OrderReport& order : lap.orders) {
    EXPECT_EQ(order.amount_unit, "USD") << order.instrument;
    total += order.filled.to_double() * (order.amount.to_double() / order.contracts.to_double());
  }
  return total;
}

const report::TradeReport& trade_in(const report::LapReport& lap, std::string_view instrument) {
  static const report::TradeReport none;
  for (const report::TradeReport& trade : lap.trades)
    if (trade.instrument == instrument) return trade;
  ADD_FAILURE() << "no trade in " << instrument;
  return none;
}

TEST(CarryStrategy, HoldsDeltaMarginAndRoomAfterEveryLap) {
  ASSERT_EQ(example().laps.size(), laps);
  for (const report::LapReport& lap : example().laps) {
    SCOPED_TRACE(lap.lap);
    expect_bounds_held(lap);
  }
  // It starts with its coins bare.
  EXPECT_GT(example().laps[0].constraints[0].target.value_current, 25.0);
}

TEST(CarryStrategy, TradesOnceAndThenHolds) {
  const double first = turnover(example().laps[0]);
  EXPECT_GT(first, 4e6);
  double later = 0.0;
  for (std::size_t i = 1; i < example().laps.size(); ++i) later += turnover(example().laps[i]);
  EXPECT_LE(later, 0.05 * first);
}

// The first snapshot says: index 93,150; perpetual with funding of 0.00005 over eight hours.
TEST(CarryStrategy, ThePerpetualsEdgeIsAFortnightOfFundingOnItsWayToTheLongRun) {
  const report::TradeReport& trade = trade_in(example().laps[0], "deribit:BTC-PERPETUAL");
  EXPECT_EQ(trade.trade, Decimal::of("-150000"));
  const double share_of_now = (1.0 - std::exp(-0.15 * 14.0)) / (0.15 * 14.0);
  const double rate_8h = 0.00007 + (0.00005 - 0.00007) * share_of_now;
  const double expected = 1'500'000.0 * rate_8h * 3.0 * 14.0;
  EXPECT_NEAR(trade.edge_sources.funding, expected, 1e-6 * expected);
  EXPECT_EQ(trade.edge, trade.edge_sources.funding);
  EXPECT_GT(trade.edge, trade.cost);
  // What stops it from growing is said beside it.
  bool stopped = false;
  for (const report::ReasonReport& reason : trade.reasons)
    stopped = stopped || (reason.constraint == "position deribit:BTC-PERPETUAL" && reason.value < 0.0);
  EXPECT_TRUE(stopped);
}

// The first snapshot says: index 93,150; the future of 25 December 2026, 354.25 days away, at 98,735.44.
TEST(CarryStrategy, AFuturesEdgeIsAFortnightOfItsAnnualisedBasis) {
  const report::TradeReport& trade = trade_in(example().laps[0], "deribit:BTC-25DEC26");
  EXPECT_LT(trade.trade, Decimal{});
  const double dollars = -10.0 * trade.trade.to_double();
  const double basis_annual = std::log(98'735.44 / 93'150.0) * 365.0 / 354.25;
  EXPECT_NEAR(basis_annual, 0.06, 0.001);
  // Inverse: the coins gained are worth the index, so the notional counts at index over forward.
  const double expected = dollars * 93'150.0 / 98'735.44 * std::expm1(basis_annual * 14.0 / 365.0);
  // The slice's fitted forward and the mid of the quotes stand for the mark, a tick or two away.
  EXPECT_NEAR(trade.edge_sources.basis, expected, 0.01 * expected);
  EXPECT_EQ(trade.edge, trade.edge_sources.basis);
  EXPECT_GT(trade.edge, trade.cost);
}

TEST(CarryStrategy, FundingIsReceivedAndBooked) {
  EXPECT_TRUE(example().laps[0].funding.empty());
  for (std::size_t i = 1; i < example().laps.size(); ++i) {
    const report::LapReport& lap = example().laps[i];
    SCOPED_TRACE(lap.lap);
    ASSERT_EQ(lap.funding.size(), 2U);
    for (const report::FundingReport& payment : lap.funding) EXPECT_TRUE(payment.paid.is_negative());
  }
  // Six hours at the first snapshot's rate, in coin at its index.
  const report::FundingReport& first = example().laps[1].funding[0];
  EXPECT_EQ(first.instrument, "deribit:BTC-PERPETUAL");
  EXPECT_NEAR(-first.paid.to_double(), 1'500'000.0 / 93'150.0 * 0.00005 * 6.0 / 8.0, 1e-8);
}

TEST(CarryStrategy, HoldsItsBoundsThroughTheCrashOfFebruary2026) {
  const char* data = std::getenv("GIMBAL_DATA");
  if (data == nullptr) GTEST_SKIP() << "GIMBAL_DATA is not set";
  LapOptions options;
  options.configuration = "examples/delta_neutral_carry.toml";
  options.market = (std::filesystem::path{data} / "deribit_chain/deribit_chain_202602.csv.zst").string();
  options.at = *parse_utc("2026-02-04T16:00:00Z");
  options.laps = 12;
  const auto outcome = run_laps(options);
  ASSERT_TRUE(outcome) << outcome.error().message;
  double lowest = 1e9;
  double highest = 0.0;
  for (const report::LapReport& lap : outcome->laps) {
    SCOPED_TRACE(lap.lap);
    expect_bounds_held(lap);
    lowest = std::min(lowest, lap.indices[0].price_usd.to_double());
    highest = std::max(highest, lap.indices[0].price_usd.to_double());
  }
  EXPECT_LT(lowest, 0.9 * highest);
}

}  // namespace
}  // namespace gimbal::app
