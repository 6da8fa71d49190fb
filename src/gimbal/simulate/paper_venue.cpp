// Fills, funding and deliveries out of recorded snapshots.
#include "gimbal/simulate/paper_venue.hpp"

#include <algorithm>

namespace gimbal::simulate {

using engine::EventBody;
using market::Instrument;
using market::MarketSnapshot;
using market::QuoteFlag;

void PaperVenue::adopt(const std::vector<portfolio::Position>& positions, std::uint64_t last_trade,
                       std::shared_ptr<const MarketSnapshot> market) {
  market_ = std::move(market);
  positions_.clear();
  for (const portfolio::Position& held : positions) positions_[{held.account, held.instrument}] = held.lots;
  last_trade_ = last_trade;
}

Result<std::vector<EventBody>> PaperVenue::advance(std::shared_ptr<const MarketSnapshot> next) {
  std::vector<EventBody> events;
  if (market_) accrue_funding(*next, events);
  if (const auto delivered = deliver(*next, events); !delivered) return Unexpected{delivered.error()};
  market_ = std::move(next);
  taken_.clear();
  return events;
}

void PaperVenue::accrue_funding(const MarketSnapshot& next, std::vector<EventBody>& events) const {
  for (const auto& [holding, lots] : positions_) {
    const Instrument& instrument = (*next.universe)[holding.second];
    const auto row = market_->row_of(holding.second);
    if (instrument.kind != market::InstrumentKind::perpetual || !row) continue;
    const auto& index = market_->index_price[raw(next.universe->underlying(holding.second))];
    if (!index) continue;
    market::FundingPayment payment;
    payment.account = holding.first;
    payment.instrument = holding.second;
    payment.position = lots;
    payment.rate_8h = market_->funding_rate_8h[*row];
    payment.index_price = *index;
    payment.elapsed = next.time - market_->time;
    payment.paid = market::funding_payment(instrument, *index, lots, payment.rate_8h, payment.elapsed);
    if (!payment.paid.is_zero()) events.emplace_back(payment);
  }
}

Result<void> PaperVenue::deliver(const MarketSnapshot& next, std::vector<EventBody>& events) {
  for (auto held = positions_.begin(); held != positions_.end();) {
    const Instrument& instrument = (*next.universe)[held->first.second];
    if (!instrument.expired_at(next.time)) {
      ++held;
      continue;
    }
    const auto& index = next.index_price[raw(next.universe->underlying(held->first.second))];
    if (!index)
      return fail(ErrorCode::missing_data, "no index price of {} at {} to deliver {}", instrument.underlying.view(),
                  format_utc(next.time), instrument.name);
    market::Delivery delivery;
    delivery.account = held->first.first;
    delivery.instrument = held->first.second;
    delivery.position = held->second;
    delivery.delivery_price = *index;
    delivery.price_time = next.time;
    delivery.approximate = true;
    delivery.value = market::delivery_value(instrument, *index, held->second);
    delivery.fee = market::delivery_fee(instrument, *index, held->second);
    events.emplace_back(delivery);
    held = positions_.erase(held);
  }
  return {};
}

std::vector<EventBody> PaperVenue::submit(const market::Approved<market::OrderRequest>& order) {
  GIMBAL_ASSERT(market_ != nullptr);
  std::vector<EventBody> events;
  const bool buying = order->side == market::Side::buy;
  QuantityLots filled;
  const auto row = market_->row_of(order->instrument);
  if (row && market_->has(*row, buying ? QuoteFlag::ask : QuoteFlag::bid)) {
    const PriceTicks price = buying ? market_->ask[*row] : market_->bid[*row];
    const QuantityLots shown = buying ? market_->ask_size[*row] : market_->bid_size[*row];
    QuantityLots& taken = taken_[{order->instrument, order->side}];
    const bool crosses = buying ? order->limit >= price : order->limit <= price;
    filled = crosses ? std::min(order->quantity, shown - taken) : QuantityLots{};
    if (filled > QuantityLots{}) {
      taken = taken + filled;
      const Instrument& instrument = (*market_->universe)[order->instrument];
      const auto& index = market_->index_price[raw(market_->universe->underlying(order->instrument))];
      market::Fill fill;
      fill.order = order->id;
      fill.trade = ++last_trade_;
      fill.account = order->account;
      fill.instrument = order->instrument;
      fill.side = order->side;
      fill.quantity = filled;
      fill.price = price;
      fill.fee = market::trade_fee(instrument, market::price_of(instrument, price), index.value_or(Decimal{}), filled,
                                   market::Liquidity::taker);
      events.emplace_back(fill);
      QuantityLots& held = positions_[{order->account, order->instrument}];
      held = held + market::signed_lots(order->side, filled);
      if (held == QuantityLots{} || instrument.kind == market::InstrumentKind::spot)
        positions_.erase({order->account, order->instrument});
    }
  }
  events.emplace_back(market::OrderClosed{order->id, order->quantity - filled});
  return events;
}

}  // namespace gimbal::simulate
