// The venue-neutral values of trading: what we ask for, and what a venue says happened.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "gimbal/foundation/bytes.hpp"
#include "gimbal/market/contract_value.hpp"
#include "gimbal/market/universe.hpp"

namespace gimbal::market {

enum class Side : std::uint8_t { buy, sell };

[[nodiscard]] const char* to_string(Side side) noexcept;

/// An account with a venue, as configured: 0, 1, 2, ...
enum class AccountId : std::uint16_t {};
[[nodiscard]] constexpr std::uint16_t raw(AccountId id) { return static_cast<std::uint16_t>(id); }

/// The first 16 bytes of a hash of what caused the order, so that a replay makes the same ids and duplicates fall out.
struct OrderId {
  std::array<std::uint8_t, 16> bytes{};
  friend bool operator==(const OrderId&, const OrderId&) = default;
  friend auto operator<=>(const OrderId&, const OrderId&) = default;
};
/// 32 lower-case hexadecimal digits.
[[nodiscard]] std::string to_string(const OrderId& id);

enum class TimeInForce : std::uint8_t {
  immediate_or_cancel,  ///< Fill what crosses now, cancel the rest.
  good_til_cancelled,
};

struct OrderRequest {
  OrderId id;
  AccountId account{};
  InstrumentId instrument{};
  Side side = Side::buy;
  QuantityLots quantity;  ///< Positive.
  PriceTicks limit;       ///< Worst price accepted.
  TimeInForce time_in_force = TimeInForce::immediate_or_cancel;
  std::uint64_t target = 0;  ///< Sequence of the target event that it serves.
  friend bool operator==(const OrderRequest&, const OrderRequest&) = default;
};

/// Positive for a purchase, negative for a sale.
[[nodiscard]] QuantityLots signed_lots(Side side, QuantityLots quantity);

struct Fill {
  OrderId order;
  std::uint64_t trade = 0;  ///< The venue's number of the trade; a second report of the same one is not booked.
  AccountId account{};
  InstrumentId instrument{};
  Side side = Side::buy;
  QuantityLots quantity;  ///< Positive.
  PriceTicks price;
  Amount fee;  ///< In the settlement asset; positive is paid.
  Liquidity liquidity = Liquidity::taker;
  friend bool operator==(const Fill&, const Fill&) = default;
};

/// The end of an order's life: what was not filled is cancelled.
struct OrderClosed {
  OrderId order;
  QuantityLots unfilled;
  friend bool operator==(const OrderClosed&, const OrderClosed&) = default;
};

struct FundingPayment {
  AccountId account{};
  InstrumentId instrument{};
  QuantityLots position;
  Decimal rate_8h;
  Decimal index_price;
  Duration elapsed{};
  Amount paid;  ///< In the settlement asset; positive is paid, negative received.
  friend bool operator==(const FundingPayment&, const FundingPayment&) = default;
};

/// A contract past its expiry, paid out.
struct Delivery {
  AccountId account{};
  InstrumentId instrument{};
  QuantityLots position;
  Decimal delivery_price;    ///< USD per coin.
  UtcTime price_time;        ///< When that price was recorded.
  bool approximate = false;  ///< Not the 30-minute average that the venue settles at.
  Amount value;              ///< Received (negative: paid) in the settlement asset.
  Amount fee;                ///< Positive is paid.
  friend bool operator==(const Delivery&, const Delivery&) = default;
};

void encode(const OrderId& id, ByteWriter& out);
void encode(const OrderRequest& request, ByteWriter& out);
void encode(const Fill& fill, ByteWriter& out);
void encode(const OrderClosed& closed, ByteWriter& out);
void encode(const FundingPayment& payment, ByteWriter& out);
void encode(const Delivery& delivery, ByteWriter& out);

/// These read what encode wrote; a failure stays in the reader (ByteReader::failed).
[[nodiscard]] OrderId decode_order_id(ByteReader& in);
[[nodiscard]] OrderRequest decode_order_request(ByteReader& in);
[[nodiscard]] Fill decode_fill(ByteReader& in);
[[nodiscard]] OrderClosed decode_order_closed(ByteReader& in);
[[nodiscard]] FundingPayment decode_funding_payment(ByteReader& in);
[[nodiscard]] Delivery decode_delivery(ByteReader& in);

}  // namespace gimbal::market
