// What stands on top of the page: the eight figures that decide whether to read on, and the lap in sentences.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "gimbal/report/charts/svg.hpp"
#include "gimbal/report/internal/html_table.hpp"
#include "gimbal/report/internal/page_sections.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report::internal {
namespace {

using Item = StripItem;

Item equity_item(const PageContent& content) {
  const LapReport& lap = content.lap;
  if (!lap.equity) return {"Equity", "unknown", "", "the account cannot be valued", "bad"};
  std::string note;
  for (const AssetReport& asset : lap.assets)
    note += fmt::format("{}{} {}", note.empty() ? "" : ", ", significant_text(asset.equity, 4), asset.asset);
  return {"Equity", money_text(*lap.equity, lap.numeraire), lap.numeraire, note};
}

Item change_item(const PageContent& content) {
  const LapReport& lap = content.lap;
  if (!lap.equity || content.before == nullptr || !content.before->equity)
    return {"Change", text_absent, "", "no lap before it in this run to compare with"};
  const double change = *lap.equity - *content.before->equity;
  const LapReport& first = content.page.laps.front();
  std::string note;
  if (first.equity) {
    const double whole = *lap.equity - *first.equity;
    note =
        fmt::format("{} since the end of lap {}", change_text(whole, money_decimals(whole, lap.numeraire)), first.lap);
  }
  return {"Change", change_text(change, money_decimals(change, lap.numeraire)), lap.numeraire, note,
          change < 0.0 ? "loss" : "gain"};
}

Item stress_item(const PageContent& content) {
  const LapReport& lap = content.lap;
  if (lap.stress.empty()) return {"Worst stress", text_absent, "", "no stress row"};
  std::string note = lap.stress.front().scenario;
  if (content.detail.stress_worst_before)
    note = fmt::format("{} before the trades; now {}", money_text(*content.detail.stress_worst_before, lap.numeraire),
                       note);
  return {"Worst stress", money_text(lap.stress.front().profit, lap.numeraire), lap.numeraire, note};
}

// The pool that has used most of its balance; one that must hold something and has nothing is the worst.
Item margin_item(const PageContent& content) {
  const MarginReport* most = nullptr;
  for (const MarginReport& pool : content.lap.margin)
    if (most == nullptr || pool.utilisation.value_or(HUGE_VAL) > most->utilisation.value_or(HUGE_VAL)) most = &pool;
  if (most == nullptr) return {"Margin used", text_absent, "", "no margin computed"};
  std::string note = most->pool + " pool";
  if (most->ceiling) note += fmt::format(", ceiling {}", percent_text(most->ceiling, 0));
  const bool above = most->ceiling && most->utilisation.value_or(HUGE_VAL) > *most->ceiling * (1.0 + 1e-9);
  return {"Margin used", most->utilisation ? percent_text(most->utilisation) : "all", "of balance", note,
          above ? "bad" : ""};
}

Item room_item(const PageContent& content) {
  const MarginDetail* least = nullptr;
  for (const MarginDetail& pool : content.detail.margin)
    if (least == nullptr || pool.after.room().value_or(0.0) < least->after.room().value_or(0.0)) least = &pool;
  if (least == nullptr) return {"Room", text_absent, "", "no margin computed"};
  return {"Room", least->after.room() ? percent_text(least->after.room()) : "none", "of balance",
          fmt::format("{} pool, until the venue takes over", least->pool)};
}

Item trades_item(const PageContent& content) {
  const LapReport& lap = content.lap;
  const std::size_t missing = orders_missing(lap);
  const auto cost = cost_of_fills(lap);
  std::string note = "nothing was filled";
  if (!lap.fills.empty())
    note = cost ? fmt::format("{} given away", money_with_unit(*cost, lap.numeraire)) : "what they cost is not known";
  if (missing > 0) note += fmt::format("; {} refused or not filled in full", missing);
  return {"Fills", count_text(lap.fills.size()), "", note, missing > 0 ? "warning" : ""};
}

Item broken_item(const PageContent& content) {
  std::size_t broken = 0;
  std::size_t before = 0;
  for (const ConstraintLine& line : content.lap.constraints) {
    broken += line.broken() ? 1U : 0U;
    before += line.target.hard && is_outside(line.target, line.target.value_current) ? 1U : 0U;
  }
  if (!content.lap.target) return {"Broken bounds", text_absent, "", "no target was made"};
  return {"Broken bounds", count_text(broken), "", fmt::format("{} before the trades", count_text(before)),
          broken > 0 ? "bad" : ""};
}

Item containment_item(const PageContent& content) {
  const bool normal = content.lap.containment == "normal";
  return {"Containment", content.lap.containment, "", normal ? "every order may be proposed" : "see the lap's trouble",
          normal ? "" : "bad"};
}

std::string bound_text(const portfolio::ConstraintReport& target) {
  if (target.lower && target.upper)
    return fmt::format("{} to {}", plain_text(*target.lower), plain_text(*target.upper));
  if (target.lower) return fmt::format("not below {}", plain_text(*target.lower));
  return target.upper ? fmt::format("at most {}", plain_text(*target.upper)) : "unbounded";
}

// The bounds that the book came in outside of: Greeks, stress and margin, since limits of trades begin at zero.
std::string outside_before_text(const LapReport& lap) {
  constexpr std::size_t named_most = 4;
  std::vector<std::string> names;
  for (const ConstraintLine& line : lap.constraints)
    if (is_outside(line.target, line.target.value_current))
      names.push_back(fmt::format("{} at {} {} ({})", without_venue(line.target.name),
                                  significant_text(line.target.value_current), line.target.unit,
                                  bound_text(line.target)));
  if (names.empty()) return "Before its trades the book stood inside every bound.";
  std::string text =
      fmt::format("Before its trades the book stood outside {}: ", counted(names.size(), "bound", "bounds"));
  for (std::size_t i = 0; i < std::min(names.size(), named_most); ++i) text += (i > 0 ? "; " : "") + names[i];
  if (names.size() > named_most) text += fmt::format("; and {} more", names.size() - named_most);
  return text + ".";
}

std::string outside_after_text(const LapReport& lap) {
  std::string text;
  for (const ConstraintLine& line : lap.constraints)
    if (line.broken())
      text += fmt::format("{}{} at {} {} ({})", text.empty() ? "" : "; ", without_venue(line.target.name),
                          significant_text(line.booked), line.target.unit, bound_text(line.target));
  if (text.empty()) return "The booked book holds every hard bound.";
  return "The booked book breaks: " + text + ".";
}

std::string dearest_text(const LapReport& lap) {
  std::vector<const ConstraintLine*> priced;
  for (const ConstraintLine& line : lap.constraints)
    if (line.target.shadow_price > 0.0 && line.target.unit != "contracts") priced.push_back(&line);
  if (priced.empty()) return {};
  std::string text = "What holds it back, with what one unit of relief would gain: ";
  for (std::size_t i = 0; i < priced.size(); ++i) {
    const portfolio::ConstraintReport& target = priced[i]->target;
    text += fmt::format("{}{} ({} {} per {})", i > 0 ? ", " : "", target.name, significant_text(target.shadow_price, 3),
                        lap.numeraire, one_of(target.unit));
  }
  return text + ".";
}

}  // namespace

std::string headline_section(const PageContent& content) {
  const LapReport& lap = content.lap;
  std::string items;
  for (const auto make :
       {equity_item, change_item, stress_item, margin_item, room_item, trades_item, broken_item, containment_item})
    items += strip_item_markup(make(content));
  std::string text = fmt::format("<dl class=\"strip\">\n{}</dl>\n", items);
  if (!lap.trouble.empty()) text += html_paragraph("Trouble: " + lap.trouble + ".", "trouble");
  if (!lap.target) return text;
  std::string sentences = outside_before_text(lap) + " " + outside_after_text(lap);
  if (const std::string dearest = dearest_text(lap); !dearest.empty()) sentences += " " + dearest;
  text += html_paragraph(sentences, "lead");
  for (const std::string& broken : lap.target->broken) text += html_paragraph("Not to be had: " + broken, "trouble");
  return text;
}

}  // namespace gimbal::report::internal
