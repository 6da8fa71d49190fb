// Sections by underlying, and the numbers of the turning surface.
#include "gimbal/report/surface_page.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/numerics/special.hpp"
#include "gimbal/report/charts/curves_chart.hpp"
#include "gimbal/report/charts/smile_chart.hpp"
#include "gimbal/report/internal/html_table.hpp"
#include "gimbal/report/internal/json_text.hpp"
#include "gimbal/report/internal/lap_figures.hpp"
#include "gimbal/report/internal/page_document.hpp"
#include "gimbal/report/number_text.hpp"
#include "gimbal/report/surface_json.hpp"

namespace gimbal::report {
namespace {

using internal::HtmlTable;
using internal::Json;
using internal::Look;
using surface::SurfaceSlice;
using surface::VolSurface;

constexpr double percent = 100.0;
constexpr int curve_points = 61;
constexpr double deviations_shown = 3.0;

std::string expiry_text(UtcTime time) {
  constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const CivilDate date = civil_date(time);
  return fmt::format("{} {} {}", date.day, months[date.month - 1], date.year);
}

double days_of(const SurfaceSlice& slice) { return slice.years * 365.0; }
std::string days_text(double days) { return fixed_text(days, days < 10.0 ? 1 : 0); }

std::string strip(const SurfacePart& part) {
  const SurfaceFigures& figures = part.figures;
  const PooledQuality pooled = pooled_quality(figures);
  const CertificateFigures certificate = certificate_figures(figures.expiries);
  std::string markup = "<dl class=\"strip\">\n";
  markup += internal::strip_item_markup({"Arbitrage", figures.arbitrage_free ? "none" : "found", "",
                                         figures.arbitrage_free ? "certified: within slices, between them, in the wings"
                                                                : "see the least g and the gaps below",
                                         figures.arbitrage_free ? "good" : "bad"});
  markup += internal::strip_item_markup(
      {"Least g", significant_text(certificate.density_least.value, 2), "",
       "at " + expiry_text(certificate.density_least.expiry) + "; below zero is a butterfly"});
  if (certificate.gap_least)
    markup += internal::strip_item_markup(
        {"Least gap", significant_text(certificate.gap_least->value, 2), "",
         "of total variance, before " + expiry_text(certificate.gap_least->expiry) + "; below zero is a calendar"});
  markup += internal::strip_item_markup(
      {"Quotes judged", count_text(pooled.judged), "", "two-sided, out of the money, spread under 20% of the premium"});
  if (pooled.inside_share()) {
    markup += internal::strip_item_markup(
        {"Inside", percent_text(*pooled.inside_share()), "", "have the fitted premium between bid and ask"});
    markup += internal::strip_item_markup(
        {"Near", percent_text(*pooled.near_share()), "", "inside, or at most half a point beyond"});
  }
  for (std::size_t i = 0; i < maturity_days.size(); ++i)
    if (figures.volatility_at_maturity[i] && maturity_days[i] != 90)
      markup += internal::strip_item_markup({fmt::format("{} days", maturity_days[i]),
                                             percent_text(*figures.volatility_at_maturity[i]), "",
                                             "at the money, between expiries"});
  return markup + "</dl>\n";
}

std::string points_text(const std::optional<double>& volatility) {
  return volatility ? change_text(percent * *volatility, 2) : std::string{text_absent};
}

std::string expiries_table(const SurfaceFigures& figures) {
  HtmlTable table{figures.underlying + " by expiry",
                  {{"Expiry", false},
                   {"Days"},
                   {"Forward, USD"},
                   {"At the money"},
                   {"Forward volatility"},
                   {"25-delta reversal, points"},
                   {"25-delta butterfly, points"},
                   {"Quotes judged"},
                   {"Inside"},
                   {"Near"},
                   {"Error, points"},
                   {"Least g"},
                   {"Least gap"},
                   {"Slice", false}}};
  for (std::size_t i = 0; i < figures.expiries.size(); ++i) {
    const ExpiryFigures& expiry = figures.expiries[i];
    const SurfaceSlice& slice = expiry.slice;
    const bool judged = slice.quality.quotes_judged > 0;
    const auto limit = [](double value) {
      return internal::HtmlCell{significant_text(value, 2), value < 0.0 ? Look::bad : Look::plain};
    };
    table.add({expiry_text(slice.expiry),
               days_text(days_of(slice)),
               fixed_text(slice.forward, 2),
               percent_text(slice.volatility_atm),
               expiry.forward_volatility ? percent_text(*expiry.forward_volatility) : std::string{text_absent},
               points_text(expiry.spread ? std::optional{expiry.spread->risk_reversal} : std::nullopt),
               points_text(expiry.spread ? std::optional{expiry.spread->butterfly} : std::nullopt),
               count_text(slice.quality.quotes_judged),
               judged ? percent_text(slice.quality.inside_share, 0) : std::string{text_absent},
               judged ? percent_text(slice.quality.near_share, 0) : std::string{text_absent},
               judged ? fixed_text(percent * slice.quality.rmse_volatility, 2) : std::string{text_absent},
               limit(slice.certificate.density_least),
               i == 0 ? internal::HtmlCell{text_absent} : limit(slice.certificate.gap_least),
               {surface::to_string(slice.rung), slice.rung == surface::Rung::fit ? Look::plain : Look::warning}});
  }
  return table.markup();
}

std::string term_structure_figure(const SurfacePart& part) {
  Curve atm{"at the money", {}, true};
  Curve forward{"forward", {}, false};
  double before = 0.0;
  for (const ExpiryFigures& expiry : part.figures.expiries) {
    const double root = std::sqrt(days_of(expiry.slice));
    atm.points.push_back({root, percent * expiry.slice.volatility_atm});
    if (expiry.forward_volatility) {
      forward.points.push_back({before, percent * *expiry.forward_volatility});
      forward.points.push_back({root, percent * *expiry.forward_volatility});
    }
    before = root;
  }
  const double root_least = atm.points.front().x;
  const double root_most = atm.points.back().x;
  Ticks days;
  for (const int day : {1, 7, 14, 30, 60, 90, 180, 270, 365}) {
    const double root = std::sqrt(static_cast<double>(day));
    if (root < root_least || root > root_most) continue;
    days.values.push_back(root);
    days.texts.push_back(fmt::format("{}", day));
  }
  const CurvesChart chart{.name = "Term structure of " + part.figures.underlying,
                          .x = {"Days to expiry, spaced by their square roots", "Days"},
                          .y = {"Volatility, % a year", "%"},
                          .curves = {forward, atm},
                          .x_ticks = days};
  return internal::html_figure(
      curves_chart(chart),
      "<b>Term structure.</b> Dots: at the money, by expiry. Pale steps: forward volatility from "
      "each expiry to the next.");
}

/// One curve an expiry of something along log-moneyness in standard deviations.
template <class Function>
std::vector<Curve> along_deviations(const SurfacePart& part, const Function& value) {
  std::vector<Curve> curves;
  for (const ExpiryFigures& expiry : part.figures.expiries) {
    const SurfaceSlice& slice = expiry.slice;
    const double level = slice.volatility_atm * std::sqrt(slice.years);
    Curve curve{expiry_text(slice.expiry), {}, false};
    for (int i = 0; i < curve_points; ++i) {
      const double z = deviations_shown * (2.0 * i / (curve_points - 1) - 1.0);
      curve.points.push_back({z, value(slice, z * level)});
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

std::string density_figure(const SurfacePart& part) {
  const auto density = [](const SurfaceSlice& slice, double k) { return butterfly_density(slice.svi, k); };
  const CurvesChart chart{.name = "Density function g of " + part.figures.underlying + " by expiry",
                          .x = {"Log-moneyness, standard deviations", "standard deviations"},
                          .y = {"g, 1 for a flat smile", "1"},
                          .curves = along_deviations(part, density),
                          .zero = true};
  return internal::html_figure(curves_chart(chart),
                               "<b>Butterflies.</b> The density function g of each expiry, later ones darker: below "
                               "zero a butterfly would pay for nothing.");
}

/// Total variance over the log-moneyness that the later half of the expiries have in common.
std::string variance_figure(const SurfacePart& part) {
  const auto& expiries = part.figures.expiries;
  const SurfaceSlice& middle = expiries[expiries.size() / 2].slice;
  const double reach = deviations_shown * middle.volatility_atm * std::sqrt(middle.years);
  std::vector<Curve> curves;
  for (const ExpiryFigures& expiry : expiries) {
    Curve curve{expiry_text(expiry.slice.expiry), {}, false};
    for (int i = 0; i < curve_points; ++i) {
      const double k = reach * (2.0 * i / (curve_points - 1) - 1.0);
      curve.points.push_back({percent * numerics::exp(k), std::sqrt(svi_variance(expiry.slice.svi, k))});
    }
    curves.push_back(std::move(curve));
  }
  const CurvesChart chart{.name = "Total volatility of " + part.figures.underlying + " by expiry",
                          .x = {"Strike over forward, %", "%"},
                          .y = {"Volatility times square root of years", "1"},
                          .curves = std::move(curves),
                          .zero = true};
  return internal::html_figure(
      curves_chart(chart),
      "<b>Calendars.</b> Total volatility of each expiry, later ones darker: where two crossed, "
      "a calendar would pay for nothing.");
}

std::string smiles(const SurfacePart& part) {
  std::string markup = "<div class=\"figures small\">\n";
  for (std::size_t i = 0; i < part.figures.expiries.size(); ++i) {
    const SurfaceSlice& slice = part.figures.expiries[i].slice;
    SmileChart chart{fmt::format("{}, {}", part.figures.underlying, expiry_text(slice.expiry)), {}, {}, {}};
    double lower = 0.95;
    double upper = 1.05;
    for (const QuoteDetail& quote : part.quotes[i]) {
      chart.bars.push_back({quote.moneyness, quote.bid_volatility, quote.ask_volatility});
      lower = std::min(lower, quote.moneyness);
      upper = std::max(upper, quote.moneyness);
    }
    for (const CurveDetail& point : smile_curve(slice, lower, upper))
      chart.curve.push_back({point.moneyness, point.volatility});
    const std::uint32_t rejected = quotes_rejected(slice.quality);
    markup += internal::html_figure(
        smile_chart(chart),
        fmt::format("<b>{}</b>, {} d: {} at the money, {}, {}{}.", expiry_text(slice.expiry), days_text(days_of(slice)),
                    percent_text(slice.volatility_atm), surface::to_string(slice.rung),
                    internal::counted(part.quotes[i].size(), "quote", "quotes"),
                    rejected > 0 ? fmt::format(", {} rejected", rejected) : ""));
  }
  return markup + "</div>\n";
}

std::string turning_figure(const SurfacePage& page) {
  std::string choices;
  for (const SurfacePart& part : page.surfaces)
    choices += fmt::format("<button type=\"button\" data-moved=\"\"{}>{}</button>",
                           attribute("value", part.figures.underlying), escaped(part.figures.underlying));
  return fmt::format(
      "<figure id=\"turning\" hidden=\"\">\n<figcaption><b>The surface, to be turned.</b> Volatility over moneyness, "
      "in "
      "standard deviations of each time, and days to expiry; drag it, or use the arrow keys.</figcaption>\n"
      "<canvas role=\"img\" tabindex=\"0\" aria-label=\"Volatility surface by moneyness and time; the arrow keys turn "
      "it\"></canvas>\n<div class=\"choices\"><span role=\"group\" "
      "aria-label=\"Underlying\">{}</span></div>\n</figure>\n",
      choices);
}

/// Volatilities by delta, as a desk quotes them.
std::string deltas_table(const SurfacePart& part) {
  using market::OptionRight;
  HtmlTable table{"Volatility of " + part.figures.underlying + " by delta",
                  {{part.figures.underlying + ", volatility in %", false},
                   {"5 put"},
                   {"10 put"},
                   {"25 put"},
                   {"At the money"},
                   {"25 call"},
                   {"10 call"},
                   {"5 call"}}};
  for (const ExpiryFigures& expiry : part.figures.expiries) {
    const auto cell = [&](OptionRight right, double delta) {
      const auto point = surface::point_at_delta(expiry.slice, {right, delta}, part.figures.convention);
      return internal::HtmlCell{point ? fixed_text(percent * point->volatility, 2) : std::string{text_absent}};
    };
    table.add({expiry_text(expiry.slice.expiry), cell(OptionRight::put, 0.05), cell(OptionRight::put, 0.10),
               cell(OptionRight::put, 0.25), fixed_text(percent * expiry.slice.volatility_atm, 2),
               cell(OptionRight::call, 0.25), cell(OptionRight::call, 0.10), cell(OptionRight::call, 0.05)});
  }
  return table.markup();
}

std::string turning_section(const SurfacePage& page) {
  std::string tables;
  for (const SurfacePart& part : page.surfaces) tables += deltas_table(part);
  return internal::section_markup(
      "turning-surface", "The surface",
      "<div class=\"figures\">\n" + turning_figure(page) + "<div class=\"two\">" + tables + "</div></div>\n");
}

/// Volatilities at even steps of standard deviations and of the logarithm of time, between the expiries as well.
Json turning_json(const SurfacePage& page) {
  constexpr int deviation_steps = 24;
  constexpr int time_steps = 15;
  const VolSurface& first = page.surfaces.front().surface;
  double days_least = 365.0 * first.slices().front().years;
  double days_most = 365.0 * first.slices().back().years;
  for (const SurfacePart& part : page.surfaces) {
    days_least = std::max(days_least, 365.0 * part.surface.slices().front().years);
    days_most = std::min(days_most, 365.0 * part.surface.slices().back().years);
  }
  days_most = std::max(days_most, 1.001 * days_least);
  Json json;
  for (int i = 0; i <= deviation_steps; ++i)
    json["deviations"].push_back(deviations_shown * (2.0 * i / deviation_steps - 1.0));
  std::vector<double> days;
  for (int j = 0; j <= time_steps; ++j)
    days.push_back(days_least * numerics::exp(numerics::log(days_most / days_least) * j / time_steps));
  json["days"] = days;
  for (const SurfacePart& part : page.surfaces) {
    Json grid;
    grid["moved"] = part.figures.underlying;
    for (int i = 0; i <= deviation_steps; ++i) {
      Json row = Json::array();
      for (const double day : days) {
        const UtcTime expiry = part.surface.time() + std::chrono::nanoseconds{std::llrint(day * 86400e9)};
        const double atm = part.surface.volatility(0.0, expiry);
        const double z = deviations_shown * (2.0 * i / deviation_steps - 1.0);
        row.push_back(internal::number(part.surface.volatility(z * atm * std::sqrt(day / 365.0), expiry)));
      }
      grid["volatility"].push_back(std::move(row));
    }
    json["grids"].push_back(std::move(grid));
  }
  return json;
}

std::string page_json(const SurfacePage& page) {
  Json json;
  json["format"] = "gimbal-surface-page-1";
  json["command"] = page.command;
  json["market"] = page.market;
  json["volatility_surface"] = turning_json(page);
  std::vector<SurfaceFigures> figures;
  for (const SurfacePart& part : page.surfaces) figures.push_back(part.figures);
  json["figures"] = Json::parse(surfaces_json(figures))["surfaces"];
  return internal::embedded_json(internal::document_text(json));
}

std::string subtitle_of(const SurfacePage& page) {
  const SurfaceFigures& first = page.surfaces.front().figures;
  std::string text =
      fmt::format("{} UTC, {}", format_utc_minutes(first.time), first.model == surface::Model::svi ? "SVI" : "eSSVI");
  for (const SurfacePart& part : page.surfaces)
    if (part.figures.index_usd)
      text += fmt::format(", {} {} USD", part.figures.underlying, decimal_text(*part.figures.index_usd));
  return text;
}

}  // namespace

SurfacePart surface_part(const VolSurface& surface, const market::MarketSnapshot& snapshot,
                         const surface::FitSettings& fit, surface::DeltaConvention convention) {
  SurfacePart part{surface_figures(surface, snapshot, convention), surface, {}};
  part.quotes.resize(surface.slices().size());
  for (const surface::UnderlyingQuotes& quoted : surface::collect_quotes(snapshot, fit)) {
    if (quoted.underlying != surface.underlying()) continue;
    for (std::size_t i = 0; i < surface.slices().size(); ++i)
      for (const surface::ExpiryQuotes& expiry : quoted.expiries)
        if (expiry.expiry == surface.slices()[i].expiry) part.quotes[i] = quote_details(expiry);
  }
  return part;
}

std::string surface_page(const SurfacePage& page) {
  GIMBAL_ASSERT(!page.surfaces.empty());
  std::string body;
  std::string underlyings;
  for (std::size_t i = 0; i < page.surfaces.size(); ++i) {
    const SurfacePart& part = page.surfaces[i];
    const std::string& name = part.figures.underlying;
    underlyings += (underlyings.empty() ? "" : " and ") + name;
    std::string inside = strip(part) + "<div class=\"figures\">\n" + term_structure_figure(part);
    inside += variance_figure(part) + density_figure(part);
    inside += "</div>\n" + expiries_table(part.figures);
    body += internal::section_markup(fmt::format("surface-{}", i + 1), name, inside);
  }
  body += turning_section(page);
  for (std::size_t i = 0; i < page.surfaces.size(); ++i)
    body +=
        internal::section_markup(fmt::format("smiles-{}", i + 1), "Smiles of " + page.surfaces[i].figures.underlying,
                                 internal::html_paragraph("Bars: bid to ask of the options out of the money that the "
                                                          "fit was shown. Line: fitted. Bars that reach beyond a "
                                                          "figure are cut at its edge.") +
                                     smiles(page.surfaces[i]));
  body += internal::section_markup(
      "proof", "How to repeat it",
      "<p>The figures, the quotes and the certificate are those of the command</p>\n<p><code>" + escaped(page.command) +
          "</code></p>\n" +
          internal::html_paragraph(
              "The certificate is exact: minima of g over all log-moneyness, crossings as roots of a quartic, wings by "
              "their slopes, and three times between each pair of expiries, of which prices over the strike are "
              "averaged."));
  return internal::page_document({"Volatility surfaces of " + underlyings, subtitle_of(page), body, page_json(page)});
}

}  // namespace gimbal::report
