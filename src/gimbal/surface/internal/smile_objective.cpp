// The terms of the sum, each with its derivatives written out.
#include "gimbal/surface/internal/smile_objective.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/numerics/special.hpp"
#include "gimbal/surface/internal/stretched_axis.hpp"

namespace gimbal::surface::internal {
namespace {

using Lanes = numerics::Lanes4;
constexpr std::size_t lanes = numerics::lane_count<Lanes>;

// Bounds that only degenerate data reach. A slope of 2 in w against k is Lee's bound, kept off by a rounding's margin.
constexpr double slope_least = 5e-3;
constexpr double slope_most_in_variance = 2.0 * (1.0 - 1e-9);
constexpr double centre_most = 10.0;
constexpr double width_log_least = -4.0;
constexpr double width_log_most = 2.5;
constexpr double variance_log_least = -6.0;
constexpr double variance_log_most = 2.0;
// Beyond this width sigma and the slopes run away together along a valley; a spring holds them.
constexpr double width_log_soft = 1.6;
constexpr double width_spring = 20.0;
// A kink sharper than this is no smile but a way through a bad quote.
constexpr double width_log_sharp = -1.0;
// A wing flatter than this says nothing about prices; a spring keeps it from its bound.
constexpr double slope_soft = 0.05;
constexpr double slope_spring = 500.0;
// Standard distances of the parameters from one expiry to the next, in which the prior measures.
constexpr ShapeVector prior_scale{0.25, 0.25, 0.5, 0.5, 0.15};
// A fit this close to the mid is as good as any: what pulls is the rest, and a little of the whole, so that slices of
// few quotes have an answer. Counted in half-spreads, but of a wide quote never more than of one at the floor: where
// quotes are wide their mids are all that holds the money in its place.
constexpr double tolerated_half_spreads = 0.5;
constexpr double pull_within = 0.1;

constexpr std::size_t density_points = 48;
constexpr double density_stretch = 6.5;  // asinh of the farthest point's distance in widths.
constexpr std::size_t gap_points = 80;
constexpr double gap_reach = 20.0;  // Times as far as quotes may lie.
static_assert(density_points % lanes == 0 && gap_points % lanes == 0);

/// `Count` points from -sinh(u_most) to sinh(u_most) along the stretched axis.
template <std::size_t Count>
std::array<double, Count> stretched_grid(double u_most) {
  std::array<double, Count> grid{};
  for (std::size_t i = 0; i < Count; ++i)
    grid[i] = hyperbolic_sine(u_most * (2.0 * static_cast<double>(i) / static_cast<double>(Count - 1) - 1.0));
  return grid;
}

double sum_of(Lanes v) {
  std::array<double, lanes> lane{};
  store(v, lane.data());
  return (lane[0] + lane[1]) + (lane[2] + lane[3]);
}

/// Sums the logarithms of many numbers of at least one, one logarithm a lane: products, their exponents kept apart.
class LogarithmSum {
 public:
  void add(Lanes factor) {
    const Lanes product = mantissa_ * factor;
    exponent_ = exponent_ + exponent_of(product);
    mantissa_ = mantissa_of(product);
  }
  [[nodiscard]] double value() const {
    constexpr double log_2 = 0.69314718055994530942;
    std::array<double, lanes> mantissa{};
    store(mantissa_, mantissa.data());
    double sum = log_2 * sum_of(exponent_);
    for (const double m : mantissa) sum += numerics::log(m);
    return sum;
  }

 private:
  Lanes mantissa_{1.0};
  Lanes exponent_{0.0};
};

/// Cauchy's loss: quadratic below its scale, logarithmic beyond, so that a bad quote pulls ever less.
class CauchyLoss {
 public:
  explicit CauchyLoss(double scale) : square_{scale * scale} {}
  /// Takes residuals in, and returns the weights of their squares in the equations.
  Lanes add(Lanes residual) {
    const Lanes doubt = Lanes{1.0} + residual * residual / Lanes{square_};
    logarithms_.add(doubt);
    return Lanes{1.0} / doubt;
  }
  [[nodiscard]] double cost() const { return 0.5 * square_ * logarithms_.value(); }

 private:
  double square_;
  LogarithmSum logarithms_;
};

/// Geman and McClure's: it levels off, so that a bad quote stops pulling altogether.
class GemanMcClureLoss {
 public:
  explicit GemanMcClureLoss(double scale) : square_{scale * scale} {}
  Lanes add(Lanes residual) {
    const Lanes squared = residual * residual;
    const Lanes trust = Lanes{1.0} / (Lanes{1.0} + squared / Lanes{square_});
    sum_ = sum_ + squared * trust;
    return trust * trust;
  }
  [[nodiscard]] double cost() const { return 0.5 * sum_of(sum_); }

 private:
  double square_;
  Lanes sum_{0.0};
};

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

/// Calls `penalise` where `function`, which has `values` on the grid, falls below `margin`: at every such point of the
/// grid, and at the refined minimum of each of the grid's local minima that comes near it, since between two points a
/// shortfall would go unseen. By the envelope theorem a minimum's derivative needs no account of its moving.
template <class Function, class Penalise>
void penalise_below(std::span<const double> grid, std::span<const double> values, double margin,
                    const Function& function, const Penalise& penalise) {
  constexpr double near_margin = 0.05;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    if (values[i] > margin + near_margin) continue;
    if (values[i] < margin) penalise(grid[i], values[i]);
    if (i == 0 || i + 1 == grid.size()) continue;
    if (values[i] > values[i - 1] || values[i] > values[i + 1]) continue;
    const double place = minimum_between(grid[i - 1], grid[i + 1], function);
    const double value = function(place);
    if (value < margin) penalise(place, value);
  }
}

/// |k| up to 2.5 or eight standard deviations, whichever is farther, in units of the total volatility.
double reach_of(const SmileProblem& problem) { return std::max(2.5 / problem.total_volatility, 8.0); }

/// g in normalised coordinates, where only the 1/4 in the bracket feels the scale.
template <class V>
V density_of(const Curve::Point<V>& point, V z, double variance) {
  const V over = V{1.0} / point.value;
  const V lean = V{1.0} - V{0.5} * z * point.slope * over;
  return lean * lean - V{0.25} * point.slope * point.slope * (over + V{0.25 * variance}) + V{0.5} * point.curvature;
}

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

SmileObjective::SmileObjective(std::span<const SmileProblem> problems)
    : problems_{problems}, grids_(problems.size() * gap_points, 0.0), curves_(problems.size()) {
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const SmileProblem& problem = problems[i];
    const double s = problem.total_volatility;
    Columns columns{place_.size(), 0};
    for (const SmileQuote& quote : problem.quotes) {
      const double half_spread =
          std::max(0.5 * (quote.total_volatility_ask - quote.total_volatility_bid), problem.half_spread_least);
      place_.push_back(quote.log_moneyness / s);
      mid_.push_back(quote.total_volatility_mid() / s);
      sharpness_.push_back(s / half_spread);
      tolerance_.push_back(
          std::min(tolerated_half_spreads, tolerated_half_spreads * problem.half_spread_least / half_spread));
    }
    for (; place_.size() % lanes != 0; sharpness_.push_back(0.0))
      place_.push_back(0.0), mid_.push_back(1.0), tolerance_.push_back(0.0);
    columns.end = place_.size();
    columns_.push_back(columns);
    if (i == 0) continue;
    const auto grid = stretched_grid<gap_points>(inverse_hyperbolic_sine(gap_reach * reach_of(problems[i - 1])));
    std::copy(grid.begin(), grid.end(), grids_.begin() + static_cast<std::ptrdiff_t>(i * gap_points));
  }
}

void SmileObjective::evaluate(std::span<const SmileShape> shapes, const FitStage& stage, NormalEquations& out) {
  GIMBAL_ASSERT(shapes.size() == problems_.size());
  out.clear();
  for (std::size_t i = 0; i < shapes.size(); ++i) curves_[i] = Curve{shapes[i]};
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    if (!problems_[i].held) {
      add_quotes(i, stage, out);
      add_prior(i, shapes[i], out);
      if (stage.butterfly_weight > 0.0) add_density(i, stage.butterfly_weight, out);
    }
    if (stage.calendar_weight > 0.0 && i > 0 && !(problems_[i].held && problems_[i - 1].held)) {
      add_calendar(i, stage.calendar_weight, out);
      add_wings(i, shapes, stage.calendar_weight, out);
    }
  }
}

void SmileObjective::add_quotes(std::size_t index, const FitStage& stage, NormalEquations& out) const {
  if (stage.loss == Loss::cauchy) {
    add_quotes<CauchyLoss>(index, stage.loss_scale, out);
  } else {
    add_quotes<GemanMcClureLoss>(index, stage.loss_scale, out);
  }
}

template <class LossSum>
void SmileObjective::add_quotes(std::size_t index, double loss_scale, NormalEquations& out) const {
  const Curve& curve = curves_[index];
  const Lanes zero{0.0};
  const Lanes inner{pull_within};
  std::array<Lanes, shape_parameters> gradient{};
  std::array<std::array<Lanes, shape_parameters>, shape_parameters> matrix{};
  gradient.fill(zero);
  for (auto& row : matrix) row.fill(zero);
  LossSum beyonds{loss_scale};
  LossSum within{loss_scale};
  for (std::size_t i = columns_[index].first; i < columns_[index].end; i += lanes) {
    const Lanes sharpness = numerics::load<Lanes>(&sharpness_[i]);
    const auto point = curve.differentiated(numerics::load<Lanes>(&place_[i]));
    const Lanes fitted = square_root(point.value);
    const Lanes residual = (fitted - numerics::load<Lanes>(&mid_[i])) * sharpness;
    const Lanes beyond = larger(absolute(residual) - numerics::load<Lanes>(&tolerance_[i]), zero);
    const Lanes weight = beyonds.add(beyond);
    const Lanes weight_within = inner * within.add(residual);
    const Lanes outward = choose(residual < zero, -beyond, beyond);
    const Lanes pull = weight_within * residual + weight * outward;
    const Lanes stiffness = weight_within + choose(zero < beyond, weight, zero);
    const Lanes chain = Lanes{0.5} * sharpness / fitted;
    std::array<Lanes, shape_parameters> by{};
    for (std::size_t j = 0; j < shape_parameters; ++j) by[j] = chain * point.by[j];
    for (std::size_t j = 0; j < shape_parameters; ++j) {
      gradient[j] = gradient[j] + pull * by[j];
      const Lanes scaled = stiffness * by[j];
      for (std::size_t l = 0; l <= j; ++l) matrix[j][l] = matrix[j][l] + scaled * by[l];
    }
  }
  BlockSums sums;
  sums.cost = beyonds.cost() + pull_within * within.cost();
  for (std::size_t j = 0; j < shape_parameters; ++j) {
    sums.gradient[j] = sum_of(gradient[j]);
    for (std::size_t l = 0; l <= j; ++l) sums.matrix[j][l] = sum_of(matrix[j][l]);
  }
  out.add(index, sums);
}

void SmileObjective::add_prior(std::size_t index, const SmileShape& shape, NormalEquations& out) const {
  const SmileProblem& problem = problems_[index];
  const ShapeVector x = vector_of(shape);
  const ShapeVector prior = vector_of(problem.prior);
  BlockSums sums;
  const auto add = [&sums](std::size_t parameter, double residual, double weight) {
    sums.cost += 0.5 * weight * residual * residual;
    sums.gradient[parameter] += weight * residual;
    sums.matrix[parameter][parameter] += weight;
  };
  for (std::size_t i = 0; i < shape_parameters; ++i)
    add(i, x[i] - prior[i], problem.prior_weight / (prior_scale[i] * prior_scale[i]));
  for (std::size_t wing = 0; wing < 2; ++wing)
    if (x[wing] < slope_soft) add(wing, x[wing] - slope_soft, slope_spring);
  if (shape.width_log > width_log_soft) add(3, shape.width_log - width_log_soft, width_spring);
  if (shape.width_log < width_log_sharp) add(3, shape.width_log - width_log_sharp, width_spring);
  out.add(index, sums);
}

void SmileObjective::add_density(std::size_t index, double weight, NormalEquations& out) const {
  // The grid follows the slice's own bend, where negative densities appear, and its wings for as far as they bend.
  static const std::array<double, density_points> grid = stretched_grid<density_points>(density_stretch);
  const Curve& curve = curves_[index];
  const SmileProblem& problem = problems_[index];
  const double variance = problem.total_volatility * problem.total_volatility;
  const auto density_at = [&](auto u) {
    using V = decltype(u);
    const V z = V{curve.centre()} + V{curve.sigma()} * u;
    return density_of(curve.point(z), z, variance);
  };
  const auto penalise = [&](double u, double density) {
    const double z = curve.centre() + curve.sigma() * u;
    const auto value = curve.differentiated(z);
    const auto point = curve.point(z);
    const Curve::Derivatives by = curve.derivatives(z);
    const double v = point.value;
    const double lean = 1.0 - 0.5 * z * point.slope / v;
    const double tail = 1.0 / v + 0.25 * variance;
    ShapeVector density_by{};
    for (std::size_t i = 0; i < shape_parameters; ++i) {
      density_by[i] = -lean * z * (by.slope[i] - point.slope * value.by[i] / v) / v -
                      0.5 * point.slope * tail * by.slope[i] +
                      0.25 * point.slope * point.slope * value.by[i] / (v * v) + 0.5 * by.curvature[i];
    }
    out.add(index * shape_parameters, density_by, density - problem.density_margin, weight);
  };
  std::array<double, density_points> values{};
  for (std::size_t i = 0; i < density_points; i += lanes)
    store(density_at(numerics::load<Lanes>(&grid[i])), &values[i]);
  penalise_below(grid, values, problem.density_margin, density_at, penalise);
}

void SmileObjective::add_calendar(std::size_t index, double weight, NormalEquations& out) const {
  const double s = problems_[index].total_volatility;
  const double s_before = problems_[index - 1].total_volatility;
  const double scale = (s_before * s_before) / (s * s);
  const double stretch = s_before / s;
  const double margin = problems_[index].gap_margin;
  const Curve& earlier = curves_[index - 1];
  const Curve& later = curves_[index];
  const auto gap_at = [&](auto z) {
    using V = decltype(z);
    return V{1.0} - V{scale} * earlier.value(z) / later.value(z * V{stretch});
  };
  // Both slices' parameters stand side by side in the equations, the earlier one's first.
  const auto penalise = [&](double z, double gap) {
    const auto before = earlier.differentiated(z);
    const auto after = later.differentiated(z * stretch);
    std::array<double, 2 * shape_parameters> by{};
    for (std::size_t i = 0; i < shape_parameters; ++i) {
      by[i] = -scale * before.by[i] / after.value;
      by[shape_parameters + i] = (1.0 - gap) * after.by[i] / after.value;
    }
    out.add((index - 1) * shape_parameters, by, gap - margin, weight);
  };
  const std::span<const double> grid{&grids_[index * gap_points], gap_points};
  std::array<double, gap_points> values{};
  for (std::size_t i = 0; i < gap_points; i += lanes) store(gap_at(numerics::load<Lanes>(&grid[i])), &values[i]);
  penalise_below(grid, values, margin, gap_at, penalise);
}

void SmileObjective::add_wings(std::size_t index, std::span<const SmileShape> shapes, double weight,
                               NormalEquations& out) const {
  // Beyond the grid the wings' slopes decide: left and right are each shape's first two parameters.
  const double stretch =
      problems_[index - 1].total_volatility / problems_[index].total_volatility * (1.0 + problems_[index].gap_margin);
  const std::array<double, 2> slopes{shapes[index].slope_left - shapes[index - 1].slope_left * stretch,
                                     shapes[index].slope_right - shapes[index - 1].slope_right * stretch};
  for (std::size_t wing = 0; wing < 2; ++wing) {
    if (slopes[wing] >= 0.0) continue;
    std::array<double, 2 * shape_parameters> by{};
    by[wing] = -stretch;
    by[shape_parameters + wing] = 1.0;
    out.add((index - 1) * shape_parameters, by, slopes[wing], weight);
  }
}

}  // namespace gimbal::surface::internal
