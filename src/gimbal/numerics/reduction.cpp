// The fixed-order loops of reduction.hpp, four lanes by four chains.
#include "gimbal/numerics/reduction.hpp"

#include "gimbal/numerics/lanes.hpp"

namespace gimbal::numerics {
namespace {

constexpr std::size_t chain_count = 4;
constexpr std::size_t block_size = chain_count * lane_count<Lanes4>;

double combine(const Lanes4 (&chain)[chain_count]) {
  double partial[lane_count<Lanes4>];
  store((chain[0] + chain[1]) + (chain[2] + chain[3]), partial);
  return (partial[0] + partial[1]) + (partial[2] + partial[3]);
}

}  // namespace

double sum(std::span<const double> values) noexcept {
  const std::size_t blocked = values.size() / block_size * block_size;
  double total = 0.0;
  if (blocked > 0) {
    Lanes4 chain[chain_count] = {};
    for (std::size_t i = 0; i < blocked; i += block_size)
      for (std::size_t c = 0; c < chain_count; ++c)
        chain[c] = chain[c] + load<Lanes4>(values.data() + i + lane_count<Lanes4> * c);
    total = combine(chain);
  }
  for (std::size_t i = blocked; i < values.size(); ++i) total += values[i];
  return total;
}

double dot(std::span<const double> a, std::span<const double> b) noexcept {
  GIMBAL_ASSERT(a.size() == b.size());
  const std::size_t blocked = a.size() / block_size * block_size;
  double total = 0.0;
  if (blocked > 0) {
    Lanes4 chain[chain_count] = {};
    for (std::size_t i = 0; i < blocked; i += block_size)
      for (std::size_t c = 0; c < chain_count; ++c) {
        const std::size_t first = i + lane_count<Lanes4> * c;
        chain[c] = fused_add(load<Lanes4>(a.data() + first), load<Lanes4>(b.data() + first), chain[c]);
      }
    total = combine(chain);
  }
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
