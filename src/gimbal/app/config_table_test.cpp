// Strict reading of TOML: every slip is one sentence with file, line and key.
#include "gimbal/app/config_table.hpp"

#include <gtest/gtest.h>

namespace gimbal::app {
namespace {

// Reads one key of a root table and gives the file's verdict.
template <class Read>
Result<void> verdict(const std::string& text, Read read) {
  auto file = ConfigFile::parse("book.toml", text);
  if (!file) return Unexpected{file.error()};
  ConfigTable root = file->root();
  read(root);
  root.finish();
  return file->finish();
}

template <class Read>
std::string complaint(const std::string& text, Read read) {
  const auto result = verdict(text, read);
  return result ? "" : result.error().message;
}

TEST(ConfigTable, ReadsEveryKindOfValue) {
  const auto result = verdict(R"(
number = 1.5
whole = 7
truth = true
word = "put"
exact = 0.1
digits = "12345678.12345678"
list = [1, 2.5]
words = ["a", "b"]
[nested]
inner = 1
[[row]]
x = 1
[[row]]
x = 2
)",
                              [](ConfigTable& root) {
                                EXPECT_EQ(root.number("number"), 1.5);
                                EXPECT_EQ(root.integer("whole"), 7);
                                EXPECT_TRUE(root.boolean_or("truth", false));
                                EXPECT_EQ(root.choice("word", {"call", "put"}, 0), 1U);
                                EXPECT_EQ(root.decimal("exact"), Decimal::of("0.1"));
                                EXPECT_EQ(root.decimal("digits"), Decimal::of("12345678.12345678"));
                                EXPECT_EQ(root.numbers("list"), (std::vector<double>{1.0, 2.5}));
                                EXPECT_EQ(root.texts("words"), (std::vector<std::string>{"a", "b"}));
                                ConfigTable nested = root.table("nested");
                                EXPECT_EQ(nested.required_number("inner"), 1.0);
                                nested.finish();
                                auto rows = root.tables("row");
                                ASSERT_EQ(rows.size(), 2U);
                                EXPECT_EQ(rows[1].required_number("x"), 2.0);
                              });
  EXPECT_TRUE(result) << result.error().message;
}

TEST(ConfigTable, AnUnknownKeyIsRefusedWithTheNearestKnownOne) {
  const auto read = [](ConfigTable& root) {
    (void)root.number("loss_limit");
    (void)root.number("ceiling");
  };
  EXPECT_EQ(complaint("ceiling = 1\nlos_limit = 2\n", read),
            "book.toml:2: unknown key 'los_limit'; did you mean 'loss_limit'?");
  EXPECT_EQ(complaint("zebra = 2\n", read), "book.toml:1: unknown key 'zebra'");
}

TEST(ConfigTable, AKeyOfANestedTableIsNamedByItsPath) {
  const auto read = [](ConfigTable& root) {
    for (ConfigTable& row : root.tables("greek")) {
      (void)row.number("lower");
      row.finish();
    }
  };
  EXPECT_EQ(complaint("[[greek]]\nlower = 1\n[[greek]]\nlowr = 1\n", read),
            "book.toml:4: unknown key 'greek[2].lowr'; did you mean 'greek[2].lower'?");
}

TEST(ConfigTable, AWrongKindSaysWhatWasFoundAndWhatWasExpected) {
  EXPECT_EQ(complaint("x = \"1\"\n", [](ConfigTable& root) { (void)root.number("x"); }),
            "book.toml:1: x is '1', expected a number");
  EXPECT_EQ(complaint("x = true\n", [](ConfigTable& root) { (void)root.number("x"); }),
            "book.toml:1: x is true, expected a number");
  EXPECT_EQ(complaint("x = 1.5\n", [](ConfigTable& root) { (void)root.integer("x"); }),
            "book.toml:1: x is 1.5, expected a whole number");
  EXPECT_EQ(complaint("x = \"up\"\n",
                      [](ConfigTable& root) {
                        (void)root.choice("x", {"call", "put"}, 0);
                      }),
            "book.toml:1: x is 'up', expected one of 'call' 'put'");
  EXPECT_EQ(complaint("x = 1\n", [](ConfigTable& root) { (void)root.tables("x"); }),
            "book.toml:1: x is 1, expected tables written [[x]]");
}

TEST(ConfigTable, NumbersOutsideTheirRangeAreRefused) {
  const auto positive = [](ConfigTable& root) { (void)root.number("x", {.above = 0.0}); };
  EXPECT_EQ(complaint("x = 0\n", positive), "book.toml:1: x is 0, expected a number above 0");
  EXPECT_EQ(complaint("x = nan\n", positive), "book.toml:1: x is nan, expected a number above 0");
  EXPECT_EQ(complaint("x = inf\n", positive), "book.toml:1: x is inf, expected a finite number");
  EXPECT_EQ(complaint("x = [1, 3]\n", [](ConfigTable& root) { (void)root.numbers("x", {.at_most = 2.0}); }),
            "book.toml:1: x is 3, expected a number of at most 2");
  EXPECT_EQ(complaint("x = 1\n", [](ConfigTable& root) { (void)root.number("x", {.below = 1.0}); }),
            "book.toml:1: x is 1, expected a number below 1");
}

TEST(ConfigTable, ARequiredKeyThatIsMissingIsNamed) {
  EXPECT_NE(complaint("y = 1\n", [](ConfigTable& root) { (void)root.required_number("x"); })
                .find("x is missing, expected a number"),
            std::string::npos);
}

TEST(ConfigTable, TheFirstErrorIsTheOneReported) {
  EXPECT_EQ(complaint("a = 1\nb = \"2\"\nc = \"3\"\n",
                      [](ConfigTable& root) {
                        (void)root.number("b");
                        (void)root.number("c");
                      }),
            "book.toml:2: b is '2', expected a number");
}

TEST(ConfigTable, WhatIsNoTomlIsRefusedWithItsLine) {
  const auto file = ConfigFile::parse("book.toml", "a = 1\nb = = 2\n");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().message.substr(0, 12), "book.toml:2:");
}

TEST(NearestWord, SuggestsSlipsAndNothingElse) {
  const std::vector<std::string> known = {"delta", "gamma", "risk_aversion"};
  EXPECT_EQ(nearest_word("dleta", known), std::nullopt);  // two edits in five letters
  EXPECT_EQ(nearest_word("delt", known), "delta");
  EXPECT_EQ(nearest_word("risk_adversion", known), "risk_aversion");
  EXPECT_EQ(nearest_word("horizon", known), std::nullopt);
}

}  // namespace
}  // namespace gimbal::app
