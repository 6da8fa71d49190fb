// Marks for everything that is not expired, and accounts added up at them.
#include "gimbal/portfolio/valuation.hpp"

#include <map>

#include "gimbal/market/contract_value.hpp"
#include "gimbal/pricing/inverse.hpp"

namespace gimbal::portfolio {
namespace {

using market::Instrument;
using market::InstrumentId;
using market::InstrumentKind;
using market::MarketSnapshot;
using market::QuoteFlag;

// The first of the row's numbers that is there.
std::optional<double> first_of(const MarketSnapshot& snapshot, std::optional<std::size_t> row, bool mark_first) {
  if (!row) return std::nullopt;
  if (mark_first && snapshot.has(*row, QuoteFlag::mark_price)) return snapshot.mark_price[*row];
  if (snapshot.has(*row, QuoteFlag::forward)) return snapshot.forward[*row];
  return std::nullopt;
}

std::optional<double> option_mark(const MarketSnapshot& snapshot, const surface::SurfaceSet& surfaces,
                                  InstrumentId id) {
  const Instrument& instrument = (*snapshot.universe)[id];
  const surface::VolSurface* surface = surfaces.find(snapshot.universe->underlying(id));
  const std::optional<double> forward = forward_quote(snapshot, surfaces, id);
  if (surface == nullptr || !forward || instrument.payoff == market::Payoff::quanto) return std::nullopt;
  const double strike = instrument.strike.to_double();
  const pricing::Black76Input input{
      .forward = *forward,
      .strike = strike,
      .volatility_annual = surface->volatility(pricing::log_ratio(strike, *forward), *instrument.expiry),
      .expiry_years = years_between(snapshot.time, *instrument.expiry).raw(),
      .right = instrument.right};
  // Per unit of underlying: the price, not the contract's value.
  return pricing::option_value(instrument.payoff, 1.0, input);
}

// A real-valued sum of an account's parts while the ledger is walked through.
using ValueKey = std::pair<market::AccountId, market::AssetId>;
using Values = std::map<ValueKey, AccountValue>;

AccountValue& entry(Values& values, market::AccountId account, market::AssetId asset) {
  AccountValue& value = values[{account, asset}];
  value.account = account;
  value.asset = asset;
  return value;
}

Result<void> add_position(Values& values, const Position& held, const market::Universe& universe,
                          const MarkPrices& marks) {
  const Instrument& instrument = universe[held.instrument];
  if (instrument.kind == InstrumentKind::spot)
    return fail(ErrorCode::invalid_argument, "a position in the spot pair {}: coins are held as balances",
                instrument.name);
  const std::size_t index = market::raw(held.instrument);
  if (index >= marks.size() || !marks[index])
    return fail(ErrorCode::missing_data, "no price for {}, of which account {} holds {} contracts", instrument.name,
                market::raw(held.account), market::contracts_of(instrument, held.lots).to_string());
  const double contracts = market::contracts_of(instrument, held.lots).to_double();
  const double size = instrument.contract_size.to_double();
  AccountValue& value = entry(values, held.account, universe.settlement(held.instrument));
  if (instrument.is_option()) {
    value.options += contracts * size * *marks[index];
  } else {
    value.unsettled += contracts * pricing::future_value(instrument.payoff, size, *marks[index]);
  }
  return {};
}

}  // namespace

std::optional<double> index_quote(const MarketSnapshot& snapshot, InstrumentId id) {
  const auto underlying = snapshot.index(snapshot.universe->underlying(id));
  const auto quote = snapshot.index(snapshot.universe->quote(id));
  if (!underlying || !quote) return std::nullopt;
  return *underlying / *quote;
}

std::optional<double> forward_quote(const MarketSnapshot& snapshot, const surface::SurfaceSet& surfaces,
                                    InstrumentId id) {
  const Instrument& instrument = (*snapshot.universe)[id];
  if (instrument.expired_at(snapshot.time)) return std::nullopt;
  const auto own = first_of(snapshot, snapshot.row_of(id), !instrument.is_option());
  if (own) return own;
  if (!instrument.expiry) return index_quote(snapshot, id);
  const surface::VolSurface* surface = surfaces.find(snapshot.universe->underlying(id));
  if (surface == nullptr) return std::nullopt;
  return surface->forward(*instrument.expiry);
}

MarkPrices mark_prices(const MarketSnapshot& snapshot, const surface::SurfaceSet& surfaces) {
  const market::Universe& universe = *snapshot.universe;
  MarkPrices marks(universe.size());
  for (std::size_t row = 0; row < snapshot.rows(); ++row)
    if (snapshot.has(row, QuoteFlag::mark_price))
      marks[market::raw(snapshot.instrument[row])] = snapshot.mark_price[row];
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const auto id = static_cast<InstrumentId>(i);
    if (marks[i] || universe[id].expired_at(snapshot.time)) continue;
    marks[i] = universe[id].is_option() ? option_mark(snapshot, surfaces, id) : forward_quote(snapshot, surfaces, id);
  }
  return marks;
}

double contract_value(const Instrument& instrument, double price) {
  const double size = instrument.contract_size.to_double();
  return instrument.is_option() ? size * price : pricing::future_value(instrument.payoff, size, price);
}

Result<std::vector<AccountValue>> value_accounts(const Ledger& ledger, const market::Universe& universe,
                                                 const MarkPrices& marks) {
  Values values;
  for (const auto& [key, amount] : ledger.balances()) {
    if (key.unit.kind != Unit::Kind::asset || (key.place != Place::cash && key.place != Place::variation)) continue;
    const auto asset = static_cast<market::AssetId>(key.unit.id);
    const double coins = Amount{amount}.to_double(universe.asset(asset).scale);
    AccountValue& value = entry(values, key.account, asset);
    (key.place == Place::cash ? value.cash : value.unsettled) += coins;
  }
  for (const Position& held : ledger.positions())
    if (const auto added = add_position(values, held, universe, marks); !added) return Unexpected{added.error()};
  std::vector<AccountValue> list;
  list.reserve(values.size());
  for (const auto& [key, value] : values) list.push_back(value);
  return list;
}

Result<double> equity_usd(const std::vector<AccountValue>& values, const MarketSnapshot& snapshot) {
  double total = 0.0;
  for (const AccountValue& value : values) {
    const auto price = snapshot.index(value.asset);
    if (!price) return Unexpected{price.error()};
    total += value.equity() * *price;
  }
  return total;
}

}  // namespace gimbal::portfolio
