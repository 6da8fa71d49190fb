// Speed of batch premiums, batch Greeks and implied volatilities over a chain of 1,000 options, the size that a lap
// reprices, laid out as chains are: expiry by expiry; the larger size does not fit the cache. QuantLib does the same
// work in the same program: BlackCalculator for premium, delta, gamma, vega and theta, and the implied standard
// deviation of M. Li's rational start with successive over-relaxation. Both must agree before anything is timed.
// Counter "checksum": the sum of all results, so that nobody makes this faster by making it wrong. A regression here
// slows the scenario matrix and every fit in proportion.
#include <benchmark/benchmark.h>
#include <ql/pricingengines/blackcalculator.hpp>
#include <ql/pricingengines/blackformula.hpp>

#include <cmath>
#include <cstdlib>
#include <vector>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/foundation/random.hpp"
#include "gimbal/pricing/black76.hpp"
#include "gimbal/pricing/implied_volatility.hpp"

namespace {

using gimbal::market::OptionRight;
using gimbal::pricing::black76_greeks;
using gimbal::pricing::black76_premium;
using gimbal::pricing::implied_volatility;
using gimbal::pricing::ImpliedVolatilityStatus;

/// Options out of the money within four standard deviations of a forward, in twelve expiries from a day to a year.
struct Chain {
  std::vector<double> forward, strike, volatility, years, premium;
  std::vector<OptionRight> right;

  explicit Chain(std::size_t count) {
    constexpr double days[] = {1, 2, 3, 7, 14, 21, 30, 60, 90, 180, 270, 365};
    gimbal::SeededRandom random{76};
    for (std::size_t i = 0; i < count; ++i) {
      forward.push_back(64000.0 + 10.0 * random.uniform());
      volatility.push_back(0.3 + random.uniform());
      years.push_back(days[12 * i / count] / 365.0);
      const double deviations = 8.0 * random.uniform() - 4.0;
      strike.push_back(forward[i] * std::exp(deviations * volatility[i] * std::sqrt(years[i])));
      right.push_back(strike[i] < forward[i] ? OptionRight::put : OptionRight::call);
    }
    premium.resize(count);
    GIMBAL_ASSERT(black76_premium(columns(), premium) == 0);
  }

  [[nodiscard]] std::size_t count() const { return forward.size(); }
  [[nodiscard]] gimbal::pricing::Black76Columns columns() const { return {forward, strike, volatility, years, right}; }
  [[nodiscard]] QuantLib::Option::Type type(std::size_t i) const {
    return right[i] == OptionRight::call ? QuantLib::Option::Call : QuantLib::Option::Put;
  }
};

struct Greeks {
  std::vector<double> premium, delta, gamma, vega, theta;
  explicit Greeks(std::size_t count) : premium(count), delta(count), gamma(count), vega(count), theta(count) {}
};

void ours(const Chain& chain, Greeks& out) {
  benchmark::DoNotOptimize(black76_greeks(chain.columns(), {out.premium, out.delta, out.gamma, out.vega, out.theta}));
}

void quantlibs(const Chain& chain, Greeks& out) {
  for (std::size_t i = 0; i < chain.count(); ++i) {
    const double deviation = chain.volatility[i] * std::sqrt(chain.years[i]);
    const QuantLib::BlackCalculator calculator{chain.type(i), chain.strike[i], chain.forward[i], deviation, 1.0};
    out.premium[i] = calculator.value();
    out.delta[i] = calculator.deltaForward();
    out.gamma[i] = calculator.gammaForward();
    out.vega[i] = calculator.vega(chain.years[i]);
    out.theta[i] = calculator.theta(chain.forward[i], chain.years[i]);
  }
}

bool agree(double a, double b, double scale) { return std::fabs(a - b) <= 1e-9 * scale; }

void check_agreement(const Chain& chain) {
  Greeks a{chain.count()};
  Greeks b{chain.count()};
  ours(chain, a);
  quantlibs(chain, b);
  for (std::size_t i = 0; i < chain.count(); ++i) {
    GIMBAL_ASSERT(agree(a.premium[i], b.premium[i], chain.forward[i]));
    GIMBAL_ASSERT(agree(a.delta[i], b.delta[i], 1.0));
    GIMBAL_ASSERT(agree(a.gamma[i], b.gamma[i], 1.0));
    GIMBAL_ASSERT(agree(a.vega[i], b.vega[i], chain.forward[i]));
    GIMBAL_ASSERT(agree(a.theta[i], b.theta[i], 1e3 * chain.forward[i]));
  }
}

void finish(benchmark::State& state, const std::vector<double>& values) {
  double checksum = 0.0;
  for (const double value : values) checksum += value;
  state.counters["checksum"] = checksum;
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void premiums(benchmark::State& state) {
  const Chain chain{static_cast<std::size_t>(state.range(0))};
  std::vector<double> out(chain.count());
  for (auto _ : state) {
    benchmark::DoNotOptimize(black76_premium(chain.columns(), out));
    benchmark::ClobberMemory();
  }
  finish(state, out);
}
BENCHMARK(premiums)->Arg(1000)->Arg(100000);

template <void (*Price)(const Chain&, Greeks&)>
void greeks(benchmark::State& state) {
  const Chain chain{static_cast<std::size_t>(state.range(0))};
  check_agreement(chain);
  Greeks out{chain.count()};
  for (auto _ : state) {
    Price(chain, out);
    benchmark::ClobberMemory();
  }
  finish(state, out.premium);
}
BENCHMARK(greeks<ours>)->Name("greeks")->Arg(1000)->Arg(100000);
BENCHMARK(greeks<quantlibs>)->Name("greeks_quantlib")->Arg(1000);

void greeks_one_by_one(benchmark::State& state) {
  const Chain chain{static_cast<std::size_t>(state.range(0))};
  std::vector<double> out(chain.count());
  for (auto _ : state) {
    for (std::size_t i = 0; i < chain.count(); ++i)
      out[i] = black76_greeks({chain.forward[i], chain.strike[i], chain.volatility[i], chain.years[i], chain.right[i]})
                   .premium;
    benchmark::ClobberMemory();
  }
  finish(state, out);
}
BENCHMARK(greeks_one_by_one)->Arg(1000);

void implied(benchmark::State& state) {
  const Chain chain{static_cast<std::size_t>(state.range(0))};
  std::vector<double> out(chain.count());
  std::vector<ImpliedVolatilityStatus> status(chain.count());
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        implied_volatility({chain.premium, chain.forward, chain.strike, chain.years, chain.right}, out, status));
    benchmark::ClobberMemory();
  }
  finish(state, out);
}
BENCHMARK(implied)->Arg(1000);

void implied_one_by_one(benchmark::State& state) {
  const Chain chain{static_cast<std::size_t>(state.range(0))};
  std::vector<double> out(chain.count());
  for (auto _ : state) {
    for (std::size_t i = 0; i < chain.count(); ++i) {
      const gimbal::pricing::ImpliedVolatilityInput input{chain.premium[i], chain.forward[i], chain.strike[i],
                                                          chain.years[i], chain.right[i]};
      out[i] = implied_volatility(input).volatility_annual;
    }
    benchmark::ClobberMemory();
  }
  finish(state, out);
}
BENCHMARK(implied_one_by_one)->Arg(1000);

void implied_quantlib(benchmark::State& state) {
  const Chain chain{static_cast<std::size_t>(state.range(0))};
  std::vector<double> out(chain.count());
  for (auto _ : state) {
    for (std::size_t i = 0; i < chain.count(); ++i) {
      const double deviation =
          QuantLib::blackFormulaImpliedStdDevLiRS(chain.type(i), chain.strike[i], chain.forward[i], chain.premium[i],
                                                  1.0, 0.0, QuantLib::Null<double>(), 1.0, 1e-12, 100);
      out[i] = deviation / std::sqrt(chain.years[i]);
    }
    benchmark::ClobberMemory();
  }
  for (std::size_t i = 0; i < chain.count(); ++i) GIMBAL_ASSERT(agree(out[i], chain.volatility[i], 1e3));
  finish(state, out);
}
BENCHMARK(implied_quantlib)->Arg(1000);

}  // namespace

BENCHMARK_MAIN();
