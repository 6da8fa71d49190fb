// Paragraphs and tables of surfaces. Volatilities are in per cent, their differences in points.
#include "gimbal/report/surface_table.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "gimbal/report/internal/lap_figures.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report {
namespace {

using internal::counted;
using surface::Rung;

// Below this share of quotes near, a fit is worth a look.
constexpr double near_share_expected = 0.95;

std::string volatility_text(const std::optional<double>& volatility) {
  return volatility ? fixed_text(100.0 * *volatility, 2) : text_absent;
}

std::string points_text(const std::optional<double>& difference) {
  return difference ? change_text(100.0 * *difference, 2) : text_absent;
}

/// `0.012`, `3.4e-06`: figures that are compared with zero.
std::string margin_text(double value) { return fmt::format("{:.2g}", value); }

TableCell margin_cell(double value) { return {margin_text(value), value < 0.0 ? Emphasis::bad : Emphasis::plain}; }

TableCell share_cell(const std::optional<double>& share, double expected) {
  return {percent_text(share, 0), share && *share < expected ? Emphasis::warning : Emphasis::plain};
}

using Cells = std::vector<TableCell>;

struct RankedColumn {
  const char* header = "";
  int rank = 1;  // 1 is left out last
  Alignment alignment = Alignment::right;
};

/// The columns' widths with a gap of one between them, those of a higher rank left out.
std::size_t width_of(std::span<const RankedColumn> columns, std::span<const Cells> rows, int rank_most) {
  std::size_t total = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].rank > rank_most) continue;
    std::size_t width = text_width(columns[i].header);
    for (const Cells& cells : rows) width = std::max(width, text_width(cells[i].text));
    total += width + (total > 0 ? 1 : 0);
  }
  return total;
}

/// A table of as many of the columns as fit in full.
std::string ranked_table(std::span<const RankedColumn> columns, std::span<const Cells> rows, const TextStyle& style) {
  int rank_most = 1;
  for (const RankedColumn& column : columns) rank_most = std::max(rank_most, column.rank);
  while (rank_most > 1 && width_of(columns, rows, rank_most) > style.width) --rank_most;
  std::vector<TableColumn> shown;
  for (const RankedColumn& column : columns)
    if (column.rank <= rank_most) shown.push_back({column.header, column.alignment});
  Table table{std::move(shown)};
  for (const Cells& row : rows) {
    Cells cells;
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (columns[i].rank <= rank_most) cells.push_back(row[i]);
    table.add(std::move(cells));
  }
  return table.text(style);
}

/// `0.67`, `49.7`, `323`
std::string days_text(double days) {
  constexpr double two_decimals_below = 10.0;
  constexpr double one_decimal_below = 100.0;
  return fixed_text(days, days < two_decimals_below ? 2 : days < one_decimal_below ? 1 : 0);
}

std::string placed(const std::string& value, const LimitFigure& figure) {
  return fmt::format("{} at {}", value, expiry_text(figure.expiry));
}

std::string maturities_text(const SurfaceFigures& figures) {
  std::string text;
  for (std::size_t i = 0; i < maturity_days.size(); ++i)
    text += fmt::format("   {} d {}", maturity_days[i],
                        figures.volatility_at_maturity[i] ? percent_text(figures.volatility_at_maturity[i], 2)
                                                          : std::string{text_absent});
  return text;
}

std::string headline_text(const SurfaceFigures& figures, const TextStyle& style) {
  std::string text = format_utc_minutes(figures.time) + " UTC";
  if (figures.index_usd) text += "   index " + decimal_text(*figures.index_usd);
  text += maturities_text(figures);
  return paragraph(fmt::format("{:<11}  ", figures.underlying), text, style, Emphasis::strong);
}

std::string certificate_text(const SurfaceFigures& figures, const TextStyle& style) {
  const CertificateFigures limits = certificate_figures(figures.expiries);
  std::string text = figures.arbitrage_free ? "free of arbitrage" : "ARBITRAGE";
  text += "; least g " + placed(margin_text(limits.density_least.value), limits.density_least);
  if (limits.between_least) text += ", between expiries " + margin_text(limits.between_least->value);
  text += "; steepest wing " + placed(fixed_text(limits.wing_slope_most.value, 2), limits.wing_slope_most);
  if (limits.gap_least) text += "; least gap " + placed(margin_text(limits.gap_least->value), *limits.gap_least);
  return paragraph("Certificate  ", text, style, figures.arbitrage_free ? Emphasis::plain : Emphasis::bad);
}

/// `12 expiries: 11 fit, 1 neighbour`
std::string rungs_text(const SurfaceFigures& figures) {
  std::string text;
  for (const Rung rung : {Rung::fit, Rung::neighbour, Rung::previous, Rung::flat}) {
    const auto count = std::count_if(figures.expiries.begin(), figures.expiries.end(),
                                     [rung](const ExpiryFigures& expiry) { return expiry.slice.rung == rung; });
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, surface::to_string(rung));
  }
  return text;
}

std::string fit_text(const SurfaceFigures& figures, const TextStyle& style) {
  const PooledQuality pooled = pooled_quality(figures);
  std::string text = fmt::format("{}, {}: {}; ", figures.model == surface::Model::svi ? "SVI" : "eSSVI",
                                 counted(figures.expiries.size(), "expiry", "expiries"), rungs_text(figures));
  text += pooled.judged == 0 ? "no quote to judge it by"
                             : fmt::format("{} judged, {} inside bid and ask, {} near",
                                           counted(static_cast<std::size_t>(pooled.judged), "quote", "quotes"),
                                           percent_text(pooled.inside_share()), percent_text(pooled.near_share()));
  return paragraph("Fit          ", text, style);
}

Cells expiry_cells(const ExpiryFigures& figures, std::size_t index) {
  const surface::SurfaceSlice& slice = figures.slice;
  const surface::SliceQuality& quality = slice.quality;
  const bool judged = quality.quotes_judged > 0;
  const auto of_judged = [judged](double value) { return judged ? std::optional{value} : std::nullopt; };
  const std::uint32_t rejected = quotes_rejected(quality);
  std::optional<double> risk_reversal;
  std::optional<double> butterfly;
  if (figures.spread) risk_reversal = figures.spread->risk_reversal, butterfly = figures.spread->butterfly;
  constexpr double days_per_year = 365.0;
  return {{expiry_text(slice.expiry), Emphasis::strong},
          {days_text(slice.years * days_per_year)},
          {significant_text(slice.forward, 6)},
          {volatility_text(slice.volatility_atm)},
          {volatility_text(figures.forward_volatility)},
          {points_text(risk_reversal)},
          {points_text(butterfly)},
          {count_text(quality.quotes_two_sided)},
          {rejected > 0 ? count_text(rejected) : "", Emphasis::faint},
          {percent_text(of_judged(quality.inside_share), 0)},
          share_cell(of_judged(quality.near_share), near_share_expected),
          {judged ? fixed_text(100.0 * quality.rmse_volatility, 2) : text_absent},
          margin_cell(slice.certificate.density_least),
          index > 0 ? margin_cell(slice.certificate.gap_least) : TableCell{text_absent},
          {surface::to_string(slice.rung), slice.rung == Rung::fit ? Emphasis::plain : Emphasis::warning}};
}

std::string expiries_text(const SurfaceFigures& figures, const TextStyle& style) {
  constexpr RankedColumn columns[] = {{"Expiry", 1, Alignment::left},
                                      {"days", 6},
                                      {"forward", 4},
                                      {"atm %", 1},
                                      {"fwd %", 3},
                                      {"25d rr", 1},
                                      {"25d bf", 1},
                                      {"quotes", 5},
                                      {"out", 7},
                                      {"in", 5},
                                      {"near", 3},
                                      {"rmse", 8},
                                      {"least g", 2},
                                      {"gap", 2},
                                      {"rung", 2, Alignment::left}};
  std::vector<Cells> rows;
  for (std::size_t i = 0; i < figures.expiries.size(); ++i) rows.push_back(expiry_cells(figures.expiries[i], i));
  return '\n' + ranked_table(columns, rows, style);
}

/// The surfaces of an underlying, and the pool of their quotes.
struct History {
  std::string underlying;
  std::uint64_t surfaces = 0;
  std::uint64_t free = 0;
  PooledQuality pooled;
};

std::vector<History> histories_of(std::span<const SurfaceFigures> surfaces) {
  std::vector<History> histories;
  for (const SurfaceFigures& figures : surfaces) {
    auto found = std::find_if(histories.begin(), histories.end(),
                              [&](const History& history) { return history.underlying == figures.underlying; });
    if (found == histories.end()) found = histories.insert(histories.end(), {figures.underlying, 0, 0, {}});
    ++found->surfaces;
    found->free += figures.arbitrage_free ? 1U : 0U;
    found->pooled.add(pooled_quality(figures));
  }
  return histories;
}

std::string histories_text(std::span<const SurfaceFigures> surfaces, const TextStyle& style) {
  std::string result;
  for (const History& history : histories_of(surfaces)) {
    std::string text = fmt::format("{}, ", counted(static_cast<std::size_t>(history.surfaces), "surface", "surfaces"));
    text += history.free == history.surfaces ? "all free of arbitrage"
                                             : fmt::format("{} WITH ARBITRAGE", history.surfaces - history.free);
    if (history.pooled.judged > 0)
      text += fmt::format("; {} quotes judged, {} inside bid and ask, {} near", count_text(history.pooled.judged),
                          percent_text(history.pooled.inside_share(), 2), percent_text(history.pooled.near_share(), 2));
    result += paragraph(fmt::format("{:<4}  ", history.underlying), text, style,
                        history.free == history.surfaces ? Emphasis::plain : Emphasis::bad);
  }
  return result;
}

Cells history_cells(const SurfaceFigures& figures) {
  const CertificateFigures limits = certificate_figures(figures.expiries);
  const PooledQuality pooled = pooled_quality(figures);
  const auto fitted = std::count_if(figures.expiries.begin(), figures.expiries.end(),
                                    [](const ExpiryFigures& expiry) { return expiry.slice.rung == Rung::fit; });
  return {{format_utc_minutes(figures.time)},
          {figures.underlying, Emphasis::strong},
          {figures.index_usd ? significant_text(figures.index_usd->to_double(), 6) : text_absent},
          {volatility_text(figures.volatility_at_maturity[0])},
          {volatility_text(figures.volatility_at_maturity[1])},
          {volatility_text(figures.volatility_at_maturity[2])},
          {fmt::format("{}/{}", fitted, figures.expiries.size())},
          {count_text(pooled.judged)},
          {percent_text(pooled.inside_share(), 1)},
          share_cell(pooled.near_share(), near_share_expected),
          margin_cell(limits.density_least.value),
          limits.gap_least ? margin_cell(limits.gap_least->value) : TableCell{text_absent},
          {figures.arbitrage_free ? "yes" : "NO", figures.arbitrage_free ? Emphasis::good : Emphasis::bad}};
}

}  // namespace

std::string expiry_text(UtcTime expiry) {
  constexpr const char* months[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
  constexpr int years_shown = 100;
  const CivilDate date = civil_date(expiry);
  return fmt::format("{}{}{:02}", date.day, months[date.month - 1], date.year % years_shown);
}

std::string surface_table(const SurfaceFigures& figures, const TextStyle& style) {
  return headline_text(figures, style) + certificate_text(figures, style) + fit_text(figures, style) +
         expiries_text(figures, style);
}

std::string surface_legend(surface::DeltaConvention convention, const TextStyle& style) {
  const char* deltas = convention == surface::DeltaConvention::forward ? "by the forward" : "less the premium in coin";
  return paragraph("",
                   fmt::format("rr, bf: points between 25 deltas {}; quotes: two-sided, out of the money; out: those "
                               "not used; in: within bid and ask; near: half a point beyond them at most; least g, "
                               "gap: below zero is arbitrage",
                               deltas),
                   style, Emphasis::faint);
}

std::string surface_history_table(std::span<const SurfaceFigures> surfaces, const TextStyle& style) {
  constexpr RankedColumn columns[] = {{"Time UTC", 1, Alignment::left},
                                      {"coin", 1, Alignment::left},
                                      {"index", 4},
                                      {"7 d %", 3},
                                      {"30 d %", 1},
                                      {"90 d %", 3},
                                      {"fit", 2},
                                      {"judged", 4},
                                      {"in", 2},
                                      {"near", 1},
                                      {"least g", 3},
                                      {"least gap", 3},
                                      {"free", 1}};
  std::vector<Cells> rows;
  for (const SurfaceFigures& figures : surfaces) rows.push_back(history_cells(figures));
  return ranked_table(columns, rows, style) + '\n' + histories_text(surfaces, style);
}

}  // namespace gimbal::report
