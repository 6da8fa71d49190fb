// Rows and cells as HTML.
#include "gimbal/report/internal/html_table.hpp"

#include <fmt/core.h>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/report/charts/svg.hpp"

namespace gimbal::report::internal {
namespace {

const char* class_of(Look look) {
  switch (look) {
    case Look::plain: return "";
    case Look::faint: return "faint";
    case Look::good: return "good";
    case Look::warning: return "warning";
    case Look::bad: return "bad";
    case Look::strong: return "strong";
  }
  return "";
}

std::string class_attribute(std::string names) {
  return names.empty() ? std::string{} : fmt::format(" class=\"{}\"", names);
}

}  // namespace

HtmlCell::HtmlCell(std::string_view text, Look cell_look) : markup{escaped(text)}, look{cell_look} {}

HtmlCell HtmlCell::of_markup(std::string markup) {
  HtmlCell cell{""};
  cell.markup = std::move(markup);
  return cell;
}

HtmlTable::HtmlTable(std::string label, std::vector<HtmlColumn> columns, Narrow narrow)
    : label_{std::move(label)}, columns_{std::move(columns)}, narrow_{narrow} {}

void HtmlTable::add(const std::vector<HtmlCell>& cells, Look row) {
  GIMBAL_ASSERT(cells.size() == columns_.size());
  body_ += fmt::format("<tr{}>", class_attribute(class_of(row)));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::string names = columns_[i].numeric ? "n" : "";
    if (const std::string look = class_of(cells[i].look); !look.empty()) names += (names.empty() ? "" : " ") + look;
    const std::string label = narrow_ == Narrow::stacks ? attribute("data-label", columns_[i].header) : std::string{};
    body_ += i == 0 ? fmt::format("<th scope=\"row\"{}>{}</th>", class_attribute(names), cells[i].markup)
                    : fmt::format("<td{}{}>{}</td>", class_attribute(names), label, cells[i].markup);
  }
  body_ += "</tr>\n";
  ++rows_;
}

std::string HtmlTable::markup() const {
  std::string head;
  for (const HtmlColumn& column : columns_)
    head +=
        fmt::format("<th scope=\"col\"{}>{}</th>", class_attribute(column.numeric ? "n" : ""), escaped(column.header));
  return fmt::format(
      "<div class=\"table{}\" data-scrolls=\"\" role=\"region\" tabindex=\"0\"{}><table>\n<thead><tr>{}</tr></thead>\n"
      "<tbody>\n{}</tbody></table></div>\n",
      narrow_ == Narrow::stacks ? " stacks" : "", attribute("aria-label", label_), head, body_);
}

std::string html_paragraph(std::string_view text, std::string_view look) {
  return fmt::format("<p{}>{}</p>\n", class_attribute(std::string{look}), escaped(text));
}

std::string html_figure(const std::string& chart, const std::string& caption, std::string_view look) {
  if (chart.empty()) return {};
  return fmt::format("<figure{}>\n<figcaption>{}</figcaption>\n{}\n</figure>\n", class_attribute(std::string{look}),
                     caption, chart);
}

}  // namespace gimbal::report::internal
