// Expiry buckets: the tenors that a desk thinks of volatility in, for figures that are given by time to expiry.
#pragma once

#include <array>
#include <cstdint>

namespace gimbal::portfolio {

/// Upper ends are included: seven days to go are within a week.
enum class ExpiryBucket : std::uint8_t { week, month, quarter, half_year, beyond };
inline constexpr std::array expiry_buckets{ExpiryBucket::week, ExpiryBucket::month, ExpiryBucket::quarter,
                                           ExpiryBucket::half_year, ExpiryBucket::beyond};

/// The bucket of a time to expiry in days of 24 hours.
[[nodiscard]] constexpr ExpiryBucket expiry_bucket(double days) {
  if (days <= 7.0) return ExpiryBucket::week;
  if (days <= 30.0) return ExpiryBucket::month;
  if (days <= 90.0) return ExpiryBucket::quarter;
  return days <= 180.0 ? ExpiryBucket::half_year : ExpiryBucket::beyond;
}

/// `0-7 d`, `7-30 d`, `30-90 d`, `90-180 d`, `180+ d`
[[nodiscard]] constexpr const char* to_string(ExpiryBucket bucket) noexcept {
  switch (bucket) {
    case ExpiryBucket::week: return "0-7 d";
    case ExpiryBucket::month: return "7-30 d";
    case ExpiryBucket::quarter: return "30-90 d";
    case ExpiryBucket::half_year: return "90-180 d";
    case ExpiryBucket::beyond: return "180+ d";
  }
  return "180+ d";
}

}  // namespace gimbal::portfolio
