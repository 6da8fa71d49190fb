// Sorting a chain's rows into smiles, and premiums into volatilities.
#include "gimbal/surface/smile_quotes.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "gimbal/market/contract_value.hpp"
#include "gimbal/numerics/special.hpp"
#include "gimbal/pricing/black76.hpp"
#include "gimbal/pricing/implied_volatility.hpp"

namespace gimbal::surface {
namespace {

using market::InstrumentKind;
using market::MarketSnapshot;
using market::OptionRight;
using market::Payoff;
using market::QuoteFlag;

// The relative spread under which a quote's inside and near shares are reported.
constexpr double judged_spread = 0.2;
// Mark volatilities outside of this are placeholders of expired or worthless options.
constexpr double mark_volatility_least = 0.02;
constexpr double mark_volatility_most = 10.0;

/// The expiry's forward from its rows, its future or the index; zero when nothing says.
double expiry_forward(const MarketSnapshot& snapshot, const ExpiryRows& rows) {
  std::vector<double> forwards;
  forwards.reserve(rows.options.size());
  for (const std::size_t row : rows.options)
    if (snapshot.has(row, QuoteFlag::forward)) forwards.push_back(snapshot.forward[row]);
  if (!forwards.empty()) {
    const auto middle = forwards.begin() + static_cast<std::ptrdiff_t>(forwards.size() / 2);
    std::nth_element(forwards.begin(), middle, forwards.end());
    return *middle;
  }
  for (const std::size_t row : rows.futures)
    if (snapshot.has(row, QuoteFlag::mark_price)) return snapshot.mark_price[row];
  const auto index = snapshot.index(rows.underlying);
  return index ? *index : 0.0;
}

/// One option row, read as far as its volatility needs.
struct Row {
  double forward;
  double strike;
  double years;
  OptionRight right;
  double premium_unit;  ///< Quote units per unit of the instrument's price: the forward for coin premiums.
};

/// The total volatility at which Black-76 gives a price in the instrument's own unit, or zero.
double total_volatility(const Row& row, double price) {
  const auto answer =
      pricing::implied_volatility({price * row.premium_unit, row.forward, row.strike, row.years, row.right});
  return answer.ok() ? answer.volatility_annual * std::sqrt(row.years) : 0.0;
}

void read_mark(const MarketSnapshot& snapshot, std::size_t index, const Row& row, double log_moneyness,
               ExpiryQuotes& out) {
  double volatility = snapshot.has(index, QuoteFlag::mark_volatility) ? snapshot.mark_volatility[index] : 0.0;
  if (volatility == 0.0 && snapshot.has(index, QuoteFlag::mark_price))
    volatility = total_volatility(row, snapshot.mark_price[index]) / std::sqrt(row.years);
  if (!(volatility > mark_volatility_least && volatility < mark_volatility_most)) return;
  const double total = volatility * std::sqrt(row.years);
  out.marks.push_back({log_moneyness, total, total});
}

void read_quote(const MarketSnapshot& snapshot, std::size_t index, const Row& row, double log_moneyness,
                const FitSettings& settings, ExpiryQuotes& out) {
  if (!snapshot.has(index, QuoteFlag::bid) || !snapshot.has(index, QuoteFlag::ask)) {
    ++out.quality.one_sided;
    return;
  }
  ++out.quality.quotes_two_sided;
  const market::Instrument& instrument = (*snapshot.universe)[snapshot.instrument[index]];
  const double bid = market::price_of(instrument, snapshot.bid[index]).to_double();
  const double ask = market::price_of(instrument, snapshot.ask[index]).to_double();
  const double relative_spread = (ask - bid) / (0.5 * (bid + ask));
  if (!(relative_spread <= settings.relative_spread_most)) {
    ++out.quality.wide;
    return;
  }
  const double low = total_volatility(row, bid);
  const double high = total_volatility(row, ask);
  if (!(low > 0.0 && high > 0.0)) {
    ++out.quality.without_volatility;
    return;
  }
  ++out.quality.quotes_used;
  const bool judged = relative_spread < judged_spread;
  out.quality.quotes_judged += judged ? 1U : 0U;
  out.quotes.push_back({log_moneyness, low, high});
  out.judged.push_back(judged);
}

void read_option(const MarketSnapshot& snapshot, std::size_t index, const FitSettings& settings, ExpiryQuotes& out) {
  const market::Instrument& instrument = (*snapshot.universe)[snapshot.instrument[index]];
  ++out.quality.options;
  const bool own_forward = snapshot.has(index, QuoteFlag::forward);
  if (!own_forward) ++out.quality.without_forward;
  const double forward = own_forward ? snapshot.forward[index] : out.forward;
  const double strike = instrument.strike.to_double();
  const Row row{forward, strike, out.years, instrument.right, instrument.payoff == Payoff::inverse ? forward : 1.0};
  // At the forward itself both rights are out of the money; the call speaks for both.
  const bool out_of_the_money = row.right == OptionRight::call ? strike >= forward : strike < forward;
  if (!out_of_the_money) {
    ++out.quality.in_the_money;
    return;
  }
  const double log_moneyness = -pricing::log_ratio(forward, strike);
  read_mark(snapshot, index, row, log_moneyness, out);
  read_quote(snapshot, index, row, log_moneyness, settings, out);
}

}  // namespace

std::vector<ExpiryRows> live_options(const MarketSnapshot& snapshot) {
  std::map<std::pair<market::AssetId, UtcTime>, ExpiryRows> expiries;
  for (std::size_t row = 0; row < snapshot.rows(); ++row) {
    const market::InstrumentId id = snapshot.instrument[row];
    const market::Instrument& instrument = (*snapshot.universe)[id];
    if (!instrument.expiry || instrument.expired_at(snapshot.time) || instrument.payoff == Payoff::quanto) continue;
    if (!instrument.is_option() && instrument.kind != InstrumentKind::future) continue;
    const market::AssetId underlying = snapshot.universe->underlying(id);
    ExpiryRows& rows = expiries[{underlying, *instrument.expiry}];
    rows.underlying = underlying;
    rows.expiry = *instrument.expiry;
    (instrument.is_option() ? rows.options : rows.futures).push_back(row);
  }
  std::vector<ExpiryRows> live;
  for (auto& [key, rows] : expiries)
    if (!rows.options.empty()) live.push_back(std::move(rows));
  return live;
}

ExpiryQuotes read_quotes(const MarketSnapshot& snapshot, const ExpiryRows& rows, const FitSettings& settings) {
  ExpiryQuotes expiry;
  expiry.expiry = rows.expiry;
  expiry.years = years_between(snapshot.time, rows.expiry).raw();
  expiry.forward = expiry_forward(snapshot, rows);
  if (!(expiry.forward > 0.0)) return expiry;
  for (const std::size_t row : rows.options) read_option(snapshot, row, settings, expiry);
  return expiry;
}

std::vector<UnderlyingQuotes> collect_quotes(const MarketSnapshot& snapshot, const FitSettings& settings) {
  std::vector<UnderlyingQuotes> all;
  for (const ExpiryRows& rows : live_options(snapshot)) {
    ExpiryQuotes expiry = read_quotes(snapshot, rows, settings);
    if (!(expiry.forward > 0.0)) continue;
    if (all.empty() || all.back().underlying != rows.underlying) all.push_back({rows.underlying, {}});
    all.back().expiries.push_back(std::move(expiry));
  }
  return all;
}

}  // namespace gimbal::surface
