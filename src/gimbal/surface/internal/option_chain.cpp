// Grouping by what makes two payoffs comparable.
#include "gimbal/surface/internal/option_chain.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

namespace gimbal::surface::internal {
namespace {

using market::Instrument;
using market::InstrumentKind;
using market::MarketSnapshot;
using market::Payoff;
using market::QuoteFlag;
using market::Side;

/// Underlying, venue, quote, settlement, payoff: what an option and a future must share.
using PayoffKey = std::tuple<market::AssetId, std::string_view, market::AssetId, market::AssetId, Payoff>;
using FamilyKey = std::pair<PayoffKey, Decimal>;

PayoffKey payoff_key(const MarketSnapshot& snapshot, market::InstrumentId id) {
  const market::Universe& universe = *snapshot.universe;
  const Instrument& instrument = universe[id];
  return {universe.underlying(id), instrument.venue, universe.quote(id), universe.settlement(id), instrument.payoff};
}

/// What is being sorted: rows by family and expiry, futures by payoff and expiry.
struct Sorted {
  std::map<FamilyKey, std::map<UtcTime, std::vector<std::size_t>>> options;
  std::map<std::pair<PayoffKey, UtcTime>, std::size_t> futures;
};

Sorted sorted(const MarketSnapshot& snapshot) {
  Sorted found;
  for (std::size_t row = 0; row < snapshot.rows(); ++row) {
    const market::InstrumentId id = snapshot.instrument[row];
    const Instrument& instrument = (*snapshot.universe)[id];
    if (!instrument.expiry || instrument.expired_at(snapshot.time) || instrument.payoff == Payoff::quanto) continue;
    const PayoffKey key = payoff_key(snapshot, id);
    if (instrument.is_option())
      found.options[{key, instrument.contract_size}][*instrument.expiry].push_back(row);
    else if (instrument.kind == InstrumentKind::future)
      found.futures.emplace(std::pair{key, *instrument.expiry}, row);
  }
  return found;
}

Result<ChainFuture> read_future(const MarketSnapshot& snapshot, std::size_t row) {
  const market::InstrumentId id = snapshot.instrument[row];
  auto sell = taker_quote(snapshot, row, Side::sell);
  if (!sell) return Unexpected{sell.error()};
  auto buy = taker_quote(snapshot, row, Side::buy);
  if (!buy) return Unexpected{buy.error()};
  return ChainFuture{id, (*snapshot.universe)[id].contract_size.to_double(), *sell, *buy};
}

Result<ChainOption> read_option(const MarketSnapshot& snapshot, std::size_t row) {
  const market::InstrumentId id = snapshot.instrument[row];
  auto sell = taker_quote(snapshot, row, Side::sell);
  if (!sell) return Unexpected{sell.error()};
  auto buy = taker_quote(snapshot, row, Side::buy);
  if (!buy) return Unexpected{buy.error()};
  ChainOption option{id, (*snapshot.universe)[id].strike.to_double(), std::nullopt, *sell, *buy};
  if (snapshot.has(row, QuoteFlag::forward)) option.forward = snapshot.forward[row];
  return option;
}

Result<OptionChain> read_chain(const MarketSnapshot& snapshot, UtcTime expiry, const std::vector<std::size_t>& rows) {
  OptionChain chain;
  chain.expiry = expiry;
  for (const std::size_t row : rows) {
    auto option = read_option(snapshot, row);
    if (!option) return Unexpected{option.error()};
    if (!option->sell && !option->buy) continue;
    const bool is_call = (*snapshot.universe)[option->id].right == market::OptionRight::call;
    (is_call ? chain.calls : chain.puts).push_back(*option);
  }
  const auto by_strike = [](const ChainOption& a, const ChainOption& b) {
    return std::tie(a.strike, a.id) < std::tie(b.strike, b.id);
  };
  std::sort(chain.calls.begin(), chain.calls.end(), by_strike);
  std::sort(chain.puts.begin(), chain.puts.end(), by_strike);
  return chain;
}

Result<ChainFamily> read_family(const MarketSnapshot& snapshot, const Sorted& found, const FamilyKey& key) {
  const auto& expiries = found.options.at(key);
  const market::InstrumentId any = snapshot.instrument[expiries.begin()->second.front()];
  const auto unit = settlement_in_quote(snapshot, any);
  if (!unit) return Unexpected{unit.error()};
  ChainFamily family;
  family.payoff = (*snapshot.universe)[any].payoff;
  family.contract_size = key.second.to_double();
  family.settlement_in_quote = *unit;
  for (const auto& [expiry, rows] : expiries) {
    auto chain = read_chain(snapshot, expiry, rows);
    if (!chain) return Unexpected{chain.error()};
    if (const auto future = found.futures.find({key.first, expiry}); future != found.futures.end()) {
      auto read = read_future(snapshot, future->second);
      if (!read) return Unexpected{read.error()};
      chain->future = *read;
    }
    family.chains.push_back(std::move(*chain));
  }
  // Fees have asked for it above, unless nothing at all is quoted.
  family.index_price = snapshot.index_price[market::raw(snapshot.universe->underlying(any))].value_or(Decimal{});
  return family;
}

}  // namespace

Result<std::vector<ChainFamily>> option_families(const MarketSnapshot& snapshot) {
  const Sorted found = sorted(snapshot);
  std::vector<ChainFamily> families;
  for (const auto& [key, expiries] : found.options) {
    auto family = read_family(snapshot, found, key);
    if (!family) return Unexpected{family.error()};
    families.push_back(std::move(*family));
  }
  return families;
}

}  // namespace gimbal::surface::internal
