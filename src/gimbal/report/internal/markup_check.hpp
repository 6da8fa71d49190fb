// For tests of figures and pages: whether a text is well-formed XML, and where a figure's texts stand. Knows only what
// the figures of this room use: elements, quoted attributes, references; no comments and no sections.
#pragma once

#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gimbal/report/charts/svg.hpp"

namespace gimbal::report::internal {

struct MarkupElement {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;  ///< Directly inside, references as they are written.

  [[nodiscard]] double number(const std::string& attribute) const {
    const auto found = attributes.find(attribute);
    return found == attributes.end() ? 0.0 : std::strtod(found->second.c_str(), nullptr);
  }
};

struct Markup {
  std::string fault;  ///< Why it is not well-formed; empty where it is.
  std::vector<MarkupElement> elements;

  [[nodiscard]] std::vector<MarkupElement> named(const std::string& name) const {
    std::vector<MarkupElement> found;
    for (const MarkupElement& element : elements)
      if (element.name == name) found.push_back(element);
    return found;
  }
};

/// Reads one tag's inside, `rect x="1" class="bar"`; a fault where it cannot.
inline std::string read_tag(std::string_view inside, MarkupElement& element) {
  std::size_t at = inside.find_first_of(" \n");
  element.name = inside.substr(0, at);
  while (at != std::string_view::npos) {
    at = inside.find_first_not_of(" \n", at);
    if (at == std::string_view::npos) break;
    const std::size_t equals = inside.find("=\"", at);
    if (equals == std::string_view::npos) return "an attribute without a value in <" + std::string{inside};
    const std::size_t end = inside.find('"', equals + 2);
    if (end == std::string_view::npos) return "an open quote in <" + std::string{inside};
    const std::string name{inside.substr(at, equals - at)};
    if (name.find_first_of(" \"<") != std::string::npos) return "no name of an attribute: " + name;
    if (!element.attributes.emplace(name, inside.substr(equals + 2, end - equals - 2)).second)
      return "twice the attribute " + name;
    at = end + 1;
  }
  return {};
}

inline Markup read_markup(std::string_view text) {
  Markup markup;
  std::vector<std::size_t> open;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t tag = text.find('<', at);
    const std::string_view between = text.substr(at, tag == std::string_view::npos ? tag : tag - at);
    if (between.find('>') != std::string_view::npos) markup.fault = "a bare > in " + std::string{between};
    if (!open.empty()) markup.elements[open.back()].text += between;
    if (tag == std::string_view::npos) break;
    const std::size_t end = text.find('>', tag);
    if (end == std::string_view::npos) return {"a tag without end", {}};
    std::string_view inside = text.substr(tag + 1, end - tag - 1);
    at = end + 1;
    if (inside.substr(0, 1) == "/") {
      if (open.empty() || markup.elements[open.back()].name != inside.substr(1))
        return {"</" + std::string{inside.substr(1)} + "> closes what is not open", {}};
      open.pop_back();
      continue;
    }
    const bool closed = inside.substr(inside.size() - 1) == "/";
    if (closed) inside.remove_suffix(1);
    MarkupElement element;
    if (const std::string fault = read_tag(inside, element); !fault.empty()) return {fault, {}};
    markup.elements.push_back(std::move(element));
    if (!closed) open.push_back(markup.elements.size() - 1);
  }
  if (!open.empty()) markup.fault = "<" + markup.elements[open.back()].name + "> is not closed";
  return markup;
}

/// Upper bounds of the boxes that a figure's texts take, in the order of the document.
inline std::vector<Box> text_boxes(const Markup& markup) {
  std::vector<Box> boxes;
  for (const MarkupElement& text : markup.named("text")) {
    const double width = text_units(text.text);
    const std::string& anchor = text.attributes.at("text-anchor");
    const double left = text.number("x") - (anchor == "end" ? width : anchor == "middle" ? 0.5 * width : 0.0);
    constexpr double ascent = 0.78;  // of the font size: a digit's height
    boxes.push_back({left, text.number("y") - ascent * svg_font_size, width, ascent * svg_font_size});
  }
  return boxes;
}

/// What is wrong with a figure that any figure must not have wrong; empty where nothing is.
inline std::string figure_fault(const std::string& figure) {
  const Markup markup = read_markup(figure);
  if (!markup.fault.empty()) return markup.fault;
  if (markup.elements.empty() || markup.elements[0].name != "svg") return "no figure";
  // A value that is no number, wherever it may stand: alone, in a list, with a sign.
  for (const char* before : {"\"", ">", " ", ",", "-"})
    for (const char* word : {"nan", "inf", "-0\"", "-0<"})
      if (figure.find(std::string{before} + word) != std::string::npos) return std::string{"it says "} + word;
  const std::string view = markup.elements[0].attributes.at("viewBox");
  const std::size_t space = view.rfind(' ');
  const double height = std::strtod(view.c_str() + space, nullptr);
  const double width = std::strtod(view.c_str() + 4, nullptr);
  const auto outside = [&](double x, double y) {
    constexpr double rounding = 0.01;
    return x < -rounding || y < -rounding || x > width + rounding || y > height + rounding;
  };
  for (const MarkupElement& element : markup.elements) {
    if (element.name == "rect" &&
        (outside(element.number("x"), element.number("y")) ||
         outside(element.number("x") + element.number("width"), element.number("y") + element.number("height"))))
      return "a rectangle leaves the figure";
    if (element.name == "line" &&
        (outside(element.number("x1"), element.number("y1")) || outside(element.number("x2"), element.number("y2"))))
      return "a line leaves the figure";
    if (element.name == "circle" && outside(element.number("cx"), element.number("cy"))) return "a circle leaves it";
  }
  const std::vector<MarkupElement> texts = markup.named("text");
  const std::vector<Box> boxes = text_boxes(markup);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (outside(boxes[i].x, boxes[i].y) || outside(boxes[i].x + boxes[i].width, boxes[i].y + boxes[i].height))
      return "“" + texts[i].text + "” leaves the figure";
    for (std::size_t k = 0; k < i; ++k)
      if (boxes[i].x < boxes[k].x + boxes[k].width && boxes[k].x < boxes[i].x + boxes[i].width &&
          boxes[i].y < boxes[k].y + boxes[k].height && boxes[k].y < boxes[i].y + boxes[i].height)
        return "“" + texts[k].text + "” and “" + texts[i].text + "” overlap";
  }
  return {};
}

}  // namespace gimbal::report::internal
