// What attribution leaves unexplained of real laps: exact sums in every one, and residuals that are small beside what
// they are left over from. The example market always; recorded chains where $GIMBAL_DATA is set, every month of them
// and the crash of February 2026 with GIMBAL_LONG.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <string>

#include "gimbal/app/lap_run.hpp"

namespace gimbal::app {
namespace {

// Sum of the absolute values of all items, the residual among them.
double size_of(const report::AttributionReport& attribution) {
  std::map<std::string, Decimal> items;
  for (const report::AttributionLine& line : attribution.lines) items[line.item] = items[line.item] + line.amount;
  double size = std::fabs(attribution.residual.to_double());
  for (const auto& [item, amount] : items) size += std::fabs(amount.to_double());
  return size;
}

double index_move_most(const report::LapReport& before, const report::LapReport& lap) {
  double most = 0.0;
  for (std::size_t i = 0; i < lap.indices.size(); ++i)
    most =
        std::max(most, std::fabs(lap.indices[i].price_usd.to_double() / before.indices[i].price_usd.to_double() - 1));
  return most;
}

void expect_explained(const LapOptions& options) {
  const auto outcome = run_laps(options);
  ASSERT_TRUE(outcome) << outcome.error().message;
  const report::LapReport* before = nullptr;
  for (const report::LapReport& lap : outcome->laps) {
    SCOPED_TRACE(fmt::format("{} lap {}", options.market, lap.lap));
    ASSERT_TRUE(lap.attribution) << lap.attribution_missing;
    const report::AttributionReport& profit = *lap.attribution;
    Decimal sum = profit.residual + last_day_amount(profit);
    for (const report::AttributionLine& line : profit.lines) sum = sum + line.amount;
    EXPECT_EQ(sum, profit.change());
    EXPECT_EQ(profit.equity_to, nearest_decimal(*lap.equity, 6).value());
    const double left = std::fabs(profit.residual.to_double()) / size_of(profit);
    EXPECT_LE(left, 0.05);
    if (before != nullptr) {
      EXPECT_EQ(profit.equity_from, before->attribution->equity_to);
      EXPECT_EQ(profit.deposits, Decimal{});
      EXPECT_LT(left, index_move_most(*before, lap) < 0.01 ? 0.005 : 0.05);
    }
    before = &lap;
  }
}

LapOptions laps_over(const std::string& market) {
  LapOptions options;
  options.configuration = "examples/vol_arbitrage.toml";
  options.market = market;
  options.laps = 8;
  return options;
}

TEST(AttributionOnLaps, TheExampleMarketIsExplained) { expect_explained(laps_over("examples/market.csv.zst")); }

TEST(AttributionOnLaps, RecordedChainsAreExplained) {
  const char* data = std::getenv("GIMBAL_DATA");
  if (data == nullptr) GTEST_SKIP() << "GIMBAL_DATA is not set";
  const std::string chains = std::string{data} + "/deribit_chain/deribit_chain_2026";
  expect_explained(laps_over(chains + "02.csv.zst"));
  if (std::getenv("GIMBAL_LONG") == nullptr) return;
  for (const char* month : {"01", "03", "04", "05", "06"}) expect_explained(laps_over(chains + month + ".csv.zst"));
  LapOptions crash = laps_over(chains + "02.csv.zst");
  crash.at = parse_utc("2026-02-04T20:00:00Z").value();
  expect_explained(crash);
}

}  // namespace
}  // namespace gimbal::app
