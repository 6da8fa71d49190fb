// Names, signs and canonical bytes of the values of trading.
#include "gimbal/market/order.hpp"

#include <algorithm>

namespace gimbal::market {

const char* to_string(Side side) noexcept { return side == Side::buy ? "buy" : "sell"; }

std::string to_string(const OrderId& id) {
  std::string text;
  for (const std::uint8_t byte : id.bytes) text += fmt::format("{:02x}", byte);
  return text;
}

QuantityLots signed_lots(Side side, QuantityLots quantity) { return side == Side::buy ? quantity : -quantity; }

void encode(const OrderId& id, ByteWriter& out) { out.raw(id.bytes); }

void encode(const OrderRequest& request, ByteWriter& out) {
  encode(request.id, out);
  out.integer(raw(request.account));
  out.integer(raw(request.instrument));
  out.enumeration(request.side);
  out.count(request.quantity);
  out.count(request.limit);
  out.enumeration(request.time_in_force);
  out.integer(request.target);
}

void encode(const Fill& fill, ByteWriter& out) {
  encode(fill.order, out);
  out.integer(fill.trade);
  out.integer(raw(fill.account));
  out.integer(raw(fill.instrument));
  out.enumeration(fill.side);
  out.count(fill.quantity);
  out.count(fill.price);
  out.amount(fill.fee);
  out.enumeration(fill.liquidity);
}

void encode(const OrderClosed& closed, ByteWriter& out) {
  encode(closed.order, out);
  out.count(closed.unfilled);
}

void encode(const FundingPayment& payment, ByteWriter& out) {
  out.integer(raw(payment.account));
  out.integer(raw(payment.instrument));
  out.count(payment.position);
  out.decimal(payment.rate_8h);
  out.decimal(payment.index_price);
  out.integer(payment.elapsed.count());
  out.amount(payment.paid);
}

void encode(const Delivery& delivery, ByteWriter& out) {
  out.integer(raw(delivery.account));
  out.integer(raw(delivery.instrument));
  out.count(delivery.position);
  out.decimal(delivery.delivery_price);
  out.time(delivery.price_time);
  out.boolean(delivery.approximate);
  out.amount(delivery.value);
  out.amount(delivery.fee);
}

OrderId decode_order_id(ByteReader& in) {
  OrderId id;
  const auto bytes = in.raw(id.bytes.size());
  std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  return id;
}

OrderRequest decode_order_request(ByteReader& in) {
  OrderRequest request;
  request.id = decode_order_id(in);
  request.account = static_cast<AccountId>(in.integer<std::uint16_t>());
  request.instrument = static_cast<InstrumentId>(in.integer<std::uint32_t>());
  request.side = in.enumeration(Side::sell);
  request.quantity = in.count<QuantityLots>();
  request.limit = in.count<PriceTicks>();
  request.time_in_force = in.enumeration(TimeInForce::good_til_cancelled);
  request.target = in.integer<std::uint64_t>();
  return request;
}

Fill decode_fill(ByteReader& in) {
  Fill fill;
  fill.order = decode_order_id(in);
  fill.trade = in.integer<std::uint64_t>();
  fill.account = static_cast<AccountId>(in.integer<std::uint16_t>());
  fill.instrument = static_cast<InstrumentId>(in.integer<std::uint32_t>());
  fill.side = in.enumeration(Side::sell);
  fill.quantity = in.count<QuantityLots>();
  fill.price = in.count<PriceTicks>();
  fill.fee = in.amount();
  fill.liquidity = in.enumeration(Liquidity::maker);
  return fill;
}

OrderClosed decode_order_closed(ByteReader& in) {
  OrderClosed closed;
  closed.order = decode_order_id(in);
  closed.unfilled = in.count<QuantityLots>();
  return closed;
}

FundingPayment decode_funding_payment(ByteReader& in) {
  FundingPayment payment;
  payment.account = static_cast<AccountId>(in.integer<std::uint16_t>());
  payment.instrument = static_cast<InstrumentId>(in.integer<std::uint32_t>());
  payment.position = in.count<QuantityLots>();
  payment.rate_8h = in.decimal();
  payment.index_price = in.decimal();
  payment.elapsed = Duration{in.integer<std::int64_t>()};
  payment.paid = in.amount();
  return payment;
}

Delivery decode_delivery(ByteReader& in) {
  Delivery delivery;
  delivery.account = static_cast<AccountId>(in.integer<std::uint16_t>());
  delivery.instrument = static_cast<InstrumentId>(in.integer<std::uint32_t>());
  delivery.position = in.count<QuantityLots>();
  delivery.delivery_price = in.decimal();
  delivery.price_time = in.time();
  delivery.approximate = in.boolean();
  delivery.value = in.amount();
  delivery.fee = in.amount();
  return delivery;
}

}  // namespace gimbal::market
