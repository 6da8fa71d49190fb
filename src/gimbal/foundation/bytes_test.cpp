// The canonical binary form: what is written is read back, every truncation and every second spelling is refused.
#include "gimbal/foundation/bytes.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace gimbal {
namespace {

enum class Colour : std::uint8_t { red, green, blue };

struct Record {
  std::uint8_t small = 0;
  std::int16_t middle = 0;
  std::uint32_t large = 0;
  std::int64_t largest = 0;
  Colour colour = Colour::red;
  bool flag = false;
  double real = 0.0;
  UtcTime time;
  Int128 wide = 0;
  std::string text;
  Decimal decimal;
  Amount amount;
  QuantityLots lots;

  friend bool operator==(const Record&, const Record&) = default;
};

Bytes encoded(const Record& record) {
  ByteWriter writer;
  writer.integer(record.small);
  writer.integer(record.middle);
  writer.integer(record.large);
  writer.integer(record.largest);
  writer.enumeration(record.colour);
  writer.boolean(record.flag);
  writer.real(record.real);
  writer.time(record.time);
  writer.wide(record.wide);
  writer.text(record.text);
  writer.decimal(record.decimal);
  writer.amount(record.amount);
  writer.count(record.lots);
  return writer.take();
}

Result<Record> decoded(std::span<const std::uint8_t> bytes) {
  ByteReader reader{bytes};
  Record record;
  record.small = reader.integer<std::uint8_t>();
  record.middle = reader.integer<std::int16_t>();
  record.large = reader.integer<std::uint32_t>();
  record.largest = reader.integer<std::int64_t>();
  record.colour = reader.enumeration(Colour::blue);
  record.flag = reader.boolean();
  record.real = reader.real();
  record.time = reader.time();
  record.wide = reader.wide();
  record.text = reader.text();
  record.decimal = reader.decimal();
  record.amount = reader.amount();
  record.lots = reader.count<QuantityLots>();
  if (const auto finished = reader.finish("a record"); !finished) return Unexpected{finished.error()};
  return record;
}

Record drawn_record() {
  Record record;
  record.small = *rc::gen::arbitrary<std::uint8_t>();
  record.middle = *rc::gen::arbitrary<std::int16_t>();
  record.large = *rc::gen::arbitrary<std::uint32_t>();
  record.largest = *rc::gen::arbitrary<std::int64_t>();
  record.colour = static_cast<Colour>(*rc::gen::inRange(0, 3));
  record.flag = *rc::gen::arbitrary<bool>();
  record.real = *rc::gen::arbitrary<double>();
  record.time = utc_from_nanoseconds(*rc::gen::arbitrary<std::int64_t>());
  record.wide = static_cast<Int128>(*rc::gen::arbitrary<std::int64_t>()) * *rc::gen::arbitrary<std::int64_t>();
  record.text = *rc::gen::arbitrary<std::string>();
  record.decimal = Decimal{Int128{*rc::gen::arbitrary<std::int64_t>()}, *rc::gen::inRange(0, 19)};
  record.amount = Amount{static_cast<Int128>(*rc::gen::arbitrary<std::int64_t>()) * 1'000'000'007};
  record.lots = QuantityLots{*rc::gen::arbitrary<std::int64_t>()};
  return record;
}

RC_GTEST_PROP(Bytes, DecodingInvertsEncoding, ()) {
  const Record record = drawn_record();
  const auto read = decoded(encoded(record));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == record);
}

RC_GTEST_PROP(Bytes, EveryTruncationAndEveryExtraByteIsCorrupt, ()) {
  Bytes bytes = encoded(drawn_record());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto read = decoded(std::span{bytes}.first(length));
    RC_ASSERT(!read.has_value());
    RC_ASSERT(read.error().code == ErrorCode::corrupt);
  }
  bytes.push_back(0);
  RC_ASSERT(!decoded(bytes).has_value());
}

// What a decoder accepts is exactly what an encoder writes: no value has a second spelling.
RC_GTEST_PROP(Bytes, AnAcceptedEncodingIsTheCanonicalOne, ()) {
  Bytes bytes = encoded(drawn_record());
  const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  bytes[at] = *rc::gen::arbitrary<std::uint8_t>();
  const auto read = decoded(bytes);
  if (read.has_value()) RC_ASSERT(encoded(*read) == bytes);
}

TEST(Bytes, AreLittleEndianAndOfFixedWidth) {
  ByteWriter writer;
  writer.integer(std::uint32_t{0x01020304});
  writer.integer(std::int16_t{-2});
  writer.text("ab");
  writer.real(1.0);
  EXPECT_EQ(writer.bytes(), (Bytes{4, 3, 2, 1, 0xfe, 0xff, 2, 0, 0, 0, 'a', 'b', 0, 0, 0, 0, 0, 0, 0xf0, 0x3f}));
}

TEST(Bytes, CarryTheExtremesOfEveryWidth) {
  constexpr Int128 highest = (((Int128{1} << 126) - 1) << 1) + 1;
  ByteWriter writer;
  writer.wide(highest);
  writer.wide(-highest - 1);
  writer.wide(-1);
  writer.integer(std::numeric_limits<std::int64_t>::min());
  writer.real(-0.0);
  writer.real(std::numeric_limits<double>::quiet_NaN());
  ByteReader reader{writer.bytes()};
  EXPECT_TRUE(reader.wide() == highest);
  EXPECT_TRUE(reader.wide() == -highest - 1);
  EXPECT_TRUE(reader.wide() == -1);
  EXPECT_EQ(reader.integer<std::int64_t>(), std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(std::signbit(reader.real()));
  EXPECT_TRUE(std::isnan(reader.real()));
  EXPECT_TRUE(reader.finish("the extremes").has_value());
}

TEST(ByteReader, RefusesImpossibleValues) {
  const auto fails = [](const Bytes& bytes, auto read) {
    ByteReader reader{bytes};
    read(reader);
    return reader.failed();
  };
  EXPECT_TRUE(fails({2}, [](ByteReader& reader) { (void)reader.boolean(); }));
  EXPECT_TRUE(fails({3}, [](ByteReader& reader) { (void)reader.enumeration(Colour::blue); }));
  EXPECT_FALSE(fails({2}, [](ByteReader& reader) { (void)reader.enumeration(Colour::blue); }));
  EXPECT_TRUE(fails({0xff, 0xff, 0xff, 0xff, 0}, [](ByteReader& reader) { (void)reader.text(); }));
  EXPECT_TRUE(fails({2, 0, 0, 0, 1, 2, 3}, [](ByteReader& reader) { (void)reader.size(2); }));
  EXPECT_FALSE(fails({2, 0, 0, 0, 1, 2, 3, 4}, [](ByteReader& reader) { (void)reader.size(2); }));
}

TEST(ByteReader, RefusesASecondSpellingOfADecimal) {
  const auto accepts = [](Int128 coefficient, std::uint8_t scale) {
    ByteWriter writer;
    writer.wide(coefficient);
    writer.integer(scale);
    ByteReader reader{writer.bytes()};
    (void)reader.decimal();
    return reader.finish("a decimal").has_value();
  };
  EXPECT_TRUE(accepts(15, 1));
  EXPECT_TRUE(accepts(0, 0));
  EXPECT_FALSE(accepts(150, 2));
  EXPECT_FALSE(accepts(0, 5));
  EXPECT_FALSE(accepts(1, 38));
}

TEST(ByteReader, FailsForGood) {
  const Bytes bytes{7, 7};
  ByteReader reader{bytes};
  EXPECT_EQ(reader.integer<std::uint32_t>(), 0U);
  EXPECT_TRUE(reader.failed());
  EXPECT_EQ(reader.integer<std::uint8_t>(), 0U);
  const auto finished = reader.finish("two bytes");
  ASSERT_FALSE(finished.has_value());
  EXPECT_EQ(finished.error().message, "two bytes ends early or holds an impossible value");
}

TEST(ByteReader, SaysHowManyBytesAreTooMany) {
  const Bytes bytes{1, 2, 3};
  ByteReader reader{bytes};
  (void)reader.integer<std::uint8_t>();
  EXPECT_EQ(reader.remaining(), 2U);
  EXPECT_EQ(reader.finish("three bytes").error().message, "three bytes has 2 bytes too many");
}

}  // namespace
}  // namespace gimbal
