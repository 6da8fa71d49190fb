// Where the risk stands: the surface before and after, every bound that matters, and margin.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "gimbal/report/charts/bound_chart.hpp"
#include "gimbal/report/charts/heat_map.hpp"
#include "gimbal/report/charts/margin_chart.hpp"
#include "gimbal/report/charts/svg.hpp"
#include "gimbal/report/internal/html_table.hpp"
#include "gimbal/report/internal/page_sections.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report::internal {
namespace {

constexpr double percent = 100.0;
constexpr std::string_view stress_prefix = "stress ";

// `-249,886 USD at spot +30 %, volatility -25 %`.
std::string worst_text(const RiskSurfaceDetail& surface, const Matrix& profit, const std::string& asset) {
  std::size_t row = 0;
  std::size_t column = 0;
  for (std::size_t r = 0; r < profit.rows(); ++r)
    for (std::size_t c = 0; c < profit.columns(); ++c)
      if (profit(r, c) < profit(row, column)) {
        row = r;
        column = c;
      }
  return fmt::format("{} at spot {} %, volatility {} %", money_with_unit(profit(row, column), asset),
                     change_text(percent * surface.spot_moves[row], 0),
                     change_text(percent * surface.volatility_moves[column], 0));
}

std::string heat_figure(const PageContent& content, const GridDetail& grid, bool after) {
  const RiskSurfaceDetail& surface = *content.detail.surface;
  const Matrix& profit = after ? grid.after : grid.before;
  const std::string when = after ? "After the trades" : "Before the trades";
  HeatMap map{when + ": profit",     surface.spot_moves, surface.volatility_moves, profit,
              content.lap.numeraire, grid.colour_end()};
  const std::string caption = fmt::format("<b>{}.</b> The worst cell (framed) is {}.", when,
                                          escaped(worst_text(surface, profit, content.lap.numeraire)));
  return html_figure(heat_map(map), caption);
}

// Shown by the script; without one the heat maps say the same.
std::string turning_figure(const PageContent& content) {
  std::string choices;
  for (const GridDetail& grid : content.detail.surface->grids)
    choices += fmt::format("<button type=\"button\" data-moved=\"\"{}>{}</button>", attribute("value", grid.moved),
                           grid.moved == "all" ? "all together" : escaped(grid.moved) + " alone");
  return fmt::format(
      "<figure id=\"turning\" hidden=\"\">\n"
      "<figcaption><b>The surface, to be turned.</b> Profit over spot and volatility; drag it, or use the arrow keys. "
      "Height and colour are profit.</figcaption>\n"
      "<canvas role=\"img\" tabindex=\"0\" aria-label=\"Risk surface: profit by spot move and volatility move; "
      "the arrow keys turn it\"></canvas>\n"
      "<div class=\"choices\"><span role=\"group\" aria-label=\"Book\">"
      "<button type=\"button\" data-book=\"\" value=\"before\">before</button>"
      "<button type=\"button\" data-book=\"\" value=\"after\">after</button></span>"
      "<span role=\"group\" aria-label=\"What moves\">{}</span></div>\n</figure>\n",
      choices);
}

// One Greek or stress row with its values as the chart shows them.
BoundRow bound_row(const ConstraintLine& line, std::string name) {
  const portfolio::ConstraintReport& target = line.target;
  BoundRow row;
  row.name = std::move(name);
  row.unit = target.unit;
  row.lower = target.lower;
  row.upper = target.upper;
  row.before = target.value_current;
  row.after = line.booked ? line.booked : std::optional{target.value_rounded};
  const double size = std::max({std::fabs(target.lower.value_or(0.0)), std::fabs(target.upper.value_or(0.0)),
                                target.lower || target.upper ? 0.0 : std::fabs(*row.before)});
  const int decimals = decimals_for(size, {.digits = 4, .decimals_most = 6});
  row.before_text = fixed_text(*row.before, decimals);
  row.after_text = fixed_text(*row.after, decimals);
  return row;
}

const ConstraintLine* constraint_named(const LapReport& lap, const std::string& name) {
  for (const ConstraintLine& line : lap.constraints)
    if (line.target.name == name) return &line;
  return nullptr;
}

std::string greeks_figure(const LapReport& lap, const ExposureReport& exposure) {
  BoundChart chart{fmt::format("Greeks of {} against their bounds", exposure.underlying), {}};
  std::size_t outside = 0;
  for (const GreekBound& bound : exposure.bounds) {
    const ConstraintLine* line = constraint_named(lap, bound.name);
    if (line == nullptr) continue;
    outside += is_outside(line->target, line->target.value_current) ? 1U : 0U;
    std::string name = bound.greek;
    if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
    if (!bound.collateral_included) name += " without collateral";
    chart.rows.push_back(bound_row(*line, fmt::format("{}, {}", name, line->target.unit)));
  }
  const std::string caption = fmt::format(
      "<b>{}.</b> {} outside before the trades. Band: allowed; ring: before; dot: after.", escaped(exposure.underlying),
      outside == 0 ? "No Greek was" : counted(outside, "Greek was", "Greeks were"));
  return html_figure(bound_chart(chart), caption);
}

std::string stress_figure(const LapReport& lap) {
  constexpr std::size_t rows_most = 4;
  std::vector<const ConstraintLine*> rows;
  for (const ConstraintLine& line : lap.constraints)
    if (line.target.name.starts_with(stress_prefix)) rows.push_back(&line);
  std::stable_sort(rows.begin(), rows.end(), [](const ConstraintLine* a, const ConstraintLine* b) {
    return a->booked.value_or(a->target.value_rounded) < b->booked.value_or(b->target.value_rounded);
  });
  if (rows.size() > rows_most) rows.resize(rows_most);
  if (rows.empty()) return {};
  BoundChart chart{"Stress rows against their floor", {}};
  for (const ConstraintLine* row : rows) {
    chart.rows.push_back(bound_row(*row, fmt::format("Profit, {}", row->target.unit)));
    chart.rows.back().words = row->target.name.substr(stress_prefix.size());
  }
  return html_figure(bound_chart(chart), "<b>Stress rows nearest to their floor.</b> Signs as beside.");
}

HtmlCell state_cell(const ConstraintLine& line) {
  if (line.broken()) return {"broken", Look::bad};
  if (line.violation_booked.value_or(0.0) > 0.0) return {"outside", Look::warning};
  if (line.target.binding) return {"binds", Look::strong};
  if (line.booked && is_outside(line.target, line.target.value_current)) return {"mended", Look::good};
  return {""};
}

// Every bound that was broken, is broken, or has a price: the ones that shaped the book.
std::string bounds_table(const LapReport& lap) {
  HtmlTable table{"Bounds that were broken, are broken or bind",
                  {{"Bound", false},
                   {"Unit", false},
                   {"Lower"},
                   {"Before"},
                   {"After"},
                   {"Upper"},
                   {"Price, " + lap.numeraire + " per unit"},
                   {"State", false}},
                  Narrow::stacks};
  for (const ConstraintLine& line : lap.constraints) {
    const portfolio::ConstraintReport& target = line.target;
    const bool was_outside = is_outside(target, target.value_current);
    if (!target.binding && !was_outside && !line.broken() && target.violation <= 0.0) continue;
    const double size = std::max({std::fabs(target.lower.value_or(0.0)), std::fabs(target.upper.value_or(0.0))});
    const int decimals =
        decimals_for(size == 0.0 ? std::fabs(target.value_current) : size, {.digits = 4, .decimals_most = 6});
    table.add({without_venue(target.name),
               {target.unit, Look::faint},
               optional_text(target.lower, decimals),
               {fixed_text(target.value_current, decimals), was_outside ? Look::bad : Look::plain},
               {optional_text(line.booked, decimals), line.broken() ? Look::bad : Look::plain},
               optional_text(target.upper, decimals),
               target.shadow_price > 0.0 ? significant_text(target.shadow_price, 4) : "",
               state_cell(line)});
  }
  if (table.empty()) return html_paragraph("No bound was broken and none binds.");
  return table.markup();
}

std::string coins(double value, const std::string& asset) {
  return fixed_text(value, decimals_for(value, {.digits = 5, .decimals_most = asset == "USD" ? 2 : 4}));
}

std::string margin_table(const LapDetail& detail) {
  HtmlTable table{"Margin by pool",
                  {{"Pool", false}, {"", false}, {"Balance"}, {"Initial"}, {"Maintenance"}, {"Used"}, {"Room"}}};
  for (const MarginDetail& pool : detail.margin)
    for (const bool after : {false, true}) {
      const PoolDetail& figures = after ? pool.after : pool.before;
      table.add({pool.pool, after ? "after" : "before",
                 fmt::format("{} {}", coins(figures.balance, pool.pool), pool.pool), coins(figures.initial, pool.pool),
                 coins(figures.maintenance, pool.pool), figures.used() ? percent_text(figures.used()) : "all",
                 figures.room() ? percent_text(figures.room()) : "none"},
                after ? Look::strong : Look::plain);
    }
  return table.markup();
}

std::optional<double> ceiling_of(const LapReport& lap) {
  for (const MarginReport& pool : lap.margin)
    if (pool.ceiling) return pool.ceiling;
  return std::nullopt;
}

}  // namespace

std::string surface_section(const PageContent& content) {
  if (!content.detail.surface)
    return section_markup("surface", "Risk surface",
                          html_paragraph("There is no risk surface: " + content.detail.trouble + "."));
  const RiskSurfaceDetail& surface = *content.detail.surface;
  const GridDetail& all = surface.grids.front();
  const std::string dynamics =
      surface.dynamics == "sticky_strike" ? "at each strike stays" : "travels with the forward";
  const std::string words = fmt::format(
      "Profit in {} when {} and their volatilities move at once and no time passes, by full revaluation of every "
      "position and of the coin collateral. Volatility {} when spot moves; its relative move is that of an option with "
      "30 days to go, others move by (30 d / time)^{} as much. Both maps share one scale of colours, which ends "
      "at the largest loss: blue is profit, orange is loss. The dotted frame is the book without a move. The grid "
      "reaches "
      "further than the configured stress rows.",
      content.lap.numeraire, surface.grids.size() > 1 ? "all underlyings" : "the underlying", dynamics,
      plain_text(surface.volatility_exponent));
  return section_markup("surface", "Risk surface before and after",
                        html_paragraph(words) + "<div class=\"figures\">\n" + heat_figure(content, all, false) +
                            heat_figure(content, all, true) + turning_figure(content) + "</div>\n");
}

std::string bounds_section(const PageContent& content) {
  const LapReport& lap = content.lap;
  if (lap.constraints.empty())
    return section_markup("bounds", "Bounds", html_paragraph("There is no target, so no bound was measured."));
  std::string figures;
  for (const ExposureReport& exposure : lap.exposures) figures += greeks_figure(lap, exposure);
  figures += stress_figure(lap);
  if (!figures.empty()) figures = "<div class=\"figures\">\n" + figures + "</div>\n";
  return section_markup("bounds", "Greeks and stress against their bounds",
                        figures + "<h3>Bounds that shaped the book</h3>\n" + bounds_table(lap));
}

std::string margin_section(const PageContent& content) {
  const LapReport& lap = content.lap;
  if (content.detail.margin.empty())
    return section_markup("margin", "Margin",
                          html_paragraph("No margin was computed: " + content.detail.trouble + "."));
  MarginChart chart{fmt::format("Margin of {} by pool", lap.account), {}, ceiling_of(lap)};
  for (const MarginDetail& pool : content.detail.margin) {
    const auto bar = [](const std::string& name, const PoolDetail& figures) {
      const bool nothing = figures.maintenance == 0.0;
      return MarginBar{
          name, figures.used(),
          nothing ? std::optional{0.0} : (figures.room() ? std::optional{1.0 - *figures.room()} : std::nullopt)};
    };
    chart.bars.push_back(bar(pool.pool + " before", pool.before));
    chart.bars.push_back(bar(pool.pool + " after", pool.after));
  }
  std::string words = fmt::format(
      "Rule: {}. Room is what may be lost of a pool's balance, at unchanged requirements, until maintenance margin is "
      "not "
      "covered and the venue takes over.",
      lap.margin_rule);
  if (!lap.margin_unconfirmed.empty()) {
    words += " Not checked against the venue:";
    for (std::size_t i = 0; i < lap.margin_unconfirmed.size(); ++i)
      words += (i > 0 ? ", " : " ") + lap.margin_unconfirmed[i];
    words += ".";
  }
  const std::string caption =
      "<b>Required margin by pool.</b> <span class=\"swatch initial\"></span> initial, "
      "<span class=\"swatch maintenance\"></span> maintenance; the number is initial margin as a share of the balance.";
  return section_markup("margin", "Margin, balance and room",
                        html_paragraph(words) + "<div class=\"figures\">\n" +
                            html_figure(margin_chart(chart), caption) + "<div class=\"two\">" +
                            margin_table(content.detail) + "</div></div>\n");
}

}  // namespace gimbal::report::internal
