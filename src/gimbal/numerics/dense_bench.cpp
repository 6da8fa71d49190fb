// Speed of the two kernels inside every interior-point iteration, at the sizes that the allocation of 200 instruments
// over 350 scenario rows meets, beside the plain loops with the same bits. Counter "flops": additions and
// multiplications of the triangle that is computed. A regression here is a regression of every solve.
#include <benchmark/benchmark.h>

#include <cmath>

#include "gimbal/foundation/random.hpp"
#include "gimbal/numerics/dense.hpp"

namespace {

using gimbal::numerics::TiledColumns;
using gimbal::numerics::TiledSymmetric;

TiledColumns random_columns(std::size_t rows, std::size_t columns) {
  gimbal::SeededRandom random{1};
  TiledColumns matrix{rows, columns};
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) matrix(i, j) = random.uniform() - 0.5;
  return matrix;
}

void set_flops(benchmark::State& state, double count) {
  state.counters["flops"] = benchmark::Counter(count, benchmark::Counter::kIsIterationInvariantRate);
}

void weighted_gram(benchmark::State& state) {
  const auto rows = static_cast<std::size_t>(state.range(0));
  const auto columns = static_cast<std::size_t>(state.range(1));
  const TiledColumns a = random_columns(rows, columns);
  TiledColumns scratch{rows, columns};
  TiledSymmetric sum{columns};
  const std::vector<double> weights(rows, 0.5);
  for (auto _ : state) {
    sum.set_zero();
    gimbal::numerics::add_weighted_gram(a, weights, scratch, sum);
    benchmark::DoNotOptimize(sum(columns - 1, 0));
  }
  set_flops(state, static_cast<double>(rows * columns * (columns + 1)));
}
BENCHMARK(weighted_gram)->Args({350, 200})->Args({350, 600})->Args({50, 20});

TiledSymmetric positive_matrix(std::size_t size) {
  const TiledColumns a = random_columns(size, size);
  TiledColumns scratch{size, size};
  TiledSymmetric matrix{size};
  for (std::size_t i = 0; i < size; ++i) matrix(i, i) = 1.0;
  gimbal::numerics::add_weighted_gram(a, std::vector<double>(size, 1.0), scratch, matrix);
  return matrix;
}

void cholesky(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const TiledSymmetric matrix = positive_matrix(size);
  TiledSymmetric factor = matrix;
  for (auto _ : state) {
    factor.assign(matrix);
    benchmark::DoNotOptimize(gimbal::numerics::factorise(factor, size, {}));
  }
  set_flops(state, static_cast<double>(size * size * size) / 3.0);
}
BENCHMARK(cholesky)->Arg(20)->Arg(200)->Arg(400)->Arg(600)->Arg(1200);

void cholesky_plain_loop(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const TiledSymmetric matrix = positive_matrix(size);
  gimbal::Matrix factor{size, size};
  for (auto _ : state) {
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        double value = matrix(i, j);
        for (std::size_t k = 0; k < j; ++k) value = std::fma(-factor(i, k), factor(j, k), value);
        factor(i, j) = i == j ? std::sqrt(value) : value / factor(j, j);
      }
    benchmark::DoNotOptimize(factor(size - 1, 0));
  }
  set_flops(state, static_cast<double>(size * size * size) / 3.0);
}
BENCHMARK(cholesky_plain_loop)->Arg(200)->Arg(400);

void solve(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  TiledSymmetric factor = positive_matrix(size);
  benchmark::DoNotOptimize(gimbal::numerics::factorise(factor, size, {}));
  std::vector<double> x(size, 1.0);
  for (auto _ : state) {
    gimbal::numerics::solve_factorised(factor, size, x);
    benchmark::DoNotOptimize(x.data());
    std::fill(x.begin(), x.end(), 1.0);
  }
  set_flops(state, 2.0 * static_cast<double>(size * size));
}
BENCHMARK(solve)->Arg(200)->Arg(600);

}  // namespace

BENCHMARK_MAIN();
