// Text tables and paragraphs that fit a width. Text from outside (names in files and configurations) is made harmless
// for a terminal first: no control characters, nothing whose width we would have to guess.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gimbal::report {

/// How to write to where it will be read; the caller knows the terminal, this room does not.
struct TextStyle {
  std::size_t width = 100;  ///< Columns that no line passes; less than 40 counts as 40.
  bool colour = false;      ///< ANSI escape sequences.
};

enum class Emphasis : std::uint8_t { plain, strong, faint, good, warning, bad };

/// `text` in the style's colours, or as it is.
[[nodiscard]] std::string emphasised(std::string_view text, Emphasis emphasis, const TextStyle& style);

/// Text that is safe to print and one column a character: control characters become spaces, bytes that are no UTF-8 and
/// characters of doubtful width become question marks.
[[nodiscard]] std::string printable(std::string_view text);

/// Columns that printable text takes.
[[nodiscard]] std::size_t text_width(std::string_view text);

/// The text, or as much of it as fits before `...`.
[[nodiscard]] std::string elided(std::string_view text, std::size_t width);

/// Words wrapped to the width behind a label: the first line starts with it, the others are indented as far. A word
/// that fits on no line is cut. Ends with a line break.
[[nodiscard]] std::string paragraph(std::string_view label, std::string_view text, const TextStyle& style,
                                    Emphasis emphasis = Emphasis::plain);

enum class Alignment : std::uint8_t { left, right };

/// The text in exactly `width` columns: padded, or elided.
[[nodiscard]] std::string fitted(std::string_view text, std::size_t width, Alignment alignment);

struct TableColumn {
  std::string header;
  Alignment alignment = Alignment::right;
  bool elastic = false;  ///< Gives way first where the table is too wide.
};

struct TableCell {
  std::string text;
  Emphasis emphasis = Emphasis::plain;
};

/// A table with a header and a rule under it. Columns are as wide as their widest cell; where that passes the width,
/// the gaps shrink, then elastic columns, then the widest of the others, and what does not fit ends in `...`.
class Table {
 public:
  explicit Table(std::vector<TableColumn> columns);

  /// One cell a column; missing ones at the end are empty.
  void add(std::vector<TableCell> cells);
  [[nodiscard]] bool empty() const { return rows_.empty(); }

  [[nodiscard]] std::string text(const TextStyle& style) const;

 private:
  struct Layout {
    std::vector<std::size_t> widths;
    std::size_t gap = 2;
  };
  [[nodiscard]] Layout layout(std::size_t width) const;

  std::vector<TableColumn> columns_;
  std::vector<std::vector<TableCell>> rows_;
};

}  // namespace gimbal::report
