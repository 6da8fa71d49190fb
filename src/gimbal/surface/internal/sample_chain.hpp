// Quotes written out by hand as a snapshot, for this room's tests only: options and dated futures of one coin, inverse
// and linear, with Deribit's fees.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gimbal/market/snapshot_builder.hpp"

namespace gimbal::surface::internal {

/// The instant of every sample chain, and two expiries after it.
inline UtcTime sample_time() { return *parse_utc("2026-02-01T08:00:00Z"); }
inline UtcTime sample_march() { return *parse_utc("2026-03-27T08:00:00Z"); }
inline UtcTime sample_june() { return *parse_utc("2026-06-26T08:00:00Z"); }

struct SampleTerms {
  market::Payoff payoff = market::Payoff::inverse;
  market::OptionRight right = market::OptionRight::call;
  double strike = 60000.0;
  UtcTime expiry = sample_march();
  bool has_fees = true;
};

inline market::Instrument sample_future(const SampleTerms& terms) {
  const bool inverse = terms.payoff == market::Payoff::inverse;
  market::Instrument made;
  made.venue = "sample";
  made.kind = market::InstrumentKind::future;
  made.payoff = terms.payoff;
  made.underlying = market::AssetCode::of("BTC");
  made.quote = market::AssetCode::of(inverse ? "USD" : "USDC");
  made.settlement = market::AssetCode::of(inverse ? "BTC" : "USDC");
  made.expiry = terms.expiry;
  made.contract_size = Decimal::of(inverse ? "10" : "1");
  made.tick = Decimal::of("0.5");
  made.lot = made.minimum = Decimal::of(inverse ? "1" : "0.001");
  if (terms.has_fees) made.fees.taker_rate = Decimal::of("0.0005");
  made.name = fmt::format("sample:{}-{}", market::to_string(terms.payoff), format_utc(terms.expiry));
  return made;
}

inline market::Instrument sample_option(const SampleTerms& terms) {
  market::Instrument made = sample_future(terms);
  made.kind = market::InstrumentKind::option;
  made.right = terms.right;
  made.strike = *nearest_decimal(terms.strike, 0);
  made.contract_size = Decimal{1};
  made.tick = Decimal::of(terms.payoff == market::Payoff::inverse ? "0.0001" : "1");
  made.lot = made.minimum = Decimal::of("0.1");
  made.fees = {};
  if (terms.has_fees) {
    made.fees.taker_rate = Decimal::of("0.0003");
    made.fees.option_cap = made.fees.delivery_cap = Decimal::of("0.125");
    made.fees.delivery_rate = Decimal::of("0.00015");
  }
  made.name += fmt::format("-{}-{}", made.strike.to_string(), market::to_string(terms.right));
  return made;
}

/// Prices as text, "" for a side without quote; ten contracts stand on both sides.
inline market::RecordedQuote sample_quote(market::Instrument instrument, const std::string& bid,
                                          const std::string& ask) {
  market::RecordedQuote quote;
  quote.instrument = std::move(instrument);
  if (!bid.empty()) quote.bid_price = Decimal::of(bid);
  if (!ask.empty()) quote.ask_price = Decimal::of(ask);
  quote.bid_size = quote.ask_size = Decimal{10};
  return quote;
}

/// The same for an option, with the forward of its row.
inline market::RecordedQuote sample_quote(const SampleTerms& terms, const std::string& bid, const std::string& ask,
                                          double forward = 60000.0) {
  market::RecordedQuote quote = sample_quote(sample_option(terms), bid, ask);
  quote.forward = forward;
  return quote;
}

/// Bitcoin at 60,000 dollars. `base` is what earlier snapshots listed.
inline market::MarketSnapshot sample_snapshot(
    std::vector<market::RecordedQuote> quotes, UtcTime time = sample_time(),
    const std::shared_ptr<const market::Universe>& base = std::make_shared<market::Universe>()) {
  market::RecordedSnapshot recorded;
  recorded.time = time;
  recorded.quotes = std::move(quotes);
  recorded.indices = {{market::AssetCode::of("BTC"), Decimal{60000}}};
  const auto built = market::build_snapshot(recorded, base, {});
  return built->snapshot;
}

}  // namespace gimbal::surface::internal
