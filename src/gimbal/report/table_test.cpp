// Tables and paragraphs: how they look, and that nothing from outside can break their width or the terminal.
#include "gimbal/report/table.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sstream>

namespace gimbal::report {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream{text};
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TextStyle wide(std::size_t width) { return {.width = width, .colour = false}; }

Table sample() {
  Table table{{{"Trade", Alignment::left}, {"contracts"}, {"because of", Alignment::left, true}}};
  table.add({{"BTC-PERPETUAL"}, {"-12,000"}, {"delta BTC 65.8, stress 12.1"}});
  table.add({{"BTC-6FEB26-80000-P"}, {"+3.3"}});
  return table;
}

TEST(Table, AlignsColumnsUnderAHeaderAndARule) {
  EXPECT_EQ(sample().text(wide(100)),
            "Trade               contracts  because of\n"
            "------------------  ---------  ---------------------------\n"
            "BTC-PERPETUAL         -12,000  delta BTC 65.8, stress 12.1\n"
            "BTC-6FEB26-80000-P       +3.3\n");
}

TEST(Table, TheElasticColumnGivesWayFirst) {
  EXPECT_EQ(sample().text(wide(46)),
            "Trade              contracts because of\n"
            "------------------ --------- -----------------\n"
            "BTC-PERPETUAL        -12,000 delta BTC 65.8...\n"
            "BTC-6FEB26-80000-P      +3.3\n");
}

TEST(Table, ColourIsWrittenOnlyWhereItIsAskedFor) {
  Table table{{{"Bound", Alignment::left}, {"booked"}}};
  table.add({{"vega BTC"}, {"1,511", Emphasis::bad}});
  EXPECT_EQ(table.text({.width = 80, .colour = false}).find('\033'), std::string::npos);
  const std::string coloured = table.text({.width = 80, .colour = true});
  EXPECT_NE(coloured.find("\033[1;31m1,511\033[0m"), std::string::npos);
}

TEST(Table, TextFromOutsideCannotSteerTheTerminal) {
  EXPECT_EQ(printable("a\033[2Jb\r\nc\td\x7f"), "a?[2Jb? c d?");
  EXPECT_EQ(printable("\u00e9\u03b4\u2013 \u4e2d\u0301"), "\u00e9\u03b4\u2013 ??");
  EXPECT_EQ(printable("\xff\xc3 (\xe2\x82"), "?? (??");
  EXPECT_EQ(printable("\u009b31m"), "?31m");  // the one-character form of an escape sequence
}

TEST(Table, CutsBetweenCharacters) {
  EXPECT_EQ(elided("\u03b4\u03b4\u03b4\u03b4\u03b4\u03b4", 5), "\u03b4\u03b4...");
  EXPECT_EQ(elided("abc", 3), "abc");
  EXPECT_EQ(elided("abcd", 3), "...");
  EXPECT_EQ(elided("abcd", 0), "");
  EXPECT_EQ(fitted("abc", 5, Alignment::right), "  abc");
}

TEST(Table, ParagraphsHangUnderTheirLabel) {
  EXPECT_EQ(paragraph("Refused  ", "sell 40 of a contract: its limit is reached", wide(40)),
            "Refused  sell 40 of a contract: its\n"
            "         limit is reached\n");
  EXPECT_EQ(paragraph("Note ", "", wide(40)), "Note\n");
  EXPECT_EQ(paragraph("", std::string(50, 'x'), wide(40)), std::string(40, 'x') + '\n' + std::string(10, 'x') + '\n');
}

RC_GTEST_PROP(Table, NoLineIsWiderThanItMayBe, ()) {
  const auto columns = *rc::gen::inRange<std::size_t>(1, 12);
  const auto width = *rc::gen::inRange<std::size_t>(0, 140);
  std::vector<TableColumn> headers;
  for (std::size_t i = 0; i < columns; ++i)
    headers.push_back({*rc::gen::arbitrary<std::string>(), *rc::gen::element(Alignment::left, Alignment::right),
                       *rc::gen::arbitrary<bool>()});
  Table table{headers};
  const auto rows = *rc::gen::inRange(0, 6);
  for (int r = 0; r < rows; ++r) {
    std::vector<TableCell> cells;
    for (std::size_t i = 0; i < columns; ++i) {
      auto text = *rc::gen::arbitrary<std::string>();
      cells.push_back({text + std::string(*rc::gen::inRange<std::size_t>(0, 60), 'w'), Emphasis::plain});
    }
    table.add(cells);
  }
  const std::string text = table.text(wide(width));
  const auto lines = lines_of(text);
  RC_ASSERT(lines.size() == static_cast<std::size_t>(rows) + 2U);
  for (const std::string& line : lines) {
    RC_ASSERT(text_width(line) <= std::max<std::size_t>(width, 40));
    RC_ASSERT(printable(line) == line);
    RC_ASSERT(line.empty() || line.back() != ' ');
  }
}

RC_GTEST_PROP(Table, NoParagraphIsWiderThanItMayBe, (const std::string& label, const std::string& text)) {
  const auto width = *rc::gen::inRange<std::size_t>(0, 140);
  for (const std::string& line : lines_of(paragraph(label, text + std::string(200, 'w'), wide(width)))) {
    RC_ASSERT(text_width(line) <= std::max<std::size_t>(width, 40));
    RC_ASSERT(printable(line) == line);
  }
}

}  // namespace
}  // namespace gimbal::report
