// A canonical binary form for records and digests: little-endian fixed-width integers, doubles by their bits, lengths
// before texts and lists. One value has one encoding, so hashes of encodings compare values.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "gimbal/foundation/decimal.hpp"
#include "gimbal/foundation/result.hpp"
#include "gimbal/foundation/time.hpp"

namespace gimbal {

using Bytes = std::vector<std::uint8_t>;

/// An integer that is not a truth value in disguise: booleans have an encoding of their own.
template <class T>
concept WholeNumber = std::is_integral_v<T> && !std::is_same_v<T, bool>;

class ByteWriter {
 public:
  template <WholeNumber Integer>
  void integer(Integer value) {
    auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
      bytes_.push_back(static_cast<std::uint8_t>(bits & 0xffU));
      if constexpr (sizeof(Integer) > 1) bits = static_cast<std::make_unsigned_t<Integer>>(bits >> 8U);
    }
  }
  template <class Enum>
    requires std::is_enum_v<Enum>
  void enumeration(Enum value) {
    const auto byte = static_cast<std::uint8_t>(value);
    GIMBAL_ASSERT(static_cast<Enum>(byte) == value);
    integer(byte);
  }
  void boolean(bool value) { bytes_.push_back(value ? 1 : 0); }
  void real(double value) { integer(std::bit_cast<std::uint64_t>(value)); }
  void time(UtcTime value) { integer(nanoseconds_of(value)); }
  void wide(Int128 value);
  void text(std::string_view value);
  void decimal(const Decimal& value);
  void amount(Amount value) { wide(value.units()); }
  template <class Unit>
  void count(Count<Unit> value) {
    integer(value.raw());
  }
  void size(std::size_t value) {
    GIMBAL_ASSERT(value <= std::numeric_limits<std::uint32_t>::max());
    integer(static_cast<std::uint32_t>(value));
  }
  void raw(std::span<const std::uint8_t> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }

  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  [[nodiscard]] Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

/// Reads what ByteWriter wrote. The first read past the end, or of an impossible value, makes the reader fail for good;
/// after that every read gives zeros, so decoders check once, at their end.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::uint8_t> bytes) : rest_{bytes} {}

  template <WholeNumber Integer>
  Integer integer() {
    const auto bytes = raw(sizeof(Integer));
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) bits |= std::uint64_t{bytes[i]} << 8U * i;
    return static_cast<Integer>(bits);
  }
  /// A byte that must be at most `last`.
  template <class Enum>
  Enum enumeration(Enum last) {
    const auto value = integer<std::uint8_t>();
    if (value > static_cast<std::uint8_t>(last)) failed_ = true;
    return failed_ ? Enum{} : static_cast<Enum>(value);
  }
  bool boolean();
  double real() { return std::bit_cast<double>(integer<std::uint64_t>()); }
  UtcTime time() { return utc_from_nanoseconds(integer<std::int64_t>()); }
  Int128 wide();
  std::string text();
  Decimal decimal();
  Amount amount() { return Amount{wide()}; }
  template <class Counted>
  Counted count() {
    return Counted{integer<std::int64_t>()};
  }
  /// A list's length: fails when the rest could not hold that many elements of at least `element_bytes` each.
  std::size_t size(std::size_t element_bytes);
  std::span<const std::uint8_t> raw(std::size_t count);

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::size_t remaining() const { return rest_.size(); }
  /// Errors    corrupt when a read failed or bytes are left over.
  [[nodiscard]] Result<void> finish(std::string_view what) const;

 private:
  std::span<const std::uint8_t> rest_;
  bool failed_ = false;
};

}  // namespace gimbal
