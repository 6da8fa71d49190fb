// A lap's report composed by hand for the tests of this room: one of everything, with numbers of the size that a desk
// sees. What a real lap reports is in lap_report_test.cpp.
#pragma once

#include "gimbal/report/lap_report.hpp"

namespace gimbal::report::internal {

inline ConstraintLine sample_constraint(std::string name, std::string unit, std::optional<double> lower,
                                        std::optional<double> upper, std::vector<double> values) {
  ConstraintLine line;
  line.target.name = std::move(name);
  line.target.unit = std::move(unit);
  line.target.lower = lower;
  line.target.upper = upper;
  line.target.value_current = values[0];
  line.target.value_continuous = values[1];
  line.target.value_rounded = values[2];
  line.booked = values[3];
  line.violation_booked = 0.0;
  if (lower && values[3] < *lower) line.violation_booked = *lower - values[3];
  if (upper && values[3] > *upper) line.violation_booked = values[3] - *upper;
  return line;
}

inline void add_sample_market(LapReport& lap) {
  lap.quality = {.rows = 1630,
                 .instruments = 1612,
                 .two_sided = 1204,
                 .one_sided = 310,
                 .unquoted = 92,
                 .crossed = 2,
                 .expired = 12,
                 .duplicates = 6,
                 .sizes_assumed = 1514,
                 .quotes_assumed = 18};
  lap.indices = {{"BTC", Decimal::of("78123.4")}, {"ETH", Decimal::of("2412.55")}};
  SliceReport near{.expiry = utc_from_date(2026, 2, 6).value() + std::chrono::hours{8},
                   .days = 4.67,
                   .forward = 78150.25,
                   .volatility_atm = 0.512,
                   .rung = "fit",
                   .quotes_used = 41,
                   .quotes_judged = 30,
                   .inside_share = 0.9,
                   .near_share = 1.0,
                   .rmse_volatility = 0.0041};
  SliceReport far = near;
  far.expiry = utc_from_date(2026, 3, 27).value() + std::chrono::hours{8};
  far.days = 53.67;
  far.rung = "neighbour";
  far.quotes_judged = 0;
  lap.surfaces = {{"BTC", 0.4823, 0.9, 1.0, 82, {near, far}}, {"ETH", 0.6711, std::nullopt, std::nullopt, 0, {far}}};
}

inline void add_sample_risk(LapReport& lap) {
  lap.equity = 2'345'678.12;
  lap.assets = {{"BTC", Decimal::of("21.12345678"), 0.25, -1.5, 19.87345678, 78123.4, 1552582.0},
                {"ETH", Decimal::of("330.5"), 0.0, -1.75, 328.75, 2412.55, 793126.0}};
  ExposureReport btc{"BTC", -0.213, -20.0864, 0.0412, 1250.5, -812.25, {}};
  btc.bounds = {{"delta BTC", "delta", true, -0.5, 0.5}, {"vega BTC", "vega", true, std::nullopt, 1500.0}};
  lap.exposures = {btc};
  lap.stress = {{"BTC -20% ETH -20% vol +30%", -99812.5}, {"BTC -20% ETH -10% vol +30%", -80111.0}};
  lap.margin_rule = "deribit standard";
  lap.margin = {{"BTC", 9.5, 6.25, 21.373, 0.44448, 0.5}, {"ETH", 12.0, 9.0, 328.75, 0.0365, 0.5}};
  lap.constraints = {
      sample_constraint("delta BTC", "BTC", -0.5, 0.5, {3.2114, 0.5, 0.4871, -0.2131}),
      sample_constraint("vega BTC", "USD per point", std::nullopt, 1500.0, {2811.5, 1500.0, 1498.2, 1511.0}),
      sample_constraint("gamma ETH", "ETH per 1%", -4.0, 4.0, {1.2, 1.0, 1.0, 1.0}),
      sample_constraint("stress BTC -20% ETH -20% vol +30%", "USD", -100000.0, std::nullopt,
                        {-151220.0, -100000.0, -99990.5, -99812.5}),
      sample_constraint("stress BTC +20% ETH +20% vol +0%", "USD", -100000.0, std::nullopt,
                        {20100.0, 5000.0, 5010.0, 5010.0}),
      sample_constraint("margin deribit BTC", "fraction", std::nullopt, 0.5, {0.612, 0.5, 0.4991, 0.44448}),
  };
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}, std::size_t{3}}) lap.constraints[i].target.binding = true;
  lap.constraints[0].target.shadow_price = 812.4;
  lap.constraints[1].target.shadow_price = 12.25;
  lap.constraints[3].target.shadow_price = 0.0413;
  lap.positions = {
      {"deribit:BTC-6FEB26-80000-P", "BTC", Decimal::of("-12.5"), 0.0415, "BTC", -0.51875, -40526.5, "BTC", 6.12,
       -0.021, -310.2, 402.5, 2.4, true},
      {"deribit:BTC-PERPETUAL", "BTC", Decimal::of("-12000"), 78101.5, "USD", std::nullopt, std::nullopt, "BTC", -1.536,
       0.0, 0.0, 0.0, 0.0307, true},
  };
}

inline void add_sample_trades(LapReport& lap) {
  lap.target = TargetReport{.status = "rounded",
                            .objective_continuous = 1820.5,
                            .objective_rounded = 1811.25,
                            .edge = 2400.75,
                            .cost = 589.5,
                            .candidates = 200,
                            .solver_iterations = 23,
                            .broken = {},
                            .note = {}};
  TradeReport option{.instrument = "deribit:BTC-6FEB26-80000-P",
                     .current = Decimal::of("-20"),
                     .trade = Decimal::of("10"),
                     .target = Decimal::of("-10"),
                     .booked = Decimal::of("-12.5"),
                     .missing = Decimal::of("2.5"),
                     .limit = Decimal::of("0.0425"),
                     .price_unit = "BTC",
                     .edge = 310.5,
                     .edge_sources = {.gamma = 250.0, .reversion = 75.0, .funding = 0.0, .basis = -14.5},
                     .cost = 195.25,
                     .marginal_margin = -1.8,
                     .marginal_risk = 24011.0,
                     .settlement = "BTC",
                     .reasons = {{"vega BTC", 312.5, 12.25},
                                 {"stress BTC -20% ETH -20% vol +30%", 41.75, 0.0413},
                                 {"delta BTC", -20.0, 812.4}}};
  TradeReport hedge = option;
  hedge.instrument = "deribit:BTC-PERPETUAL";
  hedge.current = Decimal::of("-24000");
  hedge.trade = Decimal::of("12000");
  hedge.target = hedge.booked = Decimal::of("-12000");
  hedge.missing = Decimal{};
  hedge.limit = Decimal::of("78131.5");
  hedge.price_unit = "USD";
  hedge.edge = 0.0;
  hedge.edge_sources = {};
  hedge.reasons = {};
  lap.trades = {option, hedge};
  lap.orders = {
      {"00112233445566778899aabbccddeeff", option.instrument, "deribit", "BTC-6FEB26-80000-P", "buy", Decimal::of("10"),
       Decimal::of("10"), "BTC", option.limit, "BTC", "immediate_or_cancel", 17, true, "", Decimal::of("7.5"),
       Decimal::of("2.5")},
      {"ffeeddccbbaa99887766554433221100", hedge.instrument, "deribit", "BTC-PERPETUAL", "buy", Decimal::of("12000"),
       Decimal::of("120000"), "USD", hedge.limit, "USD", "immediate_or_cancel", 17, true, "", Decimal::of("12000"),
       Decimal{}},
      {"0123456789abcdef0123456789abcdef", "deribit:ETH-27MAR26-3000-C", "deribit", "ETH-27MAR26-3000-C", "sell",
       Decimal::of("40"), Decimal::of("40"), "ETH", Decimal::of("0.031"), "ETH", "immediate_or_cancel", 17, false,
       "gamma ETH could reach -4.4 ETH per 1%, below its limit -4", Decimal{}, Decimal{}}};
  lap.fills = {{3, lap.orders[0].id, option.instrument, "buy", Decimal::of("7.5"), Decimal::of("0.0425"), "BTC", 0.0415,
                Decimal::of("0.00225"), "BTC", "taker", 761.7},
               {4, lap.orders[1].id, hedge.instrument, "buy", Decimal::of("12000"), Decimal::of("78131.5"), "USD",
                78101.5, Decimal::of("0.00076795"), "BTC", "taker", 106.1}};
  lap.deliveries = {{"deribit:BTC-1FEB26-76000-P", Decimal::of("-5"), Decimal::of("77950.12"),
                     utc_from_date(2026, 2, 1).value() + std::chrono::hours{10}, true, Decimal{}, Decimal{}, "BTC"}};
  lap.funding = {
      {"deribit:BTC-PERPETUAL", Decimal::of("-24000"), Decimal::of("0.00008"), 6.0, Decimal::of("-0.000184"), "BTC"}};
}

// Equity rose by 1,250.75 since the lap before; the lines add up to that with the residual.
inline void add_sample_attribution(LapReport& lap) {
  AttributionReport& profit = lap.attribution.emplace();
  profit.from = utc_from_date(2026, 2, 1).value() + std::chrono::hours{10};
  profit.to = lap.time;
  profit.equity_to = Decimal::of("2345678.12");
  profit.equity_from = profit.equity_to - Decimal::of("1250.75");
  profit.lines = {{"trades", "BTC", "", Decimal::of("-610.5")},        {"fees", "BTC", "", Decimal::of("-256.75")},
                  {"funding", "BTC", "", Decimal::of("14.375")},       {"settlement", "BTC", "", Decimal::of("1210")},
                  {"collateral", "BTC", "", Decimal::of("-20110.25")}, {"collateral", "ETH", "", Decimal::of("-9120")},
                  {"carry", "BTC", "", Decimal::of("-310.125")},       {"time", "BTC", "", Decimal::of("2012.5")},
                  {"delta", "BTC", "", Decimal::of("19010")},          {"delta", "ETH", "", Decimal::of("9020.5")},
                  {"gamma", "BTC", "", Decimal::of("-1502.25")},       {"vega", "BTC", "0-7 d", Decimal::of("-340.5")},
                  {"vega", "BTC", "30-90 d", Decimal::of("1800.25")},  {"vanna", "BTC", "", Decimal::of("95.5")},
                  {"volga", "BTC", "", Decimal::of("-12.25")}};
  profit.last_day = {{"time", "BTC", "", Decimal::of("410")},
                     {"gamma", "BTC", "", Decimal::of("-95.25")},
                     {"residual", "", "", Decimal::of("31.75")}};
  profit.residual = profit.change() - last_day_amount(profit);
  for (const AttributionLine& line : profit.lines) profit.residual = profit.residual - line.amount;
}

/// A book broken in one bound by an order that was not filled in full, with a refused order beside it.
inline LapReport sample_lap() {
  LapReport lap;
  lap.lap = 3;
  lap.time = utc_from_date(2026, 2, 1).value() + std::chrono::hours{16};
  lap.account = "deribit-main";
  lap.numeraire = "USD";
  lap.containment = "normal";
  add_sample_market(lap);
  add_sample_risk(lap);
  add_sample_trades(lap);
  add_sample_attribution(lap);
  lap.digest = std::string(32, 'a') + std::string(32, '0');
  lap.journal_head = "345:" + std::string(64, 'b');
  return lap;
}

}  // namespace gimbal::report::internal
