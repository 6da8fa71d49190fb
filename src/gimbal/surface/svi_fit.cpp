// The minimisation, and the changes between slices and shapes.
#include "gimbal/surface/svi_fit.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/numerics/special.hpp"
#include "gimbal/surface/internal/smile_objective.hpp"

namespace gimbal::surface {
namespace {

using internal::Curve;
using internal::NormalEquations;
using internal::shape_parameters;
using internal::ShapeVector;
using internal::SmileObjective;

/// Levenberg-Marquardt: a step is kept if it lowers the cost, else the next one is shorter.
void run_stage(std::span<const SmileProblem> problems, std::span<SmileShape> shapes, const FitStage& stage) {
  constexpr double damping_start = 1e-3;
  constexpr double damping_least = 1e-9;
  constexpr double damping_most = 1e9;
  const SmileObjective objective{problems, stage};
  NormalEquations current = objective.at(shapes);
  std::vector<double> step(shapes.size() * shape_parameters);
  std::vector<SmileShape> candidate(shapes.size());
  double damping = damping_start;
  for (int iteration = 0; iteration < stage.iterations; ++iteration) {
    if (!current.solve(damping, step)) {
      damping = std::min(damping * 10.0, damping_most);
      continue;
    }
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      ShapeVector x = internal::vector_of(shapes[i]);
      for (std::size_t j = 0; j < shape_parameters; ++j) x[j] += step[i * shape_parameters + j];
      candidate[i] = internal::bounded_shape(x, problems[i].total_volatility);
    }
    NormalEquations next = objective.at(candidate);
    if (next.cost() < current.cost()) {
      std::copy(candidate.begin(), candidate.end(), shapes.begin());
      current = std::move(next);
      damping = std::max(damping * 0.2, damping_least);
    } else {
      damping = std::min(damping * 6.0, damping_most);
    }
  }
}

}  // namespace

SviSlice slice_of(const SmileShape& shape, double total_volatility) noexcept {
  const double variance = total_volatility * total_volatility;
  const double sigma = numerics::exp(shape.width_log);
  const double sum = shape.slope_left + shape.slope_right;
  const double mean = std::sqrt(shape.slope_left * shape.slope_right);
  return {variance * (numerics::exp(shape.variance_least_log) - mean * sigma), total_volatility * 0.5 * sum,
          (shape.slope_right - shape.slope_left) / sum, total_volatility * shape.centre, total_volatility * sigma};
}

SmileShape shape_of(const SviSlice& slice, double total_volatility) noexcept {
  const WingSlopes wings = svi_wing_slopes(slice);
  return {wings.left / total_volatility, wings.right / total_volatility, slice.m / total_volatility,
          numerics::log(slice.sigma / total_volatility),
          numerics::log(svi_variance_least(slice) / (total_volatility * total_volatility))};
}

void fit_shapes(std::span<const SmileProblem> problems, std::span<SmileShape> shapes,
                std::span<const FitStage> stages) {
  GIMBAL_ASSERT(problems.size() == shapes.size());
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    GIMBAL_ASSERT(problems[i].total_volatility > 0.0);
    GIMBAL_ASSERT(problems[i].half_spread_least > 0.0);
    shapes[i] = internal::bounded_shape(internal::vector_of(shapes[i]), problems[i].total_volatility);
  }
  for (const FitStage& stage : stages) run_stage(problems, shapes, stage);
}

SmileShape shape_start(const SmileProblem& problem) noexcept {
  SmileShape shape = problem.prior;
  const double s = problem.total_volatility;
  double left = 0.0;
  double right = 0.0;
  for (const SmileQuote& quote : problem.quotes) {
    const double z = quote.log_moneyness / s;
    const double mid = quote.total_volatility_mid() / s;
    // The chord from the money to the farthest quote of each side, made steeper since smiles start flat.
    const double chord = 1.5 * (mid * mid - 1.0) / std::max(std::fabs(z), 0.5);
    if (z < left) left = z, shape.slope_left = chord;
    if (z > right) right = z, shape.slope_right = chord;
  }
  shape.slope_left = std::clamp(shape.slope_left, 0.05, 3.0);
  shape.slope_right = std::clamp(shape.slope_right, 0.05, 3.0);
  return shape;
}

double level_of(const SmileShape& shape, std::span<const SmileQuote> quotes, double half_spread_least) noexcept {
  GIMBAL_ASSERT(!quotes.empty());
  const Curve curve{shape};
  std::vector<std::pair<double, double>> levels;  // Level and weight of each quote.
  levels.reserve(quotes.size());
  for (const SmileQuote& quote : quotes) {
    const double mid = quote.total_volatility_mid();
    // s sqrt(v(k/s)) grows with s wherever wings rise less than quadratically, which SVI's do: bisect ln s.
    double low = numerics::log(mid) - 5.0;
    double high = low + 8.0;
    for (int i = 0; i < 60; ++i) {
      const double middle = 0.5 * (low + high);
      const double s = numerics::exp(middle);
      (s * std::sqrt(curve.value(quote.log_moneyness / s)) < mid ? low : high) = middle;
    }
    const double half_spread =
        std::max(0.5 * (quote.total_volatility_ask - quote.total_volatility_bid), half_spread_least);
    levels.emplace_back(0.5 * (low + high), 1.0 / half_spread);
  }
  std::sort(levels.begin(), levels.end());
  double total = 0.0;
  for (const auto& level : levels) total += level.second;
  double passed = 0.0;
  for (const auto& level : levels) {
    passed += level.second;
    if (passed >= 0.5 * total) return numerics::exp(level.first);
  }
  return numerics::exp(levels.back().first);
}

}  // namespace gimbal::surface
