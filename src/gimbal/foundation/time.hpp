// UTC and monotonic time, signed 64-bit nanoseconds, on clocks that cannot tell the time: two epochs, two types,
// neither with now(). Mixing them, or reading one, does not compile. Real clocks live in `host`, which hands their
// readings in.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "gimbal/foundation/real.hpp"
#include "gimbal/foundation/result.hpp"

namespace gimbal {

struct UtcEpoch {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
};
struct MonotonicEpoch {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
};

using Duration = std::chrono::nanoseconds;
/// Since 1970-01-01T00:00:00Z, leap seconds not counted.
using UtcTime = std::chrono::time_point<UtcEpoch, Duration>;
/// Since an arbitrary start; never goes back.
using MonotonicTime = std::chrono::time_point<MonotonicEpoch, Duration>;

[[nodiscard]] constexpr UtcTime utc_from_nanoseconds(std::int64_t count) { return UtcTime{Duration{count}}; }
/// Stops the process when nanoseconds cannot hold the instant; a count that came from outside takes the next function.
[[nodiscard]] constexpr UtcTime utc_from_milliseconds(std::int64_t count) {
  constexpr std::int64_t nanoseconds_per_millisecond = 1'000'000;
  GIMBAL_ASSERT(count <= std::numeric_limits<std::int64_t>::max() / nanoseconds_per_millisecond);
  GIMBAL_ASSERT(count >= std::numeric_limits<std::int64_t>::min() / nanoseconds_per_millisecond);
  return UtcTime{Duration{count * nanoseconds_per_millisecond}};
}
/// The instant of a time stamp that a venue or a file gave.
/// Errors    parse, when it lies outside the years 1678 to 2261.
[[nodiscard]] Result<UtcTime> parse_utc_milliseconds(std::int64_t count);
[[nodiscard]] Result<UtcTime> parse_utc_microseconds(std::int64_t count);
[[nodiscard]] constexpr std::int64_t nanoseconds_of(UtcTime time) { return time.time_since_epoch().count(); }

/// Midnight UTC of a civil date.
/// Domain    the proleptic Gregorian calendar between 1678 and 2261, which 64-bit nanoseconds hold.
[[nodiscard]] Result<UtcTime> utc_from_date(int year, unsigned month, unsigned day);

/// Reads `2026-02-01T04:54:02.172460+00:00`: a date; then optionally `T` or a space, hours and minutes, and optionally
/// seconds with up to nine decimals; then `Z`, an offset of hours and minutes, or nothing, which means UTC.
/// Errors    parse, with what was found.
[[nodiscard]] Result<UtcTime> parse_utc(std::string_view text);

/// `2026-02-01T04:54:02.17246Z`: ISO 8601 in UTC, decimals of a second without trailing zeros, none for whole seconds.
[[nodiscard]] std::string format_utc(UtcTime time);

/// `2026-02-01 04:54`, for tables.
[[nodiscard]] std::string format_utc_minutes(UtcTime time);

/// Years of 365 days (ACT/365), the convention that Deribit's own marks fit. Negative when `to` is before `from`.
[[nodiscard]] Years years_between(UtcTime from, UtcTime to);

/// Days of 24 hours between two instants, negative when `to` is before `from`. Stops the process when they lie more
/// than 292 years apart.
[[nodiscard]] double days_between(UtcTime from, UtcTime to);

/// Midnight UTC of the day that `time` falls in. Stops the process on the first, incomplete day of 1677.
[[nodiscard]] UtcTime start_of_day(UtcTime time);

struct CivilDate {
  int year = 1970;
  unsigned month = 1;  ///< 1 to 12
  unsigned day = 1;    ///< 1 to 31
};
[[nodiscard]] CivilDate civil_date(UtcTime time);

}  // namespace gimbal
