// The values of trading round-trip through their bytes; cut short they fail in the reader.
#include "gimbal/market/order.hpp"

#include <gtest/gtest.h>

namespace gimbal::market {
namespace {

OrderId id_of(std::uint8_t first) {
  OrderId id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) id.bytes[i] = static_cast<std::uint8_t>(first + i);
  return id;
}

template <class Value, class Decode>
void expect_round_trip(const Value& value, Decode decode) {
  ByteWriter out;
  encode(value, out);
  const Bytes bytes = out.take();
  ByteReader in{bytes};
  EXPECT_EQ(decode(in), value);
  EXPECT_TRUE(in.finish("value").has_value());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    ByteReader cut{std::span{bytes}.first(length)};
    static_cast<void>(decode(cut));
    EXPECT_TRUE(cut.failed()) << "cut to " << length;
  }
}

TEST(Order, EveryValueRoundTripsThroughItsBytes) {
  expect_round_trip(id_of(0xf8), decode_order_id);
  expect_round_trip(OrderRequest{id_of(1), AccountId{2}, InstrumentId{3}, Side::sell, QuantityLots{4}, PriceTicks{5},
                                 TimeInForce::good_til_cancelled, 6},
                    decode_order_request);
  expect_round_trip(Fill{id_of(1), 7, AccountId{2}, InstrumentId{3}, Side::sell, QuantityLots{4}, PriceTicks{5},
                         Amount{-6}, Liquidity::maker},
                    decode_fill);
  expect_round_trip(OrderClosed{id_of(9), QuantityLots{1}}, decode_order_closed);
  expect_round_trip(FundingPayment{AccountId{1}, InstrumentId{2}, QuantityLots{-3}, Decimal::of("-0.00003"),
                                   Decimal::of("78950.25"), std::chrono::hours{6}, Amount{-4}},
                    decode_funding_payment);
  expect_round_trip(Delivery{AccountId{1}, InstrumentId{2}, QuantityLots{-3}, Decimal::of("78950.25"),
                             *parse_utc("2026-03-27T08:00:00Z"), true, Amount{-4}, Amount{5}},
                    decode_delivery);
}

TEST(Order, NamesAndSigns) {
  EXPECT_EQ(to_string(id_of(0)), "000102030405060708090a0b0c0d0e0f");
  EXPECT_STREQ(to_string(Side::buy), "buy");
  EXPECT_EQ(signed_lots(Side::sell, QuantityLots{3}), QuantityLots{-3});
  EXPECT_EQ(signed_lots(Side::buy, QuantityLots{3}), QuantityLots{3});
}

}  // namespace
}  // namespace gimbal::market
