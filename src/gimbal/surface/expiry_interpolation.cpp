// Prices of both slices, averaged and inverted; the density of the average is the average of the densities.
#include "gimbal/surface/expiry_interpolation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "gimbal/numerics/special.hpp"
#include "gimbal/pricing/black76.hpp"
#include "gimbal/pricing/implied_volatility.hpp"
#include "gimbal/surface/internal/stretched_axis.hpp"

namespace gimbal::surface {
namespace {

using market::OptionRight;

// Beyond these premiums of a forward of one cannot be told from zero, or inverted.
constexpr double log_moneyness_most = 40.0;
constexpr double premium_least = 1e-300;
constexpr std::size_t density_points = 201;

double variance_linear(const TimedSlice& earlier, const TimedSlice& later, double log_moneyness, double share) {
  const double before = svi_variance(earlier.svi, log_moneyness);
  return before + share * (svi_variance(later.svi, log_moneyness) - before);
}

double time_share(const TimedSlice& earlier, const TimedSlice& later, double years) {
  return (years - earlier.years) / (later.years - earlier.years);
}

OptionRight right_at(double log_moneyness) { return log_moneyness < 0.0 ? OptionRight::put : OptionRight::call; }

/// phi(d2)/sqrt(w) of one smile over that of another at the same log-moneyness: what turns g into a density.
double density_ratio(double variance, double variance_to, double k) {
  const double exponent = k * k / variance - k * k / variance_to + 0.25 * (variance - variance_to);
  return std::sqrt(variance_to / variance) * numerics::exp(-0.5 * exponent);
}

}  // namespace

double earlier_share(const TimedSlice& earlier, const TimedSlice& later, double years) noexcept {
  const double theta_earlier = svi_variance(earlier.svi, 0.0);
  const double theta_later = svi_variance(later.svi, 0.0);
  const double share = time_share(earlier, later, years);
  const double root_earlier = std::sqrt(theta_earlier);
  const double root_later = std::sqrt(theta_later);
  if (!(root_later > root_earlier)) return 1.0 - share;
  const double root = std::sqrt(theta_earlier + share * (theta_later - theta_earlier));
  return std::clamp((root_later - root) / (root_later - root_earlier), 0.0, 1.0);
}

double variance_between(const TimedSlice& earlier, const TimedSlice& later, double log_moneyness,
                        double years) noexcept {
  const double linear = variance_linear(earlier, later, log_moneyness, time_share(earlier, later, years));
  if (!(std::fabs(log_moneyness) <= log_moneyness_most)) return linear;
  const double strike = numerics::exp(log_moneyness);
  const OptionRight right = right_at(log_moneyness);
  const auto premium = [&](const SviSlice& svi) {
    return pricing::black76_premium({1.0, strike, std::sqrt(svi_variance(svi, log_moneyness)), 1.0, right});
  };
  const double alpha = earlier_share(earlier, later, years);
  const double mixed = alpha * premium(earlier.svi) + (1.0 - alpha) * premium(later.svi);
  if (!(mixed >= premium_least)) return linear;
  const pricing::ImpliedVolatility answer = pricing::implied_volatility({mixed, 1.0, strike, 1.0, right});
  return answer.ok() ? answer.volatility_annual * answer.volatility_annual : linear;
}

double density_least_between(const TimedSlice& earlier, const TimedSlice& later, double years) {
  std::array<double, density_points> k{};
  std::array<double, density_points> strike{};
  std::array<double, density_points> mixed{};
  std::array<double, density_points> total{};
  std::array<double, density_points> premium{};
  std::array<double, density_points> ones{};
  std::array<OptionRight, density_points> right{};
  std::array<pricing::ImpliedVolatilityStatus, density_points> status{};
  ones.fill(1.0);
  const double theta = svi_variance(later.svi, 0.0);
  const double reach = std::min(std::max(2.5, 8.0 * std::sqrt(theta)), log_moneyness_most);
  // The grid follows the bend of the later slice.
  const double low = internal::inverse_hyperbolic_sine((-reach - later.svi.m) / later.svi.sigma);
  const double high = internal::inverse_hyperbolic_sine((reach - later.svi.m) / later.svi.sigma);
  const double alpha = earlier_share(earlier, later, years);
  for (std::size_t i = 0; i < density_points; ++i) {
    const double u = low + (high - low) * static_cast<double>(i) / static_cast<double>(density_points - 1);
    k[i] = std::clamp(later.svi.m + later.svi.sigma * internal::hyperbolic_sine(u), -reach, reach);
    strike[i] = numerics::exp(k[i]);
    right[i] = right_at(k[i]);
  }
  const auto add_premiums = [&](const SviSlice& svi, double weight) {
    for (std::size_t i = 0; i < density_points; ++i) total[i] = std::sqrt(svi_variance(svi, k[i]));
    (void)pricing::black76_premium({ones, strike, total, ones, right}, premium);
    for (std::size_t i = 0; i < density_points; ++i) mixed[i] += weight * premium[i];
  };
  add_premiums(earlier.svi, alpha);
  add_premiums(later.svi, 1.0 - alpha);
  (void)pricing::implied_volatility({mixed, ones, strike, ones, right}, total, status);
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < density_points; ++i) {
    if (status[i] != pricing::ImpliedVolatilityStatus::ok || !(mixed[i] >= premium_least)) continue;
    const double variance = total[i] * total[i];
    const auto part = [&](const SviSlice& svi) {
      const SviPoint point = svi_point(svi, k[i]);
      return butterfly_density(point, k[i]) * density_ratio(point.variance, variance, k[i]);
    };
    least = std::min(least, alpha * part(earlier.svi) + (1.0 - alpha) * part(later.svi));
  }
  return least;
}

}  // namespace gimbal::surface
