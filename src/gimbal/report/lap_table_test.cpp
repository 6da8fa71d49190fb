// The text of a lap, whole, and that it stays within its width whatever a lap holds.
#include "gimbal/report/lap_table.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "gimbal/report/internal/sample_lap.hpp"
#include "gimbal/report/lap_line.hpp"

namespace gimbal::report {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream{text};
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string everything(const LapReport& lap, const TextStyle& style) {
  const LapPlace place{8, &lap};
  return lap_table(lap, place, {style}) + positions_table(lap, style) + lap_line_header(lap, style) +
         lap_line(lap, place, style);
}

// Names that no decoder would let through, and numbers that no market has.
LapReport hostile_lap() {
  LapReport lap = internal::sample_lap();
  const std::string long_name = "deribit:" + std::string(300, 'X') + "\033[31m";
  lap.trouble = "a sentence without end " + std::string(500, 'y') + "\n\tand control characters \x01\x02";
  lap.containment = std::string(150, 'c');
  lap.equity = -1.7e308;
  for (TradeReport& trade : lap.trades) {
    trade.instrument = long_name;
    trade.edge = -1.7e308;
    trade.cost = infinity;
    trade.trade = Decimal{-(Int128{1} << 120U), 3};
    trade.limit = Decimal{Int128{1} << 120U, 30};
    trade.reasons.push_back({long_name, 1e300, infinity});
  }
  for (ConstraintLine& line : lap.constraints) {
    line.target.name += long_name;
    line.target.value_current = infinity;
    line.target.value_rounded = -infinity;
    line.target.shadow_price = 1.7e308;
    line.booked = std::numeric_limits<double>::quiet_NaN();
  }
  for (MarginReport& pool : lap.margin) pool.balance = pool.initial = 1.7e308;
  for (PositionReport& position : lap.positions) {
    position.instrument = long_name;
    position.delta = position.gamma = position.vega = position.theta = -1.7e308;
    position.value_in_numeraire = std::numeric_limits<double>::quiet_NaN();
  }
  for (OrderReport& order : lap.orders) order.symbol = order.refusal = long_name;
  for (FillReport& fill : lap.fills) fill.cost = 1.7e308;
  lap.journal_head = "no head at all";
  return lap;
}

TEST(LapTable, SaysWhatATraderAsks) {
  LapReport before = internal::sample_lap();
  before.equity = 2'340'000.0;
  EXPECT_EQ(lap_table(internal::sample_lap(), {8, &before}, {}),
            R"(Lap 3 of 8  2026-02-01 16:00 UTC   BTC 78,123.4   ETH 2,412.55   equity 2,345,678 USD (+5,678)
Quotes   1,630 rows, 1,612 instruments: 1,204 two-sided, 310 one-sided, 92 unquoted, 2 crossed, 12
         expired, 6 duplicate, 1,514 with assumed sizes, 18 with assumed quotes
Smiles   BTC 48.2% at 30 days; 2 expiries, 1 fit, 1 neighbour; 90% inside the quotes, 100% near
         ETH 67.1% at 30 days; 1 expiry, 1 neighbour
Settled  -5 BTC-1FEB26-76000-P delivered at 77,950.12 USD (approximate): 0 BTC, fee 0
Funding  -24,000 BTC-PERPETUAL for 6 h at 0.008% per 8 h: received 0.000184 BTC
Equity   19.8735 BTC (1,552,582 USD), 328.750 ETH (793,126 USD)
Greeks   BTC delta -0.2130, gamma 0.0412 per 1%, vega 1,250 USD per point, theta -812.2 USD per day
Profit   +1,251 USD since 2026-02-01 10:00: trades -610, fees -257, funding +14, settlement +1,210,
         collateral -29,230, carry -310, time +2,012, delta +28,030, gamma -1,502, vega +1,460,
         vanna +96, volga -12, last-day options +346, residual +4
Target   rounded; 2 trades out of 200 candidates; edge 2,401 USD, cost 589.50 USD

Bound      unit      lower  before  target   booked   upper  USD/unit
---------  ------  -------  ------  ------  -------  ------  --------  ------
delta BTC  BTC     -0.5000  3.2114  0.4871  -0.2131  0.5000     812.4  binds
vega BTC   USD/pt        -   2,812   1,498    1,511   1,500     12.25  BROKEN
gamma ETH  ETH/1%   -4.000   1.200   1.000    1.000   4.000

Stress, profit in USD          floor    before   target   booked    price
--------------------------  --------  --------  -------  -------  -------  -----
BTC -20% ETH -20% vol +30%  -100,000  -151,220  -99,990  -99,812  0.04130  binds
BTC +20% ETH +20% vol +0%   -100,000    20,100    5,010    5,010

Margin, deribit standard balance initial maintenance  free before  used ceiling price
------------------------ ------- ------- ----------- ----- ------ ----- ------- ----- ------
BTC                        21.37    9.50        6.25 11.87  61.2% 44.4%   50.0%       mended
ETH                        328.8    12.0         9.0 316.8         3.6%   50.0%

Trade               contracts  held now     limit  edge USD    cost  because of, USD
------------------  ---------  --------  --------  --------  ------  -----------------------------
BTC-6FEB26-80000-P        +10     -12.5    0.0425    310.50  195.25  vega BTC 3,125, stress 418
BTC-PERPETUAL         +12,000   -12,000  78,131.5      0.00  195.25  a bound that it helps to hold

Filled   2 fills, 867.80 USD given away against marks, fees included
Unfilled buy 10 BTC-6FEB26-80000-P at 0.0425: 2.5 left
Refused  sell 40 ETH-27MAR26-3000-C at 0.031: gamma ETH could reach -4.4 ETH per 1%, below its limit
         -4
Digest   aaaaaaaaaaaaaaaa   journal 345 records, bbbbbbbbbbbbbbbb
)");
}

TEST(LapTable, ShowsPositionsLineByLine) {
  EXPECT_EQ(positions_table(internal::sample_lap(), {}),
            R"(Position            contracts     mark  value USD   delta  gamma/1%  vega/pt  theta/day   margin
------------------  ---------  -------  ---------  ------  --------  -------  ---------  -------
BTC-6FEB26-80000-P      -12.5  0.04150    -40,526   6.120   -0.0210   -310.2      402.5    2.400
BTC-PERPETUAL         -12,000   78,102          -  -1.536         0        0          0  0.03070
)");
}

TEST(LapTable, StaysWithinItsWidthWhateverALapHolds) {
  for (const LapReport& lap : {internal::sample_lap(), hostile_lap()})
    for (std::size_t width = 40; width <= 130; ++width)
      for (const std::string& line : lines_of(everything(lap, {.width = width, .colour = false}))) {
        EXPECT_LE(text_width(line), width) << line;
        EXPECT_EQ(printable(line), line);
      }
}

TEST(LapTable, ColoursOnlyWhereAskedAndChangesNothingElse) {
  const LapReport lap = internal::sample_lap();
  const std::string plain = everything(lap, {.width = 100, .colour = false});
  std::string coloured = everything(lap, {.width = 100, .colour = true});
  EXPECT_EQ(plain.find('\033'), std::string::npos);
  EXPECT_NE(coloured.find('\033'), std::string::npos);
  for (std::size_t at = 0; (at = coloured.find('\033')) != std::string::npos;)
    coloured.erase(at, coloured.find('m', at) - at + 1);
  EXPECT_EQ(coloured, plain);
}

TEST(LapTable, AFullLapFitsOneScreen) {
  // Ten trades, thirteen bounds and three stress rows are what the example shows.
  LapReport lap = internal::sample_lap();
  while (lap.trades.size() < 25) lap.trades.push_back(lap.trades.front());
  while (lap.constraints.size() < 300) lap.constraints.push_back(lap.constraints[4]);
  while (lap.orders.size() < 40) lap.orders.push_back(lap.orders.back());
  EXPECT_LE(lines_of(lap_table(lap, {8, nullptr}, {})).size(), 60U);
}

TEST(LapTable, ALapWithoutRiskShowsItsTrouble) {
  LapReport lap;
  lap.lap = 1;
  lap.numeraire = "ETH";
  lap.containment = "no new risk";
  lap.trouble = "the numeraire ETH is not in the market";
  const std::string text = lap_table(lap, {}, {});
  EXPECT_NE(text.find("equity unknown"), std::string::npos);
  EXPECT_NE(text.find("containment: no new risk"), std::string::npos);
  EXPECT_NE(text.find("Trouble  the numeraire ETH is not in the market"), std::string::npos);
}

TEST(LapTable, ReasonsAreOfTheWholeTradeAndStressRowsShareAWord) {
  TradeReport trade = internal::sample_lap().trades[0];
  trade.reasons.push_back({"stress BTC -30% ETH -30% vol +0%", 10.0, 0.1});
  EXPECT_EQ(reason_text(trade, ReasonDetail::brief), "vega BTC 3,125, stress 518");
  EXPECT_EQ(reason_text(trade, ReasonDetail::full),
            "vega BTC 3,125, stress BTC -20% ETH -20% vol +30% 418, stress BTC -30% ETH -30% vol +0% 100");
  trade.reasons = {{"margin deribit standard BTC", 1.5, 0.1}, {"quoted size deribit:BTC-PERPETUAL", 1.0, 0.1}};
  EXPECT_EQ(reason_text(trade, ReasonDetail::brief), "margin BTC 15.0, quoted size BTC-PERPETUAL 10.0");
  trade.reasons = {{"room deribit standard BTC", 1.5, 0.1}};
  EXPECT_EQ(reason_text(trade, ReasonDetail::brief), "room BTC 15.0");
}

TEST(LapTable, ATradeThatNoBoundForcesNamesTheSourceThatItEarnsMostFrom) {
  TradeReport trade = internal::sample_lap().trades[0];
  trade.reasons.clear();
  EXPECT_EQ(reason_text(trade, ReasonDetail::brief), "gamma above cost");
  trade.edge_sources = {.gamma = -40.0, .reversion = 0.5, .funding = 300.0, .basis = 50.0};
  EXPECT_EQ(reason_text(trade, ReasonDetail::brief), "funding above cost");
  // What only bounds speak against is done for the sake of others.
  trade.reasons = {{"position deribit:BTC-PERPETUAL", -0.01, 0.01}};
  EXPECT_EQ(reason_text(trade, ReasonDetail::brief), "funding above cost");
  trade.edge = trade.cost;
  EXPECT_EQ(reason_text(trade, ReasonDetail::brief), "a bound that it helps to hold");
}

TEST(LapLine, RowsLineUpUnderTheirHeader) {
  const LapReport lap = internal::sample_lap();
  EXPECT_EQ(lap_line_header(lap, {}) + lap_line(lap, {8, nullptr}, {}),
            "lap         time UTC   equity USD    change trades     cost missing binds broken worst stress margin\n"
            "--- ---------------- ------------ --------- ------ -------- ------- ----- ------ ------------ ------\n"
            "  3 2026-02-01 16:00    2,345,678         -      2   867.80       2     3      1      -99,812    44%\n");
}

TEST(LapLine, KeepsItsColumnsWhateverALapHolds) {
  for (const std::size_t width : {40U, 60U, 80U, 100U, 200U}) {
    const TextStyle style{.width = width, .colour = false};
    const LapReport lap = internal::sample_lap();
    const std::size_t columns = lap_line(lap, {}, style).size();
    EXPECT_EQ(lap_line(hostile_lap(), {8, &lap}, style).size(), columns);
    EXPECT_EQ(lap_line_header(hostile_lap(), style).size(), 2 * columns);
    EXPECT_LE(columns, width + 1);
  }
}

}  // namespace
}  // namespace gimbal::report
