// What risk costs a lap, at the size of the largest recorded snapshots: 1,700 inverse options on two coins over twelve
// expiries, and a joint grid of nine spot moves a coin, four volatility moves, unlike moves left out (292 rows). Smoke
// mode is the smallest size, 44 options. `naive` is the same matrix by one formula call per option and row, without
// distinct states: the ratio says what sharing is worth. Counter "checksum" sums what was computed. A regression here
// is felt in every lap, between the fitted surface and the optimiser.
#include <benchmark/benchmark.h>

#include <algorithm>

#include "gimbal/numerics/reduction.hpp"
#include "gimbal/numerics/special.hpp"
#include "gimbal/pricing/inverse.hpp"
#include "gimbal/risk/internal/sample_market.hpp"

namespace {

using gimbal::Duration;
using gimbal::risk::RiskView;
namespace risk = gimbal::risk;
namespace internal = gimbal::risk::internal;

constexpr Duration day = std::chrono::hours{24};

std::vector<Duration> lives() {
  std::vector<Duration> list;
  for (const int days : {1, 2, 3, 7, 14, 21, 30, 60, 90, 180, 270, 360}) list.push_back(days * day);
  return list;
}

risk::ScenarioSet grid() {
  risk::ScenarioGrid made;
  const std::vector<double> moves = {-0.4, -0.25, -0.15, -0.07, 0.0, 0.07, 0.15, 0.25, 0.4};
  made.spot = {{internal::code("BTC"), moves}, {internal::code("ETH"), moves}};
  made.volatility_moves = {-0.3, 0.0, 0.3, 0.6};
  made.spot_difference_max = 0.5;
  return *risk::joint_grid(made);
}

struct Market {
  std::shared_ptr<const gimbal::market::MarketSnapshot> snapshot;
  std::shared_ptr<const gimbal::surface::SurfaceSet> surfaces;
};

// `strikes` calls and puts per expiry and coin.
Market market_of(int strikes) {
  std::vector<internal::SampleQuote> quotes;
  const std::vector<Duration> expiries = lives();
  for (const std::string coin : {"BTC", "ETH"}) {
    const double index = coin == "BTC" ? 60000.0 : 3000.0;
    for (const Duration life : expiries)
      for (int k = 0; k < strikes; ++k)
        for (const auto right : {gimbal::market::OptionRight::call, gimbal::market::OptionRight::put}) {
          const auto strike = static_cast<int>(index * (0.5 + 1.5 * (k + 0.5) / strikes));
          quotes.push_back(
              {internal::option({.underlying = coin, .right = right, .strike = std::to_string(strike), .life = life}),
               index * 1.01, 0.05});
        }
    quotes.push_back({internal::future({.underlying = coin}), std::nullopt, index});
  }
  Market market;
  market.snapshot = internal::sample_snapshot(quotes, {{"BTC", "60000"}, {"ETH", "3000"}});
  market.surfaces = internal::sample_surfaces(
      *market.snapshot, {{.underlying = "BTC"}, {.underlying = "ETH", .volatility = 0.7, .forward = 3000.0}}, expiries);
  return market;
}

double checksum(const gimbal::Matrix& matrix) {
  double total = 0.0;
  for (std::size_t row = 0; row < matrix.rows(); ++row) total += gimbal::numerics::sum(matrix.row(row));
  return total;
}

void matrix_of_distinct_states(benchmark::State& state) {
  const Market market = market_of(static_cast<int>(state.range(0)));
  risk::ScenarioSet scenarios = grid();
  if (state.range(1) != 0)
    for (risk::ScenarioRow& row : scenarios.rows) row.dynamics = risk::SmileDynamics::sticky_moneyness;
  const auto columns = risk::revaluation_columns(*market.snapshot, *market.surfaces, scenarios);
  double sum = 0.0;
  for (auto _ : state) {
    const auto matrix = risk::scenario_matrix(columns, scenarios, *market.snapshot, *market.surfaces);
    state.PauseTiming();
    sum = checksum(matrix.change);
    state.ResumeTiming();
  }
  state.counters["checksum"] = sum;
  state.counters["columns"] = static_cast<double>(columns.size());
  state.counters["rows"] = static_cast<double>(scenarios.rows.size());
}
BENCHMARK(matrix_of_distinct_states)->Args({1, 0})->Args({35, 0})->Args({35, 1})->Unit(benchmark::kMillisecond);

double value_alone(const risk::Columns& columns, std::size_t i, const risk::UnderlyingMove& move) {
  const double forward = columns.forward[i] * (1.0 + move.spot);
  if (columns.kind[i] != gimbal::market::InstrumentKind::option)
    return gimbal::pricing::future_value(columns.payoff[i], columns.contract_size[i], forward);
  const double scale = gimbal::numerics::pow(30.0 / 365.0 / columns.expiry_years[i], risk::volatility_exponent_usual);
  const double volatility = columns.volatility_annual[i] * std::max(0.0, 1.0 + move.volatility * scale);
  return gimbal::pricing::option_value(
      columns.payoff[i], columns.contract_size[i],
      {forward, columns.strike[i], volatility, columns.expiry_years[i], columns.right[i]});
}

void matrix_naive(benchmark::State& state) {
  const Market market = market_of(static_cast<int>(state.range(0)));
  const risk::ScenarioSet scenarios = grid();
  const auto columns = risk::revaluation_columns(*market.snapshot, *market.surfaces, scenarios);
  gimbal::Matrix values{scenarios.rows.size(), columns.size()};
  const auto shared = risk::scenario_matrix(columns, scenarios, *market.snapshot, *market.surfaces);
  for (auto _ : state) {
    for (std::size_t r = 0; r < values.rows(); ++r)
      for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::size_t u = *scenarios.underlying_index(market.snapshot->universe->asset(columns.underlying[i]).code);
        const risk::UnderlyingMove& move = scenarios.rows[r].moves[u];
        values(r, i) = value_alone(columns, i, move) - shared.value_origin[i];
      }
    benchmark::ClobberMemory();
  }
  for (std::size_t r = 0; r < values.rows(); ++r)
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (values(r, i) != shared.change(r, i)) state.SkipWithError("the two ways differ");
  state.counters["checksum"] = checksum(values);
}
BENCHMARK(matrix_naive)->Args({1, 0})->Args({35, 0})->Unit(benchmark::kMillisecond);

RiskView view_of(int strikes) {
  const Market market = market_of(strikes);
  return internal::sample_view(market.snapshot, market.surfaces, grid());
}

void whole_view(benchmark::State& state) {
  const RiskView view = view_of(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    auto again = risk::build_risk_view(view.snapshot, view.surfaces, view.settings);
    benchmark::DoNotOptimize(again);
  }
  state.counters["checksum"] = checksum(view.matrix.change);
}
BENCHMARK(whole_view)->Arg(1)->Arg(35)->Unit(benchmark::kMillisecond);

// A book of 60 lines, as a lap ends with.
void one_book(benchmark::State& state) {
  const RiskView view = view_of(static_cast<int>(state.range(0)));
  risk::BookState book;
  book.contracts.assign(view.columns.size(), 0.0);
  const std::size_t step = std::max<std::size_t>(1, view.columns.size() / 60);
  for (std::size_t i = 0; i < book.contracts.size(); i += step) book.contracts[i] = i % 2 == 0 ? 2.5 : -3.0;
  book.equity.assign(view.universe().asset_count(), 10.0);
  double worst = 0.0;
  for (auto _ : state) {
    const auto evaluated = risk::evaluate_book(view, book);
    worst = evaluated->worst_stress->profit;
  }
  state.counters["checksum"] = worst;
}
BENCHMARK(one_book)->Arg(1)->Arg(35)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
