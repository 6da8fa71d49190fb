// The sections put into the template, and the policy that lets nothing else in.
#include "gimbal/report/lap_page.hpp"

#include <fmt/core.h>

#include <array>
#include <cmath>

#include "gimbal/foundation/sha256.hpp"
#include "gimbal/report/charts/svg.hpp"
#include "gimbal/report/internal/page_files.hpp"
#include "gimbal/report/internal/page_sections.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report {
namespace internal {

std::string section_markup(const std::string& id, const std::string& heading, const std::string& inside) {
  return fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}</section>\n", id, escaped(heading), inside);
}

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

// RFC 4648, with padding: how a policy spells a hash.
std::string base64(const Digest& bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&bytes, i](std::size_t k) { return i + k < bytes.size() ? std::uint32_t{bytes[i + k]} : 0U; };
    const std::uint32_t triple = byte(0) << 16U | byte(1) << 8U | byte(2);
    for (std::size_t k = 0; k < 4; ++k) text += i + k <= bytes.size() ? alphabet[triple >> (18U - 6U * k) & 63U] : '=';
  }
  return text;
}

std::string policy() {
  return fmt::format(
      "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
      base64(sha256(internal::lap_page_css)), base64(sha256(internal::turning_surface_js)));
}

struct Slot {
  std::string_view name;
  std::string text;
};

// The template with each `{{name}}` replaced; what is put in is not looked at again.
std::string filled(std::string_view text, std::span<const Slot> slots) {
  std::string result;
  for (std::size_t at = 0;;) {
    const std::size_t open = text.find("{{", at);
    result += text.substr(at, open == std::string_view::npos ? open : open - at);
    if (open == std::string_view::npos) return result;
    const std::size_t close = text.find("}}", open);
    GIMBAL_ASSERT(close != std::string_view::npos);
    const std::string_view name = text.substr(open + 2, close - open - 2);
    bool known = false;
    for (const Slot& slot : slots)
      if (slot.name == name) {
        result += slot.text;
        known = true;
      }
    GIMBAL_ASSERT(known);
    at = close + 2;
  }
}

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
  const std::array<Slot, 7> slots = {Slot{"policy", escaped(policy())},
                                     Slot{"title", escaped(title_of(page))},
                                     Slot{"subtitle", escaped(subtitle_of(page))},
                                     Slot{"style", std::string{internal::lap_page_css}},
                                     Slot{"body", body},
                                     Slot{"data", internal::page_json(page)},
                                     Slot{"script", std::string{internal::turning_surface_js}}};
  return filled(internal::lap_page_html, slots);
}

}  // namespace gimbal::report
