// SVG elements as text, coordinates to a hundredth of a unit.
#include "gimbal/report/charts/svg.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "gimbal/foundation/assert.hpp"

namespace gimbal::report {
namespace {

// Beyond this a coordinate is a mistake of the chart, and its decimals would be noise.
constexpr double coordinate_most = 1e6;

// `12.5`, `-3`, `0`: at most two decimals, none that are zero.
std::string coordinate(double value) {
  GIMBAL_ASSERT(std::fabs(value) <= coordinate_most);  // refuses NaN as well
  std::string text = fmt::format("{:.2f}", value);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string points_text(std::span<const Point> points) {
  std::string text;
  for (const Point& point : points)
    text += fmt::format("{}{},{}", text.empty() ? "" : " ", coordinate(point.x), coordinate(point.y));
  return text;
}

const char* to_text(Anchor anchor) {
  switch (anchor) {
    case Anchor::start: return "start";
    case Anchor::middle: return "middle";
    case Anchor::end: return "end";
  }
  return "start";
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char letter : text) {
    switch (letter) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\'': result += "&#39;"; break;
      default: result += static_cast<unsigned char>(letter) < 0x20U || letter == '\x7f' ? ' ' : letter;
    }
  }
  return result;
}

std::string attribute(std::string_view name, std::string_view value) {
  return fmt::format(" {}=\"{}\"", name, escaped(value));
}

double text_units(std::string_view text) {
  constexpr double width_most = 0.64;  // of the font size: a digit of DejaVu Sans, the widest of the fonts
  const auto letters = std::count_if(text.begin(), text.end(), [](char letter) {
    return (static_cast<unsigned char>(letter) & 0xC0U) != 0x80U;  // not the continuation of a UTF-8 character
  });
  return static_cast<double>(letters) * width_most * svg_font_size;
}

Svg::Svg(double width, double height, std::string_view label)
    : text_{fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\"{}>", coordinate(width), coordinate(height),
                        attribute("aria-label", label))} {}

void Svg::open(std::string_view attributes) {
  text_ += fmt::format("<g{}{}>", attributes.empty() || attributes.front() == ' ' ? "" : " ", attributes);
  ++depth_;
}

void Svg::close() {
  GIMBAL_ASSERT(depth_ > 0);
  text_ += "</g>";
  --depth_;
}

void Svg::title(std::string_view text) { text_ += fmt::format("<title>{}</title>", escaped(text)); }

void Svg::line(Point from, Point to, std::string_view attributes) {
  element("line",
          fmt::format("x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"", coordinate(from.x), coordinate(from.y),
                      coordinate(to.x), coordinate(to.y)),
          attributes);
}

void Svg::rectangle(const Box& box, std::string_view attributes) {
  GIMBAL_ASSERT(box.width >= 0.0 && box.height >= 0.0);
  element("rect",
          fmt::format("x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", coordinate(box.x), coordinate(box.y),
                      coordinate(box.width), coordinate(box.height)),
          attributes);
}

void Svg::circle(Point centre, double radius, std::string_view attributes) {
  element("circle",
          fmt::format("cx=\"{}\" cy=\"{}\" r=\"{}\"", coordinate(centre.x), coordinate(centre.y), coordinate(radius)),
          attributes);
}

void Svg::polyline(std::span<const Point> points, std::string_view attributes) {
  element("polyline", fmt::format("points=\"{}\"", points_text(points)), attributes);
}

void Svg::polygon(std::span<const Point> points, std::string_view attributes) {
  element("polygon", fmt::format("points=\"{}\"", points_text(points)), attributes);
}

void Svg::text(Point at, Anchor anchor, std::string_view text, std::string_view attributes) {
  text_ += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\"{}{}>{}</text>", coordinate(at.x), coordinate(at.y),
                       to_text(anchor), attributes.empty() || attributes.front() == ' ' ? "" : " ", attributes,
                       escaped(text));
}

std::string Svg::finished() const {
  GIMBAL_ASSERT(depth_ == 0);
  return text_ + "</svg>";
}

void Svg::element(std::string_view name, std::string_view geometry, std::string_view attributes) {
  text_ += fmt::format("<{} {}{}{}/>", name, geometry, attributes.empty() || attributes.front() == ' ' ? "" : " ",
                       attributes);
}

}  // namespace gimbal::report
