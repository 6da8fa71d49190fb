// Answers from fitted slices, and their canonical bytes.
#include "gimbal/surface/surface.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/numerics/special.hpp"
#include "gimbal/surface/expiry_interpolation.hpp"

namespace gimbal::surface {
namespace {

/// First slice that expires at or after `expiry`.
std::span<const SurfaceSlice>::iterator first_not_before(std::span<const SurfaceSlice> slices, UtcTime expiry) {
  return std::partition_point(slices.begin(), slices.end(),
                              [expiry](const SurfaceSlice& slice) { return slice.expiry < expiry; });
}

/// Whether `expiry` lies after `time`, by a span that 64-bit nanoseconds hold: decoded times may be any two.
bool follows(UtcTime expiry, UtcTime time) {
  std::int64_t span = 0;
  return !__builtin_sub_overflow(nanoseconds_of(expiry), nanoseconds_of(time), &span) && span > 0;
}

bool usable(const SurfaceSlice& slice, UtcTime time) {
  return follows(slice.expiry, time) && slice.years == years_between(time, slice.expiry).raw() &&
         std::isfinite(slice.forward) && slice.forward > 0.0 && svi_is_usable(slice.svi) &&
         slice.volatility_atm == slice.volatility(0.0);
}

bool usable(std::span<const SurfaceSlice> slices, UtcTime time) {
  for (std::size_t i = 0; i < slices.size(); ++i)
    if (!usable(slices[i], time) || (i > 0 && slices[i].expiry <= slices[i - 1].expiry)) return false;
  return !slices.empty();
}

void encode(const SliceQuality& quality, ByteWriter& out) {
  for (const std::uint32_t count :
       {quality.options, quality.in_the_money, quality.one_sided, quality.without_forward, quality.without_volatility,
        quality.wide, quality.outliers, quality.quotes_two_sided, quality.quotes_used, quality.quotes_judged})
    out.integer(count);
  for (const double value : {quality.parity_shift, quality.inside_share, quality.near_share, quality.rmse_volatility})
    out.real(value);
}

SliceQuality decode_quality(ByteReader& in) {
  SliceQuality quality;
  for (std::uint32_t SliceQuality::*count :
       {&SliceQuality::options, &SliceQuality::in_the_money, &SliceQuality::one_sided, &SliceQuality::without_forward,
        &SliceQuality::without_volatility, &SliceQuality::wide, &SliceQuality::outliers,
        &SliceQuality::quotes_two_sided, &SliceQuality::quotes_used, &SliceQuality::quotes_judged})
    quality.*count = in.integer<std::uint32_t>();
  for (double SliceQuality::*value : {&SliceQuality::parity_shift, &SliceQuality::inside_share,
                                      &SliceQuality::near_share, &SliceQuality::rmse_volatility})
    quality.*value = in.real();
  return quality;
}

void encode(const SurfaceSlice& slice, ByteWriter& out) {
  out.time(slice.expiry);
  for (const double value : {slice.years, slice.forward, slice.volatility_atm, slice.svi.a, slice.svi.b, slice.svi.rho,
                             slice.svi.m, slice.svi.sigma})
    out.real(value);
  out.enumeration(slice.rung);
  encode(slice.quality, out);
  for (const double value : {slice.certificate.density_least, slice.certificate.wing_slope_most,
                             slice.certificate.gap_least, slice.certificate.between_least})
    out.real(value);
}

SurfaceSlice decode_slice(ByteReader& in) {
  SurfaceSlice slice;
  slice.expiry = in.time();
  for (double* value : {&slice.years, &slice.forward, &slice.volatility_atm, &slice.svi.a, &slice.svi.b, &slice.svi.rho,
                        &slice.svi.m, &slice.svi.sigma})
    *value = in.real();
  slice.rung = in.enumeration(Rung::flat);
  slice.quality = decode_quality(in);
  for (double SliceCertificate::*value : {&SliceCertificate::density_least, &SliceCertificate::wing_slope_most,
                                          &SliceCertificate::gap_least, &SliceCertificate::between_least})
    slice.certificate.*value = in.real();
  return slice;
}

// Least bytes of an encoded slice and of an encoded surface: what a claimed count is checked against before reserving.
constexpr std::size_t slice_bytes = 8 + 8 * 8 + 1 + 10 * 4 + 4 * 8 + 4 * 8;
constexpr std::size_t surface_bytes = 2 + 1 + 4 + slice_bytes;

}  // namespace

const char* to_string(Rung rung) noexcept {
  switch (rung) {
    case Rung::fit: return "fit";
    case Rung::neighbour: return "neighbour";
    case Rung::previous: return "previous";
    case Rung::flat: return "flat";
  }
  return "flat";
}

const char* to_string(Model model) noexcept { return model == Model::svi ? "svi" : "essvi"; }

double SurfaceSlice::volatility(double log_moneyness) const noexcept {
  return std::sqrt(svi_variance(svi, log_moneyness) / years);
}

VolSurface::VolSurface(market::AssetId underlying, UtcTime time, std::vector<SurfaceSlice> slices, Model model)
    : underlying_{underlying}, time_{time}, slices_{std::move(slices)}, model_{model} {
  GIMBAL_ASSERT(usable(slices_, time_));
}

const SurfaceSlice* VolSurface::slice(UtcTime expiry) const noexcept {
  const auto found = first_not_before(slices_, expiry);
  return found != slices().end() && found->expiry == expiry ? &*found : nullptr;
}

double VolSurface::volatility(double log_moneyness, UtcTime expiry) const noexcept {
  const auto next = first_not_before(slices_, expiry);
  if (next == slices().begin() || (next != slices().end() && next->expiry == expiry))
    return next->volatility(log_moneyness);
  const double years = years_between(time_, expiry).raw();
  if (next == slices().end()) {
    const SurfaceSlice& last = slices_.back();
    const double growth = svi_variance(last.svi, 0.0) * (years / last.years - 1.0);
    return std::sqrt((svi_variance(last.svi, log_moneyness) + growth) / years);
  }
  return std::sqrt(variance_between((next - 1)->timed(), next->timed(), log_moneyness, years) / years);
}

bool VolSurface::arbitrage_free() const noexcept {
  return std::all_of(slices_.begin(), slices_.end(),
                     [](const SurfaceSlice& slice) { return slice.certificate.is_free(); });
}

double VolSurface::forward(UtcTime expiry) const noexcept {
  const auto next = first_not_before(slices_, expiry);
  if (next == slices().end()) return slices_.back().forward;
  if (next == slices().begin() || next->expiry == expiry) return next->forward;
  const SurfaceSlice& before = *(next - 1);
  const double share = days_between(before.expiry, expiry) / days_between(before.expiry, next->expiry);
  return before.forward * numerics::exp(share * numerics::log(next->forward / before.forward));
}

SurfaceSet::SurfaceSet(UtcTime time, std::vector<VolSurface> surfaces) : time_{time}, surfaces_{std::move(surfaces)} {
  for (std::size_t i = 0; i < surfaces_.size(); ++i) {
    GIMBAL_ASSERT(surfaces_[i].time() == time_);
    GIMBAL_ASSERT(i == 0 || surfaces_[i - 1].underlying() < surfaces_[i].underlying());
  }
}

const VolSurface* SurfaceSet::find(market::AssetId underlying) const noexcept {
  const auto found = std::partition_point(surfaces_.begin(), surfaces_.end(), [underlying](const VolSurface& surface) {
    return surface.underlying() < underlying;
  });
  return found != surfaces_.end() && found->underlying() == underlying ? &*found : nullptr;
}

void encode(const SurfaceSet& set, ByteWriter& out) {
  out.time(set.time());
  out.size(set.surfaces().size());
  for (const VolSurface& surface : set.surfaces()) {
    out.integer(market::raw(surface.underlying()));
    out.enumeration(surface.model());
    out.size(surface.slices().size());
    for (const SurfaceSlice& slice : surface.slices()) encode(slice, out);
  }
}

Result<SurfaceSet> decode_surface_set(ByteReader& in) {
  const UtcTime time = in.time();
  const std::size_t count = in.size(surface_bytes);
  std::vector<VolSurface> surfaces;
  surfaces.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto underlying = static_cast<market::AssetId>(in.integer<std::uint16_t>());
    if (!surfaces.empty() && !(surfaces.back().underlying() < underlying))
      return fail(ErrorCode::corrupt, "surface set: underlying {} is out of order", market::raw(underlying));
    const Model model = in.enumeration(Model::essvi);
    const std::size_t slice_count = in.size(slice_bytes);
    std::vector<SurfaceSlice> slices;
    slices.reserve(slice_count);
    for (std::size_t j = 0; j < slice_count; ++j) slices.push_back(decode_slice(in));
    if (in.failed() || !usable(slices, time))
      return fail(ErrorCode::corrupt, "surface set: the slices of underlying {} are cut off or impossible",
                  market::raw(underlying));
    surfaces.emplace_back(underlying, time, std::move(slices), model);
  }
  if (in.failed()) return fail(ErrorCode::corrupt, "surface set: cut off");
  return SurfaceSet{time, std::move(surfaces)};
}

}  // namespace gimbal::surface
