// A window on a row-major matrix of doubles that somebody else owns.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "gimbal/foundation/assert.hpp"

namespace gimbal {

template <class T>
struct BasicMatrixView {
  T* data = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t stride = 0;  ///< Elements from one row's start to the next; at least `columns`.

  [[nodiscard]] T& operator()(std::size_t row, std::size_t column) const { return data[row * stride + column]; }
  [[nodiscard]] std::span<T> row(std::size_t index) const { return {data + index * stride, columns}; }
};

using MatrixView = BasicMatrixView<double>;
using ConstMatrixView = BasicMatrixView<const double>;

/// A row-major matrix that owns its elements.
class Matrix {
 public:
  Matrix() = default;
  Matrix(std::size_t rows, std::size_t columns) : rows_{rows}, columns_{columns}, elements_(rows * columns, 0.0) {}

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] double& operator()(std::size_t row, std::size_t column) { return elements_[row * columns_ + column]; }
  [[nodiscard]] double operator()(std::size_t row, std::size_t column) const {
    return elements_[row * columns_ + column];
  }
  [[nodiscard]] std::span<double> row(std::size_t index) { return {elements_.data() + index * columns_, columns_}; }
  [[nodiscard]] std::span<const double> row(std::size_t index) const {
    return {elements_.data() + index * columns_, columns_};
  }
  [[nodiscard]] MatrixView view() { return {elements_.data(), rows_, columns_, columns_}; }
  [[nodiscard]] ConstMatrixView view() const { return {elements_.data(), rows_, columns_, columns_}; }

 private:
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::vector<double> elements_;
};

}  // namespace gimbal
