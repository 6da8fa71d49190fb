// Half-spreads from the quotes' decimals, fees from the exact arithmetic of market/contract_value.
#include "gimbal/allocate/cost.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/market/contract_value.hpp"
#include "gimbal/market/order.hpp"
#include "gimbal/pricing/inverse.hpp"

namespace gimbal::allocate {
namespace {

using market::Instrument;
using market::MarketSnapshot;
using market::QuoteFlag;

double real_price(const Instrument& instrument, PriceTicks ticks) {
  return market::price_of(instrument, ticks).to_double();
}

// Value of one contract in its settlement asset at a price in its own unit.
double contract_value(const Instrument& instrument, double price) {
  const double size = instrument.contract_size.to_double();
  if (instrument.is_option()) return size * price;
  return pricing::future_value(instrument.payoff, size, price);
}

struct Side {
  bool quoted = false;
  PriceTicks price;
  QuantityLots size;
};

Side side_of(const MarketSnapshot& snapshot, std::size_t row, market::Side side) {
  if (side == market::Side::buy) return {snapshot.has(row, QuoteFlag::ask), snapshot.ask[row], snapshot.ask_size[row]};
  return {snapshot.has(row, QuoteFlag::bid), snapshot.bid[row], snapshot.bid_size[row]};
}

// Taker fee of a trade at a side's quote, in the settlement asset.
double fee_of(const MarketSnapshot& snapshot, std::size_t row, PriceTicks ticks, QuantityLots lots) {
  const Instrument& instrument = (*snapshot.universe)[snapshot.instrument[row]];
  const auto underlying = market::raw(snapshot.universe->underlying(snapshot.instrument[row]));
  const Decimal index = snapshot.index_price[underlying].value_or(Decimal{});
  const Decimal price = market::price_of(instrument, ticks);
  const Amount fee = market::trade_fee(instrument, price, index, lots, market::Liquidity::taker);
  return fee.to_double(market::asset_scale(instrument.settlement));
}

// Half-spread of one contract, in the settlement asset.
double half_spread(const Instrument& instrument, double price, double reference) {
  return std::fabs(contract_value(instrument, price) - contract_value(instrument, reference));
}

std::optional<SideCost> side_cost(const MarketSnapshot& snapshot, std::size_t row, market::Side side,
                                  std::optional<double> reference, double fx) {
  const Side quote = side_of(snapshot, row, side);
  if (!quote.quoted || quote.size <= QuantityLots{} || !reference) return std::nullopt;
  const Instrument& instrument = (*snapshot.universe)[snapshot.instrument[row]];
  SideCost cost;
  cost.price = real_price(instrument, quote.price);
  const double contracts = market::contracts_of(instrument, quote.size).to_double();
  cost.fee = fee_of(snapshot, row, quote.price, quote.size) / contracts;
  cost.total = (half_spread(instrument, cost.price, *reference) + cost.fee) * fx;
  return cost;
}

}  // namespace

std::optional<double> reference_price(const MarketSnapshot& snapshot, std::size_t row) {
  const Instrument& instrument = (*snapshot.universe)[snapshot.instrument[row]];
  const bool bid = snapshot.has(row, QuoteFlag::bid);
  const bool ask = snapshot.has(row, QuoteFlag::ask);
  if (bid && ask) return 0.5 * (real_price(instrument, snapshot.bid[row]) + real_price(instrument, snapshot.ask[row]));
  if (!snapshot.has(row, QuoteFlag::mark_price)) return std::nullopt;
  const double mark = snapshot.mark_price[row];
  if (bid) return std::max(mark, real_price(instrument, snapshot.bid[row]));
  if (ask) return std::min(mark, real_price(instrument, snapshot.ask[row]));
  return mark;
}

Result<double> exchange_rate(const MarketSnapshot& snapshot, market::AssetId asset, market::AssetId numeraire) {
  if (asset == numeraire) return 1.0;
  const auto asset_usd = snapshot.index(asset);
  if (!asset_usd) return Unexpected{asset_usd.error()};
  const auto numeraire_usd = snapshot.index(numeraire);
  if (!numeraire_usd) return Unexpected{numeraire_usd.error()};
  return *asset_usd / *numeraire_usd;
}

Result<std::vector<TradingCost>> trading_costs(const MarketSnapshot& snapshot, market::AssetId numeraire) {
  std::vector<TradingCost> costs(snapshot.rows());
  for (std::size_t row = 0; row < snapshot.rows(); ++row) {
    const auto fx = exchange_rate(snapshot, snapshot.universe->settlement(snapshot.instrument[row]), numeraire);
    if (!fx) return Unexpected{fx.error()};
    const auto reference = reference_price(snapshot, row);
    costs[row].buy = side_cost(snapshot, row, market::Side::buy, reference, *fx);
    costs[row].sell = side_cost(snapshot, row, market::Side::sell, reference, *fx);
  }
  return costs;
}

Result<double> trade_cost(const MarketSnapshot& snapshot, std::size_t row, QuantityLots lots,
                          market::AssetId numeraire) {
  GIMBAL_ASSERT(lots != QuantityLots{});
  const auto fx = exchange_rate(snapshot, snapshot.universe->settlement(snapshot.instrument[row]), numeraire);
  if (!fx) return Unexpected{fx.error()};
  const bool buys = lots > QuantityLots{};
  const Side quote = side_of(snapshot, row, buys ? market::Side::buy : market::Side::sell);
  const auto reference = reference_price(snapshot, row);
  GIMBAL_ASSERT(quote.quoted);
  GIMBAL_ASSERT(reference.has_value());
  const Instrument& instrument = (*snapshot.universe)[snapshot.instrument[row]];
  const QuantityLots size = buys ? lots : -lots;
  const double spread = half_spread(instrument, real_price(instrument, quote.price), *reference) *
                        market::contracts_of(instrument, size).to_double();
  return (spread + fee_of(snapshot, row, quote.price, size)) * *fx;
}

}  // namespace gimbal::allocate
