// Lines, fields, headers and typed reading of tables.
#include "gimbal/venue/csv_record.hpp"

#include <gtest/gtest.h>

#include <array>

namespace gimbal::venue {
namespace {

using Texts = std::vector<std::string>;

Texts lines_of(std::string_view text, std::size_t piece = 1000) {
  CsvLines lines;
  Texts found;
  const auto drain = [&] {
    for (auto line = lines.next(); line && line->has_value(); line = lines.next())
      found.push_back(fmt::format("{}:{}", (*line)->number, (*line)->text));
  };
  for (std::size_t at = 0; at < text.size(); at += piece) {
    lines.feed(text.substr(at, piece));
    drain();
  }
  lines.finish();
  drain();
  return found;
}

Texts fields_of(std::string_view text) {
  CsvFields fields;
  const auto split = fields.split(CsvLine{1, text});
  EXPECT_TRUE(split.has_value());
  return {fields.all().begin(), fields.all().end()};
}

TEST(CsvLines, EndAtLineFeedsWhateverTheChunks) {
  for (std::size_t piece = 1; piece < 12; ++piece) {
    EXPECT_EQ(lines_of("a\nbc\r\n\n\r\nd", piece), (Texts{"1:a", "2:bc", "5:d"})) << piece;
    EXPECT_EQ(lines_of("a\n", piece), Texts{"1:a"});
  }
  EXPECT_EQ(lines_of(""), Texts{});
}

TEST(CsvLines, LineBeyondTheLimitIsRefusedOnceItIsSeen) {
  CsvLines lines;
  lines.feed(std::string(CsvLines::line_bytes_max, 'x'));
  EXPECT_FALSE(lines.next()->has_value());
  lines.feed("x");
  EXPECT_EQ(lines.next().error().message, "line 1: longer than 65536 bytes, this is not a text table");
}

TEST(CsvFields, SplitAtCommasAndUnquote) {
  EXPECT_EQ(fields_of("a,,b"), (Texts{"a", "", "b"}));
  EXPECT_EQ(fields_of(","), (Texts{"", ""}));
  EXPECT_EQ(fields_of(R"("a,b",c,"say ""so""","")"), (Texts{"a,b", "c", R"(say "so")", ""}));
  EXPECT_EQ(fields_of(R"(5" pipe,"x")"), (Texts{"5\" pipe", "x"}));
  CsvFields fields;
  EXPECT_EQ(fields.split(CsvLine{3, R"("a)"}).error().message, "line 3: a quoted field does not end on its line");
  EXPECT_EQ(fields.split(CsvLine{3, R"("a"b,c)"}).error().message, "line 3: text follows a quoted field");
}

TEST(CsvHeader, FindsColumnsByNameAndNamesWhatIsMissing) {
  constexpr std::array<std::string_view, 2> wanted{"bid", "ask"};
  const auto header = CsvHeader::read(CsvLine{1, "time,ask,\"bid\",note"}, wanted);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->place(0), 2U);
  EXPECT_EQ(header->place(1), 1U);
  EXPECT_EQ(header->columns().size(), 4U);
  EXPECT_EQ(CsvHeader::read(CsvLine{1, "time,bid"}, wanted).error().message,
            "line 1: column 'ask' is missing; found: time,bid");
  EXPECT_EQ(CsvHeader::read(CsvLine{1, "bid,ask,bid"}, wanted).error().message,
            "line 1: column 'bid' stands there twice");
}

TEST(CsvRecord, ReadsTypedFieldsAndSaysWhichOneIsWrong) {
  constexpr std::array<std::string_view, 3> wanted{"time", "price", "mark"};
  const auto header = CsvHeader::read(CsvLine{1, "time,price,mark"}, wanted);
  ASSERT_TRUE(header.has_value());
  const auto read = [&](std::string_view text, auto use) {
    const CsvLine line{17, text};
    CsvFields fields;
    ASSERT_TRUE(fields.split(line).has_value());
    use(CsvRecord{*header, line, fields});
  };
  read("2026-02-01T04:00:00Z,1.50,-2e-3", [](const CsvRecord& record) {
    EXPECT_EQ(format_utc(*record.time(0)), "2026-02-01T04:00:00Z");
    EXPECT_EQ(**record.decimal(1), Decimal::of("1.5"));
    EXPECT_EQ(**record.real(2), -0.002);
  });
  read("yesterday,abc,inf", [](const CsvRecord& record) {
    EXPECT_EQ(record.time(0).error().message,
              "line 17: field 'time': 'yesterday' is not a UTC time such as 2026-02-01T04:54:02Z");
    EXPECT_EQ(record.decimal(1).error().message,
              "line 17: field 'price': 'abc' is not a decimal number of at most 18 digits");
    EXPECT_EQ(record.real(2).error().message, "line 17: field 'mark': 'inf' is not a number");
  });
  read(",,", [](const CsvRecord& record) {
    EXPECT_FALSE(record.decimal(1)->has_value());
    EXPECT_FALSE(record.real(2)->has_value());
  });
}

TEST(ParseReal, TakesTheWholeTextOrNothing) {
  EXPECT_EQ(parse_real("1e-3"), 0.001);
  for (const char* text : {"", " 1", "1 ", "1,5", "0x1p3", "nan", "infinity", "1e999", "+1"})
    EXPECT_FALSE(parse_real(text).has_value()) << text;
}

}  // namespace
}  // namespace gimbal::venue
