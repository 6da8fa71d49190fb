// The check, its table and its document.
#include "gimbal/report/svi_check.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "gimbal/report/internal/json_text.hpp"

namespace gimbal::report {
namespace {

using internal::Json;
using internal::number;
using surface::Violation;

/// A slice's name as it stands in front of a sentence.
std::string label_of(const NamedSlice& slice) {
  constexpr std::size_t width = 20;
  return elided(printable(slice.name), width);
}

std::string place_text(double k) { return std::isinf(k) ? (k < 0.0 ? "-inf" : "inf") : fmt::format("{:.4f}", k); }

std::string stretch_text(const Violation& violation) {
  return fmt::format("k from {} to {}", place_text(violation.from), place_text(violation.to));
}

std::string butterfly_text(const NamedSlice& slice, const surface::ButterflyReport& report, const TextStyle& style) {
  std::string text;
  const std::string label = fmt::format("Butterfly  {}  ", label_of(slice));
  const auto say = [&](const std::string& sentence) { text += paragraph(label, sentence, style, Emphasis::bad); };
  if (!(report.variance_least > 0.0))
    say(fmt::format("total variance falls to {:.6g}: no density can be asked for", report.variance_least));
  for (const Violation& violation : report.violations)
    say(fmt::format("g is negative for {}, least {:.6g} at k = {}", stretch_text(violation), violation.worst,
                    place_text(violation.worst_at)));
  if (report.wings.left > 2.0) say(fmt::format("the left wing's slope is {:.6g}, above 2", report.wings.left));
  if (report.wings.right > 2.0) say(fmt::format("the right wing's slope is {:.6g}, above 2", report.wings.right));
  return text;
}

/// Total variances of both slices at a finite place, as volatilities of the later one.
std::string worst_gap_text(const NamedSlice& earlier, const NamedSlice& later, const Violation& violation) {
  if (std::isinf(violation.worst_at)) return "without end, for the wings diverge";
  const double needed = surface::svi_variance(earlier.svi, violation.worst_at);
  const double there = surface::svi_variance(later.svi, violation.worst_at);
  const double points =
      100.0 * (std::sqrt(std::max(needed, 0.0) / later.years) - std::sqrt(std::max(there, 0.0) / later.years));
  return fmt::format("most {:.6g} at k = {}, {:.3g} volatility points of {}", -violation.worst,
                     place_text(violation.worst_at), points, label_of(later));
}

std::string calendar_text(const NamedSlice& earlier, const NamedSlice& later, const surface::CalendarReport& report,
                          const TextStyle& style) {
  std::string text;
  for (const Violation& violation : report.violations)
    text += paragraph(fmt::format("Calendar   {} - {}  ", label_of(earlier), label_of(later)),
                      fmt::format("total variance falls for {}, {}", stretch_text(violation),
                                  worst_gap_text(earlier, later, violation)),
                      style, Emphasis::bad);
  return text;
}

Json violations_json(const std::vector<Violation>& violations) {
  Json list = Json::array();
  for (const Violation& violation : violations) {
    Json json;
    json["from"] = number(violation.from);
    json["to"] = number(violation.to);
    json["worst_at"] = number(violation.worst_at);
    json["worst"] = number(violation.worst);
    list.push_back(json);
  }
  return list;
}

}  // namespace

bool SviCheck::is_free() const {
  return std::all_of(butterflies.begin(), butterflies.end(), [](const auto& report) { return report.is_free(); }) &&
         std::all_of(calendars.begin(), calendars.end(), [](const auto& report) { return report.is_free(); });
}

SviCheck check_smiles(std::vector<NamedSlice> slices) {
  SviCheck check;
  for (const NamedSlice& slice : slices) check.butterflies.push_back(surface::butterfly_report(slice.svi));
  for (std::size_t i = 0; i + 1 < slices.size(); ++i)
    check.calendars.push_back(surface::calendar_report(slices[i].svi, slices[i + 1].svi));
  check.slices = std::move(slices);
  return check;
}

std::string svi_check_table(const SviCheck& check, const TextStyle& style) {
  Table table{{{"Slice", Alignment::left, true},
               {"years"},
               {"least variance"},
               {"least g"},
               {"at k"},
               {"left slope"},
               {"right slope"},
               {"least gap to next"},
               {"at k"}}};
  for (std::size_t i = 0; i < check.slices.size(); ++i) {
    const surface::ButterflyReport& butterfly = check.butterflies[i];
    const bool has_density = butterfly.variance_least > 0.0;
    std::vector<TableCell> cells{
        {printable(check.slices[i].name)},
        {fmt::format("{:.4g}", check.slices[i].years)},
        {fmt::format("{:.4g}", butterfly.variance_least), has_density ? Emphasis::plain : Emphasis::bad},
        {has_density ? fmt::format("{:.4g}", butterfly.density_least) : "",
         butterfly.density_least < 0.0 ? Emphasis::bad : Emphasis::plain},
        {has_density ? place_text(butterfly.density_least_at) : ""},
        {fmt::format("{:.4g}", butterfly.wings.left), butterfly.wings.left > 2.0 ? Emphasis::bad : Emphasis::plain},
        {fmt::format("{:.4g}", butterfly.wings.right), butterfly.wings.right > 2.0 ? Emphasis::bad : Emphasis::plain}};
    if (i < check.calendars.size()) {
      const surface::CalendarReport& calendar = check.calendars[i];
      cells.push_back(
          {fmt::format("{:.4g}", calendar.gap_least), calendar.gap_least < 0.0 ? Emphasis::bad : Emphasis::plain});
      cells.push_back({place_text(calendar.gap_least_at)});
    }
    table.add(std::move(cells));
  }
  std::string text = table.text(style) + "\n";
  for (std::size_t i = 0; i < check.slices.size(); ++i)
    text += butterfly_text(check.slices[i], check.butterflies[i], style);
  for (std::size_t i = 0; i < check.calendars.size(); ++i)
    text += calendar_text(check.slices[i], check.slices[i + 1], check.calendars[i], style);
  if (check.is_free()) text += emphasised("Free of butterfly and calendar arbitrage.", Emphasis::good, style) + "\n";
  return text;
}

std::string svi_check_json(const SviCheck& check) {
  Json json;
  json["format"] = "gimbal-svi-1";
  json["arbitrage_free"] = check.is_free();
  Json& slices = json["slices"] = Json::array();
  for (std::size_t i = 0; i < check.slices.size(); ++i) {
    const surface::ButterflyReport& butterfly = check.butterflies[i];
    const bool has_density = butterfly.variance_least > 0.0;
    Json slice;
    slice["name"] = check.slices[i].name;
    slice["years"] = number(check.slices[i].years);
    slice["butterfly_free"] = butterfly.is_free();
    slice["min_variance"] = number(butterfly.variance_least);
    slice["min_density_g"] = has_density ? number(butterfly.density_least) : Json(nullptr);
    slice["min_density_at"] = has_density ? number(butterfly.density_least_at) : Json(nullptr);
    slice["left_slope"] = number(butterfly.wings.left);
    slice["right_slope"] = number(butterfly.wings.right);
    slice["butterfly_violations"] = violations_json(butterfly.violations);
    slices.push_back(slice);
  }
  Json& pairs = json["calendars"] = Json::array();
  for (std::size_t i = 0; i < check.calendars.size(); ++i) {
    Json pair;
    pair["earlier"] = check.slices[i].name;
    pair["later"] = check.slices[i + 1].name;
    pair["calendar_free"] = check.calendars[i].is_free();
    pair["min_calendar_gap"] = number(check.calendars[i].gap_least);
    pair["min_calendar_gap_at"] = number(check.calendars[i].gap_least_at);
    pair["calendar_violations"] = violations_json(check.calendars[i].violations);
    pairs.push_back(pair);
  }
  return internal::document_text(json);
}

}  // namespace gimbal::report
