// The items of an attribution as words and rounded money.
#include "gimbal/report/attribution_text.hpp"

#include <fmt/core.h>

#include "gimbal/portfolio/attribution.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report {

std::string attribution_text(const AttributionReport& attribution, const std::string& numeraire, std::string_view label,
                             const TextStyle& style) {
  // All with the decimals of the equity: of a few millions, cents of one item say nothing.
  const int decimals = money_decimals(attribution.equity_to.to_double(), numeraire);
  const auto money = [decimals](const Decimal& amount) { return change_text(amount.to_double(), decimals); };
  std::string text =
      fmt::format("{} {} since {}", money(attribution.change()), numeraire, format_utc_minutes(attribution.from));
  std::string items;
  const auto add = [&items, &money](const char* name, const Decimal& amount) {
    if (!amount.is_zero()) items += fmt::format("{} {} {}", items.empty() ? ":" : ",", name, money(amount));
  };
  for (int place = 0; place < portfolio::attribution_item_count; ++place) {
    const auto item = static_cast<portfolio::AttributionItem>(place);
    if (item == portfolio::AttributionItem::residual) add("last-day options", last_day_amount(attribution));
    add(portfolio::to_string(item), amount_of(attribution, portfolio::to_string(item)));
  }
  return paragraph(label, text + items, style);
}

}  // namespace gimbal::report
