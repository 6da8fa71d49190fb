// Exact trade arithmetic: products of decimals, and the three divisions that need a named rounding.
#include "gimbal/market/contract_value.hpp"

#include <algorithm>

namespace gimbal::market {
namespace {

constexpr Rounding venue_rounding = Rounding::half_even;

int settlement_scale(const Instrument& instrument) { return asset_scale(instrument.settlement); }

QuantityLots magnitude(QuantityLots lots) { return lots < QuantityLots{} ? -lots : lots; }

// numerator / denominator at the settlement asset's scale. Prices are held to nine decimals first, since an index that
// a file gives with more would leave 128 bits.
Amount quotient(const Instrument& instrument, const Decimal& numerator, const Decimal& denominator) {
  const int scale = settlement_scale(instrument);
  constexpr int price_scale = 9;
  const Int128 bottom = denominator.rescaled(price_scale, venue_rounding);
  const Int128 top = numerator.rescaled(scale + price_scale, venue_rounding);
  return Amount{divide(top, bottom, venue_rounding)};
}

Decimal units_of(const Instrument& instrument, QuantityLots lots) {
  return contracts_of(instrument, lots) * instrument.contract_size;
}

bool is_inverse_future(const Instrument& instrument) {
  return instrument.payoff == Payoff::inverse && instrument.is_future();
}

// The smaller of the rate on the underlying and the cap on a value, per unit of underlying.
Decimal capped(const Decimal& rate, const Decimal& underlying, const Decimal& cap, const Decimal& value) {
  const Decimal uncapped = rate * underlying;
  if (cap.is_zero()) return uncapped;
  return std::min(uncapped, cap * value);
}

}  // namespace

Decimal price_of(const Instrument& instrument, PriceTicks ticks) { return instrument.tick * Decimal{ticks.raw()}; }

Decimal contracts_of(const Instrument& instrument, QuantityLots lots) { return instrument.lot * Decimal{lots.raw()}; }

Result<PriceTicks> ticks_of(const Instrument& instrument, const Decimal& price) {
  if (const auto coarse = exact_multiple(price, tick_at(instrument, price)); !coarse)
    return with_context(coarse.error(), "price of " + instrument.name);
  const auto ticks = exact_multiple(price, instrument.tick);
  if (!ticks) return with_context(ticks.error(), "price of " + instrument.name);
  return PriceTicks{*ticks};
}

Result<QuantityLots> lots_of(const Instrument& instrument, const Decimal& contracts) {
  const auto lots = exact_multiple(contracts, instrument.lot);
  if (!lots) return with_context(lots.error(), "size of " + instrument.name);
  return QuantityLots{*lots};
}

Amount position_value(const Instrument& instrument, const Decimal& price, QuantityLots lots) {
  const Decimal units = units_of(instrument, lots);
  if (is_inverse_future(instrument)) return -quotient(instrument, units, price);
  return Amount::rounded(units * price, settlement_scale(instrument), venue_rounding);
}

Amount trade_fee(const Instrument& instrument, const Decimal& price, const Decimal& index_price, QuantityLots lots,
                 Liquidity liquidity) {
  const Decimal& rate = liquidity == Liquidity::taker ? instrument.fees.taker_rate : instrument.fees.maker_rate;
  const Decimal units = units_of(instrument, magnitude(lots));
  if (is_inverse_future(instrument)) return quotient(instrument, units * rate, price);
  const int scale = settlement_scale(instrument);
  if (!instrument.is_option()) return Amount::rounded(units * price * rate, scale, venue_rounding);
  const Decimal underlying = instrument.payoff == Payoff::inverse ? Decimal{1} : index_price;
  const Decimal per_unit = capped(rate, underlying, instrument.fees.option_cap, price);
  return Amount::rounded(units * per_unit, scale, venue_rounding);
}

Amount delivery_value(const Instrument& instrument, const Decimal& delivery_price, QuantityLots lots) {
  if (!instrument.is_option()) return position_value(instrument, delivery_price, lots);
  const Decimal beyond =
      instrument.right == OptionRight::call ? delivery_price - instrument.strike : instrument.strike - delivery_price;
  if (beyond <= Decimal{}) return Amount{};
  const Decimal payoff = units_of(instrument, lots) * beyond;
  if (instrument.payoff == Payoff::inverse) return quotient(instrument, payoff, delivery_price);
  return Amount::rounded(payoff, settlement_scale(instrument), venue_rounding);
}

Amount delivery_fee(const Instrument& instrument, const Decimal& delivery_price, QuantityLots lots) {
  const Decimal units = units_of(instrument, magnitude(lots));
  const Decimal& rate = instrument.fees.delivery_rate;
  const int scale = settlement_scale(instrument);
  if (is_inverse_future(instrument)) return quotient(instrument, units * rate, delivery_price);
  if (!instrument.is_option()) return Amount::rounded(units * delivery_price * rate, scale, venue_rounding);
  const Decimal underlying = instrument.payoff == Payoff::inverse ? Decimal{1} : delivery_price;
  const Amount uncapped = Amount::rounded(units * underlying * rate, scale, venue_rounding);
  if (instrument.fees.delivery_cap.is_zero()) return uncapped;
  const Decimal payoff = delivery_value(instrument, delivery_price, magnitude(lots)).to_decimal(scale);
  return std::min(uncapped, Amount::rounded(payoff * instrument.fees.delivery_cap, scale, venue_rounding));
}

Amount funding_payment(const Instrument& instrument, const Decimal& index_price, QuantityLots lots,
                       const Decimal& rate_8h, Duration elapsed) {
  GIMBAL_ASSERT(instrument.kind == InstrumentKind::perpetual);
  // Whole seconds: a venue accrues by the millisecond, the recorded snapshots are hours apart.
  const Decimal seconds{std::chrono::duration_cast<std::chrono::seconds>(elapsed).count()};
  constexpr std::int64_t eight_hours_s = 8 * 3600;
  const Decimal owed = units_of(instrument, lots) * rate_8h * seconds;
  if (is_inverse_future(instrument)) return quotient(instrument, owed, index_price * Decimal{eight_hours_s});
  return quotient(instrument, owed * index_price, Decimal{eight_hours_s});
}

}  // namespace gimbal::market
