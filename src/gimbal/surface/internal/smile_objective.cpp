// The terms of the sum, each with its derivatives written out.
#include "gimbal/surface/internal/smile_objective.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/numerics/special.hpp"
#include "gimbal/surface/internal/stretched_axis.hpp"

namespace gimbal::surface::internal {
namespace {

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
constexpr ShapeVector prior_scale{0.25, 0.25, 0.5, 0.5, 0.15};
// Margins that keep penalised functions off zero between the points they are taken at.
constexpr double density_margin = 2e-3;
constexpr double calendar_margin = 5e-4;
// v is positive at every shape; this only keeps rounding from dividing by zero.
constexpr double variance_floor = 1e-12;

/// `Count` points from -`reach` to `reach` along the stretched axis.
template <std::size_t Count>
std::array<double, Count> stretched_grid(double reach) {
  std::array<double, Count> grid{};
  const double u_most = inverse_hyperbolic_sine(reach);
  for (std::size_t i = 0; i < Count; ++i) {
    const double u = u_most * (2.0 * static_cast<double>(i) / static_cast<double>(Count - 1) - 1.0);
    grid[i] = hyperbolic_sine(u);
  }
  return grid;
}

/// A golden-section search of fixed length for the least value of `function` between two points.
template <class Function>
double minimum_between(double left, double right, const Function& function) {
  constexpr double golden = 0.61803398874989484820;
  constexpr int steps = 14;  // To a thousandth of the interval, where a smooth minimum is flat to 1e-6.
  double low = right - golden * (right - left);
  double high = left + golden * (right - left);
  double at_low = function(low);
  double at_high = function(high);
  for (int step = 0; step < steps; ++step) {
    if (at_low < at_high) {
      right = high, high = low, at_high = at_low;
      low = right - golden * (right - left);
      at_low = function(low);
    } else {
      left = low, low = high, at_low = at_high;
      high = left + golden * (right - left);
      at_high = function(high);
    }
  }
  return at_low < at_high ? low : high;
}

/// Calls `penalise` where `function` falls below `margin`: at every such point of the grid, and at the refined minimum
/// of each of the grid's local minima that comes near it, since between two points a shortfall would go unseen. By the
/// envelope theorem a minimum's derivative needs no account of its moving.
template <std::size_t Count, class Function, class Penalise>
void penalise_below(const std::array<double, Count>& grid, double margin, const Function& function,
                    const Penalise& penalise) {
  constexpr double near_margin = 0.05;
  std::array<double, Count> values{};
  for (std::size_t i = 0; i < Count; ++i) values[i] = function(grid[i]);
  for (std::size_t i = 0; i < Count; ++i) {
    if (values[i] < margin) penalise(grid[i], values[i]);
    if (i == 0 || i + 1 == Count || values[i] > margin + near_margin) continue;
    if (values[i] > values[i - 1] || values[i] > values[i + 1]) continue;
    const double place = minimum_between(grid[i - 1], grid[i + 1], function);
    const double value = function(place);
    if (value < margin) penalise(place, value);
  }
}

/// |k| up to 2.5 or eight standard deviations, whichever is farther, in units of the total volatility.
double reach_of(const SmileProblem& problem) { return std::max(2.5 / problem.total_volatility, 8.0); }

}  // namespace

ShapeVector vector_of(const SmileShape& shape) {
  return {shape.slope_left, shape.slope_right, shape.centre, shape.width_log, shape.variance_least_log};
}

SmileShape bounded_shape(const ShapeVector& x, double total_volatility) {
  const double slope_most = slope_most_in_variance / total_volatility;
  return {std::clamp(x[0], slope_least, slope_most), std::clamp(x[1], slope_least, slope_most),
          std::clamp(x[2], -centre_most, centre_most), std::clamp(x[3], width_log_least, width_log_most),
          std::clamp(x[4], variance_log_least, variance_log_most)};
}

NormalEquations::NormalEquations(std::size_t blocks)
    : gradient_(blocks * shape_parameters, 0.0), band_(blocks * shape_parameters * width, 0.0) {}

void NormalEquations::add(std::size_t first, std::span<const double> by, double residual, double weight) {
  add_robust(first, by, residual, weight, 0.5 * weight * residual * residual);
}

void NormalEquations::add_robust(std::size_t first, std::span<const double> by, double residual, double weight,
                                 double cost) {
  GIMBAL_ASSERT(first + by.size() <= gradient_.size());
  cost_ += cost;
  for (std::size_t i = 0; i < by.size(); ++i) {
    const double scaled = weight * by[i];
    gradient_[first + i] += scaled * residual;
    for (std::size_t j = 0; j <= i; ++j) band_[at(first + i, first + j)] += scaled * by[j];
  }
}

bool NormalEquations::solve(double damping, std::span<double> step) const {
  const std::size_t count = gradient_.size();
  GIMBAL_ASSERT(step.size() == count);
  const auto first_of = [](std::size_t row) { return row < width ? std::size_t{0} : row - width + 1; };
  std::vector<double> factor(band_);
  for (std::size_t row = 0; row < count; ++row) {
    // The floor keeps a parameter that nothing depends on where it is.
    factor[at(row, row)] += damping * (factor[at(row, row)] + 1e-6);
    for (std::size_t column = first_of(row); column <= row; ++column) {
      double sum = factor[at(row, column)];
      for (std::size_t k = first_of(row); k < column; ++k) sum -= factor[at(row, k)] * factor[at(column, k)];
      if (column < row) {
        factor[at(row, column)] = sum / factor[at(column, column)];
      } else {
        if (!(sum > 0.0)) return false;
        factor[at(row, row)] = std::sqrt(sum);
      }
    }
  }
  for (std::size_t row = 0; row < count; ++row) {
    double sum = -gradient_[row];
    for (std::size_t k = first_of(row); k < row; ++k) sum -= factor[at(row, k)] * step[k];
    step[row] = sum / factor[at(row, row)];
  }
  for (std::size_t row = count; row-- > 0;) {
    double sum = step[row];
    for (std::size_t k = row + 1; k < std::min(count, row + width); ++k) sum -= factor[at(k, row)] * step[k];
    step[row] = sum / factor[at(row, row)];
  }
  return true;
}

Curve::Curve(const SmileShape& shape)
    : left_{shape.slope_left},
      right_{shape.slope_right},
      centre_{shape.centre},
      sigma_{numerics::exp(shape.width_log)},
      least_{numerics::exp(shape.variance_least_log)},
      mean_{std::sqrt(left_ * right_)} {}

double Curve::value(double z) const {
  const double y = z - centre_;
  const double root = std::sqrt(y * y + sigma_ * sigma_);
  return std::max(least_ - mean_ * sigma_ + 0.5 * ((right_ - left_) * y + (left_ + right_) * root), variance_floor);
}

Curve::Point Curve::point(double z) const {
  const double y = z - centre_;
  const double square = sigma_ * sigma_;
  const double root = std::sqrt(y * y + square);
  const double b = 0.5 * (left_ + right_);
  return {value(z), 0.5 * (right_ - left_) + b * y / root, b * square / (root * root * root)};
}

Curve::Derivatives Curve::derivatives(double z) const {
  const double y = z - centre_;
  const double square = sigma_ * sigma_;
  const double root = std::sqrt(y * y + square);
  const double lean = y / root;                       // d(root)/dy
  const double bend = square / (root * root * root);  // d2(root)/dy2
  const double b = 0.5 * (left_ + right_);
  const double ratio = std::sqrt(right_ / left_);
  const double slope = 0.5 * (right_ - left_) + b * lean;
  Derivatives by{};
  by.value = {0.5 * (root - y - sigma_ * ratio), 0.5 * (root + y - sigma_ / ratio), -slope,
              sigma_ * (b * sigma_ / root - mean_), least_};
  by.slope = {0.5 * (lean - 1.0), 0.5 * (lean + 1.0), -b * bend, -b * y * bend, 0.0};
  by.curvature = {0.5 * bend, 0.5 * bend, 3.0 * b * bend * lean / root, b * bend * (2.0 - 3.0 * square / (root * root)),
                  0.0};
  return by;
}

SmileObjective::SmileObjective(std::span<const SmileProblem> problems, const FitStage& stage)
    : problems_{problems}, stage_{stage} {}

NormalEquations SmileObjective::at(std::span<const SmileShape> shapes) const {
  NormalEquations sum{shapes.size()};
  std::vector<Curve> curves;
  curves.reserve(shapes.size());
  for (const SmileShape& shape : shapes) curves.emplace_back(shape);
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    add_quotes(i, curves[i], sum);
    add_prior(i, shapes[i], sum);
    if (stage_.butterfly_weight > 0.0) add_density(i, curves[i], sum);
    if (stage_.calendar_weight > 0.0 && i > 0) add_calendar(i, shapes, curves, sum);
  }
  return sum;
}

void SmileObjective::add_quotes(std::size_t index, const Curve& curve, NormalEquations& out) const {
  const SmileProblem& problem = problems_[index];
  const double s = problem.total_volatility;
  const double scale_square = stage_.loss_scale * stage_.loss_scale;
  for (const SmileQuote& quote : problem.quotes) {
    const double z = quote.log_moneyness / s;
    const double fitted = s * std::sqrt(curve.value(z));
    const double half_spread =
        std::max(0.5 * (quote.total_volatility_ask - quote.total_volatility_bid), problem.half_spread_least);
    const double residual = (fitted - quote.total_volatility_mid()) / half_spread;
    ShapeVector by = curve.derivatives(z).value;
    for (double& derivative : by) derivative *= 0.5 * s * s / (fitted * half_spread);
    // Cauchy's loss: quadratic below the scale, logarithmic beyond, so that a bad quote stops pulling.
    const double ratio = residual * residual / scale_square;
    out.add_robust(index * shape_parameters, by, residual, 1.0 / (1.0 + ratio),
                   0.5 * scale_square * numerics::log1p(ratio));
  }
}

void SmileObjective::add_prior(std::size_t index, const SmileShape& shape, NormalEquations& out) const {
  const SmileProblem& problem = problems_[index];
  const ShapeVector x = vector_of(shape);
  const ShapeVector prior = vector_of(problem.prior);
  const std::size_t first = index * shape_parameters;
  constexpr std::array<double, 1> one{1.0};
  for (std::size_t i = 0; i < shape_parameters; ++i)
    out.add(first + i, one, x[i] - prior[i], problem.prior_weight / (prior_scale[i] * prior_scale[i]));
  if (shape.width_log > width_log_soft) out.add(first + 3, one, shape.width_log - width_log_soft, width_spring);
}

void SmileObjective::add_density(std::size_t index, const Curve& curve, NormalEquations& out) const {
  const SmileProblem& problem = problems_[index];
  const double scale = problem.total_volatility;
  const double variance = scale * scale;
  const auto density_at = [&](double u) {
    const double z = curve.centre() + curve.sigma() * u;
    const Curve::Point point = curve.point(z);
    return butterfly_density(SviPoint{variance * point.value, scale * point.slope, point.curvature}, scale * z);
  };
  const auto penalise = [&](double u, double density) {
    const double z = curve.centre() + curve.sigma() * u;
    const Curve::Point point = curve.point(z);
    const Curve::Derivatives by = curve.derivatives(z);
    // g's derivatives in normalised coordinates, where only the 1/4 in the bracket feels the scale.
    const double v = point.value;
    const double lean = 1.0 - 0.5 * z * point.slope / v;
    const double tail = 1.0 / v + 0.25 * variance;
    ShapeVector density_by{};
    for (std::size_t i = 0; i < shape_parameters; ++i) {
      density_by[i] = -lean * z * (by.slope[i] - point.slope * by.value[i] / v) / v -
                      0.5 * point.slope * tail * by.slope[i] +
                      0.25 * point.slope * point.slope * by.value[i] / (v * v) + 0.5 * by.curvature[i];
    }
    out.add(index * shape_parameters, density_by, density - density_margin, stage_.butterfly_weight);
  };
  // The grid follows the slice's own bend, where negative densities appear.
  const double reach = (reach_of(problem) + std::fabs(curve.centre())) / curve.sigma();
  penalise_below(stretched_grid<41>(reach), density_margin, density_at, penalise);
}

void SmileObjective::add_calendar(std::size_t index, std::span<const SmileShape> shapes, std::span<const Curve> curves,
                                  NormalEquations& out) const {
  const double s = problems_[index].total_volatility;
  const double s_before = problems_[index - 1].total_volatility;
  const double scale = (s_before * s_before) / (s * s);
  const auto earlier_over_later = [&](double z) {
    return scale * curves[index - 1].value(z) / curves[index].value(z * s_before / s);
  };
  // Both slices' parameters stand side by side in the equations, the earlier one's first.
  const std::size_t first = (index - 1) * shape_parameters;
  std::array<double, 2 * shape_parameters> by{};
  const auto penalise = [&](double z, double gap) {
    const double later = curves[index].value(z * s_before / s);
    const ShapeVector earlier_by = curves[index - 1].derivatives(z).value;
    const ShapeVector later_by = curves[index].derivatives(z * s_before / s).value;
    for (std::size_t i = 0; i < shape_parameters; ++i) {
      by[i] = -scale * earlier_by[i] / later;
      by[shape_parameters + i] = (1.0 - gap) * later_by[i] / later;
    }
    out.add(first, by, gap - calendar_margin, stage_.calendar_weight);
  };
  penalise_below(
      stretched_grid<61>(2.0 * reach_of(problems_[index - 1])), calendar_margin,
      [&](double z) { return 1.0 - earlier_over_later(z); }, penalise);
  // Beyond the grid the wings' slopes decide: left and right are each shape's first two parameters.
  const std::array<double, 2> slopes{shapes[index].slope_left * s - shapes[index - 1].slope_left * s_before,
                                     shapes[index].slope_right * s - shapes[index - 1].slope_right * s_before};
  for (std::size_t wing = 0; wing < 2; ++wing) {
    if (slopes[wing] >= 0.0) continue;
    by.fill(0.0);
    by[wing] = -s_before / s;
    by[shape_parameters + wing] = 1.0;
    out.add(first, by, slopes[wing] / s, stage_.calendar_weight);
  }
}

}  // namespace gimbal::surface::internal
