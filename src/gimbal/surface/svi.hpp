// One expiry's smile as a raw SVI slice: total implied variance by log-moneyness, its derivatives, and the density test
// for butterflies. How the five numbers are found is svi_fit.hpp.
//
// Formula   w(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)),  k = ln(K/F),  w = volatility^2 T
// Source    J. Gatheral and A. Jacquier, "Arbitrage-free SVI volatility surfaces", Quantitative Finance 14 (2014).
#pragma once

namespace gimbal::surface {

struct SviSlice {
  double a = 0.0;
  double b = 0.0;    ///< Not negative.
  double rho = 0.0;  ///< -1 < rho < 1
  double m = 0.0;
  double sigma = 1.0;  ///< Positive.
  friend bool operator==(const SviSlice&, const SviSlice&) = default;
};

/// Total variance and its first two derivatives in log-moneyness.
struct SviPoint {
  double variance = 0.0;
  double slope = 0.0;
  double curvature = 0.0;
};

[[nodiscard]] double svi_variance(const SviSlice& slice, double log_moneyness) noexcept;
[[nodiscard]] SviPoint svi_point(const SviSlice& slice, double log_moneyness) noexcept;

/// The function g of the paper's (2.1): times a positive factor, the density that the smile implies. Negative g at any
/// point is a butterfly arbitrage there.
/// Domain    variance > 0.
[[nodiscard]] double butterfly_density(const SviPoint& point, double log_moneyness) noexcept;
[[nodiscard]] double butterfly_density(const SviSlice& slice, double log_moneyness) noexcept;

/// Slopes of w against |k| far to the left and far to the right: b (1 - rho) and b (1 + rho). More than 2 is arbitrage.
/// Source    R. Lee, "The moment formula for implied volatility at extreme strikes", Mathematical Finance 14 (2004).
struct WingSlopes {
  double left = 0.0;
  double right = 0.0;
};
[[nodiscard]] WingSlopes svi_wing_slopes(const SviSlice& slice) noexcept;

/// The least total variance over all strikes, a + b sigma sqrt(1 - rho^2).
[[nodiscard]] double svi_variance_least(const SviSlice& slice) noexcept;

/// Whether the five numbers are in their domains and at most a million in size, with a positive least variance: then no
/// log-moneyness up to 1e100 gives anything but a positive, finite variance.
[[nodiscard]] bool svi_is_usable(const SviSlice& slice) noexcept;

}  // namespace gimbal::surface
