// Calendar arithmetic and text forms of UTC time, on the chrono calendar alone: no time-zone database, no clock.
#include "gimbal/foundation/time.hpp"

#include <charconv>

namespace gimbal {
namespace {

using std::chrono::days;

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
constexpr std::int64_t nanoseconds_per_day = 86'400 * nanoseconds_per_second;
// What a time stamp from outside may say.
constexpr std::int64_t earliest_milliseconds = -9'214'560'000'000;  // 1678-01-01
constexpr std::int64_t latest_milliseconds = 9'214'646'400'000;     // 2262-01-01

// A cursor over the text being read; each step either consumes what it expects or leaves the cursor where it was.
class TimeText {
 public:
  explicit TimeText(std::string_view text) : rest_{text} {}

  bool literal(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool digits(std::size_t count, int& value) {
    if (rest_.size() < count) return false;
    const char* end = rest_.data() + count;
    for (const char* at = rest_.data(); at != end; ++at)
      if (*at < '0' || *at > '9') return false;
    std::from_chars(rest_.data(), end, value);
    rest_.remove_prefix(count);
    return true;
  }

  bool fraction(std::int64_t& nanoseconds) {
    std::int64_t scale = nanoseconds_per_second;
    std::size_t read = 0;
    while (read < rest_.size() && rest_[read] >= '0' && rest_[read] <= '9') {
      if (scale == 1) return false;  // a tenth decimal would be lost
      scale /= 10;
      nanoseconds += (rest_[read] - '0') * scale;
      ++read;
    }
    rest_.remove_prefix(read);
    return read > 0;
  }

  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

Unexpected not_a_time(std::string_view text) {
  return fail(ErrorCode::parse, "'{}' is not a UTC time such as 2026-02-01T04:54:02Z", text);
}

// Nanoseconds since midnight, also before 1970.
std::int64_t time_of_day(UtcTime time) {
  const std::int64_t remainder = nanoseconds_of(time) % nanoseconds_per_day;
  return remainder < 0 ? remainder + nanoseconds_per_day : remainder;
}

// Reads hours, minutes, optional seconds and an optional zone; leaves the offset from midnight UTC.
bool read_clock(TimeText& text, std::int64_t& since_midnight) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::int64_t fraction = 0;
  if (!text.digits(2, hour) || !text.literal(':') || !text.digits(2, minute)) return false;
  if (text.literal(':')) {
    if (!text.digits(2, second)) return false;
    if (text.literal('.') && !text.fraction(fraction)) return false;
  }
  if (hour > 23 || minute > 59 || second > 59) return false;
  int offset_minutes = 0;
  if (!text.literal('Z') && !text.done()) {
    const bool ahead = text.literal('+');
    if (!ahead && !text.literal('-')) return false;
    int zone_hours = 0;
    int zone_minutes = 0;
    if (!text.digits(2, zone_hours) || !text.literal(':') || !text.digits(2, zone_minutes)) return false;
    if (zone_hours > 14 || zone_minutes > 59) return false;
    offset_minutes = (zone_hours * 60 + zone_minutes) * (ahead ? 1 : -1);
  }
  since_midnight = ((hour * 60 + minute - offset_minutes) * 60LL + second) * nanoseconds_per_second + fraction;
  return text.done();
}

}  // namespace

Result<UtcTime> utc_from_date(int year, unsigned month, unsigned day) {
  // chrono keeps a month and a day in one byte each, so the ranges are checked before it sees them.
  const bool in_range = year >= 1678 && year <= 2261 && month <= 12 && day <= 31;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  if (!in_range || !date.ok())
    return fail(ErrorCode::out_of_domain, "{:04}-{:02}-{:02} is not a date between 1678 and 2261", year, month, day);
  return UtcTime{std::chrono::sys_days{date}.time_since_epoch()};
}

Result<UtcTime> parse_utc_milliseconds(std::int64_t count) {
  if (count < earliest_milliseconds || count >= latest_milliseconds)
    return fail(ErrorCode::parse, "{} ms since 1970 is not a time between 1678 and 2261", count);
  return utc_from_milliseconds(count);
}

Result<UtcTime> parse_utc_microseconds(std::int64_t count) {
  if (count < earliest_milliseconds * 1000 || count >= latest_milliseconds * 1000)
    return fail(ErrorCode::parse, "{} us since 1970 is not a time between 1678 and 2261", count);
  return UtcTime{std::chrono::microseconds{count}};
}

Result<UtcTime> parse_utc(std::string_view text) {
  TimeText cursor{text};
  int year = 0;
  int month = 0;
  int day = 0;
  if (!cursor.digits(4, year) || !cursor.literal('-') || !cursor.digits(2, month) || !cursor.literal('-') ||
      !cursor.digits(2, day))
    return not_a_time(text);
  const auto midnight = utc_from_date(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
  if (!midnight) return not_a_time(text);
  if (cursor.done()) return *midnight;
  std::int64_t since_midnight = 0;
  if (!cursor.literal('T') && !cursor.literal(' ')) return not_a_time(text);
  if (!read_clock(cursor, since_midnight)) return not_a_time(text);
  return *midnight + Duration{since_midnight};
}

CivilDate civil_date(UtcTime time) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::floor<days>(time.time_since_epoch())}};
  return CivilDate{static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                   static_cast<unsigned>(date.day())};
}

std::string format_utc(UtcTime time) {
  const CivilDate date = civil_date(time);
  const std::int64_t of_day = time_of_day(time);
  const std::int64_t seconds = of_day / nanoseconds_per_second;
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", date.year, date.month, date.day, seconds / 3600,
                                 seconds / 60 % 60, seconds % 60);
  if (const std::int64_t fraction = of_day % nanoseconds_per_second; fraction != 0) {
    text += fmt::format(".{:09}", fraction);
    while (text.back() == '0') text.pop_back();
  }
  return text + "Z";
}

std::string format_utc_minutes(UtcTime time) {
  const CivilDate date = civil_date(time);
  const std::int64_t minutes = time_of_day(time) / nanoseconds_per_second / 60;
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", date.year, date.month, date.day, minutes / 60, minutes % 60);
}

Years years_between(UtcTime from, UtcTime to) { return Years{days_between(from, to) / 365.0}; }

double days_between(UtcTime from, UtcTime to) {
  std::int64_t difference = 0;
  const bool overflow = __builtin_sub_overflow(nanoseconds_of(to), nanoseconds_of(from), &difference);
  GIMBAL_ASSERT(!overflow);
  return static_cast<double>(difference) / static_cast<double>(nanoseconds_per_day);
}

UtcTime start_of_day(UtcTime time) {
  const std::int64_t of_day = time_of_day(time);
  GIMBAL_ASSERT(nanoseconds_of(time) >= std::numeric_limits<std::int64_t>::min() + of_day);
  return time - Duration{of_day};
}

}  // namespace gimbal
