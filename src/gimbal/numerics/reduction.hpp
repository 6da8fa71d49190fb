// Reductions in one fixed order of operations: sixteen interleaved partial sums, element i into sum i mod 16, as far as
// whole sixteens go; those added as ((0+4)+(8+12)), ((1+5)+(9+13)), ... to four, these as (0+1)+(2+3); then the rest
// from left to right. The order depends on the length alone, so any compiler, processor and alignment gives the same
// bits, and sixteen chains are what the vector units need to run at full speed.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

#include "gimbal/foundation/assert.hpp"

namespace gimbal::numerics {

/// Sum of all elements; 0 when there are none.
[[nodiscard]] double sum(std::span<const double> values) noexcept;

/// Inner product, each term fused into its partial sum.
/// Shapes    equal lengths, else the process stops.
[[nodiscard]] double dot(std::span<const double> a, std::span<const double> b) noexcept;

/// Largest magnitude; 0 when there are none, NaN when any element is.
[[nodiscard]] double maximum_absolute(std::span<const double> values) noexcept;

/// y += factor x, one fused operation an element.
/// Shapes    equal lengths, else the process stops.
void add_scaled(double factor, std::span<const double> x, std::span<double> y) noexcept;

/// Mean and variance of values that arrive one at a time, without keeping them.
/// Source    B. P. Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4
///           (1962) 419-420.
class RunningMoments {
 public:
  void add(double value) noexcept {
    ++count_;
    const double change = value - mean_;
    mean_ += change / static_cast<double>(count_);
    squares_ += change * (value - mean_);
  }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  /// 0 before the first value.
  [[nodiscard]] double mean() const noexcept { return mean_; }
  /// Of the sample, divided by count - 1; 0 for fewer than two values.
  [[nodiscard]] double variance() const noexcept {
    return count_ < 2 ? 0.0 : squares_ / static_cast<double>(count_ - 1);
  }
  [[nodiscard]] double standard_deviation() const noexcept { return std::sqrt(variance()); }

 private:
  std::size_t count_ = 0;
  double mean_ = 0.0;
  double squares_ = 0.0;
};

}  // namespace gimbal::numerics
