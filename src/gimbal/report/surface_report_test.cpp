// Figures, tables and documents of surfaces made by hand: what is there, what is absent, and that every line fits.
#include "gimbal/report/surface_report.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <cmath>
#include <sstream>

#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/report/surface_grid.hpp"
#include "gimbal/report/surface_json.hpp"
#include "gimbal/report/surface_table.hpp"

namespace gimbal::report {
namespace {

using market::AssetCode;
using nlohmann::json;
using surface::DeltaConvention;

const UtcTime valuation = *parse_utc("2026-02-01T08:00:00Z");
const UtcTime expiries[] = {*parse_utc("2026-02-08T08:00:00Z"), *parse_utc("2026-05-09T08:00:00Z")};

market::RecordedQuote option(UtcTime expiry, const std::string& month, const char* strike) {
  market::RecordedQuote quote;
  market::Instrument& instrument = quote.instrument;
  instrument.name = fmt::format("deribit:BTC-{}-{}-C", month, strike);
  instrument.venue = "deribit";
  instrument.kind = market::InstrumentKind::option;
  instrument.payoff = market::Payoff::inverse;
  instrument.underlying = AssetCode::of("BTC");
  instrument.quote = AssetCode::of("USD");
  instrument.settlement = AssetCode::of("BTC");
  instrument.strike = Decimal::of(strike);
  instrument.expiry = expiry;
  instrument.contract_size = Decimal::of("1");
  instrument.tick = Decimal::of("0.0001");
  instrument.lot = Decimal::of("0.1");
  instrument.minimum = Decimal::of("0.1");
  return quote;
}

market::MarketSnapshot snapshot() {
  market::RecordedSnapshot recorded;
  recorded.time = valuation;
  recorded.quotes = {option(expiries[0], "8FEB26", "85000"), option(expiries[0], "8FEB26", "75000"),
                     option(expiries[1], "9MAY26", "100000")};
  recorded.indices = {{AssetCode::of("BTC"), Decimal::of("80123.5"), false}};
  auto built = market::build_snapshot(recorded, std::make_shared<const market::Universe>(), {});
  EXPECT_TRUE(built) << built.error().message;
  return built->snapshot;
}

surface::SurfaceSlice slice_of(UtcTime expiry, const surface::SviSlice& svi) {
  surface::SurfaceSlice slice;
  slice.expiry = expiry;
  slice.years = years_between(valuation, expiry).raw();
  slice.forward = 80'000.0;
  slice.svi = svi;
  slice.volatility_atm = slice.volatility(0.0);
  slice.rung = surface::Rung::fit;
  return slice;
}

surface::VolSurface certified(const market::MarketSnapshot& market, std::vector<surface::SurfaceSlice> slices) {
  std::vector<surface::TimedSlice> timed;
  for (const surface::SurfaceSlice& slice : slices) timed.push_back(slice.timed());
  const auto certificates = surface::certify(timed);
  for (std::size_t i = 0; i < slices.size(); ++i) slices[i].certificate = certificates[i];
  return {*market.universe->find_asset(AssetCode::of("BTC")), valuation, std::move(slices)};
}

/// A week and three months, the week judged by eight quotes and the rest by none.
surface::VolSurface free_surface(const market::MarketSnapshot& market) {
  surface::SurfaceSlice near = slice_of(expiries[0], {0.0030, 0.020, -0.3, 0.0, 0.05});
  near.quality.options = 14;
  near.quality.quotes_two_sided = 12;
  near.quality.wide = 2;
  near.quality.without_volatility = 1;
  near.quality.quotes_used = 9;
  near.quality.outliers = 1;
  near.quality.quotes_judged = 8;
  near.quality.inside_share = 0.75;
  near.quality.near_share = 0.875;
  near.quality.rmse_volatility = 0.004;
  return certified(market, {near, slice_of(expiries[1], {0.040, 0.050, -0.2, 0.0, 0.3})});
}

/// The later slice's total variance is below the earlier's at the money.
surface::VolSurface crossing_surface(const market::MarketSnapshot& market) {
  return certified(market, {slice_of(expiries[0], {0.040, 0.020, 0.0, 0.0, 0.1}),
                            slice_of(expiries[1], {0.010, 0.050, 0.0, 0.0, 0.1})});
}

TEST(SurfaceReport, PoolsAndCountsWhatTheSlicesSay) {
  const market::MarketSnapshot market = snapshot();
  const SurfaceFigures figures = surface_figures(free_surface(market), market, DeltaConvention::forward);
  EXPECT_EQ(figures.underlying, "BTC");
  EXPECT_EQ(figures.index_usd, Decimal::of("80123.5"));
  EXPECT_TRUE(figures.arbitrage_free);
  const PooledQuality pooled = pooled_quality(figures);
  EXPECT_EQ(pooled.judged, 8U);
  EXPECT_EQ(pooled.inside_share(), 0.75);
  EXPECT_EQ(pooled.near_share(), 0.875);
  EXPECT_FALSE(PooledQuality{}.near_share());
  EXPECT_EQ(quotes_rejected(figures.expiries[0].slice.quality), 4U);
  EXPECT_EQ(figures.volatility_at_maturity[0], figures.expiries[0].slice.volatility_atm);
  EXPECT_TRUE(figures.volatility_at_maturity[1]);
  const CertificateFigures limits = certificate_figures(figures.expiries);
  EXPECT_EQ(limits.gap_least->expiry, expiries[1]);
  EXPECT_EQ(limits.density_least.value, std::min(figures.expiries[0].slice.certificate.density_least,
                                                 figures.expiries[1].slice.certificate.density_least));
  EXPECT_EQ(limits.wing_slope_most.value, 0.06);
}

TEST(SurfaceJson, HasEveryKeyAndNullsWhereAFigureDoesNotExist) {
  const market::MarketSnapshot market = snapshot();
  const SurfaceFigures figures[] = {surface_figures(free_surface(market), market, DeltaConvention::forward),
                                    surface_figures(crossing_surface(market), market, DeltaConvention::forward)};
  const json document = json::parse(surfaces_json(figures));
  ASSERT_EQ(document["surfaces"].size(), 2U);
  const json& first = document["surfaces"][0];
  EXPECT_EQ(first["underlying"], "BTC");
  EXPECT_EQ(first["time"], "2026-02-01T08:00:00Z");
  EXPECT_EQ(first["model"], "svi");
  EXPECT_EQ(first["arbitrage_free"], true);
  EXPECT_EQ(first["volatility_7_days"], figures[0].expiries[0].slice.volatility_atm);
  const json& near = first["expiries"][0];
  const json& far = first["expiries"][1];
  for (const char* key : {"expiry", "forward", "atm_volatility", "risk_reversal_25", "butterfly_25", "quotes_two_sided",
                          "quotes_rejected", "inside_share", "near_share", "rmse_volatility", "min_density_g",
                          "min_calendar_gap", "rung"})
    EXPECT_TRUE(near.contains(key) && far.contains(key)) << key;
  EXPECT_EQ(near["quotes_rejected"], 4);
  EXPECT_EQ(near["inside_share"], 0.75);
  EXPECT_EQ(near["rung"], "fit");
  EXPECT_EQ(near["svi"]["rho"], -0.3);
  for (const char* key : {"min_calendar_gap", "min_density_between", "forward_volatility"})
    EXPECT_TRUE(near[key].is_null() && far[key].is_number()) << key;
  for (const char* key : {"inside_share", "near_share", "rmse_volatility"}) EXPECT_TRUE(far[key].is_null()) << key;
  const json& crossing = document["surfaces"][1];
  EXPECT_EQ(crossing["arbitrage_free"], false);
  EXPECT_LT(crossing["expiries"][1]["min_calendar_gap"], 0.0);
  EXPECT_TRUE(crossing["expiries"][1]["forward_volatility"].is_null());
  EXPECT_TRUE(crossing["near_share"].is_null());
  EXPECT_EQ(json::parse(surfaces_json({}))["surfaces"].size(), 0U);
}

TEST(SurfaceTable, FitsItsWidthAndSaysWhereTheArbitrageIs) {
  const market::MarketSnapshot market = snapshot();
  const SurfaceFigures figures[] = {surface_figures(free_surface(market), market, DeltaConvention::forward),
                                    surface_figures(crossing_surface(market), market, DeltaConvention::forward)};
  for (const std::size_t width : {40U, 72U, 100U}) {
    const TextStyle style{.width = width, .colour = false};
    std::stringstream lines{surface_table(figures[0], style) + surface_table(figures[1], style) +
                            surface_legend(DeltaConvention::forward, style) + surface_history_table(figures, style)};
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(text_width(line), width) << line;
      // Columns are left out before any is cut.
      EXPECT_TRUE(width < 72 || line.find("...") == std::string::npos) << line;
    }
  }
  const auto holds = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  const std::string good = surface_table(figures[0], {});
  EXPECT_TRUE(holds(good, "Certificate  free of arbitrage; least g ")) << good;
  EXPECT_TRUE(holds(good, "8 quotes judged, 75.0% inside bid and ask, 87.5% near")) << good;
  EXPECT_TRUE(holds(good, "SVI, 2 expiries: 2 fit; ")) << good;
  const std::string bad = surface_table(figures[1], {});
  EXPECT_TRUE(holds(bad, "Certificate  ARBITRAGE; least g ")) << bad;
  EXPECT_TRUE(holds(bad, "no quote to judge it by")) << bad;
  const std::string history = surface_history_table(figures, {});
  EXPECT_TRUE(holds(history, "BTC   2 surfaces, 1 WITH ARBITRAGE; 8 quotes judged, ")) << history;
}

TEST(SurfaceTable, WritesExpiriesAsVenuesDo) {
  EXPECT_EQ(expiry_text(expiries[0]), "8FEB26");
  EXPECT_EQ(expiry_text(*parse_utc("2030-12-27T08:00:00Z")), "27DEC30");
}

TEST(SurfaceGrid, HasTheListedStrikesOfEachExpiryThenItsDeltas) {
  const market::MarketSnapshot market = snapshot();
  const surface::VolSurface surface = free_surface(market);
  std::stringstream lines{surface_grid_header() +
                          surface_grid_lines(surface, market, DeltaConvention::premium_adjusted)};
  std::vector<std::string> rows;
  for (std::string line; std::getline(lines, line);) rows.push_back(line);
  ASSERT_EQ(rows.size(), 1U + 2U + 15U + 1U + 15U);
  EXPECT_EQ(rows[0], "time,underlying,expiry,forward,kind,delta,strike,log_moneyness,volatility");
  const std::string start = "2026-02-01T08:00:00Z,BTC,2026-02-08T08:00:00Z,80000,";
  EXPECT_EQ(rows[1].find(start + "strike,-0."), 0U) << rows[1];
  EXPECT_NE(rows[1].find(",75000,"), std::string::npos) << rows[1];
  EXPECT_NE(rows[2].find(",85000,"), std::string::npos) << rows[2];
  EXPECT_EQ(rows[3].find(start + "delta,-0.05,"), 0U) << rows[3];
  EXPECT_EQ(rows[10].find(start + "atm,0."), 0U) << rows[10];
  EXPECT_EQ(rows[17].find(start + "delta,0.05,"), 0U) << rows[17];
}

TEST(SurfaceGrid, LeavesFieldsEmptyWhereNoStrikeHasTheDelta) {
  const market::MarketSnapshot market = snapshot();
  // 300 % over three months: no call has a premium-adjusted delta of 45 %.
  const surface::VolSurface surface = certified(
      market, {slice_of(expiries[1], {9.0 * years_between(valuation, expiries[1]).raw(), 0.0, 0.0, 0.0, 0.1})});
  const std::string text = surface_grid_lines(surface, market, DeltaConvention::premium_adjusted);
  EXPECT_NE(text.find("delta,0.45,,,\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("nan"), std::string::npos);
}

}  // namespace
}  // namespace gimbal::report
