// Paragraphs and tables of a recorded market.
#include "gimbal/report/data_table.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "gimbal/report/internal/quality_fields.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report {
namespace {

// `3 d 6 h`, `59 min 30 s`: the two largest units that say something.
std::string length_text(Duration length) {
  struct Unit {
    std::int64_t seconds;
    const char* name;
  };
  constexpr Unit units[] = {{86'400, "d"}, {3'600, "h"}, {60, "min"}, {1, "s"}};
  std::int64_t rest = std::chrono::round<std::chrono::seconds>(length).count();
  std::string text;
  int shown = 0;
  for (const Unit& unit : units) {
    const std::int64_t count = rest / unit.seconds;
    rest %= unit.seconds;
    if (count == 0 && shown == 0) continue;
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : " ", count, unit.name);
    if (++shown == 2) break;
  }
  return text.empty() ? "under a second" : text;
}

std::string times_text(const DataReport& report, const TextStyle& style) {
  if (report.snapshots == 1)
    return paragraph("Snapshots  ", fmt::format("1, of {} UTC", format_utc_minutes(report.from)), style);
  std::string text = fmt::format("{} from {} to {} UTC", count_text(report.snapshots), format_utc_minutes(report.from),
                                 format_utc_minutes(report.to));
  if (report.spacing)
    text += fmt::format(", {} apart as a rule, {}", length_text(*report.spacing),
                        report.gaps.empty()       ? "no gaps"
                        : report.gaps.size() == 1 ? "1 gap"
                                                  : count_text(report.gaps.size()) + " gaps");
  return paragraph("Snapshots  ", text, style);
}

std::string venues_text(const DataReport& report, const TextStyle& style) {
  std::string text;
  for (const std::string& venue : report.venues) text += (text.empty() ? "" : ", ") + venue;
  return paragraph("Venue      ", text.empty() ? text_absent : text, style);
}

std::string underlyings_text(const DataReport& report, const TextStyle& style) {
  Table table{{{"Underlying", Alignment::left},
               {"options"},
               {"futures"},
               {"perpetuals"},
               {"spot"},
               {"index first"},
               {"last"},
               {"lowest"},
               {"highest"}}};
  for (const UnderlyingData& underlying : report.underlyings) {
    const auto index = [&underlying](const Decimal& price) {
      return TableCell{underlying.snapshots > 0 ? decimal_text(price) : text_absent};
    };
    table.add({{underlying.asset, Emphasis::strong},
               {count_text(underlying.options)},
               {count_text(underlying.futures)},
               {count_text(underlying.perpetuals)},
               {count_text(underlying.spot_pairs)},
               index(underlying.index_first),
               index(underlying.index_last),
               index(underlying.index_lowest),
               index(underlying.index_highest)});
  }
  return table.empty() ? std::string{} : '\n' + table.text(style);
}

std::string gaps_text(const DataReport& report, const TextStyle& style) {
  if (report.gaps.empty()) return {};
  Table table{{{"Gap from", Alignment::left}, {"to", Alignment::left}, {"length"}}};
  for (std::size_t i = 0; i < std::min(report.gaps.size(), gaps_shown); ++i) {
    const DataGap& gap = report.gaps[i];
    table.add({{format_utc_minutes(gap.from)},
               {format_utc_minutes(gap.to)},
               {length_text(gap.to - gap.from), Emphasis::warning}});
  }
  std::string text = '\n' + table.text(style);
  if (report.gaps.size() > gaps_shown)
    text += paragraph("", fmt::format("{} shorter gaps are in the JSON (--json)", report.gaps.size() - gaps_shown),
                      style, Emphasis::faint);
  return text;
}

std::string quality_text(const DataReport& report, const TextStyle& style) {
  Table table{{{"Quality", Alignment::left},
               {"all snapshots"},
               {"per snapshot"},
               {"of instruments"},
               {"worst, " + format_utc_minutes(report.worst)}}};
  for (std::size_t i = 0; i < internal::quality_fields.size(); ++i) {
    const internal::QualityField& field = internal::quality_fields[i];
    const std::uint64_t sum = report.quality.*field.count;
    if (sum == 0 && i >= internal::quality_fields_ordinary) continue;
    const bool of_instruments = field.of_instruments && report.quality.instruments > 0;
    table.add(
        {{field.words},
         {count_text(sum)},
         {fixed_text(static_cast<double>(sum) / static_cast<double>(report.snapshots), 1)},
         {of_instruments ? percent_text(static_cast<double>(sum) / static_cast<double>(report.quality.instruments))
                         : ""},
         {count_text(report.worst_quality.*field.count)}});
  }
  return '\n' + table.text(style);
}

}  // namespace

std::string data_table(const DataReport& report, const TextStyle& style) {
  return paragraph("Format     ", report.format, style) + venues_text(report, style) + times_text(report, style) +
         underlyings_text(report, style) + gaps_text(report, style) + quality_text(report, style);
}

}  // namespace gimbal::report
