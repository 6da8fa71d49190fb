// The extended SSVI surface: three parameters an expiry, of which closed conditions say that no arbitrage is left, so
// that a surface that holds them needs no search for it. Fitted by itself (`Model::essvi`), and what an SVI surface
// retreats towards where nothing else frees it.
//
// Formula   w(k) = theta/2 (1 + rho phi k + sqrt((phi k + rho)^2 + 1 - rho^2)),  phi = psi/theta
// Source    S. Hendriks and C. Martini, "The extended SSVI volatility surface", J. Computational Finance 22 (2019),
//           proposition 3.1 on calendars; J. Gatheral and A. Jacquier (2014), theorem 4.2 on butterflies; A. Mingone,
//           "No arbitrage global parametrization for the eSSVI volatility surface", Quantitative Finance 22 (2022), on
//           filling the conditions expiry by expiry.
#pragma once

#include <span>

#include "gimbal/surface/svi_fit.hpp"

namespace gimbal::surface {

struct EssviSlice {
  double theta = 0.0;  ///< Total variance at the money, positive.
  double rho = 0.0;    ///< -1 < rho < 1
  double psi = 0.0;    ///< theta phi: the sum of both wings' slopes; positive.
  friend bool operator==(const EssviSlice&, const EssviSlice&) = default;
};

[[nodiscard]] SviSlice svi_of(const EssviSlice& slice) noexcept;
/// The slice with the same variance, slope and curvature at the money, which need not be free of arbitrage.
/// Domain    a usable slice.
[[nodiscard]] EssviSlice essvi_like(const SviSlice& slice) noexcept;

/// The psi that leave no butterfly and, after `earlier` (null for none), no calendar. Both ends are kept off by a
/// ten-thousandth, for rounding's sake. Empty when least > most.
///
/// Formula   psi (1 + |rho|) < 4,  psi^2 (1 + |rho|) <= 4 theta,  psi/theta <= psi_0/theta_0,
///           psi (1 +- rho) >= psi_0 (1 +- rho_0)
/// Domain    theta above that of `earlier`.
struct PsiRange {
  double least = 0.0;
  double most = 0.0;
};
[[nodiscard]] PsiRange psi_range(const EssviSlice* earlier, double theta, double rho) noexcept;

/// The slice nearest to a wish that leaves no arbitrage in itself or against `earlier`: theta above the earlier one's,
/// rho as far towards the earlier one's as it must for any psi to be left, psi in its range. There always is one.
[[nodiscard]] EssviSlice essvi_after(const EssviSlice* earlier, EssviSlice wish) noexcept;

/// Fits expiry by expiry in ascending order of time, each within what the one before it leaves. A problem's prior is
/// its start and, without quotes, its answer.
///
/// Method    Levenberg-Marquardt over the inside of the conditions, mapped to all of space; the loss of FitStage.
[[nodiscard]] EssviSlice fit_essvi(const EssviSlice* earlier, const SmileProblem& problem, double loss_scale) noexcept;

}  // namespace gimbal::surface
