// Decimals of a quote into doubles, and fees per contract out of those of a trade.
#include "gimbal/surface/internal/taker_quote.hpp"

#include "gimbal/market/contract_value.hpp"

namespace gimbal::surface::internal {

using market::Instrument;
using market::MarketSnapshot;
using market::QuoteFlag;

double taker_fee(const Instrument& instrument, const Decimal& price, const Decimal& index_price) {
  // A fee is linear in size but for its rounding, which does not show in a fee of this many lots.
  constexpr QuantityLots many{1'000'000};
  const Amount fee = market::trade_fee(instrument, price, index_price, many, market::Liquidity::taker);
  return fee.to_double(market::asset_scale(instrument.settlement)) / market::contracts_of(instrument, many).to_double();
}

Result<std::optional<TakerQuote>> taker_quote(const MarketSnapshot& snapshot, std::size_t row, market::Side side) {
  const market::InstrumentId id = snapshot.instrument[row];
  const Instrument& instrument = (*snapshot.universe)[id];
  const bool sells = side == market::Side::sell;
  const PriceTicks ticks = sells ? snapshot.bid[row] : snapshot.ask[row];
  const QuantityLots lots = sells ? snapshot.bid_size[row] : snapshot.ask_size[row];
  const bool quoted = snapshot.has(row, sells ? QuoteFlag::bid : QuoteFlag::ask) &&
                      !snapshot.has(row, QuoteFlag::quote_assumed) && ticks > PriceTicks{} && lots > QuantityLots{};
  if (!quoted) return std::optional<TakerQuote>{};
  const auto& index = snapshot.index_price[market::raw(snapshot.universe->underlying(id))];
  if (!index)
    return fail(ErrorCode::missing_data, "no index price of {} at {}", instrument.underlying.view(),
                format_utc(snapshot.time));
  const Decimal price = market::price_of(instrument, ticks);
  TakerQuote quote{price.to_double(), taker_fee(instrument, price, *index), std::nullopt};
  if (!snapshot.has(row, QuoteFlag::size_assumed)) quote.contracts = market::contracts_of(instrument, lots).to_double();
  return std::optional{quote};
}

Result<double> settlement_in_quote(const MarketSnapshot& snapshot, market::InstrumentId id) {
  const market::AssetId settlement = snapshot.universe->settlement(id);
  const market::AssetId quote = snapshot.universe->quote(id);
  if (settlement == quote) return 1.0;
  const auto settlement_usd = snapshot.index(settlement);
  if (!settlement_usd) return Unexpected{settlement_usd.error()};
  const auto quote_usd = snapshot.index(quote);
  if (!quote_usd) return Unexpected{quote_usd.error()};
  return *settlement_usd / *quote_usd;
}

}  // namespace gimbal::surface::internal
