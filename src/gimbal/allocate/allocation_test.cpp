// Allocations small enough to be solved by hand or by trying every book, and what is refused or said when nothing fits.
#include "gimbal/allocate/allocation.hpp"

#include <gtest/gtest.h>

#include "gimbal/allocate/internal/assemble.hpp"
#include "gimbal/allocate/internal/sample_book.hpp"
#include "gimbal/allocate/internal/sample_market.hpp"

namespace gimbal::allocate {
namespace {

using internal::code;
using internal::FutureQuote;
using internal::make_market;
using internal::OptionQuote;
using internal::quote;
using internal::SampleDescription;
using internal::SampleMarket;
using portfolio::ConstraintReport;
using portfolio::DeltaCollateral;
using portfolio::Greek;
using portfolio::GreekTarget;
using portfolio::TargetBook;
using portfolio::TargetStatus;
using portfolio::TargetSurface;

GreekTarget bounded(Greek greek, std::optional<double> lower, std::optional<double> upper,
                    DeltaCollateral collateral = DeltaCollateral::included) {
  GreekTarget target;
  target.underlying = code("BTC");
  target.greek = greek;
  target.bound.lower = lower;
  target.bound.upper = upper;
  target.collateral = collateral;
  return target;
}

AllocationSettings forecasting(double factor) {
  AllocationSettings settings;
  settings.forecast =
      *forecast::VolatilityForecast::create({{code("BTC"), {{0.0, forecast::ForecastPoint::Kind::relative, factor}}}});
  return settings;
}

TargetBook allocated(const SampleMarket& market, const TargetSurface& target, const AllocationSettings& settings) {
  auto book = allocate({market.view, market.book, target, settings});
  EXPECT_TRUE(book) << book.error().message;
  return book ? *std::move(book) : TargetBook{};
}

const ConstraintReport& report(const TargetBook& book, std::string_view name) {
  static const ConstraintReport none;
  for (const ConstraintReport& constraint : book.constraints)
    if (constraint.name == name) return constraint;
  ADD_FAILURE() << "no constraint " << name;
  return none;
}

double traded(const SampleMarket& market, const TargetBook& book, std::string_view name) {
  for (const portfolio::TargetTrade& trade : book.trades)
    if (trade.instrument == market.id(name))
      return market::contracts_of(market.view.universe()[trade.instrument], trade.trade).to_double();
  return 0.0;
}

SampleDescription with(std::vector<market::RecordedQuote> quotes) {
  SampleDescription description;
  description.quotes = std::move(quotes);
  return description;
}

TEST(Allocation, OnePerpetualMeetsADeltaBoundExactlyAndItsShadowPriceIsTheMarginalCost) {
  const SampleMarket market = make_market(with({quote(FutureQuote{})}));
  TargetSurface target;
  target.greeks = {bounded(Greek::delta, std::nullopt, -6.0, DeltaCollateral::excluded)};
  const TargetBook book = allocated(market, target, {});
  // One contract of 10 USD moves 1/6000 coin: 36,000 of them.
  EXPECT_EQ(book.status, TargetStatus::optimal);
  EXPECT_EQ(traded(market, book, "sample:BTC-i-perpetual"), -36000.0);
  const ConstraintReport& delta = report(book, "delta BTC");
  EXPECT_NEAR(delta.value_rounded, -6.0, 1e-9);
  EXPECT_EQ(delta.violation, 0.0);
  EXPECT_TRUE(delta.binding);
  const double per_contract = book.trades.at(0).cost / 36000.0;
  EXPECT_NEAR(delta.shadow_price, per_contract * 6000.0, 1e-3 * delta.shadow_price);
  ASSERT_FALSE(book.trades.at(0).reasons.empty());
  const portfolio::TradeReason& reason = book.trades.at(0).reasons.at(0);
  EXPECT_EQ(book.constraints.at(reason.constraint).name, "delta BTC");
  EXPECT_NEAR(reason.value, per_contract, 1e-3 * per_contract);
}

TEST(Allocation, CostsAreTakenOutOfTheCollateralThatADeltaCounts) {
  // Fees of 5 % of the notional eat into the coins, so fewer contracts bring the delta down than the notional says.
  auto description = with({quote(FutureQuote{.terms = {.taker_rate = "0.05"}})});
  const SampleMarket market = make_market(description);
  TargetSurface target;
  target.greeks = {bounded(Greek::delta, std::nullopt, 4.0)};
  const TargetBook book = allocated(market, target, {});
  const double contracts = -traded(market, book, "sample:BTC-i-perpetual");
  const double coins_per_contract = 10.0 / 60000.0;
  EXPECT_LT(contracts, 36000.0);
  EXPECT_NEAR(contracts, 6.0 / (coins_per_contract * 1.05), 2.0);
  const auto after = internal::risk_after(market, book);
  EXPECT_LE(after.greeks.at(0).delta, 4.0);
  EXPECT_NEAR(after.greeks.at(0).delta, report(book, "delta BTC").value_rounded, 1e-6);
}

TEST(Allocation, InCoinNumeraireTheDeltaOfCoinCollateralIsNone) {
  auto description = with({quote(FutureQuote{})});
  description.numeraire = "BTC";
  const SampleMarket market = make_market(description);
  TargetSurface target;
  target.greeks = {bounded(Greek::delta, 2.0, 2.5)};
  const TargetBook book = allocated(market, target, {});
  EXPECT_NEAR(report(book, "delta BTC").value_current, 0.0, 1e-12);
  EXPECT_GE(traded(market, book, "sample:BTC-i-perpetual"), 12000.0);
  EXPECT_LE(traded(market, book, "sample:BTC-i-perpetual"), 12002.0);
}

TEST(Allocation, WithinAVegaBoundTheMoreProfitableOptionPerVegaComesFirst) {
  const auto near = OptionQuote{.terms = {.life_days = 10}, .ask_size = 2.0};
  const auto far = OptionQuote{.terms = {.life_days = 60}, .ask_size = 20.0};
  const SampleMarket market = make_market(with({quote(near), quote(far)}));
  TargetSurface target;
  target.greeks = {bounded(Greek::vega, std::nullopt, 400.0)};
  AllocationSettings settings = forecasting(1.5);
  settings.edge.horizon_days = 5.0;
  const TargetBook book = allocated(market, target, settings);
  // The short life has more gamma per vega: all of it is bought, and the long one with what is left of the bound.
  EXPECT_EQ(traded(market, book, "sample:BTC-i-010-60000-C"), 2.0);
  const auto row = risk::greek_row(market.view.exposure_inputs(market.book.equity), target.greeks[0]);
  const double vega_near = row->coefficients[*market.view.columns.column_of(market.id("sample:BTC-i-010-60000-C"))];
  const double vega_far = row->coefficients[*market.view.columns.column_of(market.id("sample:BTC-i-060-60000-C"))];
  const double rest = (400.0 - 2.0 * vega_near) / vega_far;
  EXPECT_NEAR(traded(market, book, "sample:BTC-i-060-60000-C"), std::floor(rest * 10.0) / 10.0, 1e-9);
  const ConstraintReport& vega = report(book, "vega BTC");
  EXPECT_TRUE(vega.binding);
  EXPECT_NEAR(vega.value_continuous, 400.0, 1e-4);
  // A point of vega more is worth the edge less cost that the long option brings with it.
  double edge_less_cost = 0.0;
  for (const auto& trade : book.trades)
    if (trade.instrument == market.id("sample:BTC-i-060-60000-C"))
      edge_less_cost = (trade.edge.total() - trade.cost) / traded(market, book, "sample:BTC-i-060-60000-C");
  EXPECT_NEAR(vega.shadow_price, edge_less_cost / vega_far, 1e-3 * vega.shadow_price);
}

TEST(Allocation, AStressFloorStopsSalesAtTheLossItAllows) {
  const SampleMarket market = make_market(with({quote(OptionQuote{.bid_size = 50.0})}));
  TargetSurface target;
  target.stress = portfolio::StressTarget{.loss_limit = 150000.0};
  AllocationSettings settings = forecasting(0.5);
  settings.edge.horizon_days = 10.0;
  const TargetBook book = allocated(market, target, settings);
  const double sold = -traded(market, book, "sample:BTC-i-030-60000-C");
  EXPECT_GT(sold, 0.0);
  const auto after = internal::risk_after(market, book);
  EXPECT_GE(after.worst_stress->profit, -150000.0);
  // One lot more would break the floor.
  const auto floor = std::find_if(book.constraints.begin(), book.constraints.end(), [](const ConstraintReport& c) {
    return c.binding && c.name.rfind("stress", 0) == 0;
  });
  ASSERT_NE(floor, book.constraints.end());
  EXPECT_NEAR(floor->value_continuous, -150000.0, 1e-2);
  EXPECT_LT(floor->value_rounded + 150000.0, (floor->value_current - floor->value_rounded) / sold * 0.1 + 1e-6);
}

TEST(Allocation, TheMarginCeilingCountsThePremiumThatAPurchaseTakesFromTheBalance) {
  auto description = with({quote(OptionQuote{.ask_size = 200.0}), quote(FutureQuote{})});
  description.balances = {{"BTC", "1"}};
  description.holdings = {{"sample:BTC-i-perpetual", -900.0}};
  const SampleMarket market = make_market(description);
  TargetSurface target;
  target.margin = portfolio::MarginTarget{.ceiling = 0.5};
  AllocationSettings settings = forecasting(2.0);
  settings.edge.horizon_days = 5.0;
  const TargetBook book = allocated(market, target, settings);
  EXPECT_GT(traded(market, book, "sample:BTC-i-030-60000-C"), 5.0);
  const ConstraintReport& margin = report(book, "margin deribit standard BTC");
  EXPECT_TRUE(margin.binding);
  EXPECT_LE(margin.value_rounded, 0.5);
  EXPECT_GT(margin.value_rounded, 0.4);
  const auto after = internal::risk_after(market, book);
  for (const risk::MarginPool& pool : after.margin.pools) EXPECT_LE(pool.initial, 0.5 * pool.balance + 1e-12);
}

// Ten coins, and a forecast that makes sales of options worth any margin.
SampleMarket seller_of_options() {
  auto description = with({quote(OptionQuote{.bid_size = 500.0}), quote(FutureQuote{})});
  description.balances = {{"BTC", "10"}};
  return make_market(description);
}

AllocationSettings selling() {
  AllocationSettings settings = forecasting(0.5);
  settings.edge.horizon_days = 5.0;
  return settings;
}

TEST(Allocation, RoomToLiquidationStopsSalesByTheMaintenanceThatTheyNeed) {
  const SampleMarket market = seller_of_options();
  TargetSurface target;
  target.liquidation = portfolio::LiquidationTarget{.room = 0.7};
  const TargetBook book = allocated(market, target, selling());
  EXPECT_LT(traded(market, book, "sample:BTC-i-030-60000-C"), -15.0);
  const ConstraintReport& room = report(book, "room deribit standard BTC");
  EXPECT_EQ(room.unit, "fraction");
  EXPECT_EQ(room.lower, 0.7);
  EXPECT_FALSE(room.upper);
  EXPECT_EQ(room.value_current, 1.0);
  EXPECT_TRUE(room.binding);
  EXPECT_NEAR(room.value_continuous, 0.7, 1e-6);
  EXPECT_GE(room.value_rounded, 0.7);
  EXPECT_LT(room.value_rounded, 0.702);
  const auto after = internal::risk_after(market, book);
  for (const risk::MarginPool& pool : after.margin.pools) {
    EXPECT_LE(pool.maintenance, 0.3 * pool.balance + 1e-12);
    // The venue would take more: it is the room that stops the sale.
    EXPECT_LT(pool.initial, pool.balance);
  }
  ASSERT_EQ(book.trades.size(), 1U);
  const auto& reasons = book.trades[0].reasons;
  const auto held_back = std::find_if(reasons.begin(), reasons.end(), [&](const portfolio::TradeReason& reason) {
    return book.constraints[reason.constraint].name == room.name;
  });
  ASSERT_NE(held_back, reasons.end());
  EXPECT_LT(held_back->value, 0.0);
}

TEST(Allocation, TheShadowPriceOfRoomIsWhatALittleLessOfItBrings) {
  const SampleMarket market = seller_of_options();
  TargetSurface target;
  target.liquidation = portfolio::LiquidationTarget{.room = 0.7};
  const TargetBook book = allocated(market, target, selling());
  constexpr double step = 1e-3;
  target.liquidation->room -= step;
  const TargetBook relaxed = allocated(market, target, selling());
  const double gained = (relaxed.objective_continuous - book.objective_continuous) / step;
  EXPECT_NEAR(report(book, "room deribit standard BTC").shadow_price, gained, 0.01 * gained);
}

TEST(Allocation, MarginAndRoomAreTwoBoundsOnOnePool) {
  const SampleMarket market = seller_of_options();
  TargetSurface target;
  target.liquidation = portfolio::LiquidationTarget{.room = 0.7};
  const double by_room = traded(market, allocated(market, target, selling()), "sample:BTC-i-030-60000-C");
  target.margin = portfolio::MarginTarget{.ceiling = 0.3};
  const TargetBook book = allocated(market, target, selling());
  // A short call needs more initial margin than maintenance, so the same share is the narrower bound.
  EXPECT_TRUE(report(book, "margin deribit standard BTC").binding);
  EXPECT_FALSE(report(book, "room deribit standard BTC").binding);
  EXPECT_GT(traded(market, book, "sample:BTC-i-030-60000-C"), by_room);
}

TEST(Allocation, RoomThatCannotBeHadIsNamedAndMissedByAsLittleAsPossible) {
  // A short position that cannot be bought back in one lap: half a coin is all that is offered.
  auto description = with({quote(OptionQuote{.ask_size = 0.5}), quote(FutureQuote{})});
  description.balances = {{"BTC", "10"}};
  description.holdings = {{"sample:BTC-i-030-60000-C", -40.0}};
  const SampleMarket market = make_market(description);
  TargetSurface target;
  target.liquidation = portfolio::LiquidationTarget{.room = 0.7};
  const TargetBook book = allocated(market, target, forecasting(1.0));
  EXPECT_EQ(book.status, TargetStatus::least_violating);
  EXPECT_EQ(traded(market, book, "sample:BTC-i-030-60000-C"), 0.5);
  ASSERT_EQ(book.broken.size(), 1U);
  EXPECT_EQ(book.broken[0].rfind("room deribit standard BTC needs maintenance of ", 0), 0U) << book.broken[0];
  EXPECT_GT(report(book, "room deribit standard BTC").violation, 0.0);
}

TEST(Allocation, NothingQuotedKeepsTheBookAndSaysSo) {
  const SampleMarket market =
      make_market(with({quote(OptionQuote{.bid_size = 0.0, .ask_size = 0.0}), quote(FutureQuote{.size = 0.0})}));
  TargetSurface target;
  target.greeks = {bounded(Greek::delta, -1.0, 1.0)};
  const TargetBook book = allocated(market, target, {});
  EXPECT_EQ(book.status, TargetStatus::unchanged);
  EXPECT_TRUE(book.trades.empty());
  EXPECT_EQ(book.note, "nothing can be traded");
  ASSERT_EQ(book.broken.size(), 1U);
  EXPECT_EQ(book.broken[0], "delta BTC is 10 BTC, 9 above its upper bound of 1");
}

TEST(Allocation, WhatCannotBeHadIsMissedByAsLittleAsPossibleInOrderOfPriority) {
  // 6,000 contracts can take one coin of delta away and two options add some vega: neither bound can be met.
  const SampleMarket market =
      make_market(with({quote(FutureQuote{.size = 6000.0}), quote(OptionQuote{.bid_size = 0.0, .ask_size = 2.0})}));
  TargetSurface target;
  target.greeks = {bounded(Greek::delta, std::nullopt, 5.0), bounded(Greek::vega, 1000.0, std::nullopt)};
  target.greeks[1].bound.priority = 2;
  TargetBook book = allocated(market, target, {});
  EXPECT_EQ(book.status, TargetStatus::least_violating);
  EXPECT_EQ(traded(market, book, "sample:BTC-i-perpetual"), -6000.0);
  // Delta comes first, and a call would add to it.
  EXPECT_EQ(traded(market, book, "sample:BTC-i-030-60000-C"), 0.0);
  ASSERT_EQ(book.broken.size(), 2U);
  EXPECT_EQ(book.broken[0].rfind("delta BTC is", 0), 0U);
  EXPECT_EQ(book.broken[1].rfind("vega BTC is", 0), 0U);
  std::swap(target.greeks[0].bound.priority, target.greeks[1].bound.priority);
  book = allocated(market, target, {});
  EXPECT_EQ(book.status, TargetStatus::least_violating);
  EXPECT_EQ(traded(market, book, "sample:BTC-i-030-60000-C"), 2.0);
  EXPECT_EQ(book.broken[0].rfind("vega BTC is", 0), 0U);
}

TEST(Allocation, AHigherPriorityIsNeverMadeWorseForALowerOne) {
  // The delta stands inside its bound today; vega could only be helped by calls that push it out.
  auto description = with({quote(OptionQuote{.ask_size = 50.0})});
  description.balances = {{"BTC", "0.4"}};
  const SampleMarket market = make_market(description);
  TargetSurface target;
  target.greeks = {bounded(Greek::delta, std::nullopt, 0.5), bounded(Greek::vega, 1000.0, std::nullopt)};
  target.greeks[1].bound.priority = 3;
  const TargetBook book = allocated(market, target, {});
  EXPECT_EQ(book.status, TargetStatus::least_violating);
  EXPECT_LE(report(book, "delta BTC").value_rounded, 0.5);
  EXPECT_GT(traded(market, book, "sample:BTC-i-030-60000-C"), 0.0);
  ASSERT_EQ(book.broken.size(), 1U);
  EXPECT_EQ(book.broken[0].rfind("vega BTC is", 0), 0U);
}

TEST(Allocation, SoftBoundsArePaidForAtTheirWeight) {
  const SampleMarket market = make_market(with({quote(FutureQuote{})}));
  TargetSurface target;
  target.greeks = {bounded(Greek::delta, std::nullopt, -6.0, DeltaCollateral::excluded)};
  target.greeks[0].bound.firmness = portfolio::Firmness::soft;
  // Selling costs about 35 USD a coin: a weight below that is not worth it, one above is.
  target.greeks[0].weight = 10.0;
  EXPECT_TRUE(allocated(market, target, {}).trades.empty());
  target.greeks[0].weight = 100.0;
  EXPECT_EQ(traded(market, allocated(market, target, {}), "sample:BTC-i-perpetual"), -36000.0);
}

TEST(Allocation, ADesiredValueIsApproachedUntilTheLastLotCostsMoreThanItBrings) {
  const SampleMarket market = make_market(with({quote(FutureQuote{})}));
  TargetSurface target;
  target.greeks = {bounded(Greek::delta, std::nullopt, std::nullopt, DeltaCollateral::excluded)};
  target.greeks[0].desired = -6.0;
  target.greeks[0].weight = 20.0;
  const TargetBook book = allocated(market, target, {});
  // Marginal cost c per coin = weight x distance: the distance left is c / weight.
  const double sold = -traded(market, book, "sample:BTC-i-perpetual");
  const double cost_per_coin = book.cost / (sold / 6000.0);
  EXPECT_NEAR(sold / 6000.0, 6.0 - cost_per_coin / 20.0, 1.0 / 6000.0);
}

TEST(Allocation, WhatMayNotBeHeldIsOnlyReduced) {
  auto description = with({quote(OptionQuote{}), quote(OptionQuote{.terms = {.strike = 66000}})});
  description.holdings = {{"sample:BTC-i-030-60000-C", 5.0}};
  const SampleMarket market = make_market(description);
  AllocationSettings settings = forecasting(0.3);
  settings.edge.horizon_days = 10.0;
  settings.holdable = {Selector{.underlyings = {code("ETH")}}};
  const TargetBook book = allocated(market, {}, settings);
  EXPECT_EQ(traded(market, book, "sample:BTC-i-030-60000-C"), -5.0);
  EXPECT_EQ(traded(market, book, "sample:BTC-i-030-66000-C"), 0.0);
}

TEST(Allocation, PositionAndTradeLimitsStopATradeAndReportTheirPrice) {
  const SampleMarket market = make_market(with({quote(OptionQuote{})}));
  AllocationSettings settings = forecasting(2.0);
  settings.edge.horizon_days = 5.0;
  settings.trade_limits = {ContractLimit{.contracts_most = 7.5}};
  TargetBook book = allocated(market, {}, settings);
  EXPECT_EQ(traded(market, book, "sample:BTC-i-030-60000-C"), 7.5);
  EXPECT_GT(report(book, "trade sample:BTC-i-030-60000-C").shadow_price, 0.0);
  settings.position_limits = {ContractLimit{.kinds = {market::InstrumentKind::option}, .contracts_most = 3.0}};
  book = allocated(market, {}, settings);
  EXPECT_EQ(traded(market, book, "sample:BTC-i-030-60000-C"), 3.0);
  settings.position_limits.clear();
  settings.trade_limits.clear();
  settings.trade_size_share_most = 0.5;
  book = allocated(market, {}, settings);
  EXPECT_EQ(traded(market, book, "sample:BTC-i-030-60000-C"), 12.5);
}

TEST(Allocation, ALineBeyondItsLimitComesBackInside) {
  auto description = with({quote(OptionQuote{})});
  description.holdings = {{"sample:BTC-i-030-60000-C", 9.0}};
  const SampleMarket market = make_market(description);
  AllocationSettings settings;
  settings.position_limits = {ContractLimit{.contracts_most = 4.0}};
  const TargetBook book = allocated(market, {}, settings);
  EXPECT_EQ(traded(market, book, "sample:BTC-i-030-60000-C"), -5.0);
  EXPECT_GT(report(book, "position sample:BTC-i-030-60000-C").shadow_price, 0.0);
}

TEST(Allocation, SmallTradesAreLeftUndoneButALineMayAlwaysBeClosed) {
  auto description =
      with({quote(OptionQuote{}), quote(OptionQuote{.terms = {.strike = 90000}, .half_spread = 0.0001})});
  description.holdings = {{"sample:BTC-i-030-90000-C", 0.3}};
  const SampleMarket market = make_market(description);
  AllocationSettings settings = forecasting(0.5);
  settings.trade_value_least = 2000.0;
  settings.holdable = {Selector{.kinds = {market::InstrumentKind::perpetual}}};
  const TargetBook book = allocated(market, {}, settings);
  // Reducing only: 0.3 contracts of a cheap option are worth less than the least trade, but may be closed.
  for (const auto& trade : book.trades) EXPECT_EQ(trade.current.raw() + trade.trade.raw(), 0);
}

TEST(Allocation, HoldsNoMoreLinesThanAllowed) {
  std::vector<market::RecordedQuote> quotes;
  for (int strike = 52000; strike <= 68000; strike += 2000)
    quotes.push_back(quote(OptionQuote{.terms = {.strike = strike}, .ask_size = 1.0}));
  const SampleMarket market = make_market(with(std::move(quotes)));
  AllocationSettings settings = forecasting(1.8);
  settings.edge.horizon_days = 5.0;
  const TargetBook all = allocated(market, {}, settings);
  EXPECT_EQ(all.trades.size(), 9U);
  settings.lines_most = 4;
  const TargetBook few = allocated(market, {}, settings);
  EXPECT_EQ(few.trades.size(), 4U);
  const ConstraintReport& lines = report(few, "lines held");
  EXPECT_EQ(lines.value_rounded, 4.0);
  EXPECT_TRUE(lines.binding);
  // The four best of nine: by hand, since lines do not meet in any bound.
  std::vector<double> gains;
  for (const auto& trade : all.trades) gains.push_back(trade.edge.total() - trade.cost);
  std::sort(gains.rbegin(), gains.rend());
  EXPECT_NEAR(few.objective_rounded, gains[0] + gains[1] + gains[2] + gains[3], 1e-6);
  EXPECT_NEAR(lines.shadow_price, gains[4], 1e-4 * gains[4]);
}

TEST(Allocation, RiskAversionTakesDeltaOffTheBook) {
  const SampleMarket market = make_market(with({quote(FutureQuote{})}));
  AllocationSettings settings;
  settings.risk.underlyings = {{code("BTC"), 0.6, 0.8}};
  settings.risk_aversion = 1e-3;
  const TargetBook book = allocated(market, {}, settings);
  // The deviation of 10 coins over a day is 10 x 60,000 x 0.6 / sqrt(365); selling until lambda x variance's slope =
  // cost.
  const double sold = -traded(market, book, "sample:BTC-i-perpetual") / 6000.0;
  const double deviation_per_coin = 60000.0 * 0.6 / std::sqrt(365.0);
  const double cost_per_coin = book.cost / sold;
  EXPECT_NEAR(10.0 - sold, cost_per_coin / (1e-3 * deviation_per_coin * deviation_per_coin), 0.02);
}

TEST(Allocation, RefusesBoundsNarrowerThanTheirLots) {
  const SampleMarket market = make_market(with({quote(FutureQuote{}), quote(OptionQuote{})}));
  TargetSurface target;
  target.greeks = {bounded(Greek::delta, 1.0, 1.0001)};
  auto refused = check_bounds_against_lots({market.view, market.book, target, {}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(refused.error().message.find("delta BTC: the bound from 1 to 1.0001 is 0.0001 BTC wide"), std::string::npos)
      << refused.error().message;
  EXPECT_NE(refused.error().message.find("sample:BTC-i-perpetual"), std::string::npos);
  // Options serve a vega; their lot moves about seven dollars a point.
  target.greeks = {bounded(Greek::delta, 1.0, 1.01), bounded(Greek::vega, 0.0, 1.0)};
  refused = check_bounds_against_lots({market.view, market.book, target, {}});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("sample:BTC-i-030-60000-C"), std::string::npos);
  target.greeks[1].bound.upper = 100.0;
  EXPECT_TRUE(check_bounds_against_lots({market.view, market.book, target, {}}));
}

TEST(Allocation, RefusesTargetsAndSettingsThatContradictThemselves) {
  const SampleMarket market = make_market(with({quote(FutureQuote{})}));
  TargetSurface target;
  target.greeks = {bounded(Greek::delta, 2.0, 1.0)};
  auto refused = allocate({market.view, market.book, target, {}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "delta BTC: the lower bound 2 is above the upper bound 1");
  const auto refusal = [&] {
    const auto answer = allocate({market.view, market.book, target, {}});
    EXPECT_FALSE(answer);
    return answer ? "" : answer.error().message;
  };
  target.greeks = {bounded(Greek::delta, 1.0, 2.0)};
  target.greeks[0].bound.priority = 0;
  EXPECT_EQ(refusal(), "delta BTC: priority 0, expected 1 or more");
  target.greeks[0].bound.priority = 1;
  target.greeks[0].weight = -1.0;
  EXPECT_EQ(refusal(), "delta BTC: weight -1, expected 0 or more");
  target.greeks[0].weight = 0.0;
  target.greeks[0].underlying = code("DOGE");
  EXPECT_NE(refusal(), "");
  target.greeks.clear();
  target.stress = portfolio::StressTarget{.loss_limit = 0.0};
  EXPECT_EQ(refusal(), "the stress loss limit is 0, expected a positive number");
  target.stress.reset();
  target.margin = portfolio::MarginTarget{.ceiling = 1.5};
  EXPECT_EQ(refusal(), "the margin ceiling is 1.5, expected above 0 and at most 1");
  target.margin = portfolio::MarginTarget{.ceiling = 1.0, .priority = 0};
  EXPECT_EQ(refusal(), "a priority is below 1, the most important there is");
  target = {};
  target.liquidation = portfolio::LiquidationTarget{.room = 1.0};
  EXPECT_EQ(refusal(), "the room to liquidation is 1, expected 0 or more and below 1");
  AllocationSettings settings;
  settings.trade_size_share_most = 0.0;
  EXPECT_FALSE(allocate({market.view, market.book, {}, settings}));
  settings = {};
  settings.risk_aversion = 1.0;
  EXPECT_FALSE(allocate({market.view, market.book, {}, settings}));
}

}  // namespace
}  // namespace gimbal::allocate
