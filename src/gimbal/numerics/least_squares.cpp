// Householder reflections with column pivoting, for the small fits that have more equations than unknowns.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/numerics/dense.hpp"

namespace gimbal::numerics {
namespace {

/// Sum of squares of one column from a row downwards, in order of rows.
double column_norm_squared(MatrixView matrix, std::size_t column, std::size_t first_row) {
  double total = 0.0;
  for (std::size_t row = first_row; row < matrix.rows; ++row)
    total = std::fma(matrix(row, column), matrix(row, column), total);
  return total;
}

std::size_t largest_column(MatrixView matrix, std::size_t step) {
  std::size_t best = step;
  double largest = -1.0;
  for (std::size_t column = step; column < matrix.columns; ++column) {
    const double norm = column_norm_squared(matrix, column, step);
    if (norm > largest) {
      largest = norm;
      best = column;
    }
  }
  return best;
}

/// Reflects rows step ... of all later columns and of the right side so that column `step` becomes upper triangular.
void reflect(MatrixView matrix, std::span<double> right, std::size_t step, double norm) {
  const double alpha = matrix(step, step) > 0.0 ? -norm : norm;
  const double head = matrix(step, step) - alpha;
  // With v = (head, rest of the column) the reflection is I + v v' / (alpha head), since v'v = -2 alpha head.
  const double inverse = 1.0 / (alpha * head);
  const auto apply = [&](auto element) {
    double product = head * element(step);
    for (std::size_t row = step + 1; row < matrix.rows; ++row)
      product = std::fma(matrix(row, step), element(row), product);
    const double factor = product * inverse;
    element(step) = std::fma(factor, head, element(step));
    for (std::size_t row = step + 1; row < matrix.rows; ++row)
      element(row) = std::fma(factor, matrix(row, step), element(row));
  };
  for (std::size_t column = step + 1; column < matrix.columns; ++column)
    apply([&](std::size_t row) -> double& { return matrix(row, column); });
  apply([&](std::size_t row) -> double& { return right[row]; });
  matrix(step, step) = alpha;
}

}  // namespace

std::size_t solve_least_squares(MatrixView matrix, std::span<double> right, std::span<double> x,
                                double rank_tolerance) {
  GIMBAL_ASSERT(matrix.rows >= matrix.columns);
  GIMBAL_ASSERT(right.size() == matrix.rows && x.size() == matrix.columns);
  std::vector<std::size_t> order(matrix.columns);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::size_t rank = 0;
  double largest = 0.0;
  for (; rank < matrix.columns; ++rank) {
    const std::size_t pivot = largest_column(matrix, rank);
    const double norm = std::sqrt(column_norm_squared(matrix, pivot, rank));
    if (rank == 0) largest = norm;
    if (!(norm > rank_tolerance * largest)) break;
    if (pivot != rank) {
      std::swap(order[pivot], order[rank]);
      for (std::size_t row = 0; row < matrix.rows; ++row) std::swap(matrix(row, pivot), matrix(row, rank));
    }
    reflect(matrix, right, rank, norm);
  }
  std::fill(x.begin(), x.end(), 0.0);
  for (std::size_t step = rank; step-- > 0;) {
    double rest = right[step];
    for (std::size_t later = step + 1; later < rank; ++later)
      rest = std::fma(-matrix(step, later), x[order[later]], rest);
    x[order[step]] = rest / matrix(step, step);
  }
  return rank;
}

}  // namespace gimbal::numerics
