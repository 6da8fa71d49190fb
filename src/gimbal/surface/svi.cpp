// The raw SVI formula and what follows from it directly.
#include "gimbal/surface/svi.hpp"

#include <cmath>
#include <initializer_list>

namespace gimbal::surface {
double svi_variance(const SviSlice& slice, double log_moneyness) noexcept {
  const double y = log_moneyness - slice.m;
  return slice.a + slice.b * (slice.rho * y + std::sqrt(y * y + slice.sigma * slice.sigma));
}

SviPoint svi_point(const SviSlice& slice, double log_moneyness) noexcept {
  const double y = log_moneyness - slice.m;
  const double square = slice.sigma * slice.sigma;
  const double root = std::sqrt(y * y + square);
  return {slice.a + slice.b * (slice.rho * y + root), slice.b * (slice.rho + y / root),
          slice.b * square / (root * root * root)};
}

double butterfly_density(const SviPoint& point, double log_moneyness) noexcept {
  const double w = point.variance;
  const double lean = 1.0 - 0.5 * log_moneyness * point.slope / w;
  return lean * lean - 0.25 * point.slope * point.slope * (1.0 / w + 0.25) + 0.5 * point.curvature;
}

double butterfly_density(const SviSlice& slice, double log_moneyness) noexcept {
  return butterfly_density(svi_point(slice, log_moneyness), log_moneyness);
}

WingSlopes svi_wing_slopes(const SviSlice& slice) noexcept {
  return {slice.b * (1.0 - slice.rho), slice.b * (1.0 + slice.rho)};
}

double svi_variance_least(const SviSlice& slice) noexcept {
  return slice.a + slice.b * slice.sigma * std::sqrt((1.0 - slice.rho) * (1.0 + slice.rho));
}

bool svi_is_usable(const SviSlice& slice) noexcept {
  // Far beyond every market, and small enough that no square on the way to a variance overflows.
  constexpr double most = 1e6;
  for (const double value : {slice.a, slice.b, slice.rho, slice.m, slice.sigma})
    if (!(std::fabs(value) <= most)) return false;
  return slice.b >= 0.0 && std::fabs(slice.rho) < 1.0 && slice.sigma > 0.0 && svi_variance_least(slice) > 0.0;
}

}  // namespace gimbal::surface
