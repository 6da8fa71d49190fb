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

// The longest step of each parameter, in the order of SmileShape.
constexpr ShapeVector step_most{0.5, 0.5, 1.0, 0.7, 0.3};

/// The minimisation's memory, kept from stage to stage.
class Descent {
 public:
  Descent(std::span<const SmileProblem> problems, std::span<SmileShape> shapes)
      : problems_{problems},
        shapes_{shapes},
        objective_{problems},
        current_{problems.size()},
        next_{problems.size()},
        step_(problems.size() * shape_parameters),
        candidate_(shapes.begin(), shapes.end()) {}

  /// Levenberg-Marquardt: a step is kept if it lowers the cost, else the next one is shorter.
  void run(const FitStage& stage) {
    constexpr double damping_start = 1e-3;
    constexpr double damping_least = 1e-9;
    constexpr double damping_most = 1e9;
    objective_.evaluate(shapes_, stage, current_);
    double damping = damping_start;
    for (int iteration = 0; iteration < stage.iterations; ++iteration) {
      if (!current_.solve(damping, step_)) {
        damping = std::min(damping * 10.0, damping_most);
        continue;
      }
      take_step();
      objective_.evaluate(candidate_, stage, next_);
      if (next_.cost() < current_.cost()) {
        const bool settled = current_.cost() - next_.cost() <= stage.settled * current_.cost();
        std::copy(candidate_.begin(), candidate_.end(), shapes_.begin());
        std::swap(current_, next_);
        damping = std::max(damping * 0.2, damping_least);
        if (settled) return;
      } else {
        damping = std::min(damping * 6.0, damping_most);
      }
    }
  }

 private:
  void take_step() {
    for (std::size_t i = 0; i < shapes_.size(); ++i) {
      if (problems_[i].held) continue;
      ShapeVector x = internal::vector_of(shapes_[i]);
      // No parameter leaps: the equations are linear only so far, and a shape that lands at its bounds stays there.
      double leap = 1.0;
      for (std::size_t j = 0; j < shape_parameters; ++j)
        leap = std::max(leap, std::fabs(step_[i * shape_parameters + j]) / step_most[j]);
      for (std::size_t j = 0; j < shape_parameters; ++j) x[j] += step_[i * shape_parameters + j] / leap;
      candidate_[i] = internal::bounded_shape(x, problems_[i].total_volatility);
    }
  }

  std::span<const SmileProblem> problems_;
  std::span<SmileShape> shapes_;
  SmileObjective objective_;
  NormalEquations current_;
  NormalEquations next_;
  std::vector<double> step_;
  std::vector<SmileShape> candidate_;
};

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

SmileShape between(const SmileShape& from, const SmileShape& to, double share) noexcept {
  const auto mixed = [share](double a, double b) { return share < 1.0 ? a + share * (b - a) : b; };
  return {mixed(from.slope_left, to.slope_left), mixed(from.slope_right, to.slope_right), mixed(from.centre, to.centre),
          mixed(from.width_log, to.width_log), mixed(from.variance_least_log, to.variance_least_log)};
}

void fit_shapes(std::span<const SmileProblem> problems, std::span<SmileShape> shapes,
                std::span<const FitStage> stages) {
  GIMBAL_ASSERT(problems.size() == shapes.size());
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    GIMBAL_ASSERT(problems[i].total_volatility > 0.0);
    GIMBAL_ASSERT(problems[i].half_spread_least > 0.0);
    shapes[i] = internal::bounded_shape(internal::vector_of(shapes[i]), problems[i].total_volatility);
  }
  Descent descent{problems, shapes};
  for (const FitStage& stage : stages) descent.run(stage);
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
