// A sparse matrix by rows whose non-zeros are kept in runs of adjacent columns. Dense rows are one run and stream
// through the vector units; rows of two non-zeros cost two runs of one. Products follow one fixed order.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "gimbal/numerics/reduction.hpp"

namespace gimbal::optimize::internal {

class RunMatrix {
 public:
  struct Run {
    std::uint32_t column = 0;
    std::uint32_t length = 0;
    std::size_t first_value = 0;
  };

  explicit RunMatrix(std::size_t columns = 0) : columns_{columns} {}

  /// Appends a row; columns strictly ascending.
  void add_row(std::span<const std::uint32_t> columns, std::span<const double> values);

  [[nodiscard]] std::size_t row_count() const { return row_starts_.size() - 1; }
  [[nodiscard]] std::size_t column_count() const { return columns_; }
  [[nodiscard]] std::span<const Run> runs(std::size_t row) const {
    return std::span{runs_}.subspan(row_starts_[row], row_starts_[row + 1] - row_starts_[row]);
  }
  [[nodiscard]] std::span<const double> values(const Run& run) const {
    return std::span{values_}.subspan(run.first_value, run.length);
  }
  [[nodiscard]] std::span<double> values(const Run& run) {
    return std::span{values_}.subspan(run.first_value, run.length);
  }

  /// Calls visit(column, value) for each non-zero of a row in order; with a mutable matrix the value may be changed.
  template <class Visit>
  void for_each(std::size_t row, Visit visit) const {
    for (const Run& run : runs(row))
      for (std::uint32_t k = 0; k < run.length; ++k) visit(run.column + k, values_[run.first_value + k]);
  }
  template <class Visit>
  void for_each(std::size_t row, Visit visit) {
    for (const Run& run : runs(row))
      for (std::uint32_t k = 0; k < run.length; ++k) visit(run.column + k, values_[run.first_value + k]);
  }

  /// Inner product of one row with x.
  [[nodiscard]] double row_dot(std::size_t row, std::span<const double> x) const;
  /// result = matrix x.
  void multiply(std::span<const double> x, std::span<double> result) const;
  /// result += factor matrix' y.
  void add_transposed(std::span<const double> y, double factor, std::span<double> result) const;

 private:
  std::size_t columns_ = 0;
  std::vector<std::size_t> row_starts_{0};
  std::vector<Run> runs_;
  std::vector<double> values_;
};

}  // namespace gimbal::optimize::internal
