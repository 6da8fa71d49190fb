// What every page is made of around its sections: the template with its style sheet and its script, and the policy in
// its head that lets nothing else in.
#pragma once

#include <string>

namespace gimbal::report::internal {

struct PageParts {
  std::string title;
  std::string subtitle;
  std::string body;  ///< Markup, escaped where it was made.
  std::string data;  ///< JSON in which no `<` occurs.
};

[[nodiscard]] std::string page_document(const PageParts& parts);

/// A heading and what stands under it. `id` is a word of ours.
[[nodiscard]] std::string section_markup(const std::string& id, const std::string& heading, const std::string& inside);

/// One figure of a strip, the row of numbers that a page begins with.
struct StripItem {
  std::string name;
  std::string value;
  std::string unit;
  std::string note;
  const char* look = "";
};
[[nodiscard]] std::string strip_item_markup(const StripItem& item);

/// JSON as it may stand in a script element: outside of strings JSON has no `<`, and inside a reference means the same.
[[nodiscard]] std::string embedded_json(const std::string& text);

}  // namespace gimbal::report::internal
