// Which instruments become columns, and what is said of the others.
#include "gimbal/risk/columns.hpp"

#include <gtest/gtest.h>

#include "gimbal/pricing/black76.hpp"
#include "gimbal/risk/internal/sample_market.hpp"

namespace gimbal::risk {
namespace {

using internal::future;
using internal::option;
using market::Payoff;

constexpr Duration day = std::chrono::hours{24};
const std::vector<Duration> lives = {day, 7 * day, 30 * day};

TEST(Columns, WhatCannotBePricedIsListedWithTheReason) {
  const auto quoted = option({.life = 7 * day});
  const auto future_only = future({.underlying = "SOL", .payoff = Payoff::linear, .life = 7 * day});
  const auto no_scenario = future({.underlying = "XRP", .payoff = Payoff::linear});
  const auto no_surface = option({.underlying = "SOL", .payoff = Payoff::linear, .strike = "100", .life = 7 * day});
  const auto snapshot = internal::sample_snapshot({{quoted, 60000.0, 0.05},
                                                   {future_only, std::nullopt, std::nullopt},
                                                   {no_scenario, std::nullopt, 2.0},
                                                   {no_surface, 100.0, 5.0}},
                                                  {{"BTC", "60000"}, {"SOL", "100"}, {"XRP", "2"}});
  const auto surfaces = internal::sample_surfaces(*snapshot, {{.underlying = "BTC"}}, lives);
  const ScenarioSet scenarios = internal::sample_scenarios({"BTC", "SOL"}, {{}});
  const Columns columns = revaluation_columns(*snapshot, *surfaces, scenarios);
  ASSERT_EQ(columns.size(), 1U);
  ASSERT_EQ(columns.unpriced.size(), 3U);
  EXPECT_EQ(columns.unpriced[0].reason, UnpricedReason::no_forward);
  EXPECT_EQ(columns.unpriced[1].reason, UnpricedReason::no_scenario);
  EXPECT_EQ(columns.unpriced[2].reason, UnpricedReason::no_surface);
  EXPECT_STREQ(columns.why_absent(columns.unpriced[0].instrument), "no forward");
}

TEST(Columns, AnOptionIsPricedOnItsOwnForwardAndTheSurfaceAtItsOwnMoneyness) {
  const auto own = option({.strike = "66000", .life = 7 * day});
  const auto snapshot = internal::sample_snapshot({{own, 60500.0, 0.05}}, {{"BTC", "60000"}});
  const auto surfaces = internal::sample_surfaces(*snapshot, {{.underlying = "BTC"}}, lives);
  const Columns columns = revaluation_columns(*snapshot, *surfaces, internal::sample_scenarios({"BTC"}, {{}}));
  ASSERT_EQ(columns.size(), 1U);
  EXPECT_EQ(columns.forward[0], 60500.0);
  EXPECT_EQ(columns.index[0], 60000.0);
  EXPECT_EQ(columns.expiry_years[0], 7.0 / 365.0);
  const double k = pricing::log_ratio(66000.0, 60500.0);
  EXPECT_EQ(columns.volatility_annual[0], surfaces->surfaces()[0].slices()[1].volatility(k));
  EXPECT_EQ(columns.listed[0], 1);
}

TEST(Columns, WhatHasExpiredIsNoColumnAndSaysSo) {
  const auto gone = option({.life = 7 * day});
  market::MarketSnapshot snapshot = *internal::sample_snapshot({{gone, 60000.0, 0.05}}, {{"BTC", "60000"}});
  snapshot.time += 7 * day;
  const Columns columns = revaluation_columns(snapshot, {}, internal::sample_scenarios({"BTC"}, {{}}));
  EXPECT_EQ(columns.size(), 0U);
  EXPECT_TRUE(columns.unpriced.empty());
  EXPECT_STREQ(columns.why_absent(static_cast<market::InstrumentId>(0)), "it has expired");
}

TEST(Columns, AForwardThatIsNoPriceIsNotUsed) {
  const auto absurd = option({.life = 7 * day});
  market::MarketSnapshot snapshot = *internal::sample_snapshot({{absurd, 60000.0, 0.05}}, {{"BTC", "60000"}});
  snapshot.forward[0] = 1e300;
  const auto surfaces = internal::sample_surfaces(snapshot, {{.underlying = "BTC"}}, lives);
  const Columns columns = revaluation_columns(snapshot, *surfaces, internal::sample_scenarios({"BTC"}, {{}}));
  ASSERT_EQ(columns.unpriced.size(), 1U);
  EXPECT_EQ(columns.unpriced[0].reason, UnpricedReason::no_forward);
}

}  // namespace
}  // namespace gimbal::risk
