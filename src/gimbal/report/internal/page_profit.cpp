// Where profit came from, in the last lap and over the run, and the run lap by lap.
#include <fmt/core.h>

#include <algorithm>

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

struct ExactLine {
  AttributionLine line;
  Decimal lap;
  Decimal run;
};

void merge(std::vector<ExactLine>& into, const std::vector<AttributionLine>& lines, Decimal ExactLine::*amount) {
  for (const AttributionLine& line : lines) {
    auto known = std::find_if(into.begin(), into.end(), [&line](const ExactLine& other) {
      return other.line.item == line.item && other.line.asset == line.asset && other.line.bucket == line.bucket;
    });
    if (known == into.end()) known = into.insert(into.end(), {line, Decimal{}, Decimal{}});
    (*known).*amount = (*known).*amount + line.amount;
  }
}

using Lines = std::vector<AttributionLine> AttributionReport::*;

std::vector<ExactLine> exact_lines(const std::vector<AttributionReport>& run, Lines which) {
  std::vector<ExactLine> lines;
  merge(lines, run.back().*which, &ExactLine::lap);
  for (const AttributionReport& interval : run) merge(lines, interval.*which, &ExactLine::run);
  std::stable_sort(lines.begin(), lines.end(), [](const ExactLine& a, const ExactLine& b) {
    const auto key = [](const ExactLine& line) { return place_of(line.line.item); };
    if (key(a) != key(b)) return key(a) < key(b);
    return a.line.asset < b.line.asset;
  });
  return lines;
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

std::string exact_table(const std::vector<AttributionReport>& run, const LapReport& lap) {
  const std::string& unit = lap.numeraire;
  const int scale = scale_most(run);
  HtmlTable table{"Profit line by line",
                  {{"Cause", false},
                   {"Of", false},
                   {fmt::format("Lap {}, {}", lap.lap, unit)},
                   {fmt::format("All laps, {}", unit)}}};
  const auto add = [&](const std::string& cause, const std::string& of, const Decimal& in_lap, const Decimal& in_run,
                       Look look) {
    table.add({cause, of, exact_text(in_lap, scale), exact_text(in_run, scale)}, look);
  };
  const auto add_lines = [&](Lines which, const std::string& prefix) {
    for (const ExactLine& line : exact_lines(run, which))
      add(prefix + line.line.item, line.line.asset + (line.line.bucket.empty() ? "" : ", " + line.line.bucket),
          line.lap, line.run, Look::plain);
  };
  add_lines(&AttributionReport::lines, "");
  add_lines(&AttributionReport::last_day, "last day: ");
  add(residual_name, "", run.back().residual, sum_of(run, &AttributionReport::residual), Look::plain);
  add("change", "", run.back().change(), change_of(run), Look::strong);
  add("equity at the start", "", run.back().equity_from, run.front().equity_from, Look::plain);
  // What the owner brought in is no profit; neither is what a lap that could not be valued hides.
  const Decimal brought = run.back().equity_to - run.front().equity_from - change_of(run);
  if (!brought.is_zero()) add("brought in", "", run.back().deposits, brought, Look::plain);
  add("equity at the end", "", run.back().equity_to, run.back().equity_to, Look::plain);
  return table.markup();
}

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
                        html_paragraph(words) + "<div class=\"figures\">\n" + figures + "<div class=\"exact\">" +
                            exact_table(run, lap) + "</div></div>\n");
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
