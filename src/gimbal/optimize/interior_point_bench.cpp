// Solving the allocation structure from a cold start: set-up (scaling, ordering, memory) and iteration, and the
// iteration alone. Sizes in the names: positions / scenario floors. Around 200 positions carry 600 variables and 950
// rows; that is the lap's programme and its cost is the lap's. Counters: iterations, and the objective as checksum.
#include <benchmark/benchmark.h>

#include "gimbal/optimize/interior_point.hpp"
#include "gimbal/optimize/sample_programs.hpp"

namespace {

using gimbal::optimize::InteriorPoint;
using gimbal::optimize::Solution;

gimbal::optimize::QuadraticProgram program_of(const benchmark::State& state) {
  gimbal::optimize::samples::PortfolioShape shape;
  shape.positions = static_cast<std::size_t>(state.range(0));
  shape.scenario_rows = static_cast<std::size_t>(state.range(1));
  shape.elastic = state.range(2) != 0;
  return gimbal::optimize::samples::portfolio_program(3, shape);
}

void report(benchmark::State& state, const Solution& solution) {
  state.SetLabel(to_string(solution.status));
  state.counters["iterations"] = solution.iterations;
  state.counters["objective"] = solution.objective;
}

void allocation_cold(benchmark::State& state) {
  const auto program = program_of(state);
  Solution solution;
  for (auto _ : state) {
    auto solver = InteriorPoint::set_up(program, {});
    if (!solver) return state.SkipWithError(solver.error().message.c_str());
    solver->solve(solution);
  }
  report(state, solution);
}
BENCHMARK(allocation_cold)
    ->Args({200, 300, 0})
    ->Args({200, 500, 0})
    ->Args({200, 300, 1})
    ->Args({40, 60, 0})
    ->Unit(benchmark::kMillisecond);

void allocation_iteration_only(benchmark::State& state) {
  auto solver = InteriorPoint::set_up(program_of(state), {});
  if (!solver) return state.SkipWithError(solver.error().message.c_str());
  Solution solution;
  for (auto _ : state) solver->solve(solution);
  report(state, solution);
}
BENCHMARK(allocation_iteration_only)->Args({200, 300, 0})->Args({200, 500, 0})->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
