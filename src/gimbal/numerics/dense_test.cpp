// Claims about the dense kernels: the bits of the textbook loops, solutions that satisfy their equations, and a hash of
// all results so that builds by different compilers can be compared by hand.
#include "gimbal/numerics/dense.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "gimbal/foundation/random.hpp"
#include "gimbal/foundation/sha256.hpp"
#include "gimbal/numerics/normal_draw.hpp"

namespace gimbal::numerics {
namespace {

Matrix random_matrix(SeededRandom& random, std::size_t rows, std::size_t columns) {
  Matrix matrix{rows, columns};
  for (std::size_t i = 0; i < rows; ++i)
    for (double& value : matrix.row(i)) value = normal_draw(random);
  return matrix;
}

TiledColumns tiled(const Matrix& matrix) {
  TiledColumns tiles{matrix.rows(), matrix.columns()};
  for (std::size_t i = 0; i < matrix.rows(); ++i)
    for (std::size_t j = 0; j < matrix.columns(); ++j) tiles(i, j) = matrix(i, j);
  return tiles;
}

/// A quasi-definite matrix: positive definite leading block, negative definite trailing block, anything between.
TiledSymmetric random_quasidefinite(SeededRandom& random, std::size_t size, std::size_t positive_count) {
  const Matrix root = random_matrix(random, size, size);
  TiledSymmetric matrix{size};
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      const bool mixed = i >= positive_count && j < positive_count;
      double value = 0.0;
      for (std::size_t k = 0; k < size; ++k) value += root(i, k) * root(j, k) / static_cast<double>(size);
      if (i == j) value += 0.1;
      matrix(i, j) = mixed ? root(i, j) : (i >= positive_count ? -value : value);
    }
  return matrix;
}

/// The textbook left-looking loops, with the operations that factorise() promises.
Matrix textbook_factor(const TiledSymmetric& matrix, std::size_t positive_count) {
  Matrix factor{matrix.size(), matrix.size()};
  for (std::size_t j = 0; j < matrix.size(); ++j) {
    const double sign = j < positive_count ? 1.0 : -1.0;
    for (std::size_t i = j; i < matrix.size(); ++i) {
      double value = matrix(i, j);
      for (std::size_t k = 0; k < j; ++k)
        value = std::fma(k < positive_count ? -factor(i, k) : factor(i, k), factor(j, k), value);
      factor(i, j) = value;
    }
    const double root = std::sqrt(sign * factor(j, j));
    factor(j, j) = root;
    for (std::size_t i = j + 1; i < matrix.size(); ++i) factor(i, j) *= sign / root;
  }
  return factor;
}

TEST(Dense, WeightedGramHasTheBitsOfTheTextbookLoop) {
  SeededRandom random{11};
  for (const std::size_t columns : {1UL, 3UL, 4UL, 5UL, 11UL, 12UL, 13UL, 50UL, 63UL}) {
    const std::size_t rows = 3 * columns + 170;
    const Matrix a = random_matrix(random, rows, columns);
    std::vector<double> weights(rows);
    for (double& weight : weights) weight = random.uniform();
    TiledSymmetric sum{columns};
    for (std::size_t i = 0; i < columns; ++i)
      for (std::size_t j = 0; j <= i; ++j) sum(i, j) = static_cast<double>(i + j);
    TiledColumns scratch{rows, columns};
    add_weighted_gram(tiled(a), weights, scratch, sum);
    for (std::size_t i = 0; i < columns; ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        double expected = static_cast<double>(i + j);
        for (std::size_t k = 0; k < rows; ++k) expected = std::fma(a(k, i), weights[k] * a(k, j), expected);
        EXPECT_EQ(sum(i, j), expected) << columns << ": " << i << ", " << j;
      }
  }
}

TEST(Dense, FactorHasTheBitsOfTheTextbookLoop) {
  SeededRandom random{12};
  for (const std::size_t size : {1UL, 2UL, 3UL, 4UL, 5UL, 8UL, 12UL, 13UL, 47UL, 48UL, 49UL, 63UL, 130UL, 259UL}) {
    for (const std::size_t positive_count : {size, size / 2, std::size_t{0}}) {
      TiledSymmetric matrix = random_quasidefinite(random, size, positive_count);
      const Matrix expected = textbook_factor(matrix, positive_count);
      EXPECT_EQ(factorise(matrix, positive_count, {}), 0U);
      for (std::size_t i = 0; i < size; ++i)
        for (std::size_t j = 0; j <= i; ++j) ASSERT_EQ(matrix(i, j), expected(i, j)) << size << ": " << i << ", " << j;
    }
  }
}

TEST(Dense, SolutionSatisfiesTheQuasidefiniteSystem) {
  SeededRandom random{13};
  for (const std::size_t size : {1UL, 5UL, 24UL, 61UL, 100UL}) {
    const std::size_t positive_count = size * 2 / 3;
    const TiledSymmetric matrix = random_quasidefinite(random, size, positive_count);
    TiledSymmetric factor = matrix;
    ASSERT_EQ(factorise(factor, positive_count, {}), 0U);
    std::vector<double> truth(size), x(size, 0.0);
    for (double& value : truth) value = normal_draw(random);
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t j = 0; j < size; ++j) x[i] += (i >= j ? matrix(i, j) : matrix(j, i)) * truth[j];
    solve_factorised(factor, positive_count, x);
    for (std::size_t i = 0; i < size; ++i) EXPECT_NEAR(x[i], truth[i], 1e-10);
  }
}

TEST(Dense, PivotsAgainstTheirSignAreReplacedAndCounted) {
  TiledSymmetric matrix{3};
  matrix(0, 0) = 4.0;
  matrix(1, 1) = -1.0;
  matrix(2, 2) = 0.0;
  EXPECT_EQ(factorise(matrix, 2, {.floor = 1e-12, .replacement = 0.25}), 2U);
  EXPECT_EQ(matrix(1, 1), 0.5);
  std::vector<double> x{4.0, 1.0, 1.0};
  solve_factorised(matrix, 2, x);
  EXPECT_EQ(x, (std::vector<double>{1.0, 4.0, -4.0}));
}

TEST(Dense, TransposedProductHasTheBitsOfTheTextbookLoop) {
  SeededRandom random{14};
  const Matrix a = random_matrix(random, 37, 14);
  std::vector<double> x(37), result(14, 1.0);
  for (double& value : x) value = normal_draw(random);
  add_transposed_product(tiled(a), x, -1.0, result);
  for (std::size_t j = 0; j < 14; ++j) {
    double expected = 1.0;
    for (std::size_t k = 0; k < 37; ++k) expected = std::fma(a(k, j), -x[k], expected);
    EXPECT_EQ(result[j], expected);
  }
}

TEST(LeastSquares, ResidualIsOrthogonalToTheColumns) {
  SeededRandom random{15};
  for (int round = 0; round < 100; ++round) {
    const std::size_t columns = 1 + random.below(8);
    const std::size_t rows = columns + random.below(20);
    const Matrix a = random_matrix(random, rows, columns);
    std::vector<double> b(rows), x(columns);
    for (double& value : b) value = normal_draw(random);
    Matrix work = a;
    std::vector<double> right = b;
    ASSERT_EQ(solve_least_squares(work.view(), right, x), columns);
    std::vector<double> rest = b;
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) rest[i] -= a(i, j) * x[j];
    for (std::size_t j = 0; j < columns; ++j) {
      double product = 0.0;
      for (std::size_t i = 0; i < rows; ++i) product += a(i, j) * rest[i];
      EXPECT_NEAR(product, 0.0, 1e-9);
    }
  }
}

TEST(LeastSquares, FindsTheRankAndLeavesDependentColumnsAtZero) {
  Matrix a{4, 3};
  for (std::size_t i = 0; i < 4; ++i) {
    a(i, 0) = 1.0;
    a(i, 1) = static_cast<double>(i);
    a(i, 2) = 2.0 * static_cast<double>(i) + 1.0;
  }
  std::vector<double> b{1.0, 3.0, 5.0, 7.0}, x(3);
  EXPECT_EQ(solve_least_squares(a.view(), b, x), 2U);
  EXPECT_NEAR(x[0] + x[2], 1.0, 1e-12);
  EXPECT_NEAR(x[1] + 2.0 * x[2], 2.0, 1e-12);
}

TEST(Dense, ResultsHashAlikeUnderEveryCompiler) {
  SeededRandom random{16};
  const std::size_t size = 203;
  TiledColumns a{350, size};
  for (std::size_t i = 0; i < 350; ++i)
    for (std::size_t j = 0; j < size; ++j) a(i, j) = random.uniform() - 0.5;
  std::vector<double> weights(350), x(size);
  for (double& weight : weights) weight = random.uniform();
  for (double& value : x) value = random.uniform();
  TiledColumns scratch{350, size};
  TiledSymmetric matrix{size};
  for (std::size_t i = 0; i < size; ++i) matrix(i, i) = i < 150 ? 0.5 : -50.0;
  add_weighted_gram(a, weights, scratch, matrix);
  for (std::size_t i = 150; i < size; ++i) matrix(i, i) -= 50.0;
  ASSERT_EQ(factorise(matrix, 150, {}), 0U);
  solve_factorised(matrix, 150, x);
  std::vector<std::uint8_t> bytes(x.size() * sizeof(double));
  std::memcpy(bytes.data(), x.data(), bytes.size());
  EXPECT_EQ(to_hex(sha256(bytes)), "9d4e60e481b8c1ec85e1264aa9e7312ebe102efdffca5cda5bc7a151ac393a76");
}

}  // namespace
}  // namespace gimbal::numerics
