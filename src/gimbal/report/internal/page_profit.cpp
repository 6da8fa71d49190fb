// Where profit came from, in the last lap and over the run, and the run lap by lap.
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "gimbal/report/charts/line_chart.hpp"
#include "gimbal/report/charts/svg.hpp"
#include "gimbal/report/charts/waterfall.hpp"
#include "gimbal/report/internal/html_table.hpp"
#include "gimbal/report/internal/page_profit.hpp"
#include "gimbal/report/internal/page_sections.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report::internal {
namespace {

constexpr const char* last_day_name = "last day";
constexpr const char* residual_name = "residual";

void add_to(std::vector<WaterfallStep>& steps, const std::string& name, const Decimal& amount) {
  const auto known =
      std::find_if(steps.begin(), steps.end(), [&name](const WaterfallStep& step) { return step.name == name; });
  if (known != steps.end()) {
    known->amount = known->amount + amount;
  } else {
    steps.push_back({name, amount});
  }
}

// Items in the order in which attributions list them, and the words of one that an earlier interval did not have
// behind.
std::size_t place_of(const std::string& item) {
  constexpr const char* order[] = {"trades", "fees",  "funding", "settlement", "collateral", "carry",
                                   "time",   "delta", "gamma",   "vega",       "vanna",      "volga"};
  return static_cast<std::size_t>(std::find(std::begin(order), std::end(order), item) - std::begin(order));
}

std::string figure_of(const std::string& name, const std::vector<AttributionReport>& intervals,
                      const std::string& asset) {
  const Waterfall waterfall{name + " by cause", asset, profit_steps(intervals)};
  const Decimal total = waterfall_total(waterfall);
  const std::string caption = fmt::format(
      "<b>{}:</b> {}, from {} to {} UTC.", escaped(name),
      escaped(fmt::format("{} {}", change_text(total.to_double(), money_decimals(total.to_double(), asset)), asset)),
      format_utc_minutes(intervals.front().from), format_utc_minutes(intervals.back().to));
  return html_figure(waterfall_chart(waterfall), caption);
}

int scale_most(const std::vector<AttributionReport>& intervals) {
  int scale = 0;
  for (const AttributionReport& interval : intervals) {
    for (const auto* lines : {&interval.lines, &interval.last_day})
      for (const AttributionLine& line : *lines) scale = std::max(scale, line.amount.scale());
    scale = std::max({scale, interval.residual.scale(), interval.equity_from.scale(), interval.equity_to.scale()});
  }
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
  std::string item;
  std::string bucket;
  std::map<std::string, Decimal> lap;  // by asset
  std::map<std::string, Decimal> run;
};

using Lines = std::vector<AttributionLine> AttributionReport::*;

void merge(std::vector<ExactRow>& rows, const std::vector<AttributionLine>& lines,
           std::map<std::string, Decimal> ExactRow::*amounts) {
  for (const AttributionLine& line : lines) {
    auto row = std::find_if(rows.begin(), rows.end(), [&line](const ExactRow& known) {
      return known.item == line.item && known.bucket == line.bucket;
    });
    if (row == rows.end()) row = rows.insert(rows.end(), ExactRow{line.item, line.bucket, {}, {}});
    Decimal& amount = ((*row).*amounts)[line.asset];
    amount = amount + line.amount;
  }
}

std::vector<ExactRow> exact_rows(const std::vector<AttributionReport>& run, Lines which) {
  std::vector<ExactRow> rows;
  merge(rows, run.back().*which, &ExactRow::lap);
  for (const AttributionReport& interval : run) merge(rows, interval.*which, &ExactRow::run);
  const auto key = [](const ExactRow& row) {
    return std::make_pair(place_of(row.item), std::strtol(row.bucket.c_str(), nullptr, 10));  // `7-30 d` begins at 7
  };
  std::stable_sort(rows.begin(), rows.end(), [&key](const ExactRow& a, const ExactRow& b) { return key(a) < key(b); });
  return rows;
}

std::vector<std::string> assets_of(const std::vector<AttributionReport>& run) {
  std::set<std::string> assets;
  for (const AttributionReport& interval : run)
    for (const auto* lines : {&interval.lines, &interval.last_day})
      for (const AttributionLine& line : *lines)
        if (!line.asset.empty()) assets.insert(line.asset);
  return {assets.begin(), assets.end()};
}

Decimal sum_of(const std::vector<AttributionReport>& intervals, Decimal AttributionReport::*amount) {
  Decimal sum;
  for (const AttributionReport& interval : intervals) sum = sum + interval.*amount;
  return sum;
}

Decimal change_of(const std::vector<AttributionReport>& intervals) {
  Decimal sum;
  for (const AttributionReport& interval : intervals) sum = sum + interval.change();
  return sum;
}

// The lap, and beside it the run where that is more than the lap: an amount by asset and their sum for each.
class ExactTable {
 public:
  ExactTable(const std::vector<AttributionReport>& run, const LapReport& lap)
      : run_{run}, scale_{scale_most(run)}, assets_{assets_of(run)}, table_{"Profit line by line", columns(lap)} {}

  std::string markup() {
    for (const ExactRow& row : exact_rows(run_, &AttributionReport::lines)) add(row, "");
    for (const ExactRow& row : exact_rows(run_, &AttributionReport::last_day)) add(row, "last day: ");
    add(residual_name, run_.back().residual, sum_of(run_, &AttributionReport::residual), Look::plain);
    add("change", run_.back().change(), change_of(run_), Look::strong);
    add("equity at the start", run_.back().equity_from, run_.front().equity_from, Look::plain);
    // What the owner brought in is no profit; neither is what a lap that could not be valued hides.
    const Decimal brought = run_.back().equity_to - run_.front().equity_from - change_of(run_);
    if (!brought.is_zero()) add("brought in", run_.back().deposits, brought, Look::plain);
    add("equity at the end", run_.back().equity_to, run_.back().equity_to, Look::plain);
    return table_.markup();
  }

 private:
  [[nodiscard]] std::vector<HtmlColumn> columns(const LapReport& lap) const {
    std::vector<HtmlColumn> list = {{"Cause", false}};
    const auto add_interval = [&](const std::string& name) {
      for (const std::string& asset : assets_) list.push_back({fmt::format("{}: {}", name, asset)});
      list.push_back({fmt::format("{}, {}", name, lap.numeraire)});
    };
    add_interval(fmt::format("Lap {}", lap.lap));
    if (run_.size() > 1) add_interval("All laps");
    return list;
  }

  void add(const ExactRow& row, const std::string& prefix) {
    std::string name = prefix + row.item;
    if (!row.bucket.empty()) name += ", " + row.bucket;
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
    if (run_.size() > 1) add_amounts(row.run);
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
    if (run_.size() > 1) add_sum(in_run);
    table_.add(cells, look);
  }

  const std::vector<AttributionReport>& run_;
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

std::string margin_text(const LapReport& lap) {
  std::optional<double> most;
  for (const MarginReport& pool : lap.margin)
    if (pool.utilisation && (!most || *pool.utilisation > *most)) most = pool.utilisation;
  return percent_text(most, 0);
}

}  // namespace

std::vector<WaterfallStep> profit_steps(std::span<const AttributionReport> intervals) {
  std::vector<WaterfallStep> steps;
  Decimal last_day;
  Decimal residual;
  bool any_last_day = false;
  for (const AttributionReport& interval : intervals) {
    for (const AttributionLine& line : interval.lines) add_to(steps, line.item, line.amount);
    for (const AttributionLine& line : interval.last_day) last_day = last_day + line.amount;
    any_last_day = any_last_day || !interval.last_day.empty();
    residual = residual + interval.residual;
  }
  std::stable_sort(steps.begin(), steps.end(),
                   [](const WaterfallStep& a, const WaterfallStep& b) { return place_of(a.name) < place_of(b.name); });
  if (any_last_day) steps.push_back({last_day_name, last_day});
  steps.push_back({residual_name, residual});
  return steps;
}

std::string profit_section(const PageContent& content) {
  const LapReport& lap = content.lap;
  std::vector<AttributionReport> run;
  for (const LapReport& each : content.page.laps)
    if (each.attribution) run.push_back(*each.attribution);
  if (!lap.attribution)
    return section_markup("profit", "Where profit came from",
                          html_paragraph("The profit of this lap is not attributed: equity before it or after it is "
                                         "not known."));
  std::string figures = figure_of(fmt::format("Profit of lap {}", lap.lap), {run.back()}, lap.numeraire);
  if (run.size() > 1) figures += figure_of(fmt::format("Profit of {} laps", run.size()), run, lap.numeraire);
  const std::string words = fmt::format(
      "Largest in the lap: {} {}. Trades are what crossing the quotes gave away against the marks; collateral is what "
      "stood in coins before, times the move of the index; carry is forwards against the index; time, delta, gamma, "
      "vega, "
      "vanna and volga are what the market did to options and futures; last day holds options within a day of expiry "
      "apart. The bars add up to the change exactly; the residual is what the others do not explain.",
      largest_text(profit_steps({&run.back(), 1}), lap.numeraire), lap.numeraire);
  return section_markup("profit", "Where profit came from",
                        html_paragraph(words) + "<div class=\"figures\">\n" + figures + "</div>\n<h3>To the last " +
                            "digit</h3>\n" + ExactTable{run, lap}.markup());
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
    double cost = 0.0;
    for (const FillReport& fill : lap.fills) cost += fill.cost.value_or(0.0);
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
               money_text(cost, unit),
               count_text(binding),
               {count_text(broken), broken > 0 ? Look::bad : Look::plain},
               lap.stress.empty() ? text_absent : money_text(lap.stress.front().profit, unit),
               margin_text(lap)});
  }
  std::string caption = fmt::format("<b>Equity after each lap.</b> {} laps.", laps.size());
  if (laps.size() > rows_most) caption += fmt::format(" The table holds the last {}.", rows_most);
  return section_markup("laps", "The laps of the run",
                        "<div class=\"figures\">\n" + html_figure(line_chart(chart), caption) + "<div class=\"two\">" +
                            table.markup() + "</div></div>\n");
}

}  // namespace gimbal::report::internal
