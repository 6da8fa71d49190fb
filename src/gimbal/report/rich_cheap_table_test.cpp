// The tables as they are read, and their width.
#include "gimbal/report/rich_cheap_table.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace gimbal::report {
namespace {

using market::InstrumentId;
using surface::ArbitrageKind;
using surface::QuotedArbitrage;
using surface::QuoteEdge;
using surface::RichCheapRow;
using surface::Rung;

std::shared_ptr<const market::Universe> three_calls() {
  std::vector<market::Instrument> listed;
  for (const char* strike : {"110000", "113000", "114000"}) {
    market::Instrument option;
    option.name = fmt::format("deribit:BTC-27MAR26-{}-C", strike);
    option.venue = "deribit";
    option.kind = market::InstrumentKind::option;
    option.payoff = market::Payoff::inverse;
    option.underlying = option.settlement = market::AssetCode::of("BTC");
    option.quote = market::usd();
    option.strike = Decimal::of(strike);
    option.expiry = *parse_utc("2026-03-27T08:00:00Z");
    option.contract_size = option.lot = option.minimum = Decimal{1};
    option.tick = Decimal::of("0.0001");
    listed.push_back(option);
  }
  return *std::make_shared<market::Universe>()->extended(listed);
}

RichCheapRow row(std::uint32_t id, std::optional<QuoteEdge> sell, std::optional<QuoteEdge> buy) {
  RichCheapRow made;
  made.instrument = InstrumentId{id};
  made.volatility_fitted = 0.5512;
  made.rung = Rung::fit;
  made.sell = sell;
  made.buy = buy;
  return made;
}

void expect_width(const std::string& text, std::size_t width) {
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) EXPECT_LE(text_width(line), width) << line;
}

TEST(RichCheapTable, ListsWhatPaysBestFirst) {
  std::vector<RichCheapRow> rows{row(0, QuoteEdge{0.0123, 4.5}, QuoteEdge{-0.02, -9.0}),
                                 row(1, QuoteEdge{0.0200, 7.25}, std::nullopt),
                                 row(2, std::nullopt, QuoteEdge{std::nullopt, 1250.0})};
  rows[1].score = 2.31;
  rows[2].rung = Rung::flat;
  EXPECT_EQ(rich_cheap_table(*three_calls(), rows, 5, {}),
            "Trade  Instrument                    fitted  points  money after fees  score  slice\n"
            "-----  ----------------------------  ------  ------  ----------------  -----  -----\n"
            "sell   deribit:BTC-27MAR26-113000-C  55.12%   +2.00          7.25 USD   +2.3  fit\n"
            "sell   deribit:BTC-27MAR26-110000-C  55.12%   +1.23          4.50 USD      -  fit\n"
            "buy    deribit:BTC-27MAR26-114000-C  55.12%       -         1,250 USD      -  flat\n");
  const std::string one = rich_cheap_table(*three_calls(), rows, 1, {});
  EXPECT_NE(one.find("113000"), std::string::npos);
  EXPECT_EQ(one.find("110000"), std::string::npos);
  EXPECT_NE(one.find("114000"), std::string::npos);
  for (const std::size_t width : {60U, 100U}) expect_width(rich_cheap_table(*three_calls(), rows, 5, {width}), width);
}

TEST(RichCheapTable, SaysThatNothingPays) {
  const std::vector<RichCheapRow> rows{row(0, QuoteEdge{-0.01, -4.5}, QuoteEdge{-0.02, -9.0})};
  EXPECT_EQ(rich_cheap_table(*three_calls(), rows, 5, {}), "No quote pays after fees against the fitted surface.\n");
  EXPECT_EQ(quoted_arbitrage_text(*three_calls(), {}, 5, {}), "No trade pays after fees by quotes alone.\n");
}

TEST(RichCheapTable, WritesOutTheLegsOfATrade) {
  QuotedArbitrage butterfly;
  butterfly.legs = {{InstrumentId{1}, -1.0, 0.0015}, {InstrumentId{0}, 0.25, 0.0016}, {InstrumentId{2}, 0.75, 0.0008}};
  butterfly.money = 11.25;
  butterfly.money_before_fees = 30.0;
  butterfly.delivery_fees_most = 18.0;
  butterfly.units = 4.0;
  QuotedArbitrage calendar = butterfly;
  calendar.kind = ArbitrageKind::calendar;
  calendar.units.reset();
  calendar.needs_forward_hedge = true;
  const std::vector<QuotedArbitrage> trades{butterfly, calendar, calendar};
  const std::string text = quoted_arbitrage_text(*three_calls(), trades, 2, {});
  EXPECT_EQ(text,
            "butterfly  11.25 USD a unit after fees (30.00 before, delivery at most 18.00), 4 units: sell 1\n"
            "           deribit:BTC-27MAR26-113000-C at 0.0015, buy 0.25 deribit:BTC-27MAR26-110000-C at 0.0016,\n"
            "           buy 0.75 deribit:BTC-27MAR26-114000-C at 0.0008\n"
            "calendar   11.25 USD a unit after fees (30.00 before, delivery at most 18.00), forward to be hedged:\n"
            "           sell 1 deribit:BTC-27MAR26-113000-C at 0.0015, buy 0.25 deribit:BTC-27MAR26-110000-C at\n"
            "           0.0016, buy 0.75 deribit:BTC-27MAR26-114000-C at 0.0008\n"
            "And 1 more.\n");
  for (const std::size_t width : {60U, 100U})
    expect_width(quoted_arbitrage_text(*three_calls(), trades, 2, {width}), width);
}

}  // namespace
}  // namespace gimbal::report
