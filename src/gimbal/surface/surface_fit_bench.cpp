// Speed of a whole fit from the snapshot to the certified surface: twelve expiries of forty strikes each, what one
// underlying of a large venue quotes, cold and after ten quotes have moved by a tick. Counter "checksum": the sum of
// the at-the-money volatilities; "slices": those that a warm fit touched. A regression here delays every lap by as
// much.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdlib>
#include <memory>

#include "gimbal/foundation/random.hpp"
#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/pricing/black76.hpp"
#include "gimbal/surface/surface_fit.hpp"

namespace {

using namespace gimbal;  // A program of its own: nothing else sees these names.

market::RecordedQuote quote_of(UtcTime now, UtcTime expiry, double strike, market::OptionRight right,
                               SeededRandom& random) {
  constexpr double forward = 64000.0;
  const double years = years_between(now, expiry).raw();
  const double z = std::log(strike / forward) / (0.5 * std::sqrt(years));
  const double volatility = 0.5 * std::sqrt(0.75 + 0.5 * (-0.2 * z + std::sqrt(z * z + 0.25)));
  market::RecordedQuote quote;
  market::Instrument& option = quote.instrument;
  option.name = fmt::format("bench:BTC-{}-{}-{}", nanoseconds_of(expiry), strike, static_cast<int>(right));
  option.venue = "bench";
  option.kind = market::InstrumentKind::option;
  option.payoff = market::Payoff::inverse;
  option.underlying = option.settlement = market::AssetCode::of("BTC");
  option.quote = market::AssetCode::of("USD");
  option.right = right;
  option.strike = *nearest_decimal(strike, 0);
  option.expiry = expiry;
  option.contract_size = option.lot = option.minimum = Decimal{1};
  option.tick = Decimal::of("0.0001");
  const double price = pricing::black76_premium({forward, strike, volatility, years, right}) / forward;
  const double noise = 0.2 * random.uniform() - 0.1;
  const auto ticks = static_cast<std::int64_t>(std::floor(price * 1e4 + noise));
  if (ticks > 0) quote.bid_price = Decimal{ticks} * option.tick;
  quote.ask_price = Decimal{ticks + 2} * option.tick;
  quote.forward = forward;
  return quote;
}

market::MarketSnapshot chain() {
  market::RecordedSnapshot recorded;
  recorded.time = *parse_utc("2026-02-01T04:54:02Z");
  recorded.indices = {{market::AssetCode::of("BTC"), Decimal{64000}}};
  SeededRandom random{1};
  for (const int days : {1, 2, 3, 5, 12, 19, 26, 54, 82, 145, 236, 327}) {
    const UtcTime expiry = *parse_utc("2026-02-01T08:00:00Z") + std::chrono::hours{24 * days};
    for (int strike = -20; strike < 20; ++strike) {
      const double distance = 0.2 * strike * 0.5 * std::sqrt(static_cast<double>(days) / 365.0);
      const double rounded = 100.0 * std::floor(640.0 * std::exp(distance));
      for (const auto right : {market::OptionRight::call, market::OptionRight::put})
        recorded.quotes.push_back(quote_of(recorded.time, expiry, rounded, right, random));
    }
  }
  auto built = market::build_snapshot(recorded, std::make_shared<market::Universe>(), {});
  if (!built) std::abort();
  return std::move(built->snapshot);
}

double checksum_of(const surface::SurfaceSet& set) {
  double sum = 0.0;
  for (const auto& slice : set.surfaces().front().slices()) sum += slice.volatility_atm;
  return sum;
}

void cold(benchmark::State& state) {
  const market::MarketSnapshot snapshot = chain();
  double checksum = 0.0;
  bool free = true;
  for (auto _ : state) {
    const auto set = surface::fit_surfaces(snapshot, {});
    checksum = checksum_of(*set);
    free = free && set->surfaces().front().arbitrage_free();
    benchmark::DoNotOptimize(checksum);
  }
  if (!free) state.SkipWithError("a surface is not free of arbitrage");
  state.counters["checksum"] = checksum;
}
BENCHMARK(cold)->Unit(benchmark::kMillisecond);

// Ten quotes out of the money, wherever they fall, go up by a tick and, the next time round, down again.
void warm(benchmark::State& state) {
  const market::MarketSnapshot before = chain();
  market::MarketSnapshot after = before;
  SeededRandom random{7};
  for (int changed = 0; changed < 10;) {
    const std::size_t row = random.below(before.rows());
    const market::Instrument& option = (*before.universe)[before.instrument[row]];
    const bool call = option.right == market::OptionRight::call;
    const bool out_of_the_money = call == (option.strike.to_double() > before.forward[row]);
    if (!before.has(row, market::QuoteFlag::bid) || !out_of_the_money || after.bid[row] != before.bid[row]) continue;
    after.bid[row] = PriceTicks{before.bid[row].raw() + 1};
    after.ask[row] = PriceTicks{before.ask[row].raw() + 1};
    ++changed;
  }
  surface::SurfaceFitter fitter{{}};
  double checksum = checksum_of(*fitter.fit(before));
  bool turn = false;
  bool free = true;
  for (auto _ : state) {
    turn = !turn;
    const auto set = fitter.fit(turn ? after : before);
    checksum = checksum_of(*set);
    free = free && set->surfaces().front().arbitrage_free();
    benchmark::DoNotOptimize(checksum);
  }
  if (!free) state.SkipWithError("a surface is not free of arbitrage");
  state.counters["checksum"] = checksum;
  state.counters["slices"] = static_cast<double>(fitter.slices_refitted());
}
BENCHMARK(warm)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
