// `gimbal lap --html` over the example: the page that the command writes, and the details behind it held to what the
// engine, the target and the margin rule say of the same lap.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "gimbal/app/commands.hpp"
#include "gimbal/host/file_reader.hpp"
#include "gimbal/host/file_writer.hpp"

namespace gimbal::app {
namespace {

namespace fs = std::filesystem;

LapOptions example_options(std::uint64_t laps) {
  LapOptions options;
  options.configuration = "examples/vol_arbitrage.toml";
  options.market = "examples/market.csv.zst";
  options.laps = laps;
  options.detail = true;
  return options;
}

const report::ConstraintLine& constraint(const report::LapReport& lap, const std::string& name) {
  for (const report::ConstraintLine& line : lap.constraints)
    if (line.target.name == name) return line;
  ADD_FAILURE() << "no constraint " << name;
  return lap.constraints.front();
}

std::size_t place_of(const std::vector<double>& moves, double move) {
  return static_cast<std::size_t>(std::find(moves.begin(), moves.end(), move) - moves.begin());
}

std::string page_into(const fs::path& file) {
  LapCommand command;
  command.run = example_options(2);
  command.page = file.string();
  const auto status = run_command(command);
  EXPECT_TRUE(status) << status.error().message;
  const auto text = host::read_whole_file(file.string(), 64U << 20U);
  EXPECT_TRUE(text);
  return text ? *text : "";
}

TEST(LapPageOnExample, TwoRunsIntoDifferentFilesWriteTheSameBytes) {
  const fs::path folder = fs::path{testing::TempDir()} / "gimbal_page";
  fs::remove_all(folder);
  fs::create_directories(folder);
  const std::string first = page_into(folder / "one.html");
  EXPECT_EQ(first, page_into(folder / "two.html"));
  EXPECT_NE(
      first.find("gimbal lap examples/vol_arbitrage.toml --market examples/market.csv.zst --laps 2 --html page.html"),
      std::string::npos);
  EXPECT_EQ(first.find("one.html"), std::string::npos);
  fs::remove_all(folder);
}

TEST(LapPageOnExample, DetailsAgreeWithTheTargetAndTheBookedBook) {
  const auto outcome = run_laps(example_options(1));
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_TRUE(outcome->detail);
  const report::LapDetail& detail = *outcome->detail;
  const report::LapReport& lap = outcome->laps.back();
  EXPECT_EQ(detail.trouble, "");

  EXPECT_LT(*detail.stress_worst_before, lap.stress.front().profit);
  ASSERT_EQ(detail.margin.size(), 2U);
  for (const report::MarginDetail& pool : detail.margin) {
    const report::ConstraintLine& line = constraint(lap, "margin deribit standard " + pool.pool);
    EXPECT_NEAR(*pool.before.used(), line.target.value_current, 1e-12);
    EXPECT_NEAR(*pool.after.used(), *line.booked, 1e-12);
    EXPECT_GT(*pool.after.room(), 1.0 - *pool.after.used());  // maintenance is less than initial margin
  }

  for (const report::TradeReport& trade : lap.trades)
    for (const report::PositionDetail& position : detail.positions)
      if (position.instrument == trade.instrument) {
        EXPECT_EQ(position.before, trade.current) << trade.instrument;
        EXPECT_EQ(position.after, trade.booked) << trade.instrument;
      }
}

// With coins that move alike and no time passing, every stress row is a cell of the grid.
TEST(LapPageOnExample, TheRiskSurfaceAgreesWithTheStressRows) {
  std::string text = *host::read_whole_file("examples/vol_arbitrage.toml", 1U << 20U);
  for (const auto& [from, to] : {std::pair{"spot_difference_max = 0.25", "spot_difference_max = 0.0"},
                                 {"time_steps_hours = [0, 24]", "time_steps_hours = [0]"},
                                 {"[-0.35, -0.2, -0.1, -0.05, 0.0, 0.05, 0.1, 0.2, 0.35]",
                                  "[-0.3, -0.2, -0.1, -0.05, 0.0, 0.05, 0.1, 0.2, 0.3]"}}) {
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, std::string_view{from}.size(), to);
  }
  const fs::path file = fs::path{testing::TempDir()} / "gimbal_page_alike.toml";
  ASSERT_TRUE(host::write_file(file.string(), text));
  LapOptions options = example_options(1);
  options.configuration = file.string();
  const auto outcome = run_laps(options);
  fs::remove(file);
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_TRUE(outcome->detail->surface);
  const report::RiskSurfaceDetail& surface = *outcome->detail->surface;
  ASSERT_EQ(surface.grids.size(), 3U);
  const std::size_t still = place_of(surface.spot_moves, 0.0);
  const std::size_t unmoved = place_of(surface.volatility_moves, 0.0);
  for (const report::GridDetail& grid : surface.grids) {
    EXPECT_EQ(grid.before(still, unmoved), 0.0);
    EXPECT_EQ(grid.after(still, unmoved), 0.0);
  }
  const report::GridDetail& all = surface.grids.front();
  std::size_t found = 0;
  for (const report::StressReport& row : outcome->laps.back().stress)
    for (std::size_t s = 0; s < surface.spot_moves.size(); ++s)
      for (std::size_t v = 0; v < surface.volatility_moves.size(); ++v) {
        const auto percent = [](double move) { return fmt::format("{}{:.0f}%", move > 0.0 ? "+" : "", 100.0 * move); };
        const std::string spot = percent(surface.spot_moves[s]);
        const std::string name = fmt::format("BTC {} ETH {} vol {}", spot, spot, percent(surface.volatility_moves[v]));
        if (row.scenario != name) continue;
        EXPECT_NEAR(all.after(s, v), row.profit, 1e-9 * std::fabs(row.profit)) << name;
        ++found;
      }
  EXPECT_EQ(found, report::stress_rows_shown);
  double worst = 0.0;
  for (const double move : {-0.25, 0.0, 0.5})
    for (std::size_t s = 0; s < surface.spot_moves.size(); ++s)
      if (std::fabs(std::fabs(surface.spot_moves[s]) - 0.15) > 0.01 && std::fabs(surface.spot_moves[s]) != 0.25)
        worst = std::min(worst, all.before(s, place_of(surface.volatility_moves, move)));
  EXPECT_NEAR(worst, *outcome->detail->stress_worst_before, 1e-9 * std::fabs(worst));
}

TEST(LapPageOnExample, SmilesHoldTheQuotesThatTheFitWasShown) {
  const auto outcome = run_laps(example_options(1));
  ASSERT_TRUE(outcome) << outcome.error().message;
  std::size_t smile = 0;
  std::size_t held = 0;
  for (const report::SurfaceReport& surface : outcome->laps.back().surfaces)
    for (const report::SliceReport& slice : surface.slices) {
      ASSERT_LT(smile, outcome->detail->smiles.size());
      const report::SmileDetail& detail = outcome->detail->smiles[smile++];
      EXPECT_EQ(detail.underlying, surface.underlying);
      EXPECT_EQ(detail.expiry, slice.expiry);
      EXPECT_EQ(detail.quotes.size(), slice.quotes_used);
      for (const report::QuoteDetail& quote : detail.quotes) EXPECT_LE(quote.bid_volatility, quote.ask_volatility);
      ASSERT_GE(detail.curve.size(), 2U);
      EXPECT_LT(detail.curve.front().moneyness, 1.0);
      EXPECT_GT(detail.curve.back().moneyness, 1.0);
      for (const report::OptionDetail& option : detail.positions) held += option.after.is_zero() ? 0U : 1U;
    }
  EXPECT_EQ(smile, outcome->detail->smiles.size());
  std::size_t options = 0;
  for (const report::PositionReport& position : outcome->laps.back().positions) options += position.value ? 1U : 0U;
  EXPECT_EQ(held, options);
}

TEST(LapPageOnExample, ARunThatNeedsNoPageComputesNoDetails) {
  LapOptions options = example_options(1);
  options.detail = false;
  const auto outcome = run_laps(options);
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->detail);
}

}  // namespace
}  // namespace gimbal::app
