// The stations of a lap, each by itself, on a whole market: decoding, the snapshot, surfaces, the risk view, the
// target, the gate. The market is the largest snapshot of February 2026 where GIMBAL_DATA says where it is, else a
// synthetic one of about 600 instruments. A regression here is time that a book stands off its target.
//
// Smoke: --benchmark_min_time=0.001. Each station sets a checksum counter, so that nobody makes it faster by making it
// wrong.
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "gimbal/allocate/allocation.hpp"
#include "gimbal/app/configuration.hpp"
#include "gimbal/execute/order_plan.hpp"
#include "gimbal/govern/gate.hpp"
#include "gimbal/host/file_reader.hpp"
#include "gimbal/simulate/synthetic_market.hpp"
#include "gimbal/surface/surface_fit.hpp"

namespace gimbal::app {
namespace {

constexpr std::size_t configuration_bytes_max = 1U << 20U;

class Largest final : public market::SnapshotSink {
 public:
  bool take(market::RecordedSnapshot&& snapshot) override {
    if (snapshot.quotes.size() > largest.quotes.size()) largest = std::move(snapshot);
    return true;
  }
  market::RecordedSnapshot largest;
};

// Everything that the stations hand to each other, computed once.
struct Lap {
  Configuration configuration;
  market::RecordedSnapshot recorded;
  std::shared_ptr<const market::MarketSnapshot> snapshot;
  std::shared_ptr<const surface::SurfaceSet> surfaces;
  std::unique_ptr<risk::RiskView> view;
  portfolio::Ledger ledger;
  std::optional<risk::BookState> book;
  portfolio::TargetBook target;
};

template <class T>
T must(Result<T> result) {
  if (!result) {
    fmt::print(stderr, "lap_bench: {}\n", result.error().message);
    std::exit(2);
  }
  return std::move(*result);
}

market::RecordedSnapshot market_of_the_bench() {
  const char* data = std::getenv("GIMBAL_DATA");
  Largest largest;
  if (data != nullptr) {
    const std::string path = std::string{data} + "/deribit_chain/deribit_chain_202602.csv.zst";
    if (host::read_market_file(path, {}, largest)) return largest.largest;
  }
  return simulate::SyntheticMarket{{}}.next();
}

const Lap& lap() {
  static const Lap made = [] {
    Lap built;
    const std::string file = "examples/vol_arbitrage.toml";
    built.configuration = must(read_configuration(file, must(host::read_whole_file(file, configuration_bytes_max))));
    built.recorded = market_of_the_bench();
    auto snapshot = must(market::build_snapshot(built.recorded, std::make_shared<const market::Universe>(),
                                                built.configuration.assumptions));
    built.snapshot = std::make_shared<const market::MarketSnapshot>(std::move(snapshot.snapshot));
    built.surfaces = std::make_shared<const surface::SurfaceSet>(
        must(surface::fit_surfaces(*built.snapshot, built.configuration.fit)));
    built.view = std::make_unique<risk::RiskView>(
        must(risk::build_risk_view(built.snapshot, built.surfaces, built.configuration.engine->risk)));
    const auto opened = must(open_starting_book(built.configuration.start, *built.snapshot, *built.surfaces));
    const auto entry = portfolio::opening_entry(opened.balances, opened.positions, *built.snapshot->universe);
    if (!built.ledger.post(entry)) std::exit(2);
    built.book = must(risk::read_book(*built.view, built.ledger, engine::main_account));
    built.target = must(
        allocate::allocate({*built.view, *built.book, built.configuration.target, built.configuration.allocation}));
    return built;
  }();
  return made;
}

void station_snapshot(benchmark::State& state) {
  const Lap& made = lap();
  double checksum = 0.0;
  for (auto _ : state) {
    const auto built = market::build_snapshot(made.recorded, std::make_shared<const market::Universe>(),
                                              made.configuration.assumptions);
    checksum = static_cast<double>(built->snapshot.quality.two_sided);
  }
  state.counters["checksum"] = checksum;
  state.counters["instruments"] = static_cast<double>(made.snapshot->rows());
}

void station_surfaces(benchmark::State& state) {
  const Lap& made = lap();
  double checksum = 0.0;
  for (auto _ : state) {
    const auto surfaces = surface::fit_surfaces(*made.snapshot, made.configuration.fit);
    checksum = surfaces->surfaces()[0].slices()[0].volatility_atm;
  }
  state.counters["checksum"] = checksum;
}

void station_risk_view(benchmark::State& state) {
  const Lap& made = lap();
  double checksum = 0.0;
  for (auto _ : state) {
    const auto view = risk::build_risk_view(made.snapshot, made.surfaces, made.configuration.engine->risk);
    checksum = view->matrix.change(0, 0);
  }
  state.counters["checksum"] = checksum;
  state.counters["scenarios"] = static_cast<double>(made.view->matrix.rows());
}

void station_target(benchmark::State& state) {
  const Lap& made = lap();
  double checksum = 0.0;
  for (auto _ : state) {
    const auto target =
        allocate::allocate({*made.view, *made.book, made.configuration.target, made.configuration.allocation});
    checksum = target->objective_rounded;
  }
  state.counters["checksum"] = checksum;
  state.counters["candidates"] = static_cast<double>(made.target.candidates);
  state.counters["trades"] = static_cast<double>(made.target.trades.size());
}

void station_orders(benchmark::State& state) {
  const Lap& made = lap();
  const govern::Situation situation{*made.view, made.ledger, engine::main_account, made.snapshot->time,
                                    govern::Containment::normal};
  double checksum = 0.0;
  for (auto _ : state) {
    const auto orders = execute::plan_orders(made.target, *made.snapshot->universe, {"bench", 1});
    const auto verdicts = govern::Gate{made.configuration.engine->limits}.judge(situation, orders);
    checksum = 0.0;
    for (const govern::Verdict& verdict : verdicts) checksum += verdict.approved ? 1.0 : 0.0;
  }
  state.counters["checksum"] = checksum;
}

void station_book_risk(benchmark::State& state) {
  const Lap& made = lap();
  double checksum = 0.0;
  for (auto _ : state) {
    const auto book = risk::evaluate_book(*made.view, made.ledger, engine::main_account);
    checksum = book->equity;
  }
  state.counters["checksum"] = checksum;
}

BENCHMARK(station_snapshot)->Unit(benchmark::kMillisecond);
BENCHMARK(station_surfaces)->Unit(benchmark::kMillisecond);
BENCHMARK(station_risk_view)->Unit(benchmark::kMillisecond);
BENCHMARK(station_target)->Unit(benchmark::kMillisecond);
BENCHMARK(station_orders)->Unit(benchmark::kMillisecond);
BENCHMARK(station_book_risk)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gimbal::app

BENCHMARK_MAIN();
