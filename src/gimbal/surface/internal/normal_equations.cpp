// Sums, and a Cholesky factorisation within the band.
#include "gimbal/surface/internal/normal_equations.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/foundation/assert.hpp"

namespace gimbal::surface::internal {

NormalEquations::NormalEquations(std::size_t blocks)
    : gradient_(blocks * shape_parameters, 0.0), band_(blocks * shape_parameters * width, 0.0), factor_(band_) {}

void NormalEquations::clear() {
  cost_ = 0.0;
  std::fill(gradient_.begin(), gradient_.end(), 0.0);
  std::fill(band_.begin(), band_.end(), 0.0);
}

void NormalEquations::add(std::size_t block, const BlockSums& sums) {
  const std::size_t first = block * shape_parameters;
  GIMBAL_ASSERT(first + shape_parameters <= gradient_.size());
  cost_ += sums.cost;
  for (std::size_t i = 0; i < shape_parameters; ++i) {
    gradient_[first + i] += sums.gradient[i];
    for (std::size_t j = 0; j <= i; ++j) band_[at(first + i, first + j)] += sums.matrix[i][j];
  }
}

void NormalEquations::add(std::size_t first, std::span<const double> by, double residual, double weight) {
  GIMBAL_ASSERT(first + by.size() <= gradient_.size());
  cost_ += 0.5 * weight * residual * residual;
  for (std::size_t i = 0; i < by.size(); ++i) {
    const double scaled = weight * by[i];
    gradient_[first + i] += scaled * residual;
    for (std::size_t j = 0; j <= i; ++j) band_[at(first + i, first + j)] += scaled * by[j];
  }
}

bool NormalEquations::solve(double damping, std::span<double> step) {
  const std::size_t count = gradient_.size();
  GIMBAL_ASSERT(step.size() == count);
  // Rows before the one above a row's own block are not coupled to it.
  const auto first_of = [](std::size_t row) {
    const std::size_t block = row / shape_parameters;
    return block == 0 ? std::size_t{0} : (block - 1) * shape_parameters;
  };
  std::copy(band_.begin(), band_.end(), factor_.begin());
  for (std::size_t row = 0; row < count; ++row) {
    // The floor keeps a parameter that nothing depends on where it is.
    factor_[at(row, row)] += damping * (factor_[at(row, row)] + 1e-6);
    for (std::size_t column = first_of(row); column <= row; ++column) {
      double sum = factor_[at(row, column)];
      for (std::size_t k = std::max(first_of(row), first_of(column)); k < column; ++k)
        sum -= factor_[at(row, k)] * factor_[at(column, k)];
      if (column < row) {
        factor_[at(row, column)] = sum / factor_[at(column, column)];
      } else {
        if (!(sum > 0.0)) return false;
        factor_[at(row, row)] = std::sqrt(sum);
      }
    }
  }
  for (std::size_t row = 0; row < count; ++row) {
    double sum = -gradient_[row];
    for (std::size_t k = first_of(row); k < row; ++k) sum -= factor_[at(row, k)] * step[k];
    step[row] = sum / factor_[at(row, row)];
  }
  for (std::size_t row = count; row-- > 0;) {
    double sum = step[row];
    for (std::size_t k = row + 1; k < count && first_of(k) <= row; ++k) sum -= factor_[at(k, row)] * step[k];
    step[row] = sum / factor_[at(row, row)];
  }
  return true;
}

}  // namespace gimbal::surface::internal
