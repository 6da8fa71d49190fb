// Levenberg-Marquardt on five parameters, small enough to be written out.
#include "gimbal/surface/svi_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/numerics/special.hpp"

namespace gimbal::surface {
namespace {

constexpr std::size_t parameters = 5;
using Vector = std::array<double, parameters>;  // In the order of SmileShape's members.
using Square = std::array<Vector, parameters>;

// Bounds that only degenerate data reach. A slope of 2 in w against k is Lee's bound, kept off by a rounding's margin.
constexpr double slope_least = 5e-3;
constexpr double slope_most_in_variance = 2.0 * (1.0 - 1e-9);
constexpr double centre_most = 10.0;
constexpr double width_log_least = -4.0;
constexpr double width_log_most = 2.1;
constexpr double variance_log_least = -6.0;
constexpr double variance_log_most = 2.0;
// Beyond this width sigma and the slopes run away together along a valley; a spring holds them.
constexpr double width_log_soft = 1.6;
constexpr double width_spring = 3.0;
// Standard distances of the parameters from one expiry to the next, in which the prior measures.
constexpr Vector prior_scale{0.25, 0.25, 0.5, 0.5, 0.15};
// Points per grid of a penalty, and the margin that keeps a penalised function off zero between them.
constexpr int grid_points = 41;
constexpr double density_margin = 2e-3;
constexpr double calendar_margin = 5e-4;

double hyperbolic_sine(double u) { return 0.5 * (numerics::expm1(u) - numerics::expm1(-u)); }

/// v(z) with its first two derivatives in z, and the derivatives of all three in the parameters.
struct Jet {
  double value, slope, curvature;
  Vector value_by, slope_by, curvature_by;
};

/// A shape with what its evaluations share.
class Curve {
 public:
  explicit Curve(const SmileShape& shape)
      : left_{shape.slope_left},
        right_{shape.slope_right},
        centre_{shape.centre},
        sigma_{numerics::exp(shape.width_log)},
        least_{numerics::exp(shape.variance_least_log)},
        mean_{std::sqrt(left_ * right_)} {}

  [[nodiscard]] double sigma() const { return sigma_; }
  [[nodiscard]] double centre() const { return centre_; }

  [[nodiscard]] double value(double z) const {
    const double y = z - centre_;
    const double root = std::sqrt(y * y + sigma_ * sigma_);
    return least_ - mean_ * sigma_ + 0.5 * ((right_ - left_) * y + (left_ + right_) * root);
  }

  [[nodiscard]] Jet jet(double z) const {
    const double y = z - centre_;
    const double square = sigma_ * sigma_;
    const double root = std::sqrt(y * y + square);
    const double inverse = 1.0 / root;
    const double lean = y * inverse;                           // d(root)/dy
    const double bend = square * inverse * inverse * inverse;  // d2(root)/dy2
    const double b = 0.5 * (left_ + right_);
    Jet jet;
    jet.value = least_ - mean_ * sigma_ + 0.5 * (right_ - left_) * y + b * root;
    jet.slope = 0.5 * (right_ - left_) + b * lean;
    jet.curvature = b * bend;
    jet.value_by = {0.5 * (root - y - sigma_ * std::sqrt(right_ / left_)),
                    0.5 * (root + y - sigma_ * std::sqrt(left_ / right_)), -jet.slope,
                    sigma_ * (b * sigma_ * inverse - mean_), least_};
    jet.slope_by = {0.5 * (lean - 1.0), 0.5 * (lean + 1.0), -jet.curvature, -b * y * bend, 0.0};
    const double third = 3.0 * b * bend * lean * inverse;
    jet.curvature_by = {0.5 * bend, 0.5 * bend, third, b * bend * (2.0 - 3.0 * square * inverse * inverse), 0.0};
    return jet;
  }

 private:
  double left_, right_, centre_, sigma_, least_, mean_;
};

/// The sum of squares so far, its gradient and its Gauss-Newton matrix.
struct Normal {
  double cost = 0.0;
  Vector gradient{};
  Square matrix{};

  void add(double residual, const Vector& by, double weight) {
    for (std::size_t i = 0; i < parameters; ++i) {
      const double scaled = weight * by[i];
      gradient[i] += scaled * residual;
      for (std::size_t j = 0; j <= i; ++j) matrix[i][j] += scaled * by[j];
    }
  }
};

Vector vector_of(const SmileShape& shape) {
  return {shape.slope_left, shape.slope_right, shape.centre, shape.width_log, shape.variance_least_log};
}

SmileShape bounded(const Vector& x, double total_volatility) {
  const double slope_most = slope_most_in_variance / total_volatility;
  return {std::clamp(x[0], slope_least, slope_most), std::clamp(x[1], slope_least, slope_most),
          std::clamp(x[2], -centre_most, centre_most), std::clamp(x[3], width_log_least, width_log_most),
          std::clamp(x[4], variance_log_least, variance_log_most)};
}

/// Everything that a shape is judged by, at one stage.
class Objective {
 public:
  Objective(const SmileProblem& problem, const FitStage& stage) : problem_{problem}, stage_{stage} {
    const double s = problem.total_volatility;
    // |k| up to 2.5 or eight standard deviations, whichever is farther.
    reach_ = std::max(2.5 / s, 8.0);
    const double u_most = numerics::log(2.0 * reach_);
    for (int i = 0; i < grid_points; ++i) {
      grid_[static_cast<std::size_t>(i)] =
          hyperbolic_sine(u_most * (2.0 * static_cast<double>(i) / static_cast<double>(grid_points - 1) - 1.0));
    }
  }

  [[nodiscard]] Normal at(const SmileShape& shape) const {
    Normal normal;
    const Curve curve{shape};
    add_quotes(curve, normal);
    add_prior(vector_of(shape), normal);
    if (stage_.butterfly_weight > 0.0) add_density(curve, normal);
    if (stage_.calendar_weight > 0.0) {
      if (problem_.shorter) add_calendar(curve, shape, *problem_.shorter, 1.0, normal);
      if (problem_.longer) add_calendar(curve, shape, *problem_.longer, -1.0, normal);
    }
    return normal;
  }

 private:
  void add_quotes(const Curve& curve, Normal& normal) const {
    const double s = problem_.total_volatility;
    const double scale_square = stage_.loss_scale * stage_.loss_scale;
    for (const SmileQuote& quote : problem_.quotes) {
      const Jet jet = curve.jet(quote.log_moneyness / s);
      const double root = std::sqrt(std::max(jet.value, 1e-12));
      const double half_spread =
          std::max(0.5 * (quote.total_volatility_ask - quote.total_volatility_bid), problem_.half_spread_least);
      const double residual = (s * root - quote.total_volatility_mid()) / half_spread;
      Vector by;
      for (std::size_t i = 0; i < parameters; ++i) by[i] = 0.5 * s / (root * half_spread) * jet.value_by[i];
      const double ratio = residual * residual / scale_square;
      normal.cost += 0.5 * scale_square * numerics::log1p(ratio);
      normal.add(residual, by, 1.0 / (1.0 + ratio));
    }
  }

  void add_prior(const Vector& x, Normal& normal) const {
    const Vector prior = vector_of(problem_.prior);
    for (std::size_t i = 0; i < parameters; ++i) {
      Vector by{};
      by[i] = 1.0 / prior_scale[i];
      square(normal, (x[i] - prior[i]) / prior_scale[i], by, problem_.prior_weight);
    }
    if (x[3] > width_log_soft) square(normal, x[3] - width_log_soft, {0.0, 0.0, 0.0, 1.0, 0.0}, width_spring);
  }

  void add_density(const Curve& curve, Normal& normal) const {
    const double variance = problem_.total_volatility * problem_.total_volatility;
    for (const double u : grid_) {
      const double z = curve.centre() + curve.sigma() * u;
      if (std::fabs(z) > reach_) continue;
      const Jet jet = curve.jet(z);
      const double v = std::max(jet.value, 1e-12);
      const double lean = 1.0 - 0.5 * z * jet.slope / v;
      const double tail = 1.0 / v + 0.25 * variance;
      const double density = lean * lean - 0.25 * jet.slope * jet.slope * tail + 0.5 * jet.curvature;
      if (density >= density_margin) continue;
      Vector by;
      for (std::size_t i = 0; i < parameters; ++i) {
        by[i] = -lean * z * (jet.slope_by[i] - jet.slope * jet.value_by[i] / v) / v -
                0.5 * jet.slope * tail * jet.slope_by[i] + 0.25 * jet.slope * jet.slope * jet.value_by[i] / (v * v) +
                0.5 * jet.curvature_by[i];
      }
      square(normal, density - density_margin, by, stage_.butterfly_weight);
    }
  }

  /// Side +1: this slice must stay above the other; -1: below. Also far out, where the slopes decide.
  void add_calendar(const Curve& curve, const SmileShape& shape, const SviSlice& other, double side,
                    Normal& normal) const {
    const double s = problem_.total_volatility;
    for (const double u : grid_) {
      const Jet jet = curve.jet(u);
      const double gap = side * (jet.value - svi_variance(other, u * s) / (s * s)) / jet.value;
      if (gap >= calendar_margin) continue;
      Vector by;
      for (std::size_t i = 0; i < parameters; ++i) by[i] = side * jet.value_by[i] / jet.value;
      square(normal, gap - calendar_margin, by, stage_.calendar_weight);
    }
    const WingSlopes wings = svi_wing_slopes(other);
    const double left = side * (shape.slope_left - wings.left / s);
    const double right = side * (shape.slope_right - wings.right / s);
    if (left < 0.0) square(normal, left, {side, 0.0, 0.0, 0.0, 0.0}, stage_.calendar_weight);
    if (right < 0.0) square(normal, right, {0.0, side, 0.0, 0.0, 0.0}, stage_.calendar_weight);
  }

  static void square(Normal& normal, double residual, const Vector& by, double weight) {
    normal.cost += 0.5 * weight * residual * residual;
    normal.add(residual, by, weight);
  }

  const SmileProblem& problem_;
  const FitStage& stage_;
  double reach_ = 0.0;
  std::array<double, static_cast<std::size_t>(grid_points)> grid_{};
};

/// Solves (matrix + damping diag(matrix)) step = -gradient by Cholesky; false when it is not positive definite.
bool damped_step(const Normal& normal, double damping, Vector& step) {
  Square factor{};
  for (std::size_t i = 0; i < parameters; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = normal.matrix[i][j];
      // The floor keeps a parameter that nothing depends on where it is.
      if (i == j) sum += damping * (normal.matrix[i][i] + 1e-6);
      for (std::size_t k = 0; k < j; ++k) sum -= factor[i][k] * factor[j][k];
      if (i == j) {
        if (!(sum > 0.0)) return false;
        factor[i][i] = std::sqrt(sum);
      } else {
        factor[i][j] = sum / factor[j][j];
      }
    }
  }
  for (std::size_t i = 0; i < parameters; ++i) {
    double sum = -normal.gradient[i];
    for (std::size_t k = 0; k < i; ++k) sum -= factor[i][k] * step[k];
    step[i] = sum / factor[i][i];
  }
  for (std::size_t i = parameters; i-- > 0;) {
    double sum = step[i];
    for (std::size_t k = i + 1; k < parameters; ++k) sum -= factor[k][i] * step[k];
    step[i] = sum / factor[i][i];
  }
  return true;
}

SmileShape run_stage(const SmileProblem& problem, const SmileShape& start, const FitStage& stage) {
  const Objective objective{problem, stage};
  SmileShape shape = start;
  Normal normal = objective.at(shape);
  double damping = 1e-3;
  for (int iteration = 0; iteration < stage.iterations; ++iteration) {
    Vector step{};
    if (!damped_step(normal, damping, step)) {
      damping *= 10.0;
      continue;
    }
    Vector x = vector_of(shape);
    for (std::size_t i = 0; i < parameters; ++i) x[i] += step[i];
    const SmileShape candidate = bounded(x, problem.total_volatility);
    const Normal next = objective.at(candidate);
    if (next.cost < normal.cost) {
      shape = candidate;
      normal = next;
      damping = std::max(damping * 0.2, 1e-9);
    } else {
      damping = std::min(damping * 6.0, 1e9);
    }
  }
  return shape;
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

SmileShape fit_shape(const SmileProblem& problem, const SmileShape& start, std::span<const FitStage> stages) noexcept {
  GIMBAL_ASSERT(problem.total_volatility > 0.0);
  GIMBAL_ASSERT(problem.half_spread_least > 0.0);
  SmileShape shape = bounded(vector_of(start), problem.total_volatility);
  for (const FitStage& stage : stages) shape = run_stage(problem, shape, stage);
  return shape;
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
