// The laps' document: it says what the report says, in the same bytes every time, and every key of it is documented.
#include "gimbal/report/lap_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <fstream>
#include <limits>
#include <set>
#include <sstream>

#include "gimbal/report/internal/sample_lap.hpp"

namespace gimbal::report {
namespace {

using Json = nlohmann::json;

const RunSummary run{"vol_arbitrage", std::string(64, 'c'), 8};

Json parsed(const std::vector<LapReport>& laps) {
  Json document = Json::parse(laps_json(laps, run), nullptr, false);
  EXPECT_FALSE(document.is_discarded());
  return document;
}

void collect_keys(const Json& value, std::set<std::string>& keys) {
  for (const auto& element : value.items()) {
    if (value.is_object()) keys.insert(element.key());
    if (element.value().is_structured()) collect_keys(element.value(), keys);
  }
}

TEST(LapJson, HoldsWhatTheReportHolds) {
  const LapReport lap = internal::sample_lap();
  const Json document = parsed({lap});
  EXPECT_EQ(document["format"], "gimbal-laps-1");
  EXPECT_EQ(document["summary"]["orders_refused"], 1);
  EXPECT_EQ(document["summary"]["constraints_broken_booked"], 1);
  const Json& json = document["laps"][0];
  EXPECT_EQ(json["lap"], 3);
  EXPECT_EQ(json["time"], "2026-02-01T16:00:00Z");
  EXPECT_EQ(json["quality"]["sizes_assumed"], 1514);
  EXPECT_EQ(json["index_prices_usd"]["ETH"], "2412.55");
  EXPECT_EQ(json["surfaces"][0]["slices"][0]["volatility_atm_annual"], 0.512);
  EXPECT_EQ(json["equity_usd"], *lap.equity);
  EXPECT_EQ(json["equity_by_asset"][0]["cash"], "21.12345678");
  EXPECT_EQ(json["attribution"]["change_usd"], "1250.75");
  EXPECT_EQ(json["attribution"]["items"][11]["bucket"], "0-7 d");
  EXPECT_EQ(json["attribution"]["items"][11]["amount_usd"], "-340.5");
  EXPECT_EQ(json["attribution"]["last_day"][2]["item"], "residual");
  EXPECT_TRUE(json["attribution_missing"].is_null());
  EXPECT_EQ(json["exposures"][0]["vega_usd_per_point"], 1250.5);
  EXPECT_EQ(json["exposures"][0]["bounds"][0]["lower"], -0.5);
  ASSERT_EQ(json["constraints"].size(), lap.constraints.size());
  for (std::size_t i = 0; i < lap.constraints.size(); ++i) {
    EXPECT_EQ(json["constraints"][i]["name"], lap.constraints[i].target.name);
    EXPECT_EQ(json["constraints"][i]["value_booked"], *lap.constraints[i].booked);
    EXPECT_EQ(json["constraints"][i]["shadow_price_usd_per_unit"], lap.constraints[i].target.shadow_price);
  }
  EXPECT_EQ(json["margin"][0]["margin_initial"], 9.5);
  EXPECT_EQ(json["trades"][0]["contracts_missing"], "2.5");
  EXPECT_EQ(json["trades"][0]["reasons"][2]["value_usd_per_contract"], -20.0);
  EXPECT_EQ(json["orders"][2]["approved"], false);
  EXPECT_EQ(json["fills"][0]["fee"], "0.00225");
  EXPECT_EQ(json["settlements"]["deliveries"][0]["approximate"], true);
  EXPECT_EQ(json["settlements"]["funding"][0]["paid"], "-0.000184");
  EXPECT_EQ(json["positions"][1]["contracts"], "-12000");
  EXPECT_EQ(json["digest"], lap.digest);
  EXPECT_EQ(json["journal_head"], *lap.journal_head);
}

TEST(LapJson, TheSameLapsGiveTheSameBytes) {
  const std::vector<LapReport> laps{internal::sample_lap(), internal::sample_lap()};
  EXPECT_EQ(laps_json(laps, run), laps_json({laps}, run));
}

TEST(LapJson, KeysKeepTheirOrderAndLeavesStandOnOneLine) {
  const std::vector<LapReport> laps{internal::sample_lap()};
  const std::string text = laps_json(laps, run);
  EXPECT_EQ(text.rfind("{\n \"format\": \"gimbal-laps-1\",\n \"configuration\": {\"name\": \"vol_arbitrage\", ", 0),
            0U);
  EXPECT_NE(text.find("\n    {\"scenario\": \"BTC -20% ETH -20% vol +30%\", \"profit_usd\": -99812.5},\n"),
            std::string::npos);
  EXPECT_EQ(text.substr(text.size() - 2), "}\n");
}

TEST(LapJson, WhatIsAbsentOrNotFiniteIsNull) {
  LapReport lap;
  lap.numeraire = "USD";
  lap.constraints.emplace_back();
  lap.constraints[0].target.value_current = std::numeric_limits<double>::infinity();
  lap.constraints[0].target.value_rounded = std::numeric_limits<double>::quiet_NaN();
  lap.constraints[0].target.shadow_price = -0.0;
  const Json json = parsed({lap})["laps"][0];
  for (const char* key : {"trouble", "equity_usd", "equity_change_usd", "target", "digest", "journal_head"})
    EXPECT_TRUE(json.contains(key) && json[key].is_null()) << key;
  EXPECT_TRUE(json["constraints"][0]["value_current"].is_null());
  EXPECT_TRUE(json["constraints"][0]["value_rounded"].is_null());
  EXPECT_TRUE(json["constraints"][0]["value_booked"].is_null());
  EXPECT_EQ(json["constraints"][0]["shadow_price_usd_per_unit"].dump(), "0.0");
  EXPECT_TRUE(json["positions"].empty());
}

TEST(LapJson, NumbersReadBackToTheSameDouble) {
  LapReport lap = internal::sample_lap();
  for (const double value : {0.1, 1.0 / 3.0, 5e-324, 1.7976931348623157e308, -2345678.1234567891, 1e21}) {
    lap.equity = value;
    EXPECT_EQ(parsed({lap})["laps"][0]["equity_usd"].get<double>(), value);
  }
}

TEST(LapJson, KeysNameTheNumeraire) {
  LapReport lap = internal::sample_lap();
  lap.numeraire = "BTC";
  const Json document = parsed({lap});
  EXPECT_EQ(document["numeraire"], "BTC");
  EXPECT_EQ(document["laps"][0]["equity_btc"], *lap.equity);
  EXPECT_FALSE(document["laps"][0].contains("equity_usd"));
  EXPECT_TRUE(document["laps"][0]["positions"][0].contains("theta_btc_per_day"));
}

TEST(LapJson, EquityChangesFromLapToLap) {
  std::vector<LapReport> laps{internal::sample_lap(), internal::sample_lap()};
  laps[0].equity = 100.0;
  laps[1].equity = 90.5;
  const Json document = parsed(laps);
  EXPECT_TRUE(document["laps"][0]["equity_change_usd"].is_null());
  EXPECT_EQ(document["laps"][1]["equity_change_usd"], -9.5);
  EXPECT_EQ(document["summary"]["equity_last_usd"], 90.5);
}

TEST(LapJson, NamesFromOutsideCannotBreakTheDocument) {
  LapReport lap = internal::sample_lap();
  lap.trouble = "a \"quote\", a \\, a line\nbreak, \x01 and no UTF-8: \xff\xc3(";
  lap.trades[0].reasons[0].constraint = "\xed\xa0\x80";
  const Json json = parsed({lap})["laps"][0];
  EXPECT_EQ(json["trouble"].get<std::string>().rfind("a \"quote\", a \\, a line\nbreak, \x01 and no UTF-8: ", 0), 0U);
}

TEST(LapJson, WithoutLapsThereIsADocument) {
  const Json document = parsed({});
  EXPECT_TRUE(document["laps"].empty());
  EXPECT_TRUE(document["summary"]["from"].is_null());
}

TEST(LapJson, EveryKeyIsDocumented) {
  std::ifstream file{"docs/formats.md"};
  ASSERT_TRUE(file) << "tests run in the root of the sources";
  std::ostringstream text;
  text << file.rdbuf();
  Json document = parsed({internal::sample_lap()});
  document["laps"][0].erase("index_prices_usd");  // whose keys are coins
  std::set<std::string> keys;
  collect_keys(document, keys);
  EXPECT_GT(keys.size(), 100U);
  for (const std::string& key : keys)
    EXPECT_NE(text.str().find("`" + key + "`"), std::string::npos) << key << " is not in docs/formats.md";
}

}  // namespace
}  // namespace gimbal::report
