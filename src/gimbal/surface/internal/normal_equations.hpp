// Gauss-Newton equations of a least-squares problem whose parameters stand in blocks of five, one block a slice, each
// coupled to the next one only: cost, gradient, and the lower band of the matrix.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace gimbal::surface::internal {

inline constexpr std::size_t shape_parameters = 5;
using ShapeVector = std::array<double, shape_parameters>;  // In the order of SmileShape's members.

/// What the residuals of one block alone add up to.
struct BlockSums {
  double cost = 0.0;
  ShapeVector gradient{};
  std::array<ShapeVector, shape_parameters> matrix{};  ///< Only row >= column is read.
};

class NormalEquations {
 public:
  explicit NormalEquations(std::size_t blocks);

  void clear();
  void add(std::size_t block, const BlockSums& sums);
  /// Adds weight * residual^2 / 2, whose residual depends on by.size() parameters from `first` on: one block or two.
  void add(std::size_t first, std::span<const double> by, double residual, double weight);

  [[nodiscard]] double cost() const { return cost_; }
  [[nodiscard]] std::span<const double> gradient() const { return gradient_; }
  /// Solves (matrix + damping diagonal(matrix)) step = -gradient by Cholesky; false when it is not positive definite.
  [[nodiscard]] bool solve(double damping, std::span<double> step);

 private:
  static constexpr std::size_t width = 2 * shape_parameters;  // A row's entries: its diagonal and nine to the left.
  [[nodiscard]] static std::size_t at(std::size_t row, std::size_t column) { return row * width + (row - column); }

  double cost_ = 0.0;
  std::vector<double> gradient_;
  std::vector<double> band_;
  std::vector<double> factor_;  // Of the last solve; kept for its memory.
};

}  // namespace gimbal::surface::internal
