// Sums of attributions, and what they read like.
#include "gimbal/report/attribution_report.hpp"

#include <gtest/gtest.h>

#include "gimbal/report/attribution_text.hpp"

namespace gimbal::report {
namespace {

AttributionReport interval(const char* from, const char* to, std::vector<AttributionLine> lines,
                           std::vector<AttributionLine> last_day = {}) {
  AttributionReport made;
  made.from = parse_utc(from).value();
  made.to = parse_utc(to).value();
  made.lines = std::move(lines);
  made.last_day = std::move(last_day);
  made.residual = Decimal::of("0.5");
  made.equity_from = Decimal{4'000'000};
  made.equity_to = made.equity_from + made.residual + last_day_amount(made);
  for (const AttributionLine& line : made.lines) made.equity_to = made.equity_to + line.amount;
  return made;
}

Decimal sum_of(const AttributionReport& attribution) {
  Decimal sum = attribution.residual + last_day_amount(attribution);
  for (const AttributionLine& line : attribution.lines) sum = sum + line.amount;
  return sum;
}

const AttributionReport first =
    interval("2026-02-01T00:00:00Z", "2026-02-01T06:00:00Z",
             {{"fees", "BTC", "", Decimal::of("-10.25")}, {"vega", "BTC", "7-30 d", Decimal{100}}},
             {{"gamma", "ETH", "", Decimal{-7}}});

TEST(AttributionReport, JoinedIntervalsAddUpLineByLineInTheOrderOfItems) {
  AttributionReport second = interval("2026-02-01T06:00:00Z", "2026-02-01T12:00:00Z",
                                      {{"trades", "ETH", "", Decimal{-1}},
                                       {"fees", "BTC", "", Decimal::of("-0.75")},
                                       {"vega", "BTC", "0-7 d", Decimal{3}},
                                       {"vega", "BTC", "7-30 d", Decimal{-40}},
                                       {"vega", "BTC", "180+ d", Decimal{5}}},
                                      {{"gamma", "ETH", "", Decimal{2}}});
  // The owner brings a thousand between the two, and it is no profit.
  second.equity_from = first.equity_to + Decimal{1'000};
  second.equity_to = second.equity_from + sum_of(second);
  const AttributionReport whole = joined(std::vector<AttributionReport>{first, second});
  EXPECT_EQ(whole.from, first.from);
  EXPECT_EQ(whole.to, second.to);
  EXPECT_EQ(whole.deposits, Decimal{1'000});
  EXPECT_EQ(whole.change(), first.change() + second.change());
  EXPECT_EQ(sum_of(whole), whole.change());
  EXPECT_EQ(whole.residual, Decimal{1});
  ASSERT_EQ(whole.lines.size(), 5U);
  EXPECT_EQ(whole.lines[0].item, "trades");
  EXPECT_EQ(whole.lines[1].amount, Decimal{-11});
  EXPECT_EQ(whole.lines[2].bucket, "0-7 d");
  EXPECT_EQ(whole.lines[3].bucket, "7-30 d");
  EXPECT_EQ(whole.lines[3].amount, Decimal{60});
  EXPECT_EQ(whole.lines[4].bucket, "180+ d");
  EXPECT_EQ(last_day_amount(whole), Decimal{-5});
  EXPECT_EQ(amount_of(whole, "vega"), Decimal{68});
  EXPECT_EQ(amount_of(whole, "residual"), whole.residual);
}

TEST(AttributionReport, OneIntervalJoinedIsItself) {
  const AttributionReport whole = joined(std::vector<AttributionReport>{first});
  EXPECT_EQ(whole.deposits, Decimal{});
  EXPECT_EQ(whole.change(), first.change());
  EXPECT_EQ(whole.lines.size(), first.lines.size());
}

TEST(AttributionText, NamesEveryItemThatIsNotZero) {
  const std::string text = attribution_text(first, "USD", "Profit   ", {});
  EXPECT_EQ(text, "Profit   +83 USD since 2026-02-01 00:00: fees -10, vega +100, last-day options -7, residual +0\n");
}

}  // namespace
}  // namespace gimbal::report
