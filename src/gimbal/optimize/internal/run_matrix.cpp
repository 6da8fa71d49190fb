// Building a matrix of runs, and its two products.
#include "gimbal/optimize/internal/run_matrix.hpp"

#include "gimbal/foundation/assert.hpp"

namespace gimbal::optimize::internal {

void RunMatrix::add_row(std::span<const std::uint32_t> columns, std::span<const double> values) {
  GIMBAL_ASSERT(columns.size() == values.size());
  for (std::size_t k = 0; k < columns.size(); ++k) {
    GIMBAL_ASSERT(columns[k] < columns_ && (k == 0 || columns[k - 1] < columns[k]));
    const bool adjacent = k > 0 && columns[k - 1] + 1 == columns[k];
    if (adjacent)
      ++runs_.back().length;
    else
      runs_.push_back({columns[k], 1, values_.size()});
    values_.push_back(values[k]);
  }
  row_starts_.push_back(runs_.size());
}

double RunMatrix::row_dot(std::size_t row, std::span<const double> x) const {
  double total = 0.0;
  for (const Run& run : runs(row)) {
    if (run.length == 1)
      total = std::fma(values_[run.first_value], x[run.column], total);
    else
      total += numerics::dot(values(run), x.subspan(run.column, run.length));
  }
  return total;
}

void RunMatrix::multiply(std::span<const double> x, std::span<double> result) const {
  GIMBAL_ASSERT(x.size() == columns_ && result.size() == row_count());
  for (std::size_t row = 0; row < row_count(); ++row) result[row] = row_dot(row, x);
}

void RunMatrix::add_transposed(std::span<const double> y, double factor, std::span<double> result) const {
  GIMBAL_ASSERT(y.size() == row_count() && result.size() == columns_);
  for (std::size_t row = 0; row < row_count(); ++row) {
    const double weight = factor * y[row];
    if (weight == 0.0) continue;
    for (const Run& run : runs(row)) {
      if (run.length == 1)
        result[run.column] = std::fma(weight, values_[run.first_value], result[run.column]);
      else
        numerics::add_scaled(weight, values(run), result.subspan(run.column, run.length));
    }
  }
}

}  // namespace gimbal::optimize::internal
