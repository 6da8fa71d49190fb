// Windows on row-major matrices: what is written through one is read through the other.
#include "gimbal/foundation/matrix_view.hpp"

#include <gtest/gtest.h>

#include <array>

namespace gimbal {
namespace {

TEST(Matrix, StartsAtZeroAndStoresByRow) {
  Matrix matrix{2, 3};
  EXPECT_EQ(matrix(1, 2), 0.0);
  matrix(1, 2) = 5.0;
  EXPECT_EQ(matrix.row(1)[2], 5.0);
  EXPECT_EQ(&matrix(1, 0) - &matrix(0, 0), 3);
  const Matrix& fixed = matrix;
  EXPECT_EQ(fixed.view()(1, 2), 5.0);
  EXPECT_EQ(fixed.row(1).size(), 3U);
}

TEST(MatrixView, SkipsWhatLiesBetweenItsRows) {
  std::array<double, 8> data{0, 1, 2, -1, 4, 5, 6, -1};
  const MatrixView view{data.data(), 2, 3, 4};
  EXPECT_EQ(view(1, 0), 4.0);
  EXPECT_EQ(view.row(1)[2], 6.0);
  view(0, 1) = 9.0;
  EXPECT_EQ(data[1], 9.0);
}

TEST(Matrix, MayBeEmpty) {
  const Matrix matrix;
  EXPECT_EQ(matrix.rows(), 0U);
  EXPECT_EQ(matrix.columns(), 0U);
}

}  // namespace
}  // namespace gimbal
