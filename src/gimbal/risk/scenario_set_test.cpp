// Scenario sets: what is refused, how rows are named, what the joint grid holds.
#include "gimbal/risk/scenario_set.hpp"

#include <gtest/gtest.h>

namespace gimbal::risk {
namespace {

using market::AssetCode;

ScenarioRow row_of(double spot, double volatility) {
  ScenarioRow row;
  row.name = "row";
  row.moves = {UnderlyingMove{spot, volatility}};
  return row;
}

ScenarioSet set_of(ScenarioRow row) { return {{AssetCode::of("BTC")}, {std::move(row)}}; }

ScenarioGrid two_coins() {
  ScenarioGrid grid;
  grid.spot = {{AssetCode::of("BTC"), {-0.2, 0.0, 0.2}}, {AssetCode::of("ETH"), {-0.3, 0.0, 0.3}}};
  grid.volatility_moves = {-0.25, 0.0, 0.3};
  return grid;
}

TEST(ScenarioSet, NamesSayWhatMoves) {
  const std::vector<AssetCode> coins = {AssetCode::of("BTC"), AssetCode::of("ETH")};
  ScenarioRow row;
  row.moves = {{-0.2, 0.3}, {-0.2, 0.3}};
  EXPECT_EQ(scenario_name(coins, row), "BTC -20% ETH -20% vol +30%");
  row.time_step = std::chrono::hours{24};
  EXPECT_EQ(scenario_name(coins, row), "BTC -20% ETH -20% vol +30% time +1d");
  row.time_step = std::chrono::minutes{90};
  row.moves = {{0.125, 0.0}, {0.0, -0.1}};
  EXPECT_EQ(scenario_name(coins, row), "BTC +12.5% vol 0% ETH 0% vol -10% time +90m");
}

TEST(ScenarioSet, ValidRowsPass) {
  EXPECT_TRUE(validate(set_of(row_of(-0.999, -1.0))));
  EXPECT_TRUE(validate(ScenarioSet{}));
}

TEST(ScenarioSet, AFallOfAHundredPercentIsRefusedByName) {
  const auto refused = validate(set_of(row_of(-1.0, 0.0)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(refused.error().message, "scenario 'row': spot move of BTC is -1, which is not above -1 and at most 100");
}

TEST(ScenarioSet, WhatHasNoMeaningIsRefused) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(validate(set_of(row_of(nan, 0.0))));
  EXPECT_FALSE(validate(set_of(row_of(0.0, -1.01))));
  EXPECT_FALSE(validate(set_of(row_of(0.0, nan))));
  ScenarioRow row = row_of(0.0, 0.0);
  row.moves.clear();
  EXPECT_FALSE(validate(set_of(row)));
  row = row_of(0.0, 0.0);
  row.time_step = Duration{-1};
  EXPECT_FALSE(validate(set_of(row)));
  row = row_of(0.0, 0.0);
  row.volatility_exponent = 1.5;
  EXPECT_FALSE(validate(set_of(row)));
  row = row_of(0.0, 0.0);
  row.name.clear();
  EXPECT_FALSE(validate(set_of(row)));
  row = row_of(0.0, 0.0);
  row.kind = ScenarioKind::venue;
  row.dynamics = SmileDynamics::sticky_moneyness;
  EXPECT_FALSE(validate(set_of(row)));
  ScenarioSet twice = set_of(row_of(0.0, 0.0));
  twice.rows.push_back(twice.rows[0]);
  EXPECT_FALSE(validate(twice));
  EXPECT_FALSE(validate(ScenarioSet{{AssetCode::of("BTC"), AssetCode::of("BTC")}, {}}));
  EXPECT_FALSE(validate(ScenarioSet{{AssetCode::of("USDC")}, {}}));
}

TEST(ScenarioSet, WeightsBelongToWeightedRowsAndSumToOne) {
  ScenarioRow stress = row_of(0.0, 0.0);
  stress.weight = 0.5;
  EXPECT_FALSE(validate(set_of(stress)));
  ScenarioRow weighted = row_of(0.0, 0.0);
  weighted.kind = ScenarioKind::weighted;
  weighted.weight = 0.25;
  EXPECT_FALSE(validate(set_of(weighted)));
  ScenarioSet set = set_of(weighted);
  weighted.name = "other";
  weighted.weight = 0.75;
  set.rows.push_back(weighted);
  EXPECT_TRUE(validate(set));
}

TEST(JointGrid, HoldsEveryCombinationInOrder) {
  const auto set = joint_grid(two_coins());
  ASSERT_TRUE(set);
  ASSERT_EQ(set->rows.size(), 27U);
  EXPECT_EQ(set->rows.front().name, "BTC -20% ETH -30% vol -25%");
  EXPECT_EQ(set->rows[1].name, "BTC -20% ETH -30% vol 0%");
  EXPECT_EQ(set->rows[3].name, "BTC -20% ETH 0% vol -25%");
  EXPECT_EQ(set->rows.back().name, "BTC +20% ETH +30% vol +30%");
}

TEST(JointGrid, LeavesOutUnderlyingsThatDriftTooFarApart) {
  ScenarioGrid grid = two_coins();
  grid.spot_difference_max = 0.3;
  const auto set = joint_grid(grid);
  ASSERT_TRUE(set);
  for (const ScenarioRow& row : set->rows) EXPECT_LE(std::abs(row.moves[0].spot - row.moves[1].spot), 0.3 + 1e-12);
  EXPECT_EQ(set->rows.size(), 21U);
}

TEST(JointGrid, CrossesTimeSteps) {
  ScenarioGrid grid = two_coins();
  grid.time_steps = {Duration{}, std::chrono::hours{24}};
  const auto set = joint_grid(grid);
  ASSERT_TRUE(set);
  ASSERT_EQ(set->rows.size(), 54U);
  EXPECT_EQ(set->rows[1].name, "BTC -20% ETH -30% vol -25% time +1d");
}

TEST(JointGrid, RefusesEmptyAxesRepeatedMovesAndTooManyRows) {
  ScenarioGrid grid = two_coins();
  grid.spot[1].moves.clear();
  EXPECT_FALSE(joint_grid(grid));
  grid = two_coins();
  grid.volatility_moves.clear();
  EXPECT_FALSE(joint_grid(grid));
  grid = two_coins();
  grid.spot[0].moves = {0.1, 0.1};
  EXPECT_FALSE(joint_grid(grid));
  grid = two_coins();
  grid.spot[0].moves.assign(200, 0.0);
  grid.spot[1].moves.assign(200, 0.0);
  EXPECT_FALSE(joint_grid(grid));
  grid.spot[0].moves.assign(20000, 0.0);
  EXPECT_EQ(joint_grid(grid).error().code, ErrorCode::limit_exceeded);
  EXPECT_FALSE(joint_grid(ScenarioGrid{}));
}

}  // namespace
}  // namespace gimbal::risk
