// Every kind of chart over ordinary, extreme and missing data: well-formed, inside its viewBox, labels apart, and no
// number that is none.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "gimbal/report/charts/bound_chart.hpp"
#include "gimbal/report/charts/heat_map.hpp"
#include "gimbal/report/charts/line_chart.hpp"
#include "gimbal/report/charts/margin_chart.hpp"
#include "gimbal/report/charts/smile_chart.hpp"
#include "gimbal/report/charts/waterfall.hpp"
#include "gimbal/report/internal/markup_check.hpp"

namespace gimbal::report {
namespace {

using internal::figure_fault;
using internal::Markup;
using internal::MarkupElement;
using internal::read_markup;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

SmileChart smile() {
  SmileChart chart{"BTC, 27 March 2026", {}, {}, {}};
  for (int i = 0; i <= 20; ++i) {
    const double moneyness = 0.6 + 0.05 * i;
    const double volatility = 0.5 + 0.4 * (moneyness - 1.0) * (moneyness - 1.0);
    chart.bars.push_back({moneyness, volatility - 0.01, volatility + 0.01});
    chart.curve.push_back({moneyness, volatility});
  }
  chart.marks = {{0.9, 0.504, -5.0, -10.0, "a put, short"},
                 {1.1, 0.504, 0.0, 3.0, "a call, long"},
                 {1.2, 0.516, 2.0, 0.0, "a call, sold"}};
  return chart;
}

TEST(SmileChart, ShowsQuotesCurveAndPositionsByShape) {
  const std::string figure = smile_chart(smile());
  EXPECT_EQ(figure_fault(figure), "");
  std::vector<std::string> marks;
  for (const MarkupElement& mark : read_markup(figure).named("polygon"))
    marks.push_back(mark.attributes.at("data-mark"));
  EXPECT_EQ(marks, (std::vector<std::string>{"short", "long", "hollow"}));
}

TEST(SmileChart, AQuoteFarOutDoesNotFlattenTheSmile) {
  SmileChart chart = smile();
  chart.bars[3].bid = 0.0;
  chart.bars[3].ask = 2.0;  // its middle is 1.0
  const std::string figure = smile_chart(chart);
  EXPECT_EQ(figure_fault(figure), "");
  EXPECT_EQ(figure.find(">200<"), std::string::npos);
}

TEST(SmileChart, MissingPartsAreLeftOut) {
  EXPECT_EQ(smile_chart({"nothing", {}, {}, {}}), "");
  EXPECT_EQ(smile_chart({"nothing finite", {{1.0, not_a_number, 0.5}}, {{HUGE_VAL, 0.5}}, {}}), "");
  EXPECT_EQ(figure_fault(smile_chart({"one quote", {{1.0, 0.4, 0.5}}, {}, {}})), "");
  EXPECT_EQ(figure_fault(smile_chart({"one point", {}, {{1.0, 0.4}}, {}})), "");
  EXPECT_EQ(figure_fault(smile_chart({"<&\"'>", {{1.0, 0.4, 0.5}}, {}, {{1.0, 0.5, 1.0, 1.0, "</title>"}}})), "");
}

HeatMap heat(double size) {
  HeatMap map{"Profit", {-0.3, 0.0, 0.3}, {-0.5, 0.0, 0.5, 1.0}, Matrix{3, 4}, "USD", 3.0 * size};
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 4; ++column)
      map.profit(row, column) = size * (static_cast<double>(row) - 2.0) * static_cast<double>(column + 1) / 2.5;
  return map;
}

TEST(HeatMap, NumbersFitTheirCellsWhateverTheirSize) {
  for (const double size : {1e-5, 0.03, 1.0, 20.0, 999.0, 12'345.0, 3e5, 7e6, 2e9})
    EXPECT_EQ(figure_fault(heat_map(heat(size))), "") << size;
}

TEST(HeatMap, TheWorstCellAndTodayAreFramed) {
  const Markup markup = read_markup(heat_map(heat(1000.0)));
  std::vector<std::string> frames;
  for (const MarkupElement& element : markup.named("rect"))
    if (element.attributes.at("class").rfind("frame", 0) == 0) {
      frames.push_back(element.attributes.at("class"));
      EXPECT_GT(element.number("y"), 40.0);  // below the largest spot move, which is on top
    }
  EXPECT_EQ(frames, (std::vector<std::string>{"frame today", "frame worst"}));
}

TEST(HeatMap, ColoursAreSymmetricAndSaturate) {
  EXPECT_EQ(heat_level(100.0, 100.0), 5);
  EXPECT_EQ(heat_level(-500.0, 100.0), -5);
  EXPECT_EQ(heat_level(9.0, 100.0), 0);
  EXPECT_EQ(heat_level(-11.0, 100.0), -1);
  EXPECT_EQ(heat_level(not_a_number, 100.0), 0);
  EXPECT_EQ(heat_level(1.0, 0.0), 0);
}

TEST(HeatMap, UnknownCellsShowADash) {
  HeatMap map = heat(100.0);
  map.profit(1, 1) = not_a_number;
  const std::string figure = heat_map(map);
  EXPECT_EQ(figure_fault(figure), "");
  EXPECT_NE(figure.find(">-</text>"), std::string::npos);
  EXPECT_EQ(heat_map({"none", {}, {}, {}, "USD", 0.0}), "");
  HeatMap one{"one", {0.0}, {0.0}, Matrix{1, 1}, "BTC", 0.0};
  EXPECT_EQ(figure_fault(heat_map(one)), "");
}

TEST(BoundChart, EveryRowHasAnAxisWithItsUnit) {
  const BoundChart chart{
      "Greeks of BTC",
      {{"Delta, BTC", "BTC", "", -0.5, 0.5, -2.354, -0.005, "-2.354", "-0.005"},
       {"Vega, USD per point", "USD per point", "", {}, 1500.0, 1290.0, 1479.0, "1,290", "1,479"},
       {"Theta, USD per day", "USD per day", "two words", -500.0, 2500.0, 6877.0, 2494.7, "6,877", "2,495"}}};
  const std::string figure = bound_chart(chart);
  EXPECT_EQ(figure_fault(figure), "");
  std::vector<std::string> units;
  for (const MarkupElement& group : read_markup(figure).named("g"))
    if (group.attributes.count("data-axis") > 0) units.push_back(group.attributes.at("data-unit"));
  EXPECT_EQ(units, (std::vector<std::string>{"BTC", "USD per point", "USD per day"}));
}

TEST(BoundChart, ExtremesAndGapsStayInside) {
  const BoundChart chart{"odd rows",
                         {{"Far, USD", "USD", "", -1.0, 1.0, 1e12, -1e12, "1.00e+12", "-1.00e+12"},
                          {"Open, USD", "USD", "", {}, {}, 5.0, {}, "5", "-"},
                          {"Nothing, USD", "USD", "", {}, {}, {}, not_a_number, "-", "-"},
                          {"Point, USD", "USD", "", 0.0, 0.0, 0.0, 0.0, "0", "0"}}};
  EXPECT_EQ(figure_fault(bound_chart(chart)), "");
  EXPECT_EQ(bound_chart({"none", {}}), "");
}

TEST(Waterfall, BarsAddUpToTheTotalExactly) {
  const Waterfall waterfall{"Profit",
                            "USD",
                            {{"trades", Decimal::of("-610.500001")},
                             {"collateral", Decimal::of("-29230.25")},
                             {"delta", Decimal::of("28030.5")},
                             {"zero", Decimal{}},
                             {"residual", Decimal::of("0.000031")}}};
  const std::string figure = waterfall_chart(waterfall);
  EXPECT_EQ(figure_fault(figure), "");
  Decimal sum;
  Decimal total;
  for (const MarkupElement& bar : read_markup(figure).named("rect")) {
    const Decimal amount = Decimal::of(bar.attributes.at("data-amount"));
    if (bar.attributes.at("class") == "total") {
      total = amount;
    } else {
      sum = sum + amount;
    }
  }
  EXPECT_EQ(sum, total);
  EXPECT_EQ(total, waterfall_total(waterfall));
}

TEST(Waterfall, AllNumeraireAndSizesStayInside) {
  for (const char* amount : {"0.00000001", "0.5", "12345.678", "-98765432.1", "1234567890123"})
    for (const char* asset : {"USD", "BTC", "ETH"}) {
      const Waterfall waterfall{"Profit", asset, {{"collateral", Decimal::of(amount)}, {"fees", Decimal::of("-1")}}};
      EXPECT_EQ(figure_fault(waterfall_chart(waterfall)), "") << amount << asset;
    }
  EXPECT_EQ(waterfall_chart({"none", "USD", {}}), "");
  EXPECT_EQ(figure_fault(waterfall_chart({"zero", "USD", {{"residual", Decimal{}}}})), "");
}

TEST(MarginChart, APoolWithoutBalanceFillsItsRow) {
  const MarginChart chart{"Margin", {{"BTC before", 0.604, 0.4}, {"BTC after", 0.6, 0.39}, {"ETH after", {}, {}}}, 0.6};
  EXPECT_EQ(figure_fault(margin_chart(chart)), "");
  EXPECT_EQ(margin_chart({"none", {}, 0.6}), "");
  EXPECT_EQ(figure_fault(margin_chart({"odd", {{"USDC before", HUGE_VAL, not_a_number}}, not_a_number})), "");
}

TEST(LineChart, ALapWithoutEquityBreaksTheLine) {
  LineChart chart{"Equity", "Equity", "USD", {{1.0, 3.76e6}, {2.0, {}}, {3.0, 3.74e6}, {4.0, 3.75e6}}};
  const std::string figure = line_chart(chart);
  EXPECT_EQ(figure_fault(figure), "");
  EXPECT_EQ(read_markup(figure).named("polyline").size(), 1U);
  EXPECT_EQ(read_markup(figure).named("circle").size(), 3U);
}

TEST(LineChart, OnePointManyPointsAndNone) {
  EXPECT_EQ(line_chart({"none", "Equity", "USD", {}}), "");
  EXPECT_EQ(line_chart({"unknown", "Equity", "USD", {{1.0, {}}, {2.0, not_a_number}}}), "");
  EXPECT_EQ(figure_fault(line_chart({"one", "Equity", "BTC", {{1.0, 31.2501}}})), "");
  LineChart many{"many", "Equity", "USD", {}};
  for (int i = 1; i <= 2000; ++i) many.points.push_back({static_cast<double>(i), 1e6 + 100.0 * i});
  EXPECT_EQ(figure_fault(line_chart(many)), "");
  EXPECT_EQ(read_markup(line_chart(many)).named("circle").size(), 0U);
}

}  // namespace
}  // namespace gimbal::report
