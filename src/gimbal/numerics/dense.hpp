// Small dense algebra whose every element is accumulated in one stated order, whatever the blocking: the results equal
// those of the plain textbook loops to the last bit, on any machine and compiler, and run near the speed of the vector
// units. Matrices are stored in tiles of four rows or columns, so that the inner loops stream. Sizes of up to a few
// thousand.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "gimbal/foundation/matrix_view.hpp"

namespace gimbal::numerics {

/// A dense matrix whose columns stand in groups of four: the right factor of a Gram matrix.
class TiledColumns {
 public:
  TiledColumns() = default;
  TiledColumns(std::size_t rows, std::size_t columns);

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::size_t tile_count() const { return (columns_ + 3) / 4; }
  [[nodiscard]] double& operator()(std::size_t row, std::size_t column) { return elements_[place(row, column)]; }
  [[nodiscard]] double operator()(std::size_t row, std::size_t column) const { return elements_[place(row, column)]; }
  /// Four columns: element (row, 4 tile + c) stands at 4 row + c; columns past the last are zero.
  [[nodiscard]] double* tile(std::size_t index) { return elements_.data() + index * 4 * rows_; }
  [[nodiscard]] const double* tile(std::size_t index) const { return elements_.data() + index * 4 * rows_; }

 private:
  [[nodiscard]] std::size_t place(std::size_t row, std::size_t column) const {
    return column / 4 * 4 * rows_ + 4 * row + column % 4;
  }
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::vector<double> elements_;
};

/// A symmetric matrix of which the lower triangle is stored, its rows in groups of four; also holds the factor of one.
class TiledSymmetric {
 public:
  TiledSymmetric() = default;
  explicit TiledSymmetric(std::size_t size);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t tile_count() const { return (size_ + 3) / 4; }
  /// Only row >= column may be read or written.
  [[nodiscard]] double& operator()(std::size_t row, std::size_t column) { return elements_[place(row, column)]; }
  [[nodiscard]] double operator()(std::size_t row, std::size_t column) const { return elements_[place(row, column)]; }
  /// Four rows up to their diagonal: element (4 index + r, column) stands at 4 column + r.
  [[nodiscard]] double* tile(std::size_t index) { return elements_.data() + 8 * index * (index + 1); }
  [[nodiscard]] const double* tile(std::size_t index) const { return elements_.data() + 8 * index * (index + 1); }
  void set_zero();
  /// Copies the elements of a matrix of the same size.
  void assign(const TiledSymmetric& other);

 private:
  [[nodiscard]] static std::size_t place(std::size_t row, std::size_t column) {
    const std::size_t tile = row / 4;
    return 8 * tile * (tile + 1) + 4 * column + row % 4;
  }
  std::size_t size_ = 0;
  std::vector<double> elements_;
};

/// sum += matrix' diag(weights) matrix, the lower triangle.
///
/// Order     element (i, j) takes fma(matrix(k, i), weights[k] * matrix(k, j), .) for k = 0, 1, ... in turn.
/// Shapes    weights has one entry per row of matrix; sum.size() = matrix.columns(); `scratch` has the shape of
///           `matrix` and is overwritten.
/// Cost      no allocation.
void add_weighted_gram(const TiledColumns& matrix, std::span<const double> weights, TiledColumns& scratch,
                       TiledSymmetric& sum);

/// result += factor matrix' x: each element takes fma(matrix(k, i), factor * x[k], .) for k = 0, 1, ... in turn.
/// Shapes    x.size() = matrix.rows(), result.size() = matrix.columns().
void add_transposed_product(const TiledColumns& matrix, std::span<const double> x, double factor,
                            std::span<double> result);

/// What to do with a pivot that is too small or of the wrong sign: with magnitude below `floor`, or against its
/// expected sign, it is replaced by `replacement` with the expected sign. A floor of zero repairs only what cannot be
/// divided by.
struct PivotRule {
  double floor = 0.0;
  double replacement = 1.0;
};

/// Factorises a quasi-definite matrix in place: matrix = L S L' with L lower triangular and S diagonal, +1 for the
/// first `positive_count` rows and -1 for the rest. With positive_count = size this is Cholesky's factorisation.
///
/// Order     element (i, j) takes fma(-S(k) L(i, k), L(j, k), .) for k = 0 ... j - 1 in turn, then one multiplication
///           by the signed reciprocal of the pivot's root.
/// Returns   the number of pivots that the rule replaced.
/// Cost      no allocation.
/// Source    R. Vanderbei, "Symmetric quasidefinite matrices", SIAM J. Optimization 5 (1995) 100-113: any order of
///           pivots is possible when the leading block is positive definite and the trailing one negative definite.
[[nodiscard]] std::size_t factorise(TiledSymmetric& matrix, std::size_t positive_count, const PivotRule& rule);

/// Solves L S L' x = b in place, `factor` and `positive_count` as in factorise(). No allocation.
void solve_factorised(const TiledSymmetric& factor, std::size_t positive_count, std::span<double> x);

/// Least squares: the x that minimises |matrix x - right|, by Householder reflections with column pivoting.
///
/// Shapes    matrix is m x n with m >= n, right has length m; both are overwritten; x has length n.
/// Returns   the numerical rank; columns beyond it, smaller than `rank_tolerance` times the largest, get x = 0.
/// Source    G. Golub and C. Van Loan, "Matrix Computations", 4th ed. (2013), algorithm 5.4.1.
[[nodiscard]] std::size_t solve_least_squares(MatrixView matrix, std::span<double> right, std::span<double> x,
                                              double rank_tolerance = 1e-12);

}  // namespace gimbal::numerics
