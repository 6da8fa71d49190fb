// One shape as a curve v(z) with its derivatives, on one double or on lanes of them, with what its evaluations share.
#pragma once

#include <array>

#include "gimbal/numerics/lanes.hpp"
#include "gimbal/numerics/special.hpp"
#include "gimbal/surface/internal/normal_equations.hpp"
#include "gimbal/surface/svi_fit.hpp"

namespace gimbal::surface::internal {

using numerics::larger;  // Those of lanes are found by their argument.
using numerics::square_root;

class Curve {
 public:
  /// v, v' and v'' at z.
  template <class V>
  struct Point {
    V value, slope, curvature;
  };

  Curve() = default;
  explicit Curve(const SmileShape& shape)
      : left_{shape.slope_left},
        right_{shape.slope_right},
        centre_{shape.centre},
        sigma_{numerics::exp(shape.width_log)},
        least_{numerics::exp(shape.variance_least_log)},
        mean_{std::sqrt(left_ * right_)},
        ratio_{std::sqrt(right_ / left_)} {}

  template <class V>
  [[nodiscard]] V value(V z) const {
    const V y = z - V{centre_};
    const V root = square_root(y * y + V{sigma_ * sigma_});
    return value_at(y, root);
  }

  template <class V>
  [[nodiscard]] Point<V> point(V z) const {
    const V y = z - V{centre_};
    const V square{sigma_ * sigma_};
    const V root = square_root(y * y + square);
    const V b{0.5 * (left_ + right_)};
    const V over_root = V{1.0} / root;
    return {value_at(y, root), V{0.5 * (right_ - left_)} + b * y * over_root,
            b * square * over_root * over_root * over_root};
  }

  /// v with its derivatives by the shape's parameters.
  template <class V>
  struct Value {
    V value;
    std::array<V, shape_parameters> by;
  };
  template <class V>
  [[nodiscard]] Value<V> differentiated(V z) const {
    const V y = z - V{centre_};
    const V root = square_root(y * y + V{sigma_ * sigma_});
    const V b{0.5 * (left_ + right_)};
    const V slope = V{0.5 * (right_ - left_)} + b * y / root;
    return {value_at(y, root),
            {V{0.5} * (root - y - V{sigma_ * ratio_}), V{0.5} * (root + y - V{sigma_ / ratio_}), -slope,
             V{sigma_} * (b * V{sigma_} / root - V{mean_}), V{least_}}};
  }

  /// The derivatives of v' and v'' by the parameters.
  struct Derivatives {
    ShapeVector slope, curvature;
  };
  [[nodiscard]] Derivatives derivatives(double z) const {
    const double y = z - centre_;
    const double square = sigma_ * sigma_;
    const double root = std::sqrt(y * y + square);
    const double lean = y / root;                       // d(root)/dy
    const double bend = square / (root * root * root);  // d2(root)/dy2
    const double b = 0.5 * (left_ + right_);
    return {
        {0.5 * (lean - 1.0), 0.5 * (lean + 1.0), -b * bend, -b * y * bend, 0.0},
        {0.5 * bend, 0.5 * bend, 3.0 * b * bend * lean / root, b * bend * (2.0 - 3.0 * square / (root * root)), 0.0}};
  }

  [[nodiscard]] double sigma() const { return sigma_; }
  [[nodiscard]] double centre() const { return centre_; }

 private:
  // v is positive at every shape; this only keeps rounding from dividing by zero.
  static constexpr double variance_floor = 1e-12;

  template <class V>
  [[nodiscard]] V value_at(V y, V root) const {
    const V v = V{least_ - mean_ * sigma_} + V{0.5} * (V{right_ - left_} * y + V{left_ + right_} * root);
    return larger(v, V{variance_floor});
  }
  double left_ = 0.5, right_ = 0.5, centre_ = 0.0, sigma_ = 1.0, least_ = 1.0;
  double mean_ = 0.5;   // sqrt(left * right) = b sqrt(1 - rho^2)
  double ratio_ = 1.0;  // sqrt(right / left)
};

}  // namespace gimbal::surface::internal
