// Tables of the page: cells that are escaped, columns of numbers that line up, and a box around that scrolls inside
// itself where the screen is narrow.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gimbal::report::internal {

enum class Look : unsigned char { plain, faint, good, warning, bad, strong };

/// What stands in a cell, as markup.
struct HtmlCell {
  // Rows are written as lists of texts, so a text is a cell without being called one.
  // NOLINTBEGIN(google-explicit-constructor)
  HtmlCell(std::string_view text, Look look = Look::plain);
  HtmlCell(const char* text) : HtmlCell{std::string_view{text}} {}
  HtmlCell(const std::string& text) : HtmlCell{std::string_view{text}} {}
  // NOLINTEND(google-explicit-constructor)
  /// Markup that was escaped where it was made.
  [[nodiscard]] static HtmlCell of_markup(std::string markup);

  std::string markup;
  Look look = Look::plain;
};

struct HtmlColumn {
  std::string header;
  bool numeric = true;  ///< Right-aligned; words are left-aligned.
};

/// What a narrow screen does to a table: it scrolls inside itself, or each row becomes a block whose cells carry their
/// column's header.
enum class Narrow : unsigned char { scrolls, stacks };

class HtmlTable {
 public:
  /// `label` says what the table shows to who hears it.
  HtmlTable(std::string label, std::vector<HtmlColumn> columns, Narrow narrow = Narrow::scrolls);

  /// One cell a column; the first names the row.
  void add(const std::vector<HtmlCell>& cells, Look row = Look::plain);
  [[nodiscard]] bool empty() const { return rows_ == 0; }
  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::string markup() const;

 private:
  std::string label_;
  std::vector<HtmlColumn> columns_;
  Narrow narrow_;
  std::string body_;
  std::size_t rows_ = 0;
};

/// `<p class="...">` around escaped text; without a class where that is empty.
[[nodiscard]] std::string html_paragraph(std::string_view text, std::string_view look = {});

/// A figure: its caption is markup, escaped where it was made. Empty where the chart is.
[[nodiscard]] std::string html_figure(const std::string& chart, const std::string& caption, std::string_view look = {});

}  // namespace gimbal::report::internal
