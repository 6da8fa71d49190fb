// A small Deribit-like market with everything fixed, for suites that run the engine over it: one coin, a perpetual, and
// options of two expiries around 60,000 at a flat 50 %.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gimbal/engine/loop.hpp"
#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/pricing/inverse.hpp"
#include "gimbal/risk/scenario_set.hpp"
#include "gimbal/simulate/paper_venue.hpp"
#include "gimbal/surface/surface_fit.hpp"
#include "gimbal/venue/deribit/instrument_name.hpp"

namespace gimbal::sample {

inline const UtcTime first_time = *parse_utc("2026-02-01T06:00:00Z");
constexpr double flat_volatility = 0.5;

inline market::RecordedQuote option_quote(const std::string& name, UtcTime time, double forward) {
  market::RecordedQuote quote;
  quote.instrument = *venue::deribit::parse_instrument_name(name);
  pricing::Black76Input input;
  input.forward = forward;
  input.strike = quote.instrument.strike.to_double();
  input.volatility_annual = flat_volatility;
  input.expiry_years = years_between(time, *quote.instrument.expiry).raw();
  input.right = quote.instrument.right;
  const double coin = pricing::inverse_premium_coin(input);
  quote.mark_price = coin;
  quote.mark_volatility = flat_volatility;
  quote.forward = forward;
  const auto at = [&](double price) {
    const Decimal near = *nearest_decimal(price, 9);
    const Decimal& tick = market::tick_at(quote.instrument, near);
    return tick * Decimal{rounded_multiple(near, tick, Rounding::half_even)};
  };
  const Decimal bid = at(coin * 0.97);
  if (bid > Decimal{}) quote.bid_price = bid;
  quote.ask_price = at(coin * 1.03 + 0.0005);
  quote.bid_size = quote.ask_size = Decimal{10};
  return quote;
}

/// The market `hours` after the first time, with the coin at `index`.
inline market::RecordedSnapshot recorded(double hours, const std::string& index) {
  market::RecordedSnapshot snapshot;
  snapshot.time = first_time + Duration{static_cast<std::int64_t>(hours * 3600e9)};
  snapshot.indices.push_back({market::AssetCode::of("BTC"), Decimal::of(index)});
  const double forward = Decimal::of(index).to_double();
  for (const char* expiry : {"1FEB26", "27FEB26"})
    for (const char* strike : {"50000", "54000", "57000", "60000", "63000", "66000", "70000"})
      for (const char* right : {"C", "P"}) {
        const std::string name = fmt::format("BTC-{}-{}-{}", expiry, strike, right);
        if (venue::deribit::parse_instrument_name(name)->expired_at(snapshot.time)) continue;  // no longer listed
        snapshot.quotes.push_back(option_quote(name, snapshot.time, forward));
      }
  market::RecordedQuote perpetual;
  perpetual.instrument = *venue::deribit::parse_instrument_name("BTC-PERPETUAL");
  perpetual.bid_price = Decimal::of(index) - Decimal::of("0.5");
  perpetual.ask_price = Decimal::of(index) + Decimal::of("0.5");
  perpetual.bid_size = perpetual.ask_size = Decimal{100'000};
  perpetual.mark_price = forward;
  perpetual.funding_rate_8h = Decimal::of("0.0001");
  snapshot.quotes.push_back(std::move(perpetual));
  snapshot.rows = snapshot.quotes.size();
  return snapshot;
}

inline std::shared_ptr<engine::Configuration> configuration() {
  auto made = std::make_shared<engine::Configuration>();
  made->text = "sample";
  made->identity = to_hex(sha256(made->text));
  made->account = "sample";
  auto settings = std::make_shared<risk::RiskSettings>();
  risk::ScenarioGrid grid;
  grid.spot = {{market::AssetCode::of("BTC"), {-0.3, -0.1, 0.0, 0.1, 0.3}}};
  grid.volatility_moves = {-0.2, 0.0, 0.4};
  settings->scenarios = *risk::joint_grid(grid);
  made->risk = settings;
  return made;
}

inline std::shared_ptr<const surface::SurfaceSet> surfaces_of(const market::MarketSnapshot& snapshot) {
  return std::make_shared<const surface::SurfaceSet>(*surface::fit_surfaces(snapshot, {}));
}

/// A first snapshot by itself, over a universe of its own.
inline std::shared_ptr<const market::MarketSnapshot> snapshot_of(const market::RecordedSnapshot& recorded_snapshot) {
  auto built = market::build_snapshot(recorded_snapshot, std::make_shared<const market::Universe>(), {});
  return std::make_shared<const market::MarketSnapshot>(std::move(built->snapshot));
}

inline market::InstrumentId id_of(const market::Universe& universe, const std::string& venue_name) {
  const auto id = universe.find("deribit:" + venue_name);
  GIMBAL_ASSERT(id.has_value());
  return *id;
}

}  // namespace gimbal::sample
