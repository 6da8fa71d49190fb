// Exact prices and fees of one contract, turned into doubles at the end.
#include "gimbal/surface/internal/option_quote.hpp"

#include "gimbal/market/contract_value.hpp"

namespace gimbal::surface::internal {
namespace {

using market::Instrument;
using market::MarketSnapshot;
using market::QuoteFlag;

QuotedSide side_of(const Instrument& option, PriceTicks ticks, QuantityLots size, const Decimal& index) {
  const Decimal price = market::price_of(option, ticks);
  // Fees round at the asset's last decimal: many lots at once leave little of that.
  constexpr std::int64_t lots = 1000;
  const Amount fee = market::trade_fee(option, price, index, QuantityLots{lots}, market::Liquidity::taker);
  const double units = static_cast<double>(lots) * (option.lot * option.contract_size).to_double();
  return {price.to_double(), fee.to_double(market::asset_scale(option.settlement)) / units,
          market::contracts_of(option, size).to_double()};
}

}  // namespace

OptionQuote read_option_quote(const MarketSnapshot& snapshot, std::size_t row) {
  OptionQuote quote;
  quote.id = snapshot.instrument[row];
  quote.instrument = &(*snapshot.universe)[quote.id];
  const Instrument& option = *quote.instrument;
  quote.strike = option.strike.to_double();
  quote.contract_units = option.contract_size.to_double();
  if (snapshot.has(row, QuoteFlag::forward)) quote.forward = snapshot.forward[row];
  const auto& index = snapshot.index_price[market::raw(snapshot.universe->underlying(quote.id))];
  const Decimal index_price = index ? *index : option.strike;
  if (option.payoff == market::Payoff::inverse)
    quote.unit_quote = index ? index->to_double() : quote.forward.value_or(quote.strike);
  if (snapshot.has(row, QuoteFlag::bid))
    quote.bid = side_of(option, snapshot.bid[row], snapshot.bid_size[row], index_price);
  if (snapshot.has(row, QuoteFlag::ask))
    quote.ask = side_of(option, snapshot.ask[row], snapshot.ask_size[row], index_price);
  return quote;
}

}  // namespace gimbal::surface::internal
