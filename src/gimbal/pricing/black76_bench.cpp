// Speed of the batch premium, the batch Greeks and the implied volatility over a chain of 1,000 options, the size that
// a lap reprices; the larger size does not fit the cache. Counter "checksum": the sum of all premiums, so that nobody
// makes this faster by making it wrong. A regression here slows the scenario matrix and every fit in proportion.
#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "gimbal/foundation/random.hpp"
#include "gimbal/pricing/black76.hpp"
#include "gimbal/pricing/implied_volatility.hpp"

namespace {

using gimbal::market::OptionRight;

/// Options within four standard deviations of a forward, an hour to a year from expiry.
struct Chain {
  std::vector<double> forward, strike, volatility, years, premium;
  std::vector<OptionRight> right;

  explicit Chain(std::size_t count) {
    gimbal::SeededRandom random{76};
    for (std::size_t i = 0; i < count; ++i) {
      forward.push_back(64000.0 + 10.0 * random.uniform());
      volatility.push_back(0.3 + random.uniform());
      years.push_back(1.0 / 8760.0 + random.uniform());
      const double deviations = 8.0 * random.uniform() - 4.0;
      strike.push_back(forward[i] * std::exp(deviations * volatility[i] * std::sqrt(years[i])));
      right.push_back(strike[i] < forward[i] ? OptionRight::put : OptionRight::call);
    }
    premium.resize(count);
    benchmark::DoNotOptimize(gimbal::pricing::black76_premium(columns(), premium));
  }

  [[nodiscard]] gimbal::pricing::Black76Columns columns() const { return {forward, strike, volatility, years, right}; }
};

void finish(benchmark::State& state, const std::vector<double>& values) {
  double checksum = 0.0;
  for (const double value : values) checksum += value;
  state.counters["checksum"] = checksum;
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void premium(benchmark::State& state) {
  const Chain chain{static_cast<std::size_t>(state.range(0))};
  std::vector<double> out(chain.forward.size());
  for (auto _ : state) {
    benchmark::DoNotOptimize(gimbal::pricing::black76_premium(chain.columns(), out));
    benchmark::ClobberMemory();
  }
  finish(state, out);
}
BENCHMARK(premium)->Arg(1000)->Arg(100000);

void greeks(benchmark::State& state) {
  const Chain chain{static_cast<std::size_t>(state.range(0))};
  const std::size_t count = chain.forward.size();
  std::vector<double> out(count), delta(count), gamma(count), vega(count), theta(count);
  for (auto _ : state) {
    benchmark::DoNotOptimize(gimbal::pricing::black76_greeks(chain.columns(), {out, delta, gamma, vega, theta}));
    benchmark::ClobberMemory();
  }
  finish(state, out);
}
BENCHMARK(greeks)->Arg(1000)->Arg(100000);

void implied(benchmark::State& state) {
  const Chain chain{static_cast<std::size_t>(state.range(0))};
  std::vector<double> out(chain.forward.size());
  std::vector<gimbal::pricing::ImpliedVolatilityStatus> status(chain.forward.size());
  for (auto _ : state) {
    benchmark::DoNotOptimize(gimbal::pricing::implied_volatility(
        {chain.premium, chain.forward, chain.strike, chain.years, chain.right}, out, status));
    benchmark::ClobberMemory();
  }
  finish(state, out);
}
BENCHMARK(implied)->Arg(1000);

}  // namespace

BENCHMARK_MAIN();
