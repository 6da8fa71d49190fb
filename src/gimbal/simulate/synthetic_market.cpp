// Quotes around the marks of a synthetic surface.
#include "gimbal/simulate/synthetic_market.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/numerics/normal_draw.hpp"
#include "gimbal/numerics/special.hpp"
#include "gimbal/pricing/inverse.hpp"
#include "gimbal/venue/deribit/instrument_name.hpp"
#include "gimbal/venue/gimbal/market_csv.hpp"

namespace gimbal::simulate {
namespace {

using market::Instrument;
using market::InstrumentKind;
using market::OptionRight;
using market::Payoff;
using market::RecordedQuote;
using market::RecordedSnapshot;

enum Purpose : std::uint64_t { process_purpose = 1, book_purpose = 2, noise_purpose = 3 };

constexpr std::string_view dollar_coin = "USDC";
constexpr int price_decimals = 2;
constexpr int mark_decimals = 8;
constexpr int volatility_decimals = 4;
constexpr int rate_decimals = 8;
// Strikes are put as if at least this long were left, so that a nearly expired board does not crowd at the money.
constexpr double strike_years_min = 1.0 / 365.0;

double rounded(double value, int decimals) {
  const auto exact = nearest_decimal(value, decimals);
  GIMBAL_ASSERT(exact.has_value());
  return exact->to_double();
}

Decimal decimal_of(double value, int decimals) {
  const auto exact = nearest_decimal(value, decimals);
  GIMBAL_ASSERT(exact.has_value());
  return *exact;
}

// Of the forms above, for names that this file composes.
Instrument listed(const std::string& name) {
  const auto instrument = venue::deribit::parse_instrument_name(name);
  GIMBAL_ASSERT(instrument.has_value());
  return *instrument;
}

Instrument listed(const Instrument& properties) { return listed(venue::deribit::venue_name(properties)); }

// The price on the grid next to `price`, in the direction away from the middle.
Decimal on_tick(const Instrument& instrument, double price, Rounding rounding) {
  constexpr int decimals = 9;
  const Decimal exact = decimal_of(price, decimals);
  const Decimal& tick = market::tick_at(instrument, exact);
  return tick * Decimal{rounded_multiple(exact, tick, rounding)};
}

Decimal on_lot(const Instrument& instrument, double contracts) {
  constexpr int decimals = 4;
  const Decimal exact = decimal_of(contracts, decimals);
  return std::max(instrument.minimum,
                  instrument.lot * Decimal{rounded_multiple(exact, instrument.lot, Rounding::down)});
}

// Expected variance until expiry of a volatility that reverts from v to its long-run level.
double expected_variance(const SyntheticCoin& law, double volatility, double years) {
  const double long_run = law.volatility_long_run * law.volatility_long_run;
  const double excess = volatility * volatility - long_run;
  return long_run * years - excess * numerics::expm1(-law.reversion * years) / law.reversion;
}

double smile_volatility(const SyntheticSmile& smile, double theta, double years, double log_moneyness) {
  const double phi_k = smile.eta / std::sqrt(theta) * log_moneyness;
  const double shifted = phi_k + smile.rho;
  const double variance =
      0.5 * theta * (1.0 + smile.rho * phi_k + std::sqrt(shifted * shifted + 1.0 - smile.rho * smile.rho));
  return std::sqrt(variance / years);
}

// Deribit's rule: a premium within 0.025 % costs nothing, what is beyond is paid, at most 0.5 % in eight hours.
double funding_rate(double premium) {
  constexpr double free_band = 0.00025;
  constexpr double cap = 0.005;
  const double rate = std::max(free_band, premium) + std::min(-free_band, premium);
  return std::clamp(rate, -cap, cap);
}

Result<void> require(bool holds, std::string_view parameter, std::string_view expected) {
  if (holds) return {};
  return fail(ErrorCode::invalid_argument, "synthetic market: {} must be {}", parameter, expected);
}

Result<void> validate(const SyntheticCoin& coin) {
  const std::string name = coin.asset.str();
  if (const auto option = venue::deribit::parse_instrument_name(name + "-1JAN27-1000-C"); !option)
    return Unexpected{option.error()};
  if (const auto spot = venue::deribit::parse_instrument_name(name + "_USDC"); !spot) return Unexpected{spot.error()};
  const auto within = [](double value, double low, double high) { return value >= low && value <= high; };
  if (const auto good = require(within(coin.price_initial, 1.0, 1e9), "price_initial", "1 to 1e9"); !good) return good;
  for (const double volatility : {coin.volatility_initial, coin.volatility_long_run})
    if (const auto good = require(within(volatility, 0.01, 5.0), "volatility", "0.01 to 5"); !good) return good;
  if (const auto good = require(within(coin.reversion, 0.01, 1e4), "reversion", "0.01 to 1e4"); !good) return good;
  if (const auto good = require(within(coin.volatility_of_volatility, 0.0, 5.0), "volatility_of_volatility", "0 to 5");
      !good)
    return good;
  return require(within(coin.leverage_correlation, -1.0, 1.0), "leverage_correlation", "-1 to 1");
}

}  // namespace

// One coin at the instant of a snapshot.
struct SyntheticMarket::Coin {
  std::size_t number = 0;
  const SyntheticCoin* law = nullptr;
  SyntheticCoinState state;
  double index = 0.0;
};

struct SyntheticMarket::Expiry {
  UtcTime time;
  double years = 0.0;
  double forward = 0.0;
  double theta = 0.0;  // total implied variance at the money
};

std::vector<SyntheticCoin> SyntheticMarketParameters::default_coins() {
  SyntheticCoin btc;
  btc.asset = market::AssetCode::of("BTC");
  btc.price_initial = 93'150.0;
  btc.volatility_initial = 0.46;
  btc.volatility_long_run = 0.50;
  SyntheticCoin eth;
  eth.asset = market::AssetCode::of("ETH");
  eth.price_initial = 3'210.0;
  eth.volatility_initial = 0.66;
  eth.volatility_long_run = 0.69;
  eth.jump_mean = -0.02;
  eth.jump_deviation = 0.04;
  eth.basis_mean = 0.05;
  return {btc, eth};
}

Result<void> validate(const SyntheticMarketParameters& parameters) {
  const double rho = parameters.smile.rho;
  const double eta = parameters.smile.eta;
  if (const auto good = require(parameters.snapshots > 0, "snapshots", "at least 1"); !good) return good;
  if (const auto good =
          require(parameters.spacing >= std::chrono::minutes{1} && parameters.spacing <= std::chrono::hours{24 * 31},
                  "spacing", "a minute to 31 days");
      !good)
    return good;
  if (const auto good = require(!parameters.coins.empty(), "coins", "at least one"); !good) return good;
  for (const double correlation : {parameters.climate.return_correlation, parameters.climate.volatility_correlation})
    if (const auto good = require(correlation >= -1.0 && correlation <= 1.0, "correlation", "-1 to 1"); !good)
      return good;
  const bool free_of_arbitrage = std::fabs(rho) < 1.0 && eta > 0.0 && eta * eta * (1.0 + std::fabs(rho)) <= 4.0;
  if (const auto good = require(free_of_arbitrage, "smile", "free of butterflies: eta^2 (1 + |rho|) <= 4"); !good)
    return good;
  for (const SyntheticCoin& coin : parameters.coins)
    if (const auto good = validate(coin); !good) return good;
  return {};
}

SyntheticMarket::SyntheticMarket(SyntheticMarketParameters parameters)
    : parameters_{std::move(parameters)},
      process_{parameters_.coins, parameters_.climate, SeededRandom{parameters_.seed}.fork(process_purpose)},
      book_random_{SeededRandom{parameters_.seed}.fork(book_purpose)},
      noise_random_{SeededRandom{parameters_.seed}.fork(noise_purpose)},
      now_{parameters_.start},
      boards_(parameters_.coins.size()) {
  GIMBAL_ASSERT(validate(parameters_).has_value());
}

RecordedSnapshot SyntheticMarket::next() {
  if (started_) {
    process_.advance(parameters_.spacing);
    now_ += parameters_.spacing;
    for (auto& [key, value] : noise_) {
      const double kept = parameters_.smile.noise_persistence;
      const double shock = numerics::normal_draw(noise_random_);
      value = kept * value + std::sqrt(1.0 - kept * kept) * shock;
    }
  }
  started_ = true;
  noise_.erase(noise_.begin(), noise_.upper_bound(NoiseKey{now_, parameters_.coins.size(), 0.0}));
  RecordedSnapshot snapshot;
  snapshot.time = now_;
  for (std::size_t coin = 0; coin < parameters_.coins.size(); ++coin) quote_coin(coin, snapshot);
  constexpr int dollar_decimals = 4;
  snapshot.indices.push_back({market::AssetCode::of(dollar_coin), decimal_of(process_.dollar_coin(), dollar_decimals)});
  snapshot.rows = snapshot.quotes.size() + snapshot.indices.size();
  return snapshot;
}

void SyntheticMarket::quote_coin(std::size_t number, RecordedSnapshot& snapshot) {
  Coin coin;
  coin.number = number;
  coin.law = &parameters_.coins[number];
  coin.state = process_.coins()[number];
  coin.index = rounded(coin.state.price, price_decimals);
  snapshot.indices.push_back({coin.law->asset, decimal_of(coin.state.price, price_decimals)});
  quote_perpetuals_and_spot(coin, snapshot);
  boards_[number].drop_expired(now_);
  const auto expiries = listed_expiries(now_, parameters_.calendar);
  std::vector<Expiry> quoted;
  for (const SyntheticExpiry& listed_expiry : expiries) {
    Expiry expiry;
    expiry.time = listed_expiry.time;
    expiry.years = years_between(now_, expiry.time).raw();
    expiry.forward = rounded(coin.state.price * numerics::exp(coin.state.basis * expiry.years), price_decimals);
    const double level =
        parameters_.smile.risk_premium * (1.0 + parameters_.smile.expiry_noise * noise(expiry.time, number, 0.0));
    expiry.theta = level * level * expected_variance(*coin.law, coin.state.volatility, expiry.years);
    if (listed_expiry.has_future) quote_future(coin, expiry, snapshot);
    quoted.push_back(expiry);
  }
  for (const Expiry& expiry : quoted) quote_options(coin, expiry, snapshot);
}

void SyntheticMarket::quote_perpetuals_and_spot(const Coin& coin, RecordedSnapshot& snapshot) {
  const std::string name = coin.law->asset.str();
  const double premium = coin.state.premium;
  const double in_dollar_coin = coin.state.price / process_.dollar_coin();
  const auto perpetual = [&](const std::string& perpetual_name, double price) {
    RecordedQuote& quote = snapshot.quotes.emplace_back();
    quote.instrument = listed(perpetual_name);
    quote.mark_price = quote.forward = rounded(price * (1.0 + premium), price_decimals);
    quote.funding_rate_8h = decimal_of(funding_rate(premium), rate_decimals);
    quote_around(quote, *quote.mark_price, parameters_.book.perpetual_half_spread * price);
    size_future(quote, price);
  };
  perpetual(name + "-PERPETUAL", coin.state.price);
  perpetual(name + "_USDC-PERPETUAL", in_dollar_coin);
  RecordedQuote& spot = snapshot.quotes.emplace_back();
  spot.instrument = listed(name + "_USDC");
  spot.mark_price = rounded(in_dollar_coin, price_decimals);
  quote_around(spot, *spot.mark_price, parameters_.book.spot_half_spread * in_dollar_coin);
  size_future(spot, in_dollar_coin);
}

void SyntheticMarket::quote_future(const Coin& coin, const Expiry& expiry, RecordedSnapshot& snapshot) {
  RecordedQuote& quote = snapshot.quotes.emplace_back();
  Instrument future;
  future.kind = InstrumentKind::future;
  future.payoff = Payoff::inverse;
  future.underlying = coin.law->asset;
  future.expiry = expiry.time;
  quote.instrument = listed(future);
  quote.mark_price = quote.forward = expiry.forward;
  quote_around(quote, expiry.forward, parameters_.book.future_half_spread * expiry.forward);
  size_future(quote, expiry.forward);
}

void SyntheticMarket::quote_options(const Coin& coin, const Expiry& expiry, RecordedSnapshot& snapshot) {
  const double years_for_strikes = std::max(expiry.years, strike_years_min);
  const double deviation = std::sqrt(expected_variance(*coin.law, coin.state.volatility, years_for_strikes));
  for (const double strike : boards_[coin.number].listed(expiry.time, StrikeRange{expiry.forward, deviation})) {
    const double log_moneyness = -pricing::log_ratio(expiry.forward, strike);
    const double distance = std::fabs(log_moneyness) / std::sqrt(expiry.theta);
    const double smile = smile_volatility(parameters_.smile, expiry.theta, expiry.years, log_moneyness);
    const double wobble =
        parameters_.smile.strike_noise * (1.0 + 0.5 * distance) * noise(expiry.time, coin.number, strike);
    constexpr double volatility_max = 8.0;  // far wings in their last minutes
    const double volatility = rounded(std::min(smile * (1.0 + wobble), volatility_max), volatility_decimals);
    quote_option(coin, expiry, strike, volatility, snapshot);
  }
}

void SyntheticMarket::quote_option(const Coin& coin, const Expiry& expiry, double strike, double volatility,
                                   RecordedSnapshot& snapshot) {
  constexpr double days = 365.0;
  const double distance = std::fabs(pricing::log_ratio(expiry.forward, strike)) / std::sqrt(expiry.theta);
  const double half_spread_volatility = parameters_.book.option_half_spread * (1.0 + 0.6 * distance * distance) *
                                        (1.0 + 0.5 / std::sqrt(days * expiry.years));
  for (const OptionRight right : {OptionRight::call, OptionRight::put}) {
    RecordedQuote& quote = snapshot.quotes.emplace_back();
    Instrument option;
    option.kind = InstrumentKind::option;
    option.payoff = Payoff::inverse;
    option.underlying = coin.law->asset;
    option.expiry = expiry.time;
    option.strike = decimal_of(strike, price_decimals);
    option.right = right;
    quote.instrument = listed(option);
    const auto greeks = pricing::inverse_greeks({expiry.forward, strike, volatility, expiry.years, right});
    quote.mark_price = rounded(greeks.premium_coin, mark_decimals);
    quote.mark_volatility = volatility;
    quote.forward = expiry.forward;
    const double tick = market::tick_at(quote.instrument, decimal_of(greeks.premium_coin, mark_decimals)).to_double();
    const double half_spread = std::max(0.5 * tick, half_spread_volatility * greeks.vega_coin);
    quote_around(quote, greeks.premium_coin, half_spread);
    // A coin's worth of options is quoted in proportion to the first coin's price, thinner in the wings.
    const double depth =
        parameters_.book.option_size * process_.coins()[0].price / coin.state.price / (1.0 + distance * distance);
    for (auto* size : {&quote.bid_size, &quote.ask_size}) {
      const double spread_of_sizes = numerics::normal_draw(book_random_);
      *size = on_lot(quote.instrument, depth * numerics::exp(0.7 * spread_of_sizes));
    }
    if (!quote.bid_price) quote.bid_size.reset();
    if (!quote.ask_price) quote.ask_size.reset();
  }
}

// Bid and ask around a middle that wanders within the spread; the bid below, the ask above it, on the ticks.
void SyntheticMarket::quote_around(RecordedQuote& quote, double middle, double half_spread) {
  const double wander = 0.6 * book_random_.uniform() - 0.3;
  const double center = middle + wander * half_spread;
  const bool bid_missing = book_random_.uniform() < parameters_.book.missing_bid;
  const bool ask_missing = book_random_.uniform() < parameters_.book.missing_ask;
  const bool option = quote.instrument.is_option();  // a future without a side would stop every hedge
  const Decimal bid = on_tick(quote.instrument, center - half_spread, Rounding::down);
  Decimal ask = on_tick(quote.instrument, center + half_spread, Rounding::up);
  if (ask <= bid) ask = bid + market::tick_at(quote.instrument, bid);
  if (bid > Decimal{} && !(option && bid_missing)) quote.bid_price = bid;
  if (ask > Decimal{} && !(option && ask_missing)) quote.ask_price = ask;
}

void SyntheticMarket::size_future(RecordedQuote& quote, double price) {
  const Instrument& instrument = quote.instrument;
  const double contract_value =
      instrument.contract_size.to_double() * (instrument.payoff == Payoff::inverse ? 1.0 : price);
  for (auto* size : {&quote.bid_size, &quote.ask_size}) {
    const double spread_of_sizes = numerics::normal_draw(book_random_);
    const double contracts = parameters_.book.future_size_usd / contract_value * numerics::exp(0.6 * spread_of_sizes);
    *size = on_lot(instrument, contracts);
  }
}

double SyntheticMarket::noise(UtcTime expiry, std::size_t coin, double strike) {
  const NoiseKey key{expiry, coin, strike};
  if (const auto known = noise_.find(key); known != noise_.end()) return known->second;
  const double drawn = numerics::normal_draw(noise_random_);
  noise_.emplace(key, drawn);
  return drawn;
}

Result<std::vector<RecordedSnapshot>> synthetic_snapshots(const SyntheticMarketParameters& parameters) {
  if (const auto valid = validate(parameters); !valid) return Unexpected{valid.error()};
  SyntheticMarket market{parameters};
  std::vector<RecordedSnapshot> snapshots;
  for (std::size_t i = 0; i < parameters.snapshots; ++i) snapshots.push_back(market.next());
  return snapshots;
}

Result<std::string> synthetic_market_csv(const SyntheticMarketParameters& parameters) {
  if (const auto valid = validate(parameters); !valid) return Unexpected{valid.error()};
  SyntheticMarket market{parameters};
  std::string text = venue::market_csv_head();
  for (std::size_t i = 0; i < parameters.snapshots; ++i)
    if (const auto appended = venue::append_market_csv(market.next(), text); !appended)
      return Unexpected{appended.error()};
  return text;
}

}  // namespace gimbal::simulate
