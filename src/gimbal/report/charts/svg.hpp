// The text of one SVG figure, element by element. Looks are classes of the page's style sheet: the page's security
// policy allows no inline style. Knows no data; what a chart means is in the files beside this one.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gimbal::report {

/// Text for markup, inside elements and inside quoted attributes: `&<>"'` become references, control characters that
/// XML forbids become spaces.
[[nodiscard]] std::string escaped(std::string_view text);

/// `name="value"` with a space before it, the value escaped.
[[nodiscard]] std::string attribute(std::string_view name, std::string_view value);

/// User units of a viewBox, y downward.
struct Point {
  double x = 0.0;
  double y = 0.0;
};
struct Box {
  double x = 0.0;
  double y = 0.0;
  double width = 0.0;
  double height = 0.0;
};

enum class Anchor { start, middle, end };

/// Font size of the style sheet's `svg text`, in user units. Charts are drawn for 300 to 360 units and shown no smaller
/// than 0.95 pixels a unit, so that no label is under 11 pixels.
inline constexpr double svg_font_size = 12.0;

/// Upper bound of a text's width in user units, for fonts as wide as any that the style sheet names.
[[nodiscard]] double text_units(std::string_view text);

/// Elements in the order in which they are added. `attributes` are of ours, already written: `class="curve"`; what
/// comes from outside passes through attribute() or text(). Coordinates are finite, or the process stops.
class Svg {
 public:
  /// A figure that says what it shows to who cannot see it.
  Svg(double width, double height, std::string_view label);

  void open(std::string_view attributes = {});
  void close();
  /// What a pointer at rest shows of the group that is open.
  void title(std::string_view text);
  void line(Point from, Point to, std::string_view attributes);
  void rectangle(const Box& box, std::string_view attributes);
  void circle(Point centre, double radius, std::string_view attributes);
  void polyline(std::span<const Point> points, std::string_view attributes);
  void polygon(std::span<const Point> points, std::string_view attributes);
  void text(Point at, Anchor anchor, std::string_view text, std::string_view attributes = {});

  /// The document. Every group that was opened has been closed.
  [[nodiscard]] std::string finished() const;

 private:
  void element(std::string_view name, std::string_view geometry, std::string_view attributes);

  std::string text_;
  int depth_ = 0;
};

}  // namespace gimbal::report
