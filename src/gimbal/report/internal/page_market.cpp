// What the decisions were computed from: smiles with the account's own options in them, all positions, and what the
// data lacked.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "gimbal/report/charts/smile_chart.hpp"
#include "gimbal/report/charts/svg.hpp"
#include "gimbal/report/internal/html_table.hpp"
#include "gimbal/report/internal/page_sections.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report::internal {
namespace {

std::string date_text(UtcTime time) {
  constexpr const char* months[] = {"January", "February", "March",     "April",   "May",      "June",
                                    "July",    "August",   "September", "October", "November", "December"};
  const CivilDate date = civil_date(time);
  return fmt::format("{} {} {}", date.day, months[date.month - 1], date.year);
}

std::string smile_figure(const SmileDetail& smile) {
  SmileChart chart{fmt::format("{}, {}", smile.underlying, date_text(smile.expiry)), {}, {}, {}};
  for (const QuoteDetail& quote : smile.quotes)
    chart.bars.push_back({quote.moneyness, quote.bid_volatility, quote.ask_volatility});
  for (const CurveDetail& point : smile.curve) chart.curve.push_back({point.moneyness, point.volatility});
  std::size_t held = 0;
  for (const OptionDetail& option : smile.positions) {
    held += option.after.is_zero() ? 0U : 1U;
    chart.marks.push_back({option.moneyness, option.volatility, option.before.to_double(), option.after.to_double(),
                           fmt::format("{}: {} contracts before, {} after", without_venue(option.instrument),
                                       decimal_text(option.before), decimal_text(option.after))});
  }
  std::string caption =
      fmt::format("<b>{}</b>, {} d: {} at the money, {}, {}", escaped(chart.name),
                  fixed_text(smile.days, smile.days < 10.0 ? 1 : 0), percent_text(smile.volatility_atm), smile.rung,
                  counted(smile.quotes.size(), "quote", "quotes"));
  caption += held > 0 ? fmt::format(", {} held.", held) : ".";
  return html_figure(smile_chart(chart), caption);
}

std::string smile_legend() {
  return "<p class=\"legend\"><svg data-chart=\"none\" role=\"img\" aria-label=\"Signs in the smiles\" "
         "viewBox=\"0 0 16 12\"><line x1=\"8\" y1=\"1\" x2=\"8\" y2=\"11\" class=\"quotes\"/></svg> bid to ask of an "
         "option "
         "out of the money "
         "<svg data-chart=\"none\" role=\"img\" aria-label=\"curve\" viewBox=\"0 0 16 12\">"
         "<line x1=\"1\" y1=\"6\" x2=\"15\" y2=\"6\" class=\"curve\"/></svg> fitted "
         "<svg data-chart=\"none\" role=\"img\" aria-label=\"triangle up\" viewBox=\"0 0 16 12\">"
         "<polygon points=\"8,1 2,11 14,11\" class=\"long\"/></svg> held long "
         "<svg data-chart=\"none\" role=\"img\" aria-label=\"triangle down\" viewBox=\"0 0 16 12\">"
         "<polygon points=\"8,11 2,1 14,1\" class=\"short\"/></svg> held short "
         "<svg data-chart=\"none\" role=\"img\" aria-label=\"hollow triangle\" viewBox=\"0 0 16 12\">"
         "<polygon points=\"8,1 2,11 14,11\" class=\"closed\"/></svg> closed in this lap</p>\n";
}

// Greeks of single lines: what is smaller than any desk reads is zero.
std::string greek_text(const std::optional<double>& value) {
  constexpr double magnitude_least = 1e-6;
  if (value && std::fabs(*value) < magnitude_least) return "0";
  return significant_text(value);
}

struct Oddity {
  std::uint64_t count;
  const char* words;
};

std::string quality_sentence(const LapReport& lap) {
  const market::QualityCounts& quality = lap.quality;
  std::string text = fmt::format(
      "The snapshot of {} UTC had {} rows and gave {} instruments: {} with bid and ask, {} with one of them, {} "
      "without "
      "either.",
      format_utc_minutes(lap.time), count_text(quality.rows), count_text(quality.instruments),
      count_text(quality.two_sided), count_text(quality.one_sided), count_text(quality.unquoted));
  std::string odd;
  for (const Oddity& oddity :
       {Oddity{quality.crossed, "crossed and kept without quotes"}, Oddity{quality.expired, "expired and left out"},
        Oddity{quality.duplicates, "duplicates and left out"},
        Oddity{quality.off_tick, "sides off the tick and left out"},
        Oddity{quality.without_mark, "without a mark price"},
        Oddity{quality.without_forward, "options without a forward of their own"},
        Oddity{quality.unsupported, "of kinds that are not traded"}})
    if (oddity.count > 0)
      odd += fmt::format("{}{} {}", odd.empty() ? "" : "; ", count_text(oddity.count), oddity.words);
  text += odd.empty() ? " Nothing in it was odd." : " Odd: " + odd + ".";
  if (quality.sizes_assumed > 0 || quality.quotes_assumed > 0)
    text += fmt::format(
        " The format does not say everything: {} instruments have sizes and {} have quotes that the configuration "
        "assumes.",
        count_text(quality.sizes_assumed), count_text(quality.quotes_assumed));
  return text;
}

std::string slices_table(const LapReport& lap) {
  HtmlTable table{"Quality of the smiles",
                  {{"Expiry", false},
                   {"Days"},
                   {"Forward, USD"},
                   {"At the money"},
                   {"Slice", false},
                   {"Quotes used"},
                   {"Judged"},
                   {"Inside bid and ask"},
                   {"Near"},
                   {"Error, points"}}};
  for (const SurfaceReport& surface : lap.surfaces)
    for (const SliceReport& slice : surface.slices) {
      const bool judged = slice.quotes_judged > 0;
      constexpr double points = 100.0;
      table.add({fmt::format("{} {}", surface.underlying, date_text(slice.expiry)),
                 fixed_text(slice.days, slice.days < 10.0 ? 1 : 0),
                 fixed_text(slice.forward, 2),
                 percent_text(slice.volatility_atm),
                 {slice.rung, slice.rung == "fit" ? Look::plain : Look::warning},
                 count_text(slice.quotes_used),
                 count_text(slice.quotes_judged),
                 judged ? percent_text(slice.inside_share, 0) : text_absent,
                 judged ? percent_text(slice.near_share, 0) : text_absent,
                 judged ? fixed_text(points * slice.rmse_volatility, 2) : text_absent});
    }
  return table.empty() ? html_paragraph("No surface was fitted.") : table.markup();
}

}  // namespace

std::string smiles_section(const PageContent& content) {
  const std::vector<SmileDetail>& smiles = content.detail.smiles;
  if (smiles.empty())
    return section_markup("smiles", "Smiles", html_paragraph("No surface was fitted, so there are no smiles to show."));
  std::string inside = html_paragraph(
      "One figure for each expiry. Quotes are those that the fit was shown: out of the money, two-sided and not too "
      "wide. "
      "Bars that reach beyond a figure are cut at its edge. Positions stand on the fitted curve at their strike.");
  inside += smile_legend();
  std::string underlying;
  for (const SmileDetail& smile : smiles) {
    if (smile.underlying != underlying) {
      if (!underlying.empty()) inside += "</div>\n";
      underlying = smile.underlying;
      inside += fmt::format("<h3>{}</h3>\n<div class=\"figures small\">\n", escaped(underlying));
    }
    inside += smile_figure(smile);
  }
  return section_markup("smiles", "Smiles and own positions", inside + "</div>\n");
}

std::string positions_section(const PageContent& content) {
  const LapReport& lap = content.lap;
  if (content.detail.positions.empty())
    return section_markup("positions", "Positions", html_paragraph("Nothing is held and nothing was."));
  std::map<std::string, const PositionReport*> now;
  for (const PositionReport& position : lap.positions) now[position.instrument] = &position;
  const std::string& unit = lap.numeraire;
  HtmlTable table{"Positions",
                  {{"Instrument", false},
                   {"Before"},
                   {"After"},
                   {"Mark"},
                   {"Value, " + unit},
                   {"Delta, coins"},
                   {"Gamma, coins per 1%"},
                   {"Vega, " + unit + " per point"},
                   {"Theta, " + unit + " per day"},
                   {"Initial margin"}}};
  for (const PositionDetail& position : content.detail.positions) {
    const auto found = now.find(position.instrument);
    const PositionReport none;
    const PositionReport& held = found == now.end() ? none : *found->second;
    const bool moved = position.before != position.after;
    std::string name = without_venue(position.instrument);
    if (!held.listed) name += " (not listed)";
    table.add({name,
               {decimal_text(position.before), Look::faint},
               {decimal_text(position.after), moved ? Look::strong : Look::plain},
               significant_text(held.mark),
               held.value_in_numeraire ? money_text(*held.value_in_numeraire, unit) : text_absent,
               greek_text(held.delta),
               greek_text(held.gamma),
               greek_text(held.vega),
               greek_text(held.theta),
               held.initial_margin ? fmt::format("{} {}", significant_text(*held.initial_margin, 4), held.settlement)
                                   : text_absent});
  }
  return section_markup(
      "positions", "Positions",
      html_paragraph(fmt::format("{} held after the trades.", counted(lap.positions.size(), "line is", "lines are"))) +
          table.markup());
}

std::string quality_section(const PageContent& content) {
  return section_markup(
      "quality", "Data quality",
      html_paragraph(quality_sentence(content.lap)) +
          html_paragraph("Slices: fit is fitted to quotes of its own, neighbour takes the shape of the "
                         "nearest fitted expiry, flat has no quotes. Judged are quotes with a spread "
                         "under 20% of the premium; near is at most half a point beyond bid or ask.") +
          slices_table(content.lap));
}

}  // namespace gimbal::report::internal
