// The page as a whole: nothing from outside becomes markup, its policy fits its script and style, its numbers are the
// report's, and what is missing is said in words.
#include "gimbal/report/lap_page.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "gimbal/foundation/sha256.hpp"
#include "gimbal/report/internal/json_text.hpp"
#include "gimbal/report/internal/markup_check.hpp"
#include "gimbal/report/internal/page_files.hpp"
#include "gimbal/report/internal/page_profit.hpp"
#include "gimbal/report/internal/sample_page.hpp"

namespace gimbal::report {
namespace {

std::vector<LapReport> two_laps() {
  LapReport first = internal::sample_lap();
  first.lap = 2;
  first.attribution = internal::sample_attribution(Decimal::of("2340000"));
  LapReport second = internal::sample_lap();
  second.attribution = internal::sample_attribution(first.attribution->equity_to);
  return {first, second};
}

std::string page_of(const std::vector<LapReport>& laps, const LapDetail& detail) {
  return lap_page({laps, detail, internal::sample_run(), internal::sample_command});
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t begin = text.find(from);
  EXPECT_NE(begin, std::string::npos) << from;
  const std::size_t end = text.find(to, begin + from.size());
  EXPECT_NE(end, std::string::npos) << to;
  return text.substr(begin + from.size(), end - begin - from.size());
}

internal::Json data_of(const std::string& page) {
  return internal::Json::parse(between(page, "<script type=\"application/json\" id=\"data\">", "</script>"));
}

// Everything between header and data: well-formed like XML, though HTML asks for less.
std::string body_of(const std::string& page) { return "<main>" + between(page, "<main>", "</main>") + "</main>"; }

TEST(LapPage, TwoWritingsGiveTheSameBytes) {
  EXPECT_EQ(page_of(two_laps(), internal::sample_detail()), page_of(two_laps(), internal::sample_detail()));
}

TEST(LapPage, IsWellFormed) {
  EXPECT_EQ(internal::read_markup(body_of(page_of(two_laps(), internal::sample_detail()))).fault, "");
}

TEST(LapPage, NothingFromOutsideBecomesMarkup) {
  const std::string planted = "</script><script>alert(1)</script>\"'&";
  std::vector<LapReport> laps = two_laps();
  LapReport& lap = laps.back();
  lap.account = lap.containment = lap.trouble = lap.margin_rule = planted;
  lap.margin_unconfirmed = {planted};
  lap.target->note = planted;
  lap.target->broken = {planted};
  lap.trades[0].instrument = lap.trades[0].reasons[0].constraint = planted;
  lap.constraints[0].target.name = lap.constraints[0].target.unit = planted;
  lap.exposures[0].bounds[0].name = planted;
  lap.orders[2].refusal = lap.orders[2].symbol = planted;
  lap.positions[0].instrument = lap.stress[0].scenario = lap.surfaces[0].underlying = planted;
  lap.attribution->lines[0].item = lap.attribution->lines[1].asset = planted;
  LapDetail detail = internal::sample_detail();
  detail.smiles[0].underlying = detail.smiles[0].positions[0].instrument = planted;
  detail.surface->grids[1].moved = detail.margin[0].pool = detail.positions[0].instrument = planted;
  const std::string page = lap_page({laps, detail, {planted, planted, 2}, planted});
  EXPECT_EQ(internal::read_markup(body_of(page)).fault, "");
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_EQ(page.find("alert(1)</script>"), std::string::npos);
  EXPECT_EQ(data_of(page)["command"], planted);
  EXPECT_EQ(data_of(page)["last_lap"]["laps"][0]["trouble"], planted);
}

TEST(LapPage, ThePolicyHoldsTheHashesOfItsStyleAndItsScript) {
  const std::string page = page_of(two_laps(), internal::sample_detail());
  EXPECT_EQ(between(page, "<style>", "</style>"), internal::page_css);
  EXPECT_EQ(between(page, "<script>", "</script>"), internal::turning_surface_js);
  const std::string policy = between(page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
  EXPECT_EQ(policy.rfind("default-src &#39;none&#39;; ", 0), 0U);
  // 32 bytes are 43 letters and one sign that fills up.
  for (const char* source : {"style-src &#39;sha256-", "script-src &#39;sha256-"})
    EXPECT_EQ(between(policy, source, "&#39;").find('='), 43U) << source;
  EXPECT_EQ(page.find(" style=\""), std::string::npos);
  EXPECT_EQ(page.find("http://"), std::string::npos);
  EXPECT_EQ(page.find("https://"), std::string::npos);
}

TEST(LapPage, TheDataAreTheReports) {
  const std::vector<LapReport> laps = two_laps();
  const LapDetail detail = internal::sample_detail();
  const internal::Json data = data_of(page_of(laps, detail));
  EXPECT_EQ(data["format"], "gimbal-lap-page-1");
  ASSERT_EQ(data["run"].size(), 2U);
  EXPECT_EQ(data["run"][1]["equity"].get<double>(), *laps[1].equity);
  EXPECT_EQ(data["last_lap"], internal::Json::parse(laps_json({&laps[1], 1}, internal::sample_run())));
  ASSERT_EQ(data["risk_surface"]["grids"].size(), 3U);
  EXPECT_EQ(data["risk_surface"]["grids"][0]["profit_before"][2][1].get<double>(),
            detail.surface->grids[0].before(2, 1));
  EXPECT_EQ(data["margin"][0]["after"]["room"].get<double>(), *detail.margin[0].after.room());
}

TEST(LapPage, TheBarsOfBothWaterfallsAddUpToTheChangeOfEquity) {
  const std::vector<LapReport> laps = two_laps();
  const internal::Markup markup = internal::read_markup(body_of(page_of(laps, internal::sample_detail())));
  std::vector<Decimal> sums(1);
  std::vector<Decimal> totals;
  for (const internal::MarkupElement& bar : markup.named("rect")) {
    if (bar.attributes.count("data-amount") == 0) continue;
    const Decimal amount = Decimal::of(bar.attributes.at("data-amount"));
    if (bar.attributes.at("class") == "total") {
      totals.push_back(amount);
      sums.emplace_back();
    } else {
      sums.back() = sums.back() + amount;
    }
  }
  ASSERT_EQ(totals.size(), 2U);
  EXPECT_EQ(totals[0], laps[1].attribution->equity_to - laps[1].attribution->equity_from);
  EXPECT_EQ(totals[1], laps[1].attribution->equity_to - laps[0].attribution->equity_from);
  EXPECT_EQ(sums[0], totals[0]);
  EXPECT_EQ(sums[1], totals[1]);
}

TEST(LapPage, StepsKeepLastDayApartAndTheResidualLast) {
  const AttributionReport interval = internal::sample_attribution(Decimal::of("1000"));
  const auto steps = internal::profit_steps(interval);
  ASSERT_GE(steps.size(), 3U);
  EXPECT_EQ(steps[0].name, "trades");
  EXPECT_EQ(steps[2].name, "collateral");
  EXPECT_EQ(steps[2].amount, Decimal::of("-29230.25"));
  EXPECT_EQ(steps[steps.size() - 2].name, "last day");
  EXPECT_EQ(steps[steps.size() - 2].amount, Decimal::of("378.25"));
  EXPECT_EQ(steps.back().name, "residual");
}

TEST(LapPage, ALapInTroubleIsSaidInWords) {
  LapReport lap;
  lap.lap = 1;
  lap.time = utc_from_date(2026, 2, 1).value();
  lap.account = "deribit-main";
  lap.numeraire = "BTC";
  lap.containment = "no new risk";
  lap.trouble = "a position of 3 contracts in deribit:BTC-6FEB26-80000-P cannot be revalued: no forward";
  LapDetail detail;
  detail.trouble = lap.trouble;
  const std::string page = page_of({lap}, detail);
  EXPECT_EQ(internal::read_markup(body_of(page)).fault, "");
  for (const char* words : {"Trouble: a position of 3 contracts", "No target was made", "There is no risk surface",
                            "No margin was computed", "not attributed", "No surface was fitted", "none was kept"})
    EXPECT_NE(page.find(words), std::string::npos) << words;
  EXPECT_EQ(page.find("<svg"), std::string::npos);
  EXPECT_TRUE(data_of(page)["risk_surface"].is_null());
}

TEST(LapPage, AnEmptyBookWithoutTradesHasAPageToo) {
  LapReport lap = internal::sample_lap();
  lap.trades.clear();
  lap.orders.clear();
  lap.fills.clear();
  lap.positions.clear();
  lap.stress.clear();
  lap.exposures.clear();
  lap.constraints.clear();
  lap.journal_head.reset();
  const std::string page = page_of({lap}, LapDetail{});
  EXPECT_EQ(internal::read_markup(body_of(page)).fault, "");
  EXPECT_NE(page.find("asks for no trade"), std::string::npos);
  EXPECT_NE(page.find("Nothing is held"), std::string::npos);
}

}  // namespace
}  // namespace gimbal::report
