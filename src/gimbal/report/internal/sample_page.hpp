// Details and attributions composed by hand around the sample lap, for the tests of the page.
#pragma once

#include "gimbal/report/internal/sample_lap.hpp"
#include "gimbal/report/lap_page.hpp"

namespace gimbal::report::internal {

/// Lines of two underlyings, with a last day and a residual, that add up to the change.
inline AttributionReport sample_attribution(const Decimal& equity_from) {
  AttributionReport report;
  report.from = utc_from_date(2026, 2, 1).value() + std::chrono::hours{10};
  report.to = report.from + std::chrono::hours{6};
  report.equity_from = equity_from;
  report.lines = {
      {"trades", "BTC", "", Decimal::of("-610.500001")},   {"fees", "BTC", "", Decimal::of("-256.75")},
      {"collateral", "BTC", "", Decimal::of("-20110.25")}, {"collateral", "ETH", "", Decimal::of("-9120")},
      {"time", "BTC", "", Decimal::of("2012.5")},          {"delta", "BTC", "", Decimal::of("28030.5")},
      {"vega", "BTC", "0-7 d", Decimal::of("-340.5")},     {"vega", "ETH", "7-30 d", Decimal::of("1800.25")}};
  report.last_day = {{"time", "BTC", "", Decimal::of("410")}, {"residual", "", "", Decimal::of("-31.75")}};
  report.residual = Decimal::of("12.345678");
  report.equity_to = equity_from + report.residual;
  for (const auto* lines : {&report.lines, &report.last_day})
    for (const AttributionLine& line : *lines) report.equity_to = report.equity_to + line.amount;
  return report;
}

inline LapDetail sample_detail() {
  LapDetail detail;
  detail.stress_worst_before = -151'220.0;
  SmileDetail smile{"BTC", utc_from_date(2026, 2, 6).value(), 4.67, 78150.25, 0.512, "fit", {}, {}, {}};
  for (int i = 0; i < 9; ++i) {
    const double moneyness = 0.8 + 0.05 * i;
    smile.quotes.push_back({moneyness, 0.50, 0.53});
    smile.curve.push_back({moneyness, 0.515});
  }
  smile.positions = {
      {"deribit:BTC-6FEB26-80000-P", 1.02, 0.515, Decimal::of("-20"), Decimal::of("-12.5")},
      {"deribit:BTC-6FEB26-90000-C", 1.15, 0.52, Decimal::of("3"), Decimal{}},
  };
  detail.smiles = {smile};
  RiskSurfaceDetail& surface = detail.surface.emplace();
  surface.spot_moves = {-0.3, 0.0, 0.3};
  surface.volatility_moves = {-0.5, 0.0};
  surface.dynamics = "sticky_strike";
  surface.volatility_exponent = 0.3;
  for (const char* moved : {"all", "BTC", "ETH"}) {
    GridDetail grid{moved, Matrix{3, 2}, Matrix{3, 2}};
    for (std::size_t row = 0; row < 3; ++row)
      for (std::size_t column = 0; column < 2; ++column) {
        grid.before(row, column) = 1000.25 * (static_cast<double>(row) - 1.5 - static_cast<double>(column));
        grid.after(row, column) = 0.5 * grid.before(row, column);
      }
    surface.grids.push_back(std::move(grid));
  }
  detail.margin = {{"BTC", {13.1, 8.25, 21.4}, {9.5, 6.25, 21.373}}, {"ETH", {12.0, 9.0, 330.0}, {12.0, 9.0, 328.75}}};
  detail.positions = {{"deribit:BTC-6FEB26-80000-P", Decimal::of("-20"), Decimal::of("-12.5")},
                      {"deribit:BTC-PERPETUAL", Decimal::of("-24000"), Decimal::of("-12000")}};
  return detail;
}

inline RunSummary sample_run() { return {"vol_arbitrage", std::string(64, 'c'), 2}; }

inline constexpr const char* sample_command = "gimbal lap a.toml --market b.csv --laps 2 --html page.html";

}  // namespace gimbal::report::internal
