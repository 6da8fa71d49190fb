// How documents are laid out: innermost lists and objects on one line, the rest indented.
#include "gimbal/report/internal/json_text.hpp"

#include <algorithm>
#include <cmath>

namespace gimbal::report::internal {
namespace {

std::string scalar_text(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string key_text(const std::string& key) { return scalar_text(Json(key)); }

bool holds_scalars_only(const Json& value) {
  return std::none_of(value.begin(), value.end(),
                      [](const Json& element) { return element.is_structured() && !element.empty(); });
}

void write(const Json& value, std::size_t depth, std::string& out) {
  if (!value.is_structured() || value.empty()) {
    out += scalar_text(value);
    return;
  }
  const bool object = value.is_object();
  const bool one_line = depth > 0 && holds_scalars_only(value);
  const std::string inner = one_line ? std::string{} : '\n' + std::string(depth + 1, ' ');
  out += object ? '{' : '[';
  bool first = true;
  for (auto element = value.begin(); element != value.end(); ++element) {
    if (!first) out += one_line ? ", " : ",";
    first = false;
    out += inner;
    if (object) out += key_text(element.key()) + ": ";
    write(*element, depth + 1, out);
  }
  if (!one_line) out += '\n' + std::string(depth, ' ');
  out += object ? '}' : ']';
}

}  // namespace

Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  return value == 0.0 ? 0.0 : value;
}

Json number(const std::optional<double>& value) { return value ? number(*value) : Json(nullptr); }

Json exact(const Decimal& value) { return value.to_string(); }

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string document_text(const Json& document) { return nested_text(document, 0) + '\n'; }

std::string nested_text(const Json& part, std::size_t depth) {
  std::string text;
  write(part, depth, text);
  return text;
}

}  // namespace gimbal::report::internal
