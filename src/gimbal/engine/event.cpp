// Canonical bytes of events: sequence, time, kind, body.
#include "gimbal/engine/event.hpp"

#include <algorithm>
#include <iterator>

namespace gimbal::engine {
namespace {

void encode_body(const Started& started, ByteWriter& out) { out.text(started.configuration); }

void encode_body(const MarketUpdated& update, ByteWriter& out) {
  out.size(update.listed.size());
  for (const market::Instrument& instrument : update.listed) market::encode(instrument, out);
  market::encode(*update.snapshot, out);
}

void encode_body(const SurfacesFitted& fitted, ByteWriter& out) { surface::encode(*fitted.surfaces, out); }

void encode_body(const PortfolioOpened& opened, ByteWriter& out) {
  out.text(opened.source);
  out.size(opened.balances.size());
  for (const portfolio::OpeningBalance& balance : opened.balances) {
    out.integer(raw(balance.account));
    out.enumeration(balance.place);
    out.integer(raw(balance.asset));
    out.amount(balance.amount);
  }
  out.size(opened.positions.size());
  for (const portfolio::OpeningPosition& position : opened.positions) {
    out.integer(raw(position.account));
    out.integer(raw(position.instrument));
    out.count(position.lots);
    out.boolean(position.price.has_value());
    if (position.price) out.decimal(*position.price);
  }
}

void encode_body(const TargetProposed& proposed, ByteWriter& out) { portfolio::encode(proposed.book, out); }

void encode_body(const OrdersJudged& judged, ByteWriter& out) {
  out.size(judged.orders.size());
  for (const JudgedOrder& order : judged.orders) {
    market::encode(order.order, out);
    out.boolean(order.approved);
    out.text(order.refusal);
  }
}

void encode_body(const market::Fill& fill, ByteWriter& out) { market::encode(fill, out); }
void encode_body(const market::OrderClosed& closed, ByteWriter& out) { market::encode(closed, out); }
void encode_body(const market::FundingPayment& payment, ByteWriter& out) { market::encode(payment, out); }
void encode_body(const market::Delivery& delivery, ByteWriter& out) { market::encode(delivery, out); }

void encode_body(const LapClosed& closed, ByteWriter& out) {
  out.integer(closed.lap);
  out.raw(closed.digest);
}

Result<EventBody> decode_market(ByteReader& in, const market::Universe& universe) {
  MarketUpdated update;
  constexpr std::size_t instrument_bytes_min = 100;
  const std::size_t listed = in.size(instrument_bytes_min);
  for (std::size_t i = 0; i < listed; ++i) {
    auto instrument = market::decode_instrument(in);
    if (!instrument) return Unexpected{instrument.error()};
    update.listed.push_back(std::move(*instrument));
  }
  const auto extended = universe.extended(update.listed);
  if (!extended) return Unexpected{extended.error()};
  auto snapshot = market::decode_snapshot(in, *extended);
  if (!snapshot) return Unexpected{snapshot.error()};
  update.snapshot = std::make_shared<const market::MarketSnapshot>(std::move(*snapshot));
  return EventBody{std::move(update)};
}

Result<EventBody> decode_surfaces(ByteReader& in) {
  auto surfaces = surface::decode_surface_set(in);
  if (!surfaces) return Unexpected{surfaces.error()};
  return EventBody{SurfacesFitted{std::make_shared<const surface::SurfaceSet>(std::move(*surfaces))}};
}

Result<EventBody> decode_opened(ByteReader& in) {
  PortfolioOpened opened;
  opened.source = in.text();
  const std::size_t balances = in.size(21);
  for (std::size_t i = 0; i < balances; ++i) {
    portfolio::OpeningBalance balance;
    balance.account = static_cast<market::AccountId>(in.integer<std::uint16_t>());
    balance.place = in.enumeration(portfolio::Place::variation);
    balance.asset = static_cast<market::AssetId>(in.integer<std::uint16_t>());
    balance.amount = in.amount();
    opened.balances.push_back(balance);
  }
  const std::size_t positions = in.size(15);
  for (std::size_t i = 0; i < positions; ++i) {
    portfolio::OpeningPosition position;
    position.account = static_cast<market::AccountId>(in.integer<std::uint16_t>());
    position.instrument = static_cast<market::InstrumentId>(in.integer<std::uint32_t>());
    position.lots = in.count<QuantityLots>();
    if (in.boolean()) position.price = in.decimal();
    opened.positions.push_back(position);
  }
  return EventBody{std::move(opened)};
}

Result<EventBody> decode_proposed(ByteReader& in) {
  auto book = portfolio::decode_target_book(in);
  if (!book) return Unexpected{book.error()};
  return EventBody{TargetProposed{std::move(*book)}};
}

EventBody decode_judged(ByteReader& in) {
  OrdersJudged judged;
  const std::size_t orders = in.size(50);
  for (std::size_t i = 0; i < orders; ++i) {
    JudgedOrder order;
    order.order = market::decode_order_request(in);
    order.approved = in.boolean();
    order.refusal = in.text();
    judged.orders.push_back(std::move(order));
  }
  return judged;
}

EventBody decode_closed_lap(ByteReader& in) {
  LapClosed closed;
  closed.lap = in.integer<std::uint64_t>();
  const auto bytes = in.raw(closed.digest.size());
  std::copy(bytes.begin(), bytes.end(), closed.digest.begin());
  return closed;
}

// The order of EventBody's alternatives is the format: new kinds go at the end.
Result<EventBody> decode_body(std::size_t kind, ByteReader& in, const market::Universe& universe) {
  switch (kind) {
    case 0: return EventBody{Started{in.text()}};
    case 1: return decode_market(in, universe);
    case 2: return decode_surfaces(in);
    case 3: return decode_opened(in);
    case 4: return decode_proposed(in);
    case 5: return decode_judged(in);
    case 6: return EventBody{market::decode_fill(in)};
    case 7: return EventBody{market::decode_order_closed(in)};
    case 8: return EventBody{market::decode_funding_payment(in)};
    case 9: return EventBody{market::decode_delivery(in)};
    case 10: return decode_closed_lap(in);
    default: return fail(ErrorCode::unsupported, "event kind {} is of a later format", kind);
  }
}

}  // namespace

const char* name_of(const EventBody& body) noexcept {
  constexpr const char* names[] = {
      "started", "market_updated", "surfaces_fitted", "portfolio_opened", "target_proposed", "orders_judged",
      "fill",    "order_closed",   "funding_payment", "delivery",         "lap_closed"};
  static_assert(std::size(names) == std::variant_size_v<EventBody>);
  return names[body.index()];
}

Bytes encode(const Event& event) {
  ByteWriter out;
  out.integer(event.sequence);
  out.time(event.at);
  out.integer(static_cast<std::uint8_t>(event.body.index()));
  std::visit([&out](const auto& body) { encode_body(body, out); }, event.body);
  return out.take();
}

Result<Event> decode_event(std::span<const std::uint8_t> bytes,
                           const std::shared_ptr<const market::Universe>& universe) {
  ByteReader in{bytes};
  Event event;
  event.sequence = in.integer<std::uint64_t>();
  event.at = in.time();
  const auto kind = in.integer<std::uint8_t>();
  if (in.failed()) return fail(ErrorCode::corrupt, "an event of {} bytes has no header", bytes.size());
  auto body = decode_body(kind, in, *universe);
  if (!body) return with_context(body.error(), fmt::format("event {}", event.sequence));
  event.body = std::move(*body);
  if (const auto whole = in.finish(fmt::format("event {}", event.sequence)); !whole) return Unexpected{whole.error()};
  return event;
}

}  // namespace gimbal::engine
