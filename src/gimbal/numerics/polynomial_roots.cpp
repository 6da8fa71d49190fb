// Bisection between the roots of the derivative.
#include "gimbal/numerics/polynomial_roots.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gimbal::numerics {
namespace {

double value_at(std::span<const double> c, double x) {
  double value = 0.0;
  for (std::size_t i = c.size(); i-- > 0;) value = std::fma(value, x, c[i]);
  return value;
}

/// No root is larger: Cauchy's bound.
double reach_of(std::span<const double> c) {
  double largest = 0.0;
  for (std::size_t i = 0; i + 1 < c.size(); ++i) largest = std::max(largest, std::fabs(c[i] / c.back()));
  return 1.0 + largest;
}

/// The root in (low, high), whose ends have values of opposite sign, to the last bit.
double bisected(std::span<const double> c, double low, double high) {
  const bool rises = value_at(c, low) < 0.0;
  for (;;) {
    // In the middle of the numbers rather than of the interval, where the ends are magnitudes apart.
    const bool far = low > 0.0 && high > 4.0 * low;
    const bool far_below = high < 0.0 && low < 4.0 * high;
    double middle = 0.5 * (low + high);
    if (far) middle = std::sqrt(low) * std::sqrt(high);
    if (far_below) middle = -std::sqrt(-low) * std::sqrt(-high);
    if (!(middle > low && middle < high)) return middle;
    const double value = value_at(c, middle);
    if (value == 0.0) return middle;
    ((value < 0.0) == rises ? low : high) = middle;
  }
}

}  // namespace

std::vector<double> real_roots(std::span<const double> coefficients) {
  while (!coefficients.empty() && coefficients.back() == 0.0)
    coefficients = coefficients.first(coefficients.size() - 1);
  if (coefficients.size() < 2) return {};
  const double reach = reach_of(coefficients);
  if (!(reach < std::numeric_limits<double>::infinity())) {
    // The highest coefficient is nothing beside the others: its root lies beyond every double.
    return real_roots(coefficients.first(coefficients.size() - 1));
  }
  std::vector<double> derivative;
  for (std::size_t i = 1; i < coefficients.size(); ++i) derivative.push_back(static_cast<double>(i) * coefficients[i]);
  std::vector<double> ends{-reach};
  for (const double turn : real_roots(derivative))
    if (turn > -reach && turn < reach) ends.push_back(turn);
  ends.push_back(reach);

  std::vector<double> roots;
  const auto add = [&roots](double root) {
    if (roots.empty() || root > roots.back()) roots.push_back(root);
  };
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
    const double low = value_at(coefficients, ends[i]);
    const double high = value_at(coefficients, ends[i + 1]);
    if (low == 0.0) add(ends[i]);
    if (low != 0.0 && high != 0.0 && (low < 0.0) != (high < 0.0)) add(bisected(coefficients, ends[i], ends[i + 1]));
  }
  if (value_at(coefficients, reach) == 0.0) add(reach);
  return roots;
}

}  // namespace gimbal::numerics
