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
#include "gimbal/surface/parity.hpp"

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

/// Quote units per unit of the instrument's price: the forward for coin premiums.
double premium_unit(const market::Instrument& option, double forward) {
  return option.payoff == Payoff::inverse ? forward : 1.0;
}

/// The total volatility at which Black-76 gives a premium, or zero.
double total_volatility(double premium, double forward, double strike, OptionRight right) {
  const auto answer = pricing::implied_volatility({premium, forward, strike, 1.0, right});
  return answer.ok() ? answer.volatility_annual : 0.0;
}

/// Two-sided quotes on their way to volatilities, in columns.
struct QuoteColumns {
  std::vector<double> bid, ask, forward, strike, log_moneyness;
  std::vector<OptionRight> right;
  std::vector<bool> judged;

  void reserve(std::size_t count) {
    for (auto* column : {&bid, &ask, &forward, &strike, &log_moneyness}) column->reserve(count);
    right.reserve(count);
    judged.reserve(count);
  }

  [[nodiscard]] std::vector<double> total_volatilities(const std::vector<double>& premium) const {
    const std::vector<double> ones(premium.size(), 1.0);
    std::vector<double> volatility(premium.size());
    std::vector<pricing::ImpliedVolatilityStatus> status(premium.size());
    (void)pricing::implied_volatility({premium, forward, strike, ones, right}, volatility, status);
    return volatility;
  }

  void read_into(ExpiryQuotes& out) const {
    const std::vector<double> low = total_volatilities(bid);
    const std::vector<double> high = total_volatilities(ask);
    out.quotes.reserve(low.size());
    for (std::size_t i = 0; i < low.size(); ++i) {
      if (!(low[i] > 0.0 && high[i] > 0.0)) {
        ++out.quality.without_volatility;
        continue;
      }
      ++out.quality.quotes_used;
      out.quality.quotes_judged += judged[i] ? 1U : 0U;
      out.quotes.push_back({log_moneyness[i], low[i], high[i]});
      out.judged.push_back(judged[i]);
    }
  }
};

/// One expiry's rows as they are read.
class ExpiryReader {
 public:
  ExpiryReader(const MarketSnapshot& snapshot, const FitSettings& settings, ExpiryQuotes& out)
      : snapshot_{snapshot}, settings_{settings}, out_{out} {}

  void read(std::span<const std::size_t> rows) {
    columns_.reserve(rows.size());
    for (const std::size_t row : rows) read_option(row);
    columns_.read_into(out_);
  }

 private:
  void read_option(std::size_t row) {
    const market::Instrument& option = (*snapshot_.universe)[snapshot_.instrument[row]];
    ++out_.quality.options;
    const bool own_forward = snapshot_.has(row, QuoteFlag::forward);
    if (!own_forward) ++out_.quality.without_forward;
    const double forward = own_forward ? snapshot_.forward[row] * (1.0 + out_.quality.parity_shift) : out_.forward;
    const double strike = option.strike.to_double();
    // At the forward itself both rights are out of the money; the call speaks for both.
    const bool out_of_the_money = option.right == OptionRight::call ? strike >= forward : strike < forward;
    if (!out_of_the_money) {
      ++out_.quality.in_the_money;
      return;
    }
    const double log_moneyness = -pricing::log_ratio(forward, strike);
    read_mark(row, option, forward, log_moneyness);
    read_quote(row, option, forward, log_moneyness);
  }

  void read_mark(std::size_t row, const market::Instrument& option, double forward, double log_moneyness) {
    const double root_years = std::sqrt(out_.years);
    double volatility = snapshot_.has(row, QuoteFlag::mark_volatility) ? snapshot_.mark_volatility[row] : 0.0;
    if (volatility == 0.0 && snapshot_.has(row, QuoteFlag::mark_price))
      volatility = total_volatility(snapshot_.mark_price[row] * premium_unit(option, forward), forward,
                                    option.strike.to_double(), option.right) /
                   root_years;
    if (!(volatility > mark_volatility_least && volatility < mark_volatility_most)) return;
    out_.marks.push_back({log_moneyness, volatility * root_years, volatility * root_years});
  }

  void read_quote(std::size_t row, const market::Instrument& option, double forward, double log_moneyness) {
    if (!snapshot_.has(row, QuoteFlag::bid) || !snapshot_.has(row, QuoteFlag::ask)) {
      ++out_.quality.one_sided;
      return;
    }
    ++out_.quality.quotes_two_sided;
    const double bid = market::price_of(option, snapshot_.bid[row]).to_double();
    const double ask = market::price_of(option, snapshot_.ask[row]).to_double();
    const double relative_spread = (ask - bid) / (0.5 * (bid + ask));
    if (!(relative_spread <= settings_.relative_spread_most)) {
      ++out_.quality.wide;
      return;
    }
    const double unit = premium_unit(option, forward);
    columns_.bid.push_back(bid * unit);
    columns_.ask.push_back(ask * unit);
    columns_.forward.push_back(forward);
    columns_.strike.push_back(option.strike.to_double());
    columns_.log_moneyness.push_back(log_moneyness);
    columns_.right.push_back(option.right);
    columns_.judged.push_back(relative_spread < judged_spread);
  }

  const MarketSnapshot& snapshot_;
  const FitSettings& settings_;
  ExpiryQuotes& out_;
  QuoteColumns columns_;
};

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
  const double by_parity = forward_within_parity(snapshot, rows.options, expiry.forward);
  expiry.quality.parity_shift = by_parity / expiry.forward - 1.0;
  expiry.forward = by_parity;
  ExpiryReader{snapshot, settings, expiry}.read(rows.options);
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
