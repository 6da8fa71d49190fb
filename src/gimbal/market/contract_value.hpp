// The exact arithmetic of a trade: what changes hands in the settlement asset, to its smallest unit. Real-valued
// pricing of the same contracts is in `pricing`; a test holds the two together.
#pragma once

#include "gimbal/foundation/decimal.hpp"
#include "gimbal/market/instrument.hpp"

namespace gimbal::market {

enum class Liquidity : std::uint8_t { taker, maker };

/// A price as a decimal, and a size in contracts.
[[nodiscard]] Decimal price_of(const Instrument& instrument, PriceTicks ticks);
[[nodiscard]] Decimal contracts_of(const Instrument& instrument, QuantityLots lots);

/// The ticks of a price that a venue sent.
/// Errors    invalid_argument when it is no multiple of the tick that holds there.
[[nodiscard]] Result<PriceTicks> ticks_of(const Instrument& instrument, const Decimal& price);
/// The lots of a size in contracts. Errors: invalid_argument when it is no multiple of the lot.
[[nodiscard]] Result<QuantityLots> lots_of(const Instrument& instrument, const Decimal& contracts);

/// What a position of `lots` is worth in the settlement asset at `price`, sign included.
///
/// Linear:  lots x lot x contract_size x price.   Inverse option: the same, its price being coin.
/// Inverse future: - lots x lot x contract_size / price coin; a long gains as the price rises, so buying at P and
/// selling at Q is worth value(Q) - value(P) for linear and inverse contracts alike.
/// Rounding  half even to the settlement asset's scale; only inverse futures ever round.
/// Domain    price > 0 for inverse futures, else any.
[[nodiscard]] Amount position_value(const Instrument& instrument, const Decimal& price, QuantityLots lots);

/// Fee of a trade in the settlement asset, rounded half even to its scale; negative only as a maker's rebate.
///
/// Futures: rate x notional. Options: min(rate x underlying, cap x premium) per unit of underlying, where the
/// underlying is 1 coin for inverse options and the index price for linear ones. Spot: rate x price x size.
[[nodiscard]] Amount trade_fee(const Instrument& instrument, const Decimal& price, const Decimal& index_price,
                               QuantityLots lots, Liquidity liquidity);

/// What a position pays at expiry, sign included: an option's payoff, or a future's value at the delivery price.
/// Inverse options pay max(w (S - K), 0) / S coin per unit of underlying. Rounding half even.
[[nodiscard]] Amount delivery_value(const Instrument& instrument, const Decimal& delivery_price, QuantityLots lots);

/// Fee taken at delivery, never negative: delivery_rate x notional, for options at most delivery_cap x payoff.
[[nodiscard]] Amount delivery_fee(const Instrument& instrument, const Decimal& delivery_price, QuantityLots lots);

/// Funding that a perpetual position pays (negative: receives) for `elapsed`, in the settlement asset.
///
/// rate_8h x position notional at the index x elapsed / 8 h; longs pay where the rate is positive. Inverse: coin.
/// Rounding  half even to eight decimals or the asset's scale if less.
/// Source    Deribit, funding specification: continuous payment, linear in time.
[[nodiscard]] Amount funding_payment(const Instrument& instrument, const Decimal& index_price, QuantityLots lots,
                                     const Decimal& rate_8h, Duration elapsed);

}  // namespace gimbal::market
