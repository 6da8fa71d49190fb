// The certificate that goes with every surface: how far its slices are from butterflies, each from the slice before it,
// and the smiles interpolated between the two from butterflies of their own. Zero is the limit, without tolerance.
//
// Source    J. Gatheral and A. Jacquier, "Arbitrage-free SVI volatility surfaces", Quantitative Finance 14 (2014),
//           lemmas 2.1, 2.2 and 5.1.
#pragma once

#include <span>
#include <vector>

#include "gimbal/surface/svi.hpp"

namespace gimbal::surface {

/// What one slice was found to keep clear of.
struct SliceCertificate {
  double density_least = 0.0;    ///< The least g at any log-moneyness, the limits of both wings included.
  double wing_slope_most = 0.0;  ///< b (1 + |rho|): beyond 2 prices have no finite limit.
  /// The least by which its total variance exceeds that of the slice before it, at any log-moneyness; for the first
  /// slice, that of the moment of the surface, which is zero.
  double gap_least = 0.0;
  double between_least = 0.0;  ///< The least g of the smiles at three times between that slice and this one.
  [[nodiscard]] bool is_free() const noexcept {
    return density_least >= 0.0 && wing_slope_most <= 2.0 && gap_least >= 0.0 && between_least >= 0.0;
  }
  friend bool operator==(const SliceCertificate&, const SliceCertificate&) = default;
};

/// A slice and its time to expiry.
struct TimedSlice {
  SviSlice svi;
  double years = 0.0;
};

/// Certificates of the slices of one underlying, in ascending order of time.
/// Domain    usable slices (svi_is_usable) of ascending, positive years.
[[nodiscard]] std::vector<SliceCertificate> certify(std::span<const TimedSlice> slices);

/// The certificate of one slice after `earlier`, which is null for the first.
[[nodiscard]] SliceCertificate certify(const TimedSlice* earlier, const TimedSlice& slice);

}  // namespace gimbal::surface
