// Where profit came from, in the last lap and over the run, and the run lap by lap.
#include "gimbal/report/internal/page_profit.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "gimbal/report/charts/line_chart.hpp"
#include "gimbal/report/charts/svg.hpp"
#include "gimbal/report/charts/waterfall.hpp"
#include "gimbal/report/internal/html_table.hpp"
#include "gimbal/report/internal/page_sections.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report::internal {
namespace {

std::string figure_of(const std::string& name, const AttributionReport& profit, const std::string& asset) {
  const Waterfall waterfall{name + " by cause", asset, profit_steps(profit)};
  const double total = waterfall_total(waterfall).to_double();
  const std::string caption =
      fmt::format("<b>{}:</b> {}, from {} to {} UTC.", escaped(name),
                  escaped(fmt::format("{} {}", change_text(total, money_decimals(total, asset)), asset)),
                  format_utc_minutes(profit.from), format_utc_minutes(profit.to));
  return html_figure(waterfall_chart(waterfall), caption);
}

// Decimals that hold every amount, so that a column of them lines up.
int scale_most(const AttributionReport& profit) {
  int scale = std::max({profit.residual.scale(), profit.equity_from.scale(), profit.equity_to.scale()});
  for (const auto* lines : {&profit.lines, &profit.last_day})
    for (const AttributionLine& line : *lines) scale = std::max(scale, line.amount.scale());
  return scale;
}

// An exact amount with all decimals of the ledger's unit, thousands separated.
std::string exact_text(const Decimal& amount, int scale) {
  std::string text = amount.to_fixed(scale);
  const std::size_t first = text[0] == '-' ? 1 : 0;
  for (std::size_t end = std::min(text.find('.'), text.size()); end > first + 3;) {
    end -= 3;
    text.insert(end, ",");
  }
  return text;
}

// A row of the table of exact figures: one item, vega by its buckets, with an amount for each asset.
struct ExactRow {
  AttributionLine line;                // without an asset
  std::map<std::string, Decimal> lap;  // by asset
  std::map<std::string, Decimal> run;
};

void enter(std::vector<ExactRow>& rows, const std::vector<AttributionLine>& lines,
           std::map<std::string, Decimal> ExactRow::*amounts) {
  for (const AttributionLine& line : lines) {
    auto row = std::find_if(rows.begin(), rows.end(), [&line](const ExactRow& known) {
      return known.line.item == line.item && known.line.bucket == line.bucket;
    });
    if (row == rows.end()) row = rows.insert(rows.end(), ExactRow{{line.item, {}, line.bucket, {}}, {}, {}});
    ((*row).*amounts)[line.asset] = line.amount;
  }
}

using Lines = std::vector<AttributionLine> AttributionReport::*;

std::vector<ExactRow> exact_rows(const AttributionReport& lap, const AttributionReport& run, Lines which) {
  std::vector<ExactRow> rows;
  enter(rows, lap.*which, &ExactRow::lap);
  enter(rows, run.*which, &ExactRow::run);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const ExactRow& a, const ExactRow& b) { return stands_before(a.line, b.line); });
  return rows;
}

std::vector<std::string> assets_of(const AttributionReport& profit) {
  std::set<std::string> assets;
  for (const auto* lines : {&profit.lines, &profit.last_day})
    for (const AttributionLine& line : *lines)
      if (!line.asset.empty()) assets.insert(line.asset);
  return {assets.begin(), assets.end()};
}

// The lap, and beside it the run where that is more than the lap: an amount by asset and their sum for each.
class ExactTable {
 public:
  /// `run` holds the lap. Both outlive the table.
  ExactTable(const AttributionReport& lap, const AttributionReport& run, const std::vector<std::string>& intervals,
             const std::string& numeraire)
      : lap_{lap},
        run_{run},
        with_run_{intervals.size() > 1},
        scale_{std::max(scale_most(lap), scale_most(run))},
        assets_{assets_of(run)},
        table_{"Profit line by line", columns(intervals, numeraire)} {}

  std::string markup() {
    for (const ExactRow& row : exact_rows(lap_, run_, &AttributionReport::lines)) add(row, "");
    for (const ExactRow& row : exact_rows(lap_, run_, &AttributionReport::last_day)) add(row, "last day: ");
    add("residual", lap_.residual, run_.residual, Look::plain);
    add("change", lap_.change(), run_.change(), Look::strong);
    add("equity at the start", lap_.equity_from, run_.equity_from, Look::plain);
    // What the owner brought in is no profit; neither is what a lap that could not be valued hides.
    if (!run_.deposits.is_zero()) add("brought in", lap_.deposits, run_.deposits, Look::plain);
    add("equity at the end", lap_.equity_to, run_.equity_to, Look::plain);
    return table_.markup();
  }

 private:
  [[nodiscard]] std::vector<HtmlColumn> columns(const std::vector<std::string>& intervals,
                                                const std::string& numeraire) const {
    std::vector<HtmlColumn> list = {{"Cause", false}};
    for (const std::string& interval : intervals) {
      for (const std::string& asset : assets_) list.push_back({fmt::format("{}: {}", interval, asset)});
      list.push_back({fmt::format("{}, {}", interval, numeraire)});
    }
    return list;
  }

  void add(const ExactRow& row, const std::string& prefix) {
    std::string name = prefix + row.line.item;
    if (!row.line.bucket.empty()) name += ", " + row.line.bucket;
    std::vector<HtmlCell> cells = {name};
    const auto add_amounts = [&](const std::map<std::string, Decimal>& amounts) {
      Decimal sum;
      for (const auto& [asset, amount] : amounts) sum = sum + amount;
      for (const std::string& asset : assets_) {
        const auto known = amounts.find(asset);
        cells.emplace_back(known == amounts.end() ? std::string{} : exact_text(known->second, scale_));
      }
      cells.emplace_back(amounts.empty() ? std::string{} : exact_text(sum, scale_));
    };
    add_amounts(row.lap);
    if (with_run_) add_amounts(row.run);
    table_.add(cells);
  }

  // What no asset owns.
  void add(const std::string& name, const Decimal& in_lap, const Decimal& in_run, Look look) {
    std::vector<HtmlCell> cells = {name};
    const auto add_sum = [&](const Decimal& sum) {
      for (std::size_t i = 0; i < assets_.size(); ++i) cells.emplace_back("");
      cells.emplace_back(exact_text(sum, scale_));
    };
    add_sum(in_lap);
    if (with_run_) add_sum(in_run);
    table_.add(cells, look);
  }

  const AttributionReport& lap_;
  const AttributionReport& run_;
  bool with_run_;
  int scale_;
  std::vector<std::string> assets_;
  HtmlTable table_;
};

std::string largest_text(const std::vector<WaterfallStep>& steps, const std::string& asset) {
  std::vector<WaterfallStep> sorted = steps;
  std::stable_sort(sorted.begin(), sorted.end(), [](const WaterfallStep& a, const WaterfallStep& b) {
    const Decimal zero;
    return (a.amount < zero ? -a.amount : a.amount) > (b.amount < zero ? -b.amount : b.amount);
  });
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, sorted.size()); ++i)
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ", sorted[i].name,
                        change_text(sorted[i].amount.to_double(), money_decimals(sorted[i].amount.to_double(), asset)));
  return text;
}

}  // namespace

std::vector<WaterfallStep> profit_steps(const AttributionReport& profit) {
  std::vector<WaterfallStep> steps;
  for (const AttributionLine& line : profit.lines)
    if (steps.empty() || steps.back().name != line.item) steps.push_back({line.item, amount_of(profit, line.item)});
  if (!profit.last_day.empty()) steps.push_back({"last day", last_day_amount(profit)});
  steps.push_back({"residual", profit.residual});
  return steps;
}

std::string profit_section(const PageContent& content) {
  const LapReport& lap = content.lap;
  if (!lap.attribution)
    return section_markup("profit", "Where profit came from",
                          html_paragraph("The profit of this lap is not attributed: " + lap.attribution_missing + "."));
  std::vector<AttributionReport> intervals;
  for (const LapReport& each : content.page.laps)
    if (each.attribution) intervals.push_back(*each.attribution);
  const AttributionReport run = joined(intervals);
  std::vector<std::string> names = {fmt::format("Lap {}", lap.lap)};
  std::string figures = figure_of(fmt::format("Profit of lap {}", lap.lap), *lap.attribution, lap.numeraire);
  if (intervals.size() > 1) {
    names.emplace_back("All laps");
    figures += figure_of(fmt::format("Profit of {} laps", intervals.size()), run, lap.numeraire);
  }
  const std::string words = fmt::format(
      "Largest in the lap: {} {}. Trades are what crossing the quotes gave away against the marks; collateral is what "
      "stood in coins before, times the move of the index; carry is forwards against the index; time, delta, gamma, "
      "vega, vanna and volga are what the market did to options and futures; last day holds options within a day of "
      "expiry apart. The bars add up to the change exactly; the residual is what the others do not explain.",
      largest_text(profit_steps(*lap.attribution), lap.numeraire), lap.numeraire);
  return section_markup("profit", "Where profit came from",
                        html_paragraph(words) + "<div class=\"figures\">\n" + figures +
                            "</div>\n<h3>To the last digit</h3>\n" +
                            ExactTable{*lap.attribution, run, names, lap.numeraire}.markup());
}

std::string laps_section(const PageContent& content) {
  const std::span<const LapReport> laps = content.page.laps;
  if (laps.size() < 2) return {};
  constexpr std::size_t rows_most = 40;
  const std::string& unit = content.lap.numeraire;
  LineChart chart{"Equity after each lap", "Equity", unit, {}};
  HtmlTable table{"The laps of the run",
                  {{"Lap", false},
                   {"Time, UTC", false},
                   {"Equity, " + unit},
                   {"Change"},
                   {"Fills"},
                   {"Cost"},
                   {"Binding"},
                   {"Broken"},
                   {"Worst stress"},
                   {"Margin"}}};
  for (std::size_t i = 0; i < laps.size(); ++i) {
    const LapReport& lap = laps[i];
    chart.points.push_back({static_cast<double>(lap.lap), lap.equity});
    if (i + rows_most < laps.size()) continue;
    const auto cost = cost_of_fills(lap);
    std::size_t broken = 0;
    std::size_t binding = 0;
    for (const ConstraintLine& line : lap.constraints) {
      broken += line.broken() ? 1U : 0U;
      binding += line.target.binding ? 1U : 0U;
    }
    const bool compared = i > 0 && lap.equity && laps[i - 1].equity;
    const double change = compared ? *lap.equity - *laps[i - 1].equity : 0.0;
    table.add({std::to_string(lap.lap),
               {format_utc_minutes(lap.time), Look::faint},
               lap.equity ? money_text(*lap.equity, unit) : "unknown",
               compared ? change_text(change, money_decimals(change, unit)) : text_absent,
               count_text(lap.fills.size()),
               cost ? money_text(*cost, unit) : text_absent,
               count_text(binding),
               {count_text(broken), broken > 0 ? Look::bad : Look::plain},
               lap.stress.empty() ? text_absent : money_text(lap.stress.front().profit, unit),
               percent_text(utilisation_most(lap), 0)});
  }
  std::string caption = fmt::format("<b>Equity after each lap.</b> {} laps.", laps.size());
  if (laps.size() > rows_most) caption += fmt::format(" The table holds the last {}.", rows_most);
  return section_markup("laps", "The laps of the run",
                        "<div class=\"figures\">\n" + html_figure(line_chart(chart), caption) + "<div class=\"two\">" +
                            table.markup() + "</div></div>\n");
}

}  // namespace gimbal::report::internal
