// The sections of a lap, in the order in which questions are asked.
#include "gimbal/report/lap_page.hpp"

#include <fmt/core.h>

#include "gimbal/report/charts/svg.hpp"
#include "gimbal/report/internal/page_document.hpp"
#include "gimbal/report/internal/page_sections.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report {
namespace internal {

std::string money_with_unit(double value, const std::string& asset) {
  return fmt::format("{} {}", money_text(value, asset), asset);
}

std::string plain_text(double value) {
  std::string text = significant_text(value);
  if (text.find('.') == std::string::npos || text.find('e') != std::string::npos) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string one_of(const std::string& unit) {
  if (unit == "fraction") return "1 of the balance";
  if (unit == "contracts") return "contract";
  if (unit == "lines") return "line";
  return unit.find(" per ") == std::string::npos ? unit : "(" + unit + ")";
}

}  // namespace internal

namespace {

std::string title_of(const LapPage& page) {
  const LapReport& lap = page.laps.back();
  return fmt::format("{}, lap {}", page.run.configuration, lap.lap);
}

std::string subtitle_of(const LapPage& page) {
  const LapReport& lap = page.laps.back();
  std::string text = fmt::format("{} UTC, account {}", format_utc_minutes(lap.time), lap.account);
  for (const IndexPrice& index : lap.indices)
    text += fmt::format(", {} {} USD", index.asset, decimal_text(index.price_usd));
  return text;
}

}  // namespace

std::string lap_page(const LapPage& page) {
  GIMBAL_ASSERT(!page.laps.empty());
  const std::size_t count = page.laps.size();
  const internal::PageContent content{page, page.laps.back(), count > 1 ? &page.laps[count - 2] : nullptr, page.detail};
  using internal::PageContent;
  std::string body;
  for (const auto section :
       {internal::headline_section, internal::trades_section, internal::surface_section, internal::bounds_section,
        internal::margin_section, internal::profit_section, internal::smiles_section, internal::positions_section,
        internal::laps_section, internal::quality_section, internal::proof_section})
    body += section(content);
  return internal::page_document({title_of(page), subtitle_of(page), body, internal::page_json(page)});
}

}  // namespace gimbal::report
