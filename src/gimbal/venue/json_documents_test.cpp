// Objects are cut out whole, whatever their strings hold and however the bytes arrive.
#include "gimbal/venue/json_documents.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace gimbal::venue {
namespace {

using Texts = std::vector<std::string>;

// Each document behind its line, then the error if one came.
Texts cut(std::string_view text, std::size_t piece = 1000) {
  JsonDocuments documents;
  Texts found;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    documents.feed(text.substr(at, piece));
    while (true) {
      const auto document = documents.next();
      if (!document) {
        found.push_back(document.error().message);
        return found;
      }
      if (!document->has_value()) break;
      found.push_back(fmt::format("{}:{}", (*document)->line, (*document)->text));
    }
  }
  if (const auto finished = documents.finish(); !finished) found.push_back(finished.error().message);
  return found;
}

TEST(JsonDocuments, AreCutWhateverStandsBetweenThem) {
  for (std::size_t piece = 1; piece < 20; ++piece) {
    EXPECT_EQ(cut(R"({"a":1}{"b":[2,{}]})", piece), (Texts{R"(1:{"a":1})", R"(1:{"b":[2,{}]})"})) << piece;
    EXPECT_EQ(cut("{}\n\r\n {}\n", piece), (Texts{"1:{}", "3:{}"})) << piece;
    EXPECT_EQ(cut("[{},\n{} ]\n", piece), (Texts{"1:{}", "2:{}"})) << piece;
    EXPECT_EQ(cut("[{}]\n[{}]{}", piece), (Texts{"1:{}", "2:{}", "2:{}"})) << piece;
  }
}

TEST(JsonDocuments, BracketsAndQuotesInsideStringsDoNotCount) {
  for (std::size_t piece = 1; piece < 20; ++piece) {
    const std::string text = R"({"}":"a \" } \\","b":"{"})";
    EXPECT_EQ(cut(text + "{}", piece), (Texts{"1:" + text, "1:{}"})) << piece;
  }
}

TEST(JsonDocuments, WhatIsNotClosedOrNoObjectIsRefused) {
  EXPECT_EQ(cut("\n{\"a\":"), Texts{"line 2: the object that begins here does not end"});
  EXPECT_EQ(cut("[{}"), (Texts{"1:{}", "line 1: the array around the objects does not end"}));
  EXPECT_EQ(cut("{}\n7"), (Texts{"1:{}", "line 2: byte 0x37 where a JSON object begins"}));
  EXPECT_EQ(cut("[[{}]]"), Texts{"line 1: byte 0x5b where a JSON object begins"});
  EXPECT_EQ(cut("{},{}"), (Texts{"1:{}", "line 1: byte 0x2c where a JSON object begins"}));
}

TEST(JsonDocuments, ObjectBeyondTheLimitIsRefused) {
  JsonDocuments documents;
  documents.feed("{\"");
  const std::string filling(std::size_t{1} << 24U, 'x');
  Result<std::optional<JsonDocument>> next = std::optional<JsonDocument>{};
  for (int i = 0; i < 5 && next; ++i) {
    documents.feed(filling);
    next = documents.next();
  }
  ASSERT_FALSE(next.has_value());
  EXPECT_EQ(next.error().code, ErrorCode::limit_exceeded);
}

}  // namespace
}  // namespace gimbal::venue
