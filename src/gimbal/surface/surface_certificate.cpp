// The reports of svi_arbitrage.hpp, and the smiles between, gathered slice by slice.
#include "gimbal/surface/surface_certificate.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "gimbal/surface/expiry_interpolation.hpp"
#include "gimbal/surface/svi_arbitrage.hpp"

namespace gimbal::surface {
namespace {

constexpr std::array<double, 3> shares_between{0.25, 0.5, 0.75};

}  // namespace

SliceCertificate certify(const TimedSlice* earlier, const TimedSlice& slice) {
  const ButterflyReport butterfly = butterfly_report(slice.svi);
  SliceCertificate certificate;
  certificate.density_least = butterfly.density_least;
  certificate.wing_slope_most = std::max(butterfly.wings.left, butterfly.wings.right);
  if (earlier == nullptr) {
    // Before the first expiry variance grows from zero in proportion to time, and the g of t w lies above the lesser of
    // those of 0 and w: it is a concave function of t.
    certificate.gap_least = butterfly.variance_least;
    certificate.between_least = std::min(butterfly.density_least, 1.0);
    return certificate;
  }
  certificate.gap_least = calendar_report(earlier->svi, slice.svi).gap_least;
  std::array<double, shares_between.size()> years{};
  for (std::size_t i = 0; i < years.size(); ++i)
    years[i] = earlier->years + shares_between[i] * (slice.years - earlier->years);
  certificate.between_least = density_least_between(*earlier, slice, years);
  return certificate;
}

std::vector<SliceCertificate> certify(std::span<const TimedSlice> slices) {
  std::vector<SliceCertificate> certificates;
  certificates.reserve(slices.size());
  for (std::size_t i = 0; i < slices.size(); ++i)
    certificates.push_back(certify(i == 0 ? nullptr : &slices[i - 1], slices[i]));
  return certificates;
}

}  // namespace gimbal::surface
