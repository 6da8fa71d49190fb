// What an allocation costs a lap, from the risk view to the target book with reasons: candidates, edge, programme,
// lots, report. `lap` is a lap's size, 200 candidates and 243 stress rows of two coins; `small` is smoke mode. Feasible
// cases hide a book in lots between bounds about as wide as a few lots, which is harder than an owner's bounds;
// infeasible ones ask for more vega than there is. One iteration allocates eight cases drawn from seeds. Counters:
// `held`, cases whose book holds every bound (all of the feasible, none of the others), and `checksum`, the sum of
// rounded objectives. A regression here is felt in every lap and in every day of a backtest.
#include <benchmark/benchmark.h>

#include "gimbal/allocate/internal/sample_case.hpp"

namespace {

using gimbal::allocate::internal::ChainShape;
using gimbal::allocate::internal::SampleCase;
using gimbal::portfolio::TargetStatus;

ChainShape shape_of(bool lap) {
  if (!lap) return {.coins = 1, .strikes = 3, .lives_days = {4, 25}};
  return {.coins = 2,
          .strikes = 9,
          .lives_days = {3, 8, 15, 30, 60, 120},
          .spot_moves = {-0.35, -0.25, -0.15, -0.05, 0.0, 0.05, 0.15, 0.25, 0.35}};
}

std::vector<SampleCase> cases_of(bool lap, bool feasible) {
  std::vector<SampleCase> cases;
  for (std::uint64_t seed = 0; seed < 8; ++seed)
    cases.push_back(feasible ? gimbal::allocate::internal::draw_feasible(seed, shape_of(lap))
                             : gimbal::allocate::internal::draw_infeasible(seed, shape_of(lap)));
  return cases;
}

void allocate_cases(benchmark::State& state, bool lap, bool feasible) {
  const std::vector<SampleCase> cases = cases_of(lap, feasible);
  double checksum = 0.0;
  int held = 0;
  for (auto _ : state) {
    checksum = 0.0;
    held = 0;
    for (const SampleCase& one : cases) {
      const auto book = gimbal::allocate::allocate(one.input());
      if (!book) return state.SkipWithError(book.error().message.c_str());
      checksum += book->objective_rounded;
      held += book->status == TargetStatus::optimal || book->status == TargetStatus::rounded ? 1 : 0;
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(cases.size()));
  state.counters["held"] = held;
  state.counters["checksum"] = checksum;
}

void feasible_small(benchmark::State& state) { allocate_cases(state, false, true); }
void infeasible_small(benchmark::State& state) { allocate_cases(state, false, false); }
void feasible_lap(benchmark::State& state) { allocate_cases(state, true, true); }
void infeasible_lap(benchmark::State& state) { allocate_cases(state, true, false); }

BENCHMARK(feasible_small)->Unit(benchmark::kMillisecond);
BENCHMARK(infeasible_small)->Unit(benchmark::kMillisecond);
BENCHMARK(feasible_lap)->Unit(benchmark::kMillisecond);
BENCHMARK(infeasible_lap)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
