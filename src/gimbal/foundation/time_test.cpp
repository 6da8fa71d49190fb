// Text forms and calendar arithmetic of UTC time: round trips, every malformed shape, and the ends of 64-bit
// nanoseconds.
#include "gimbal/foundation/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <string>

namespace gimbal {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t day = 86'400 * second;

std::string normal_form(std::string_view text) {
  const auto time = parse_utc(text);
  return time.has_value() ? format_utc(*time) : to_string(time.error().code);
}

TEST(ParseUtc, ReadsEveryDocumentedShape) {
  EXPECT_EQ(normal_form("2026-02-01T04:54:02.172460+00:00"), "2026-02-01T04:54:02.17246Z");
  EXPECT_EQ(normal_form("2026-02-01T04:54:02Z"), "2026-02-01T04:54:02Z");
  EXPECT_EQ(normal_form("2026-02-01 04:54:02"), "2026-02-01T04:54:02Z");
  EXPECT_EQ(normal_form("2026-02-01T04:54"), "2026-02-01T04:54:00Z");
  EXPECT_EQ(normal_form("2026-02-01T04:54Z"), "2026-02-01T04:54:00Z");
  EXPECT_EQ(normal_form("2026-02-01"), "2026-02-01T00:00:00Z");
  EXPECT_EQ(normal_form("2026-02-01T04:54:02.123456789Z"), "2026-02-01T04:54:02.123456789Z");
  EXPECT_EQ(normal_form("2026-02-01T04:54:02.5Z"), "2026-02-01T04:54:02.5Z");
}

TEST(ParseUtc, TakesOffsetsAcrossMidnightAndYear) {
  EXPECT_EQ(normal_form("2026-01-01T00:30:00+01:00"), "2025-12-31T23:30:00Z");
  EXPECT_EQ(normal_form("2025-12-31T23:30:00-05:30"), "2026-01-01T05:00:00Z");
  EXPECT_EQ(normal_form("2024-03-01T00:00+14:00"), "2024-02-29T10:00:00Z");
}

TEST(ParseUtc, KnowsLeapYears) {
  EXPECT_EQ(normal_form("2024-02-29"), "2024-02-29T00:00:00Z");
  EXPECT_EQ(normal_form("2000-02-29"), "2000-02-29T00:00:00Z");
  EXPECT_EQ(normal_form("2023-02-29"), "parse");
  EXPECT_EQ(normal_form("1900-02-29"), "parse");
}

TEST(ParseUtc, RefusesEveryMalformedShape) {
  for (const char* text : {"",
                           " ",
                           "2026",
                           "2026-02",
                           "2026-02-",
                           "2026-2-01",
                           "26-02-01",
                           "2026/02/01",
                           "2026-00-01",
                           "2026-13-01",
                           "2026-02-00",
                           "2026-02-30",
                           "1677-12-31",
                           "2262-01-01",
                           "2026-02-01T",
                           "2026-02-01X04:54",
                           "2026-02-01T04",
                           "2026-02-01T0454",
                           "2026-02-01T4:54",
                           "2026-02-01T24:00",
                           "2026-02-01T04:60",
                           "2026-02-01T04:54:",
                           "2026-02-01T04:54:60",
                           "2026-02-01T04:54:2",
                           "2026-02-01T04:54:02.",
                           "2026-02-01T04:54:02.Z",
                           "2026-02-01T04:54:02,5Z",
                           "2026-02-01T04:54:02.1234567891Z",
                           "2026-02-01T04:54.5Z",
                           "2026-02-01T04:54:02z",
                           "2026-02-01T04:54:02ZZ",
                           "2026-02-01T04:54:02Z ",
                           " 2026-02-01",
                           "2026-02-01T04:54:02 Z",
                           "2026-02-01Z",
                           "2026-02-01T04:54:02+",
                           "2026-02-01T04:54:02+01",
                           "2026-02-01T04:54:02+0100",
                           "2026-02-01T04:54:02+01:0",
                           "2026-02-01T04:54:02+15:00",
                           "2026-02-01T04:54:02+01:60",
                           "2026-02-01T04:54:02+01:00Z",
                           "-2026-02-01",
                           "+2026-02-01",
                           "2026-02-0a"}) {
    const auto time = parse_utc(text);
    ASSERT_FALSE(time.has_value()) << "'" << text << "'";
    EXPECT_EQ(time.error().code, ErrorCode::parse);
    EXPECT_NE(time.error().message.find(fmt::format("'{}'", text)), std::string::npos) << time.error().message;
  }
}

TEST(ParseUtc, RefusesEveryTruncationThatIsNoShapeOfItsOwn) {
  const std::string whole = "2026-02-01T04:54:02.172460+00:00";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const bool shape = length == 10 || length == 16 || length == 19 || (length >= 21 && length <= 26);
    EXPECT_EQ(parse_utc(whole.substr(0, length)).has_value(), shape) << whole.substr(0, length);
  }
}

RC_GTEST_PROP(FormatUtc, ReadBackIsTheSameInstant, ()) {
  const auto time =
      utc_from_nanoseconds(*rc::gen::inRange<std::int64_t>(-9'214'560'000 * second, 9'214'646'400 * second));
  const auto read = parse_utc(format_utc(time));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == time);
}

RC_GTEST_PROP(FormatUtc, SortsAsTimeDoes, ()) {
  const auto earlier = *rc::gen::inRange<std::int64_t>(-9'000'000'000, 9'000'000'000);
  const auto later = earlier + *rc::gen::inRange<std::int64_t>(1, 10'000'000);
  RC_ASSERT(format_utc(utc_from_nanoseconds(earlier * second)) < format_utc(utc_from_nanoseconds(later * second)));
}

TEST(FormatUtc, PrintsTheFirstAndTheLastInstantThereAre) {
  EXPECT_EQ(format_utc(UtcTime::min()), "1677-09-21T00:12:43.145224192Z");
  EXPECT_EQ(format_utc(UtcTime::max()), "2262-04-11T23:47:16.854775807Z");
  EXPECT_EQ(format_utc(UtcTime{}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_utc(utc_from_nanoseconds(-1)), "1969-12-31T23:59:59.999999999Z");
}

TEST(FormatUtc, KnowsATableForm) {
  EXPECT_EQ(format_utc_minutes(*parse_utc("2026-02-01T04:54:59.9Z")), "2026-02-01 04:54");
  EXPECT_EQ(format_utc_minutes(utc_from_nanoseconds(-1)), "1969-12-31 23:59");
}

TEST(UtcFromDate, HoldsItsDomain) {
  EXPECT_EQ(nanoseconds_of(*utc_from_date(1970, 1, 2)), day);
  EXPECT_EQ(nanoseconds_of(*utc_from_date(2026, 2, 1)), 20'485 * day);
  EXPECT_TRUE(utc_from_date(1678, 1, 1).has_value());
  EXPECT_TRUE(utc_from_date(2261, 12, 31).has_value());
  for (const auto& [year, month, of_month] : std::initializer_list<std::tuple<int, unsigned, unsigned>>{
           {1677, 12, 31}, {2262, 1, 1}, {2026, 0, 1}, {2026, 13, 1}, {2026, 257, 1}, {2026, 1, 257}, {70'000, 1, 1}}) {
    const auto refused = utc_from_date(year, month, of_month);
    ASSERT_FALSE(refused.has_value()) << year << ' ' << month << ' ' << of_month;
    EXPECT_EQ(refused.error().code, ErrorCode::out_of_domain);
  }
}

RC_GTEST_PROP(CivilDate, InvertsUtcFromDate, ()) {
  const auto time = utc_from_nanoseconds(*rc::gen::inRange<std::int64_t>(-100'000, 100'000) * day);
  const CivilDate date = civil_date(time);
  RC_ASSERT(*utc_from_date(date.year, date.month, date.day) == time);
}

RC_GTEST_PROP(StartOfDay, IsTheLastMidnightNotAfter, ()) {
  const auto time =
      utc_from_nanoseconds(*rc::gen::inRange<std::int64_t>(-9'000'000'000 * second, 9'000'000'000 * second));
  const UtcTime midnight = start_of_day(time);
  RC_ASSERT(nanoseconds_of(midnight) % day == 0);
  RC_ASSERT(midnight <= time);
  RC_ASSERT(time - midnight < Duration{day});
}

TEST(Milliseconds, FromOutsideAreRefusedWhereNanosecondsCannotHoldThem) {
  EXPECT_EQ(format_utc(*parse_utc_milliseconds(1'769'921'642'172)), "2026-02-01T04:54:02.172Z");
  EXPECT_EQ(format_utc(*parse_utc_milliseconds(-9'214'560'000'000)), "1678-01-01T00:00:00Z");
  EXPECT_EQ(format_utc(*parse_utc_milliseconds(9'214'646'399'999)), "2261-12-31T23:59:59.999Z");
  for (const std::int64_t count : {std::int64_t{-9'214'560'000'001}, std::int64_t{9'214'646'400'000},
                                   std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()})
    EXPECT_EQ(parse_utc_milliseconds(count).error().code, ErrorCode::parse);
  EXPECT_DEATH((void)utc_from_milliseconds(std::numeric_limits<std::int64_t>::max()), "invariant broken");
}

TEST(Microseconds, FromOutsideAreReadAndRefusedLikeMilliseconds) {
  EXPECT_EQ(format_utc(*parse_utc_microseconds(1'591'574'399'413'001)), "2020-06-07T23:59:59.413001Z");
  EXPECT_EQ(format_utc(*parse_utc_microseconds(-9'214'560'000'000'000)), "1678-01-01T00:00:00Z");
  EXPECT_EQ(format_utc(*parse_utc_microseconds(9'214'646'399'999'999)), "2261-12-31T23:59:59.999999Z");
  for (const std::int64_t count : {std::int64_t{-9'214'560'000'000'001}, std::int64_t{9'214'646'400'000'000},
                                   std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()})
    EXPECT_EQ(parse_utc_microseconds(count).error().code, ErrorCode::parse);
}

TEST(DaysBetween, CountsSignedDaysOf24Hours) {
  const UtcTime from = *parse_utc("2026-02-01T08:00:00Z");
  EXPECT_EQ(days_between(from, *parse_utc("2026-02-02T20:00:00Z")), 1.5);
  EXPECT_EQ(days_between(from, *parse_utc("2026-01-31T08:00:00Z")), -1.0);
  EXPECT_DEATH((void)days_between(UtcTime::min(), UtcTime::max()), "overflow");
}

TEST(YearsBetween, IsActual365AlsoInLeapYears) {
  EXPECT_EQ(years_between(*parse_utc("2023-01-01"), *parse_utc("2024-01-01")).raw(), 1.0);
  EXPECT_EQ(years_between(*parse_utc("2024-01-01"), *parse_utc("2025-01-01")).raw(), 366.0 / 365.0);
}

TEST(StartOfDayDeath, StopsOnTheIncompleteFirstDay) {
  EXPECT_DEATH((void)start_of_day(UtcTime::min()), "invariant broken");
}

// Two epochs, two types: neither mixes with the other. That neither can be read is tests/compile_fail's to show.
template <class A, class B>
concept Subtractable = requires(A a, B b) {
  a - b;
};
static_assert(Subtractable<UtcTime, UtcTime> && Subtractable<MonotonicTime, MonotonicTime>);
static_assert(!Subtractable<UtcTime, MonotonicTime>);

}  // namespace
}  // namespace gimbal
