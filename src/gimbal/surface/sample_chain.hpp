// Small chains composed by hand, for the tests of this room.
#pragma once

#include <string>
#include <vector>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/market/snapshot_builder.hpp"

namespace gimbal::surface {

struct SampleOption {
  market::Payoff payoff = market::Payoff::linear;
  Decimal strike;
  market::OptionRight right = market::OptionRight::call;
  std::string bid;  ///< Empty: none.
  std::string ask;
  UtcTime expiry = *parse_utc("2026-03-27T08:00:00Z");
  double forward = 100.0;
  market::FeeSchedule fees = {};
};

inline market::RecordedQuote quote_of(const SampleOption& sample) {
  using market::AssetCode;
  const bool inverse = sample.payoff == market::Payoff::inverse;
  market::RecordedQuote quote;
  market::Instrument& option = quote.instrument;
  option.name = fmt::format("test:{}-{}-{}-{}", inverse ? "i" : "l", format_utc(sample.expiry),
                            sample.strike.to_double(), sample.right == market::OptionRight::call ? "C" : "P");
  option.venue = "test";
  option.kind = market::InstrumentKind::option;
  option.payoff = sample.payoff;
  option.underlying = AssetCode::of("BTC");
  option.quote = AssetCode::of(inverse ? "USD" : "USDC");
  option.settlement = AssetCode::of(inverse ? "BTC" : "USDC");
  option.right = sample.right;
  option.strike = sample.strike;
  option.expiry = sample.expiry;
  option.contract_size = option.lot = option.minimum = Decimal{1};
  option.tick = Decimal::of("0.0001");
  option.fees = sample.fees;
  if (!sample.bid.empty()) quote.bid_price = Decimal::of(sample.bid);
  if (!sample.ask.empty()) quote.ask_price = Decimal::of(sample.ask);
  quote.bid_size = quote.ask_size = Decimal{10};
  quote.forward = sample.forward;
  return quote;
}

inline const UtcTime sample_time = *parse_utc("2026-02-01T08:00:00Z");

/// At `sample_time` or a time given, with the index at 100.
inline market::MarketSnapshot snapshot_of(const std::vector<SampleOption>& options, UtcTime time = sample_time,
                                          std::shared_ptr<const market::Universe> universe = nullptr) {
  market::RecordedSnapshot recorded;
  recorded.time = time;
  recorded.indices = {{market::AssetCode::of("BTC"), Decimal{100}}};
  for (const SampleOption& option : options) recorded.quotes.push_back(quote_of(option));
  if (!universe) universe = std::make_shared<const market::Universe>();
  auto built = market::build_snapshot(recorded, universe, {});
  GIMBAL_ASSERT(built.has_value());
  return std::move(built->snapshot);
}

}  // namespace gimbal::surface
