// Whether smiles leave room for arbitrage, where and how much: butterflies within a raw SVI slice and calendars between
// two. Not a scan: minima are taken to their last digits, crossings are the roots of a quartic, and wings are judged by
// their slopes, so that no log-moneyness is left out.
//
// Source    J. Gatheral and A. Jacquier, "Arbitrage-free SVI volatility surfaces", Quantitative Finance 14 (2014),
//           definitions 2.1 and 2.2, lemmas 2.1 and 2.2, and section 3.2 on the quartic.
#pragma once

#include <vector>

#include "gimbal/surface/svi.hpp"

namespace gimbal::surface {

/// A stretch of log-moneyness in which something that must not be negative is, and where it is worst.
struct Violation {
  double from = 0.0;  ///< May be -infinity.
  double to = 0.0;    ///< May be infinity.
  double worst_at = 0.0;
  double worst = 0.0;  ///< Negative.
};

/// What stands against butterflies within one slice.
struct ButterflyReport {
  double density_least = 0.0;         ///< The least g anywhere, the limits of both wings included.
  double density_least_at = 0.0;      ///< Infinite when that is a wing's limit.
  WingSlopes wings;                   ///< Neither above 2.
  double variance_least = 0.0;        ///< Not negative; with zero or less nothing else can be asked.
  std::vector<Violation> violations;  ///< Of g >= 0, ascending.
  [[nodiscard]] bool is_free() const noexcept {
    return variance_least > 0.0 && wings.left <= 2.0 && wings.right <= 2.0 && density_least >= 0.0 &&
           violations.empty();
  }
};

/// Domain    b >= 0, |rho| < 1, sigma > 0, none above 1e6 in size and sigma not below 1e-9; no variance need be
///           positive.
[[nodiscard]] ButterflyReport butterfly_report(const SviSlice& slice);

/// What stands against calendars between a slice and a later one.
struct CalendarReport {
  double gap_least = 0.0;  ///< The least of the later total variance less the earlier; -infinity where wings diverge.
  double gap_least_at = 0.0;
  std::vector<Violation> violations;  ///< Of gap >= 0, ascending.
  [[nodiscard]] bool is_free() const noexcept { return gap_least >= 0.0 && violations.empty(); }
};

/// Domain    as above.
[[nodiscard]] CalendarReport calendar_report(const SviSlice& earlier, const SviSlice& later);

/// A slice of the SSVI and eSSVI families as raw SVI: total variance theta at the money, skew rho, curvature phi (for
/// eSSVI phi = psi / theta).
///
/// Formula   w = theta/2 (1 + rho phi k + sqrt((phi k + rho)^2 + 1 - rho^2))
/// Domain    theta and phi positive, |rho| < 1.
/// Source    Gatheral and Jacquier, section 4 and equation (4.1); S. Hendriks and C. Martini, "The extended SSVI
///           volatility surface", J. Computational Finance 22 (2019).
[[nodiscard]] SviSlice svi_of_ssvi(double theta, double rho, double phi) noexcept;

}  // namespace gimbal::surface
