// Two laps through the engine itself, on a market of three contracts, and what is reported of them. The target is
// written by hand here: a report must be right about books that no allocation would propose.
#include "gimbal/report/lap_report.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "gimbal/engine/loop.hpp"
#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/report/lap_json.hpp"
#include "gimbal/simulate/paper_venue.hpp"

namespace gimbal::report {
namespace {

using market::AssetCode;
using market::Instrument;
using market::RecordedQuote;

const UtcTime first_time = parse_utc("2026-02-01T16:00:00Z").value();
const UtcTime second_time = parse_utc("2026-02-02T10:00:00Z").value();

Instrument contract(const std::string& symbol, market::InstrumentKind kind) {
  Instrument instrument;
  instrument.name = "deribit:" + symbol;
  instrument.venue = "deribit";
  instrument.kind = kind;
  instrument.payoff = market::Payoff::inverse;
  instrument.underlying = AssetCode::of("BTC");
  instrument.quote = AssetCode::of("USD");
  instrument.settlement = AssetCode::of("BTC");
  const bool option = kind == market::InstrumentKind::option;
  instrument.contract_size = Decimal::of(option ? "1" : "10");
  instrument.tick = Decimal::of(option ? "0.0001" : "0.5");
  instrument.lot = instrument.minimum = Decimal::of(option ? "0.1" : "1");
  instrument.fees.taker_rate = Decimal::of(option ? "0.0003" : "0.0005");
  if (option) instrument.fees.option_cap = Decimal::of("0.125");
  return instrument;
}

Instrument option(const std::string& symbol, const char* strike, const char* expiry, market::OptionRight right) {
  Instrument instrument = contract(symbol, market::InstrumentKind::option);
  instrument.strike = Decimal::of(strike);
  instrument.expiry = parse_utc(expiry).value();
  instrument.right = right;
  return instrument;
}

const Instrument call = option("BTC-27MAR26-90000-C", "90000", "2026-03-27T08:00:00Z", market::OptionRight::call);
const Instrument put = option("BTC-2FEB26-82000-P", "82000", "2026-02-02T08:00:00Z", market::OptionRight::put);
const Instrument perpetual = contract("BTC-PERPETUAL", market::InstrumentKind::perpetual);

struct Quotes {
  const char* bid;
  const char* ask;
  const char* size;
  double mark;
};

RecordedQuote quoted(const Instrument& instrument, const Quotes& quotes) {
  RecordedQuote quote;
  quote.instrument = instrument;
  quote.bid_price = Decimal::of(quotes.bid);
  quote.ask_price = Decimal::of(quotes.ask);
  quote.bid_size = quote.ask_size = Decimal::of(quotes.size);
  quote.mark_price = quotes.mark;
  if (instrument.is_option()) quote.forward = 80000.0;
  if (instrument.kind == market::InstrumentKind::perpetual) quote.funding_rate_8h = Decimal::of("0.0001");
  return quote;
}

market::RecordedSnapshot recorded(UtcTime time) {
  market::RecordedSnapshot snapshot;
  snapshot.time = time;
  snapshot.quotes = {quoted(call, {"0.0200", "0.0220", "6", 0.021}), quoted(put, {"0.0280", "0.0300", "50", 0.029}),
                     quoted(perpetual, {"79990", "80010", "100000", 80000.0})};
  snapshot.indices = {{AssetCode::of("BTC"), Decimal::of("80000")}};
  snapshot.rows = 3;
  return snapshot;
}

engine::Workers workers(const portfolio::TargetBook& book) {
  engine::Workers workers;
  workers.fit = [](const engine::FitSurfaces& command) -> Result<engine::SurfacesFitted> {
    if (command.market->rows() < 2) return engine::SurfacesFitted{std::make_shared<const surface::SurfaceSet>()};
    surface::SurfaceSlice slice;
    slice.expiry = *call.expiry;
    slice.years = years_between(command.market->time, slice.expiry).raw();
    slice.forward = 80000.0;
    slice.volatility_atm = 0.5;
    slice.svi.a = 0.25 * slice.years;
    slice.rung = surface::Rung::flat;
    const auto coin = *command.market->universe->find_asset(AssetCode::of("BTC"));
    std::vector<surface::VolSurface> surfaces{{coin, command.market->time, {slice}}};
    return engine::SurfacesFitted{
        std::make_shared<const surface::SurfaceSet>(command.market->time, std::move(surfaces))};
  };
  workers.open = [](const engine::OpenPortfolio& command) -> Result<engine::PortfolioOpened> {
    const market::Universe& universe = *command.market->universe;
    const auto coin = *universe.find_asset(AssetCode::of("BTC"));
    engine::PortfolioOpened opened;
    opened.source = "configuration";
    opened.balances = {
        {engine::main_account, portfolio::Place::cash, coin, Amount::from_decimal(Decimal::of("10"), 8).value()}};
    opened.positions = {
        {engine::main_account, *universe.find(put.name), QuantityLots{-50}, std::nullopt},
        {engine::main_account, *universe.find(perpetual.name), QuantityLots{-20'000}, Decimal::of("80000")}};
    return opened;
  };
  workers.propose = [book](const engine::ProposeTarget&) -> Result<engine::TargetProposed> {
    return engine::TargetProposed{book};
  };
  return workers;
}

portfolio::ConstraintReport constraint(const std::string& name, const std::string& unit, std::optional<double> lower,
                                       std::optional<double> upper) {
  portfolio::ConstraintReport report;
  report.name = name;
  report.unit = unit;
  report.lower = lower;
  report.upper = upper;
  return report;
}

// Ten calls where six are offered, and a sale of the perpetual that is larger than an order may be.
portfolio::TargetBook hand_made_target() {
  portfolio::TargetBook book;
  book.status = portfolio::TargetStatus::rounded;
  book.constraints = {constraint("delta of my own", "BTC", -0.5, 0.5),
                      constraint("stress BTC -20% vol 0%", "USD", -1000.0, std::nullopt),
                      constraint("margin deribit standard BTC", "fraction", std::nullopt, 0.5),
                      constraint("quoted size " + call.name, "contracts", std::nullopt, 6.0),
                      constraint("position " + call.name, "contracts", -5.0, 5.0),
                      constraint("lines held", "lines", std::nullopt, 40.0),
                      constraint("a row that nobody knows", "USD", -1.0, 1.0),
                      constraint("room deribit standard BTC", "fraction", 0.4, std::nullopt)};
  book.constraints[0].shadow_price = 800.0;
  portfolio::TargetTrade calls;
  calls.instrument = market::InstrumentId{0};
  calls.trade = QuantityLots{100};
  calls.limit = PriceTicks{220};
  calls.edge = {.gamma = 270.0, .basis = -20.0};
  calls.cost = 100.0;
  calls.reasons = {{0, 40.0}};
  portfolio::TargetTrade sale;
  sale.instrument = market::InstrumentId{2};
  sale.current = QuantityLots{-20'000};
  sale.trade = QuantityLots{-120'000};
  sale.limit = PriceTicks{159'980};
  book.trades = {calls, sale};
  return book;
}

portfolio::TargetSurface target_surface() {
  portfolio::GreekTarget delta;
  delta.bound.name = "delta of my own";
  delta.bound.lower = -0.5;
  delta.bound.upper = 0.5;
  delta.underlying = AssetCode::of("BTC");
  portfolio::TargetSurface surface;
  surface.greeks = {delta};
  surface.margin = portfolio::MarginTarget{.ceiling = 0.5};
  return surface;
}

// The engine with a paper venue, fed with snapshots one after another.
class TwoLaps {
 public:
  explicit TwoLaps(const char* numeraire = "USD") {
    risk::RiskSettings risk;
    risk::ScenarioGrid grid;
    grid.spot = {{AssetCode::of("BTC"), {-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3}}};
    risk.scenarios = risk::joint_grid(grid).value();
    risk.numeraire = AssetCode::of(numeraire);
    auto configuration = std::make_shared<engine::Configuration>();
    configuration->account = "deribit-main";
    configuration->risk = std::make_shared<const risk::RiskSettings>(std::move(risk));
    configuration->limits.order_notional_max = 1'000'000.0;
    engine::Loop::Ports ports;
    ports.workers = workers(hand_made_target());
    ports.venue = [this](const market::Approved<market::OrderRequest>& order) { return venue_.submit(order); };
    loop_.emplace(engine::State{std::move(configuration)}, std::move(ports));
  }

  void lap(UtcTime time) { take(recorded(time)); }

  // Options without quote, mark or surface: what is held of them cannot be valued.
  void blind_lap(UtcTime time) {
    market::RecordedSnapshot snapshot = recorded(time);
    snapshot.quotes.erase(snapshot.quotes.begin(), snapshot.quotes.end() - 1);
    take(snapshot);
  }

  void take(const market::RecordedSnapshot& market) {
    const UtcTime time = market.time;
    auto built = market::build_snapshot(market, loop_->state().universe, {}).value();
    const auto snapshot = std::make_shared<const market::MarketSnapshot>(std::move(built.snapshot));
    const bool opened = loop_->state().opened;
    auto settlements = venue_.advance(snapshot);
    ASSERT_TRUE(settlements);
    for (engine::EventBody& settled : *settlements) ASSERT_TRUE(loop_->take(time, std::move(settled)));
    ASSERT_TRUE(loop_->take(time, engine::MarketUpdated{std::move(built.listed), snapshot}));
    // The venue learns what the account brought with it.
    if (!opened) venue_.adopt(state().ledger.positions(), state().last_trade, state().market);
  }

  [[nodiscard]] const engine::State& state() const { return loop_->state(); }
  [[nodiscard]] LapReport report() const {
    return lap_report(state(), target_surface(), {.digest = state().lap_digest, .journal_head = "7:ab"}).value();
  }

 private:
  simulate::PaperVenue venue_;
  std::optional<engine::Loop> loop_;
};

TEST(LapReport, BeforeTheFirstMarketThereIsNothingToReport) {
  const TwoLaps laps;
  const auto report = lap_report(laps.state(), target_surface());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::invalid_argument);
}

TEST(LapReport, SetsTheBookedBookBesideTheTarget) {
  TwoLaps laps;
  laps.lap(first_time);
  const LapReport report = laps.report();
  EXPECT_EQ(report.lap, 1U);
  EXPECT_EQ(report.time, first_time);
  EXPECT_EQ(report.digest, to_hex(*laps.state().lap_digest));
  ASSERT_EQ(report.trades.size(), 2U);
  // A perpetual is read before options.
  const TradeReport& sale = report.trades[0];
  EXPECT_EQ(sale.instrument, perpetual.name);
  EXPECT_EQ(sale.target, Decimal::of("-140000"));
  EXPECT_EQ(sale.booked, Decimal::of("-20000"));
  EXPECT_EQ(sale.missing, Decimal::of("-120000"));
  const TradeReport& calls = report.trades[1];
  EXPECT_EQ(calls.booked, Decimal::of("6"));
  EXPECT_EQ(calls.missing, Decimal::of("4"));
  ASSERT_EQ(calls.reasons.size(), 1U);
  EXPECT_EQ(calls.reasons[0].constraint, "delta of my own");
  EXPECT_EQ(calls.reasons[0].shadow_price, 800.0);
}

TEST(LapReport, VerdictsMeetTheirFills) {
  TwoLaps laps;
  laps.lap(first_time);
  const LapReport report = laps.report();
  ASSERT_EQ(report.orders.size(), 2U);
  const OrderReport& calls = report.orders[0];
  EXPECT_TRUE(calls.approved) << calls.refusal;
  EXPECT_EQ(calls.symbol, "BTC-27MAR26-90000-C");
  EXPECT_EQ(calls.amount, Decimal::of("10"));
  EXPECT_EQ(calls.amount_unit, "BTC");
  EXPECT_EQ(calls.limit, Decimal::of("0.022"));
  EXPECT_EQ(calls.filled, Decimal::of("6"));
  EXPECT_EQ(calls.unfilled, Decimal::of("4"));
  const OrderReport& sale = report.orders[1];
  EXPECT_FALSE(sale.approved);
  EXPECT_NE(sale.refusal.find("notional"), std::string::npos);
  EXPECT_EQ(sale.amount, Decimal::of("1200000"));
  EXPECT_EQ(sale.amount_unit, "USD");
  EXPECT_EQ(sale.price_unit, "USD");
  EXPECT_EQ(sale.unfilled, Decimal{});
  ASSERT_EQ(report.fills.size(), 1U);
  const FillReport& fill = report.fills[0];
  EXPECT_EQ(fill.order, calls.id);
  EXPECT_EQ(fill.price, Decimal::of("0.022"));
  // 0.0003 of each coin.
  EXPECT_EQ(fill.fee, Decimal::of("0.0018"));
  ASSERT_TRUE(fill.cost);
  EXPECT_NEAR(*fill.cost, (6.0 * 0.001 + 0.0018) * 80000.0, 1e-9);
}

TEST(LapReport, ConstraintsAreEvaluatedForTheBookedBook) {
  TwoLaps laps;
  laps.lap(first_time);
  const LapReport report = laps.report();
  const auto risk = risk::evaluate_book(*laps.state().view, laps.state().ledger, engine::main_account).value();
  EXPECT_EQ(*report.equity, risk.equity);
  ASSERT_EQ(report.constraints.size(), 8U);
  EXPECT_EQ(*report.constraints[0].booked, risk.greeks[0].delta);
  EXPECT_EQ(*report.constraints[0].violation_booked, risk.greeks[0].delta - 0.5);
  EXPECT_TRUE(report.constraints[0].broken());
  EXPECT_EQ(laps.state().configuration->risk->scenarios.rows[1].name, "BTC -20% vol 0%");
  EXPECT_EQ(*report.constraints[1].booked, risk.profits[1]);
  EXPECT_EQ(*report.constraints[2].booked, *risk.margin.pools[0].utilisation());
  EXPECT_EQ(*report.constraints[3].booked, 6.0);
  EXPECT_EQ(*report.constraints[3].violation_booked, 0.0);
  EXPECT_EQ(*report.constraints[4].violation_booked, 1.0);
  EXPECT_EQ(*report.constraints[5].booked, 3.0);
  EXPECT_FALSE(report.constraints[6].booked);
  EXPECT_FALSE(report.constraints[6].broken());
  const risk::MarginPool& pool = risk.margin.pools[0];
  EXPECT_EQ(*report.constraints[7].booked, 1.0 - pool.maintenance / pool.balance);
}

TEST(LapReport, LinesAddUpToTheWhole) {
  TwoLaps laps;
  laps.lap(first_time);
  const LapReport report = laps.report();
  ASSERT_EQ(report.positions.size(), 3U);
  ASSERT_EQ(report.exposures.size(), 1U);
  const ExposureReport& exposure = report.exposures[0];
  double delta = 0.0;
  double vega = 0.0;
  double options = 0.0;
  double margin = 0.0;
  for (const PositionReport& position : report.positions) {
    delta += *position.delta;
    vega += *position.vega;
    options += position.value.value_or(0.0);
    margin += position.initial_margin.value_or(0.0);
  }
  EXPECT_NEAR(delta, exposure.delta_excluded, 1e-12);
  EXPECT_NEAR(vega, exposure.vega, 1e-9);
  ASSERT_EQ(report.assets.size(), 1U);
  const AssetReport& coin = report.assets[0];
  EXPECT_NEAR(options, coin.options, 1e-12);
  EXPECT_EQ(coin.cash, Decimal::of("9.8662"));  // 10 less 6 premiums of 0.022 and the fee
  EXPECT_NEAR(coin.equity_value, *report.equity, 1e-9);
  EXPECT_NEAR(exposure.delta, exposure.delta_excluded + coin.equity, 1e-12);
  ASSERT_EQ(report.margin.size(), 1U);
  EXPECT_NEAR(margin, report.margin[0].initial, 1e-12);
  EXPECT_EQ(*report.margin[0].ceiling, 0.5);
  ASSERT_EQ(report.stress.size(), stress_rows_shown);
  for (std::size_t i = 1; i < report.stress.size(); ++i)
    EXPECT_LE(report.stress[i - 1].profit, report.stress[i].profit);
}

TEST(LapReport, SettlementsBelongToTheLapTheyCameBefore) {
  TwoLaps laps;
  laps.lap(first_time);
  EXPECT_TRUE(laps.report().deliveries.empty());
  laps.lap(second_time);
  const LapReport report = laps.report();
  EXPECT_EQ(report.lap, 2U);
  ASSERT_EQ(report.deliveries.size(), 1U);
  const DeliveryReport& delivery = report.deliveries[0];
  EXPECT_EQ(delivery.instrument, put.name);
  EXPECT_EQ(delivery.position, Decimal::of("-5"));
  EXPECT_TRUE(delivery.approximate);
  EXPECT_EQ(delivery.price_time, second_time);
  // (82,000 - 80,000) / 80,000 coins each, paid.
  EXPECT_EQ(delivery.value, Decimal::of("-0.125"));
  ASSERT_EQ(report.funding.size(), 1U);
  // Shorts receive 0.0001 of 200,000 USD for 18 of 8 hours.
  EXPECT_EQ(report.funding[0].hours, 18.0);
  EXPECT_EQ(report.funding[0].paid, Decimal::of("-0.0005625"));
  for (const PositionReport& position : report.positions) EXPECT_NE(position.instrument, put.name);
}

TEST(LapReport, ALapThatCannotBeValuedSaysWhyAndStillListsWhatIsHeld) {
  TwoLaps laps{"ETH"};
  laps.lap(first_time);
  const LapReport report = laps.report();
  EXPECT_NE(report.trouble.find("ETH"), std::string::npos);
  EXPECT_FALSE(report.equity);
  EXPECT_FALSE(report.target);
  EXPECT_EQ(report.containment, "no new risk");
  ASSERT_EQ(report.positions.size(), 2U);
  EXPECT_EQ(report.positions[1].contracts, Decimal::of("-5"));
  EXPECT_FALSE(report.positions[1].mark);
  EXPECT_FALSE(report.attribution);
  EXPECT_FALSE(report.attribution_missing.empty());
}

double amount(const AttributionReport& attribution, std::string_view item) {
  return amount_of(attribution, item).to_double();
}

TEST(LapReport, TheFirstLapsProfitIsWhatTradingCost) {
  TwoLaps laps;
  laps.lap(first_time);
  const LapReport report = laps.report();
  ASSERT_TRUE(report.attribution);
  EXPECT_TRUE(report.attribution_missing.empty());
  const AttributionReport& profit = *report.attribution;
  EXPECT_EQ(profit.from, first_time);
  EXPECT_EQ(profit.to, first_time);
  // Six calls bought at 0.022 that are marked at 0.021, with a fee of 0.0003 coins each.
  EXPECT_NEAR(amount(profit, "trades"), -6 * 0.001 * 80'000, 1e-6);
  EXPECT_NEAR(amount(profit, "fees"), -6 * 0.0003 * 80'000, 1e-6);
  EXPECT_NEAR(profit.residual.to_double(), 0.0, 1e-5);
  EXPECT_NEAR(profit.equity_to.to_double(), *report.equity, 1e-6);
}

TEST(LapReport, ProfitCountsFromTheEndOfTheLapBefore) {
  TwoLaps laps;
  laps.lap(first_time);
  const LapReport before = laps.report();
  laps.lap(second_time);
  const LapReport report = laps.report();
  ASSERT_TRUE(report.attribution);
  const AttributionReport& profit = *report.attribution;
  EXPECT_EQ(profit.from, first_time);
  EXPECT_EQ(profit.to, second_time);
  EXPECT_EQ(profit.equity_from, before.attribution->equity_to);
  // Five puts marked at 0.029 were paid out with 0.025; the index stood still.
  EXPECT_NEAR(amount(profit, "settlement"), 5 * (0.029 - 0.025) * 80'000, 1e-6);
  EXPECT_NEAR(amount(profit, "funding"), 0.0005625 * 80'000, 1e-6);
  EXPECT_EQ(amount(profit, "collateral"), 0.0);
  EXPECT_EQ(amount(profit, "delta"), 0.0);
  // The call's mark stood still while 18 hours went by: what time took, volatility gave.
  EXPECT_LT(amount(profit, "time"), 0.0);
  EXPECT_GT(amount(profit, "vega"), 0.0);
  Decimal sum = profit.residual + last_day_amount(profit);
  for (const AttributionLine& line : profit.lines) sum = sum + line.amount;
  EXPECT_EQ(sum, profit.equity_to - profit.equity_from);
}

TEST(LapReport, ProfitOverALapThatCouldNotBeValuedIsNotLost) {
  TwoLaps laps;
  laps.lap(first_time);
  const LapReport before = laps.report();
  laps.blind_lap(first_time + std::chrono::hours{8});
  const LapReport blind = laps.report();
  EXPECT_FALSE(blind.attribution);
  EXPECT_FALSE(blind.attribution_missing.empty());
  laps.lap(second_time);
  const LapReport report = laps.report();
  ASSERT_TRUE(report.attribution) << report.attribution_missing;
  EXPECT_EQ(report.attribution->from, first_time);
  EXPECT_EQ(report.attribution->equity_from, before.attribution->equity_to);
  // Funding of both intervals, and the delivery in the second.
  EXPECT_NEAR(amount(*report.attribution, "funding"), 0.0005625 * 80'000, 1e-6);
  EXPECT_NEAR(report.attribution->residual.to_double(), 0.0, 1.0);
}

TEST(LapReport, TwoRunsGiveTheSameDocument) {
  const auto document = [] {
    TwoLaps laps;
    std::vector<LapReport> reports;
    laps.lap(first_time);
    reports.push_back(laps.report());
    laps.lap(second_time);
    reports.push_back(laps.report());
    return laps_json(reports, {"hand made", "id", 2});
  };
  EXPECT_EQ(document(), document());
}

}  // namespace
}  // namespace gimbal::report
