// The parts of the canonical binary form that are not templates.
#include "gimbal/foundation/bytes.hpp"

namespace gimbal {

void ByteWriter::wide(Int128 value) {
  integer(static_cast<std::uint64_t>(value));
  integer(static_cast<std::int64_t>(value >> 64));
}

void ByteWriter::text(std::string_view value) {
  size(value.size());
  bytes_.insert(bytes_.end(), value.begin(), value.end());
}

void ByteWriter::decimal(const Decimal& value) {
  wide(value.coefficient());
  integer(static_cast<std::uint8_t>(value.scale()));
}

bool ByteReader::boolean() {
  const auto value = integer<std::uint8_t>();
  if (value > 1) failed_ = true;
  return !failed_ && value == 1;
}

Int128 ByteReader::wide() {
  const auto low = integer<std::uint64_t>();
  const auto high = integer<std::int64_t>();
  return static_cast<Int128>(high) * (static_cast<Int128>(1) << 64) + static_cast<Int128>(low);
}

std::string ByteReader::text() {
  const std::size_t length = size(1);
  const auto bytes = raw(length);
  return std::string{bytes.begin(), bytes.end()};
}

Decimal ByteReader::decimal() {
  const Int128 coefficient = wide();
  const auto scale = integer<std::uint8_t>();
  if (scale > 37) failed_ = true;
  if (failed_) return Decimal{};
  const Decimal value{coefficient, scale};
  const bool lowest_terms = value.coefficient() == coefficient && value.scale() == scale;
  if (!lowest_terms) failed_ = true;  // a second spelling of one value
  return value;
}

std::size_t ByteReader::size(std::size_t element_bytes) {
  const auto count = integer<std::uint32_t>();
  if (count * element_bytes > rest_.size()) failed_ = true;
  return failed_ ? 0 : count;
}

std::span<const std::uint8_t> ByteReader::raw(std::size_t count) {
  if (failed_ || count > rest_.size()) {
    failed_ = true;
    return {};
  }
  const auto bytes = rest_.first(count);
  rest_ = rest_.subspan(count);
  return bytes;
}

Result<void> ByteReader::finish(std::string_view what) const {
  if (failed_) return fail(ErrorCode::corrupt, "{} ends early or holds an impossible value", what);
  if (!rest_.empty()) return fail(ErrorCode::corrupt, "{} has {} bytes too many", what, rest_.size());
  return {};
}

}  // namespace gimbal
