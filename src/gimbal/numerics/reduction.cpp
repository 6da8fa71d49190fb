// The fixed-order loops.
#include "gimbal/numerics/reduction.hpp"

namespace gimbal::numerics {

double sum(std::span<const double> values) noexcept {
  double partial[4] = {0.0, 0.0, 0.0, 0.0};
  const std::size_t blocked = values.size() / 4 * 4;
  for (std::size_t i = 0; i < blocked; i += 4)
    for (std::size_t lane = 0; lane < 4; ++lane) partial[lane] += values[i + lane];
  double total = (partial[0] + partial[1]) + (partial[2] + partial[3]);
  for (std::size_t i = blocked; i < values.size(); ++i) total += values[i];
  return total;
}

double dot(std::span<const double> a, std::span<const double> b) noexcept {
  GIMBAL_ASSERT(a.size() == b.size());
  double partial[4] = {0.0, 0.0, 0.0, 0.0};
  const std::size_t blocked = a.size() / 4 * 4;
  for (std::size_t i = 0; i < blocked; i += 4)
    for (std::size_t lane = 0; lane < 4; ++lane) partial[lane] = std::fma(a[i + lane], b[i + lane], partial[lane]);
  double total = (partial[0] + partial[1]) + (partial[2] + partial[3]);
  for (std::size_t i = blocked; i < a.size(); ++i) total = std::fma(a[i], b[i], total);
  return total;
}

double maximum_absolute(std::span<const double> values) noexcept {
  double largest = 0.0;
  for (const double value : values) {
    const double magnitude = std::fabs(value);
    // Written so that a NaN, once met, stays.
    if (!(magnitude <= largest)) largest = magnitude;
    if (magnitude != magnitude) return magnitude;
  }
  return largest;
}

void add_scaled(double factor, std::span<const double> x, std::span<double> y) noexcept {
  GIMBAL_ASSERT(x.size() == y.size());
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = std::fma(factor, x[i], y[i]);
}

}  // namespace gimbal::numerics
