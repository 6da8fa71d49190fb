// Snapshots added up, and the document and the tables that say so.
#include "gimbal/report/data_report.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/report/data_json.hpp"
#include "gimbal/report/data_table.hpp"

namespace gimbal::report {
namespace {

market::RecordedQuote quote_of(market::InstrumentKind kind, const std::string& name) {
  market::RecordedQuote quote;
  market::Instrument& instrument = quote.instrument;
  instrument.name = "deribit:" + name;
  instrument.venue = "deribit";
  instrument.kind = kind;
  instrument.payoff = market::Payoff::inverse;
  instrument.underlying = instrument.settlement = market::AssetCode::of("BTC");
  instrument.quote = market::usd();
  instrument.contract_size = instrument.lot = instrument.minimum = Decimal{1};
  instrument.tick = Decimal::of("0.0001");
  if (kind == market::InstrumentKind::option) {
    instrument.strike = Decimal{80'000};
    instrument.expiry = *parse_utc("2026-03-27T08:00:00Z");
  }
  quote.bid_price = Decimal::of("0.04");
  quote.ask_price = Decimal::of("0.05");
  return quote;
}

// Snapshots at these hours of a day; from the second on there is a perpetual, which only then has both sides.
DataReport report_of(const std::vector<int>& hours) {
  DataTally tally;
  std::shared_ptr<const market::Universe> universe = std::make_shared<const market::Universe>();
  for (const int hour : hours) {
    market::RecordedSnapshot recorded;
    recorded.time = *parse_utc("2026-02-01") + std::chrono::hours{hour};
    recorded.rows = 2;
    recorded.quotes.push_back(quote_of(market::InstrumentKind::option, "BTC-27MAR26-80000-C"));
    if (hour != hours.front()) recorded.quotes.push_back(quote_of(market::InstrumentKind::perpetual, "BTC-PERPETUAL"));
    recorded.indices = {{market::AssetCode::of("BTC"), Decimal{79'000 + 10 * (hour % 5)}}};
    const auto built = market::build_snapshot(recorded, universe, {});
    EXPECT_TRUE(built) << built.error().message;
    universe = built->snapshot.universe;
    tally.add(built->snapshot);
  }
  return tally.report("Deribit option chain, CSV");
}

TEST(DataReport, CountsInstrumentsOnceAndQuotesEachTime) {
  const DataReport report = report_of({0, 1, 2, 4});
  EXPECT_EQ(report.venues, std::vector<std::string>{"deribit"});
  ASSERT_EQ(report.underlyings.size(), 1U);
  const UnderlyingData& bitcoin = report.underlyings[0];
  EXPECT_EQ(bitcoin.asset, "BTC");
  EXPECT_EQ(bitcoin.options, 1U);
  EXPECT_EQ(bitcoin.perpetuals, 1U);
  EXPECT_EQ(bitcoin.snapshots, 4U);
  EXPECT_EQ(bitcoin.index_first, Decimal{79'000});
  EXPECT_EQ(bitcoin.index_last, Decimal{79'040});
  EXPECT_EQ(report.quality.rows, 8U);
  EXPECT_EQ(report.quality.two_sided, 7U);
  EXPECT_EQ(report.worst, report.from);
  EXPECT_EQ(report.worst_quality.two_sided, 1U);
}

TEST(DataReport, GapsAreLongerThanOneAndAHalfMedians) {
  EXPECT_FALSE(report_of({3}).spacing.has_value());
  EXPECT_TRUE(report_of({3}).gaps.empty());
  const DataReport report = report_of({0, 2, 4, 7, 9, 13, 15, 19});
  EXPECT_EQ(report.spacing, Duration{std::chrono::hours{2}});
  ASSERT_EQ(report.gaps.size(), 2U);  // three hours are not longer than one and a half times two
  EXPECT_EQ(format_utc(report.gaps[0].from), "2026-02-01T09:00:00Z");
  EXPECT_EQ(format_utc(report.gaps[1].to), "2026-02-01T19:00:00Z");
}

TEST(DataReport, DocumentHoldsEveryCountAndEveryGap) {
  const std::string text = data_json(report_of({0, 1, 2, 4}));
  EXPECT_NE(text.find(R"( "gaps": [
  {"from": "2026-02-01T02:00:00Z", "to": "2026-02-01T04:00:00Z", "seconds": 7200.0}
 ],
)"),
            std::string::npos)
      << text;
  EXPECT_NE(
      text.find(R"( "worst_quality": {"rows": 2, "instruments": 1, "two_sided": 1, "one_sided": 0, "unquoted": 0, )"
                R"("crossed": 0, "expired": 0, "duplicates": 0, "off_tick": 0, "without_mark": 1, )"
                R"("without_forward": 1, "sizes_assumed": 1, "quotes_assumed": 0, "unsupported": 0, "stale": 0, )"
                R"("indices_assumed": 0})"),
      std::string::npos)
      << text;
  EXPECT_NE(data_json(report_of({3})).find(R"("spacing_seconds_median": null)"), std::string::npos);
}

TEST(DataReport, TablesFitTheirWidthAndShowTheLongestGaps) {
  std::vector<int> hours;
  for (int hour = 0; hour < 60; ++hour) hours.push_back(hour);
  for (int i = 1; i <= 12; ++i) hours.push_back(hours.back() + 1 + i);
  const DataReport report = report_of(hours);
  ASSERT_EQ(report.gaps.size(), 12U);
  for (const std::size_t width : {40U, 80U, 100U}) {
    const std::string text = data_table(report, {width, false});
    std::string_view rest = text;
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      EXPECT_LE(text_width(rest.substr(0, end)), width) << rest.substr(0, end);
      rest.remove_prefix(end + 1);
    }
  }
  const std::string text = data_table(report, {});
  EXPECT_NE(text.find("72 from 2026-02-01 00:00 to"), std::string::npos) << text;
  EXPECT_NE(text.find("1 h apart as a rule, 12 gaps"), std::string::npos) << text;
  EXPECT_NE(text.find("13 h\n"), std::string::npos) << text;
  EXPECT_NE(text.find("2 shorter gaps are in the JSON"), std::string::npos) << text;
  EXPECT_EQ(text.find("crossed"), std::string::npos) << text;  // there are none
}

}  // namespace
}  // namespace gimbal::report
