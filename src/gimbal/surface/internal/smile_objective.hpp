// What the shapes of an underlying's expiries are judged by, as one sum of squares with exact derivatives: quotes under
// a robust loss, priors, and penalties for negative density and for neighbours that cross. Minimising it is
// svi_fit.cpp's.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "gimbal/surface/svi_fit.hpp"

namespace gimbal::surface::internal {

inline constexpr std::size_t shape_parameters = 5;
using ShapeVector = std::array<double, shape_parameters>;  // In the order of SmileShape's members.

[[nodiscard]] ShapeVector vector_of(const SmileShape& shape);
/// The shape nearest to `x` within the bounds of a slice at this total volatility.
[[nodiscard]] SmileShape bounded_shape(const ShapeVector& x, double total_volatility);

/// Least squares with parameters in blocks of five, each coupled to the next block only: cost, gradient, and the lower
/// band of the Gauss-Newton matrix.
class NormalEquations {
 public:
  explicit NormalEquations(std::size_t blocks);

  /// Adds weight * residual^2 / 2, whose residual depends on by.size() parameters from `first` on: one block or two.
  void add(std::size_t first, std::span<const double> by, double residual, double weight);
  /// The same for a residual whose loss is not quadratic: `cost` as given, the rest as for `weight`.
  void add_robust(std::size_t first, std::span<const double> by, double residual, double weight, double cost);

  [[nodiscard]] double cost() const { return cost_; }
  [[nodiscard]] std::span<const double> gradient() const { return gradient_; }
  /// Solves (matrix + damping diagonal(matrix)) step = -gradient by Cholesky; false when it is not positive definite.
  [[nodiscard]] bool solve(double damping, std::span<double> step) const;

 private:
  static constexpr std::size_t width = 2 * shape_parameters;  // A row's entries: its diagonal and nine to the left.
  [[nodiscard]] static std::size_t at(std::size_t row, std::size_t column) { return row * width + (row - column); }

  double cost_ = 0.0;
  std::vector<double> gradient_;
  std::vector<double> band_;
};

/// One shape as a curve v(z), with what its evaluations share.
class Curve {
 public:
  explicit Curve(const SmileShape& shape);

  /// v, v' and v'' at z.
  struct Point {
    double value, slope, curvature;
  };
  /// Their derivatives by the shape's parameters.
  struct Derivatives {
    ShapeVector value, slope, curvature;
  };
  [[nodiscard]] double value(double z) const;
  [[nodiscard]] Point point(double z) const;
  [[nodiscard]] Derivatives derivatives(double z) const;

  [[nodiscard]] double sigma() const { return sigma_; }
  [[nodiscard]] double centre() const { return centre_; }

 private:
  double left_, right_, centre_, sigma_, least_;
  double mean_;  // sqrt(left * right) = b sqrt(1 - rho^2)
};

class SmileObjective {
 public:
  SmileObjective(std::span<const SmileProblem> problems, const FitStage& stage);
  [[nodiscard]] NormalEquations at(std::span<const SmileShape> shapes) const;

 private:
  void add_quotes(std::size_t index, const Curve& curve, NormalEquations& out) const;
  void add_prior(std::size_t index, const SmileShape& shape, NormalEquations& out) const;
  void add_density(std::size_t index, const Curve& curve, NormalEquations& out) const;
  void add_calendar(std::size_t index, std::span<const SmileShape> shapes, std::span<const Curve> curves,
                    NormalEquations& out) const;

  std::span<const SmileProblem> problems_;
  const FitStage& stage_;
};

}  // namespace gimbal::surface::internal
