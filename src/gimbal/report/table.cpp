// Widths, wrapping and ANSI colours.
#include "gimbal/report/table.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "gimbal/foundation/assert.hpp"

namespace gimbal::report {
namespace {

constexpr std::string_view ellipsis = "...";
constexpr std::size_t width_least = 40;
// An elastic column gives way to this before the gaps do, and to the next before rigid columns do.
constexpr std::size_t elastic_width_wanted = 28;
constexpr std::size_t elastic_width_least = 12;
constexpr std::size_t rigid_width_least = 4;

std::size_t width_of(const TextStyle& style) { return std::max(width_least, style.width); }

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U; }

struct Character {
  std::uint32_t code = 0;  // zero where the bytes are no UTF-8
  std::size_t bytes = 1;
};

// One character of UTF-8. Overlong forms are let through as the code they spell: what matters is the width.
Character decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  std::size_t size = 1;
  if ((lead & 0xe0U) == 0xc0U) size = 2;
  if ((lead & 0xf0U) == 0xe0U) size = 3;
  if ((lead & 0xf8U) == 0xf0U) size = 4;
  if (lead < 0x80U) return {lead, 1};
  if (size == 1 || text.size() < size) return {};
  std::uint32_t code = lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_continuation(text[i])) return {};
    code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3fU);
  }
  return {code, size};
}

// Latin, Greek and Cyrillic letters, dashes and quotation marks: one column in every terminal.
bool is_one_column(std::uint32_t code) {
  return (code >= 0xa1 && code < 0x300 && code != 0xad) || (code >= 0x370 && code < 0x483) ||
         (code >= 0x48a && code < 0x530) || (code >= 0x2010 && code < 0x2028);
}

// The bytes of the first `columns` characters.
std::string_view first_columns(std::string_view text, std::size_t columns) {
  std::size_t bytes = 0;
  for (; bytes < text.size(); ++bytes) {
    if (is_continuation(text[bytes])) continue;
    if (columns == 0) break;
    --columns;
  }
  return text.substr(0, bytes);
}

void trim_end(std::string& line) { line.erase(line.find_last_not_of(' ') + 1); }

const char* escape_of(Emphasis emphasis) {
  switch (emphasis) {
    case Emphasis::plain: return "";
    case Emphasis::strong: return "\033[1m";
    case Emphasis::faint: return "\033[2m";
    case Emphasis::good: return "\033[32m";
    case Emphasis::warning: return "\033[33m";
    case Emphasis::bad: return "\033[1;31m";
  }
  return "";
}

std::size_t sum(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), std::size_t{0});
}

// Takes columns one by one from the widest of the columns meant until the excess is gone or none is above `least`.
void shrink(std::vector<std::size_t>& widths, const std::vector<bool>& meant, std::size_t least, std::size_t room) {
  while (sum(widths) > room) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (meant[i] && widths[i] > least && (widest == widths.size() || widths[i] > widths[widest])) widest = i;
    if (widest == widths.size()) return;
    --widths[widest];
  }
}

}  // namespace

std::string emphasised(std::string_view text, Emphasis emphasis, const TextStyle& style) {
  if (!style.colour || emphasis == Emphasis::plain || text.empty()) return std::string{text};
  return std::string{escape_of(emphasis)}.append(text).append("\033[0m");
}

std::string printable(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const Character character = decode(text);
    if (character.code >= 0x20 && character.code < 0x7f) {
      safe += static_cast<char>(character.code);
    } else if (is_one_column(character.code)) {
      safe += text.substr(0, character.bytes);
    } else if (character.code == '\n' || character.code == '\t' || character.code == 0xa0) {
      safe += ' ';
    } else {
      safe += '?';
    }
    text.remove_prefix(character.bytes);
  }
  return safe;
}

std::size_t text_width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return !is_continuation(byte); }));
}

std::string elided(std::string_view text, std::size_t width) {
  if (text_width(text) <= width) return std::string{text};
  if (width <= ellipsis.size()) return std::string{ellipsis.substr(0, width)};
  return std::string{first_columns(text, width - ellipsis.size())}.append(ellipsis);
}

std::string fitted(std::string_view text, std::size_t width, Alignment alignment) {
  std::string cut = elided(text, width);
  const std::string blanks(width - text_width(cut), ' ');
  return alignment == Alignment::left ? cut + blanks : blanks + cut;
}

std::string paragraph(std::string_view label, std::string_view text, const TextStyle& style, Emphasis emphasis) {
  const std::size_t width = width_of(style);
  const std::string safe_label = elided(printable(label), width / 2);
  const std::size_t indent = text_width(safe_label);
  const std::size_t room = width - indent;
  std::vector<std::string> lines(1);
  const std::string safe = printable(text);
  std::string_view rest = safe;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    std::string_view word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t used = text_width(lines.back());
    if (used > 0 && used + 1 + text_width(word) > room) lines.emplace_back();
    if (!lines.back().empty()) lines.back() += ' ';
    for (; text_width(word) > room; lines.emplace_back()) {  // a word that fits on no line
      const std::string_view part = first_columns(word, room);
      lines.back() += part;
      word.remove_prefix(part.size());
    }
    lines.back() += word;
  }
  std::string result;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string line = i == 0 ? emphasised(safe_label, Emphasis::strong, style) : std::string(indent, ' ');
    trim_end(lines[i]);
    line += emphasised(lines[i], emphasis, style);
    trim_end(line);
    result += line + '\n';
  }
  return result;
}

Table::Table(std::vector<TableColumn> columns) : columns_{std::move(columns)} {
  GIMBAL_ASSERT(!columns_.empty());
  for (TableColumn& column : columns_) column.header = printable(column.header);
}

void Table::add(std::vector<TableCell> cells) {
  GIMBAL_ASSERT(cells.size() <= columns_.size());
  cells.resize(columns_.size());
  for (TableCell& cell : cells) cell.text = printable(cell.text);
  rows_.push_back(std::move(cells));
}

Table::Layout Table::layout(std::size_t width) const {
  Layout layout;
  std::vector<bool> elastic;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t widest = text_width(columns_[i].header);
    for (const auto& row : rows_) widest = std::max(widest, text_width(row[i].text));
    layout.widths.push_back(widest);
    elastic.push_back(columns_[i].elastic);
  }
  const std::size_t gaps = columns_.size() - 1;
  GIMBAL_ASSERT(gaps * 2 < width);
  shrink(layout.widths, elastic, elastic_width_wanted, width - 2 * gaps);
  if (sum(layout.widths) + 2 * gaps <= width) return layout;
  layout.gap = 1;
  shrink(layout.widths, elastic, elastic_width_least, width - gaps);
  const std::vector<bool> all(columns_.size(), true);
  for (const std::size_t least : {elastic_width_least, rigid_width_least, std::size_t{1}})
    shrink(layout.widths, all, least, width - gaps);
  return layout;
}

std::string Table::text(const TextStyle& style) const {
  const Layout layout = this->layout(width_of(style));
  const std::string gap(layout.gap, ' ');
  std::string header;
  std::string rule;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) header += gap;
    if (i > 0) rule += gap;
    header += fitted(columns_[i].header, layout.widths[i], columns_[i].alignment);
    rule += std::string(layout.widths[i], '-');
  }
  trim_end(header);
  trim_end(rule);
  std::string result =
      emphasised(header, Emphasis::strong, style) + '\n' + emphasised(rule, Emphasis::faint, style) + '\n';
  for (const auto& row : rows_) {
    std::string line;
    std::size_t blanks = 0;  // put off, so that no line ends in them
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) blanks += layout.gap;
      const std::string cell = fitted(row[i].text, layout.widths[i], columns_[i].alignment);
      const std::size_t first = cell.find_first_not_of(' ');
      if (first == std::string::npos) {
        blanks += cell.size();
        continue;
      }
      const std::size_t last = cell.find_last_not_of(' ');
      line += std::string(blanks + first, ' ');
      line += emphasised(std::string_view{cell}.substr(first, last - first + 1), row[i].emphasis, style);
      blanks = cell.size() - last - 1;
    }
    result += line + '\n';
  }
  return result;
}

}  // namespace gimbal::report
