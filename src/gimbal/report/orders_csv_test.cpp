// The order sheet: RFC 4180, the venue's units, and only what the gate let through.
#include "gimbal/report/orders_csv.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "gimbal/report/internal/sample_lap.hpp"

namespace gimbal::report {
namespace {

// A reader of the RFC's grammar, written against its text and not against the writer.
std::vector<std::vector<std::string>> read_csv(const std::string& text) {
  std::vector<std::vector<std::string>> records(1);
  records.back().emplace_back();
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string& field = records.back().back();
    if (quoted) {
      if (text[i] != '"') {
        field += text[i];
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        field += text[++i];
      } else {
        quoted = false;
      }
    } else if (text[i] == '"') {
      quoted = true;
    } else if (text[i] == ',') {
      records.back().emplace_back();
    } else if (text.compare(i, 2, "\r\n") == 0) {
      ++i;
      records.emplace_back();
      records.back().emplace_back();
    } else {
      field += text[i];
    }
  }
  records.pop_back();  // behind the last line break
  return records;
}

TEST(OrdersCsv, HoldsTheApprovedOrdersInTheVenuesOwnUnits) {
  const std::vector<LapReport> laps{internal::sample_lap()};
  EXPECT_EQ(orders_csv(laps),
            "lap,time,venue,account,instrument,side,amount,amount_unit,contracts,limit_price,price_unit,order_type,"
            "time_in_force,reason,order_id\r\n"
            "3,2026-02-01T16:00:00Z,deribit,deribit-main,BTC-6FEB26-80000-P,buy,10,BTC,10,0.0425,BTC,limit,"
            "immediate_or_cancel,\"edge 310.50 USD, cost 195.25 USD; vega BTC 3,125, stress BTC -20% ETH -20% vol +30% "
            "418\",00112233445566778899aabbccddeeff\r\n"
            "3,2026-02-01T16:00:00Z,deribit,deribit-main,BTC-PERPETUAL,buy,120000,USD,12000,78131.5,USD,limit,"
            "immediate_or_cancel,\"edge 0.00 USD, cost 195.25 USD; a bound that it helps to hold\","
            "ffeeddccbbaa99887766554433221100\r\n");
}

TEST(OrdersCsv, EveryRecordHasTheHeadersFields) {
  std::vector<LapReport> laps{internal::sample_lap(), internal::sample_lap()};
  laps[1].orders[0].symbol = "a \"quoted\", name\r\nover two lines";
  laps[1].account = ",,,";
  const auto records = read_csv(orders_csv(laps));
  ASSERT_EQ(records.size(), 5U);
  for (const auto& record : records) EXPECT_EQ(record.size(), 15U);
  EXPECT_EQ(records[3][4], laps[1].orders[0].symbol);
  EXPECT_EQ(records[3][3], ",,,");
}

TEST(OrdersCsv, WithoutOrdersThereIsAHeader) { EXPECT_EQ(read_csv(orders_csv({})).size(), 1U); }

RC_GTEST_PROP(OrdersCsv, AnyFieldReadsBack, (const std::string& first, const std::string& second)) {
  const auto records = read_csv(csv_field(first) + "," + csv_field(second) + "\r\n");
  RC_ASSERT(records.size() == 1U);
  RC_ASSERT(records[0] == (std::vector<std::string>{first, second}));
}

}  // namespace
}  // namespace gimbal::report
