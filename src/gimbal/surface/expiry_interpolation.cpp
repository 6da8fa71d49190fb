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
constexpr std::size_t density_points = 96;  // Whole registers, whatever their width.
using Column = std::array<double, density_points>;
constexpr Column ones = [] {
  Column column{};
  for (double& one : column) one = 1.0;
  return column;
}();

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

/// The places at which densities are taken, following the bend of the later slice.
struct Axis {
  Column k{};
  Column strike{};
  std::array<OptionRight, density_points> right{};

  explicit Axis(const SviSlice& slice) {
    const double theta = svi_variance(slice, 0.0);
    const double reach = std::min(std::max(2.5, 8.0 * std::sqrt(theta)), log_moneyness_most);
    const double low = internal::inverse_hyperbolic_sine((-reach - slice.m) / slice.sigma);
    const double high = internal::inverse_hyperbolic_sine((reach - slice.m) / slice.sigma);
    for (std::size_t i = 0; i < density_points; ++i) {
      const double u = low + (high - low) * static_cast<double>(i) / static_cast<double>(density_points - 1);
      k[i] = std::clamp(slice.m + slice.sigma * internal::hyperbolic_sine(u), -reach, reach);
      strike[i] = numerics::exp(k[i]);
      right[i] = right_at(k[i]);
    }
  }
};

/// A slice's out-of-the-money prices for a forward of one, and g, along an axis.
struct SlicePrices {
  Column variance{};
  Column premium{};
  Column density{};

  SlicePrices(const SviSlice& slice, const Axis& axis) {
    Column total{};
    for (std::size_t i = 0; i < density_points; ++i) {
      const SviPoint point = svi_point(slice, axis.k[i]);
      variance[i] = point.variance;
      density[i] = butterfly_density(point, axis.k[i]);
      total[i] = std::sqrt(point.variance);
    }
    (void)pricing::black76_premium({ones, axis.strike, total, ones, axis.right}, premium);
  }
};

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

double density_least_between(const TimedSlice& earlier, const TimedSlice& later, std::span<const double> years) {
  const Axis axis{later.svi};
  const SlicePrices before{earlier.svi, axis};
  const SlicePrices after{later.svi, axis};
  Column mixed{};
  Column volatility{};
  std::array<pricing::ImpliedVolatilityStatus, density_points> status{};
  double least = std::numeric_limits<double>::infinity();
  for (const double time : years) {
    const double alpha = earlier_share(earlier, later, time);
    for (std::size_t i = 0; i < density_points; ++i)
      mixed[i] = alpha * before.premium[i] + (1.0 - alpha) * after.premium[i];
    (void)pricing::implied_volatility({mixed, ones, axis.strike, ones, axis.right}, volatility, status);
    for (std::size_t i = 0; i < density_points; ++i) {
      if (status[i] != pricing::ImpliedVolatilityStatus::ok || !(mixed[i] >= premium_least)) continue;
      const double variance = volatility[i] * volatility[i];
      const auto part = [&](const SlicePrices& of) {
        return of.density[i] * density_ratio(of.variance[i], variance, axis.k[i]);
      };
      least = std::min(least, alpha * part(before) + (1.0 - alpha) * part(after));
    }
  }
  return least;
}

}  // namespace gimbal::surface
