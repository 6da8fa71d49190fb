// The template filled with the parts of a page, and the pieces that pages of every kind share.
#include "gimbal/report/internal/page_document.hpp"

#include <fmt/core.h>

#include <array>
#include <span>
#include <string_view>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/foundation/sha256.hpp"
#include "gimbal/report/charts/svg.hpp"
#include "gimbal/report/internal/page_files.hpp"

namespace gimbal::report::internal {
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
      base64(sha256(page_css)), base64(sha256(turning_surface_js)));
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

}  // namespace

std::string page_document(const PageParts& parts) {
  const std::array<Slot, 7> slots = {Slot{"policy", escaped(policy())},
                                     Slot{"title", escaped(parts.title)},
                                     Slot{"subtitle", escaped(parts.subtitle)},
                                     Slot{"style", std::string{page_css}},
                                     Slot{"body", parts.body},
                                     Slot{"data", parts.data},
                                     Slot{"script", std::string{turning_surface_js}}};
  return filled(page_html, slots);
}

std::string section_markup(const std::string& id, const std::string& heading, const std::string& inside) {
  return fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}</section>\n", id, escaped(heading), inside);
}

std::string strip_item_markup(const StripItem& item) {
  const std::string name = item.unit.empty() ? item.name : fmt::format("{}, {}", item.name, item.unit);
  return fmt::format("<div><dt>{}</dt><dd class=\"figure {}\">{}</dd><dd class=\"note\">{}</dd></div>\n", escaped(name),
                     item.look, escaped(item.value), escaped(item.note));
}

std::string embedded_json(const std::string& text) {
  std::string safe;
  safe.reserve(text.size());
  for (const char letter : text) {
    if (letter == '<') {
      safe += "\\u003c";
    } else {
      safe += letter;
    }
  }
  return safe;
}

}  // namespace gimbal::report::internal
