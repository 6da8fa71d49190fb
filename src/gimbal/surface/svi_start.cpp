// Three-by-three normal equations for each place and width, twice: the second time with less weight on what is far off.
#include "gimbal/surface/svi_start.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "gimbal/numerics/special.hpp"

namespace gimbal::surface {
namespace {

// In units of the total volatility at the money. Smiles of every market looked at lie within.
constexpr std::array<double, 5> centres{-1.0, -0.4, 0.0, 0.4, 1.0};
constexpr std::array<double, 4> widths{0.4, 0.9, 1.8, 3.5};
// Residuals, in half-spreads, from which a quote is doubted.
constexpr double loss_scale = 5.0;
// Least of slopes and of the least variance that a start may have.
constexpr double slope_least = 0.02;
constexpr double variance_least = 0.02;

/// A quote in normalised coordinates.
struct Point {
  double z;
  double v;
  double weight;  ///< Inverse half-spread of v.
};

/// v = level + lean y + bend sqrt(y^2 + 1),  y = (z - m)/sigma.
struct Linear {
  double level = 0.0;
  double lean = 0.0;
  double bend = 0.0;
};

/// Solves a symmetric system of three by Cholesky; nothing when it is not positive definite.
std::optional<std::array<double, 3>> solved(const std::array<double, 6>& a, const std::array<double, 3>& b) {
  // Lower triangle, row by row: 00, 10, 11, 20, 21, 22.
  const double l00 = std::sqrt(a[0]);
  const double l10 = a[1] / l00;
  const double l20 = a[3] / l00;
  const double rest11 = a[2] - l10 * l10;
  if (!(rest11 > 1e-12 * a[2])) return std::nullopt;
  const double l11 = std::sqrt(rest11);
  const double l21 = (a[4] - l20 * l10) / l11;
  const double rest22 = a[5] - l20 * l20 - l21 * l21;
  if (!(rest22 > 1e-12 * a[5])) return std::nullopt;
  const double l22 = std::sqrt(rest22);
  const double y0 = b[0] / l00;
  const double y1 = (b[1] - l10 * y0) / l11;
  const double y2 = (b[2] - l20 * y0 - l21 * y1) / l22;
  const double x2 = y2 / l22;
  const double x1 = (y1 - l21 * x2) / l11;
  return std::array<double, 3>{(y0 - l10 * x1 - l20 * x2) / l00, x1, x2};
}

/// One place and width tried.
struct Trial {
  std::span<const Point> points;
  double centre;
  double width;

  [[nodiscard]] double residual(const Linear& line, const Point& point) const {
    const double y = (point.z - centre) / width;
    return (line.level + line.lean * y + line.bend * std::sqrt(y * y + 1.0) - point.v) * point.weight;
  }

  /// Least squares, each quote doubted by how far it is from `before`, where there is one.
  [[nodiscard]] std::optional<Linear> fit(const std::optional<Linear>& before) const {
    std::array<double, 6> a{};
    std::array<double, 3> b{};
    for (const Point& point : points) {
      const double y = (point.z - centre) / width;
      const double root = std::sqrt(y * y + 1.0);
      double weight = point.weight * point.weight;
      if (before) {
        const double ratio = residual(*before, point) / loss_scale;
        weight /= 1.0 + ratio * ratio;
      }
      a[0] += weight, a[1] += weight * y, a[2] += weight * y * y;
      a[3] += weight * root, a[4] += weight * root * y, a[5] += weight * root * root;
      b[0] += weight * point.v, b[1] += weight * point.v * y, b[2] += weight * point.v * root;
    }
    const auto x = solved(a, b);
    if (!x) return std::nullopt;
    return Linear{(*x)[0], (*x)[1], (*x)[2]};
  }

  [[nodiscard]] double cost(const Linear& line) const {
    double sum = 0.0;
    for (const Point& point : points) {
      const double square = residual(line, point) * residual(line, point);
      sum += square / (1.0 + square / (loss_scale * loss_scale));
    }
    return sum;
  }

  /// The shape, or nothing where the line bends the wrong way, leans more than it bends, or dips below zero.
  [[nodiscard]] std::optional<SmileShape> shape(const Linear& line) const {
    const double left = (line.bend - line.lean) / width;
    const double right = (line.bend + line.lean) / width;
    if (!(left > slope_least && right > slope_least)) return std::nullopt;
    const double least = line.level + width * std::sqrt(left * right);
    if (!(least > variance_least)) return std::nullopt;
    return SmileShape{left, right, centre, numerics::log(width), numerics::log(least)};
  }
};

}  // namespace

SmileShape shape_start(const SmileProblem& problem) {
  const double s = problem.total_volatility;
  std::vector<Point> points;
  points.reserve(problem.quotes.size());
  for (const SmileQuote& quote : problem.quotes) {
    const double mid = quote.total_volatility_mid();
    const double half_spread =
        std::max(0.5 * (quote.total_volatility_ask - quote.total_volatility_bid), problem.half_spread_least);
    points.push_back({quote.log_moneyness / s, mid * mid / (s * s), s * s / (2.0 * mid * half_spread)});
  }
  SmileShape best = problem.prior;
  std::optional<double> best_cost;
  for (const double width : widths) {
    for (const double centre : centres) {
      const Trial trial{points, centre, width};
      const std::optional<Linear> first = trial.fit(std::nullopt);
      const std::optional<Linear> line = first ? trial.fit(first) : std::nullopt;
      const std::optional<SmileShape> shape = line ? trial.shape(*line) : std::nullopt;
      if (!shape) continue;
      const double cost = trial.cost(*line);
      if (best_cost && !(cost < *best_cost)) continue;
      best_cost = cost;
      best = *shape;
    }
  }
  return best;
}

}  // namespace gimbal::surface
