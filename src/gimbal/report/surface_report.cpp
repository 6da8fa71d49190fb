// Figures gathered from a surface, and what they come to over its expiries.
#include "gimbal/report/surface_report.hpp"

#include "gimbal/foundation/assert.hpp"

namespace gimbal::report {
namespace {

std::optional<double> share(double part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return part / static_cast<double>(whole);
}

void take_least(std::optional<LimitFigure>& least, double value, UtcTime expiry) {
  if (!least || value < least->value) least = LimitFigure{value, expiry};
}

std::optional<std::vector<OpportunityFigures>> opportunities(const market::MarketSnapshot& snapshot,
                                                             market::AssetId underlying) {
  const auto trades = surface::quoted_arbitrages(snapshot);
  if (!trades) return std::nullopt;
  std::vector<OpportunityFigures> found;
  for (const surface::QuotedArbitrage& trade : *trades) {
    if (snapshot.universe->underlying(trade.legs.front().instrument) != underlying) continue;
    OpportunityFigures figures{trade, {}};
    for (const surface::ArbitrageLeg& leg : trade.legs)
      figures.instruments.push_back((*snapshot.universe)[leg.instrument].name);
    found.push_back(std::move(figures));
  }
  return found;
}

}  // namespace

SurfaceFigures surface_figures(const surface::VolSurface& surface, const market::MarketSnapshot& snapshot,
                               surface::DeltaConvention convention) {
  SurfaceFigures figures;
  figures.underlying = snapshot.universe->asset(surface.underlying()).code.str();
  figures.time = surface.time();
  figures.index_usd = snapshot.index_price[market::raw(surface.underlying())];
  figures.model = surface.model();
  figures.convention = convention;
  figures.arbitrage_free = surface.arbitrage_free();
  for (std::size_t i = 0; i < maturity_days.size(); ++i)
    figures.volatility_at_maturity[i] =
        surface::constant_maturity_volatility(surface, std::chrono::hours{24 * maturity_days[i]});
  const auto slices = surface.slices();
  figures.expiries.reserve(slices.size());
  for (std::size_t i = 0; i < slices.size(); ++i) {
    ExpiryFigures expiry{slices[i], surface::delta_spread(slices[i], spread_delta, convention), std::nullopt};
    if (i > 0) expiry.forward_volatility = surface::forward_volatility(slices[i - 1], slices[i]);
    figures.expiries.push_back(expiry);
  }
  figures.opportunities = opportunities(snapshot, surface.underlying());
  return figures;
}

std::optional<double> PooledQuality::inside_share() const { return share(inside, judged); }

std::optional<double> PooledQuality::near_share() const { return share(near, judged); }

void PooledQuality::add(const PooledQuality& other) {
  judged += other.judged;
  inside += other.inside;
  near += other.near;
}

PooledQuality pooled_quality(const SurfaceFigures& figures) {
  PooledQuality pooled;
  for (const ExpiryFigures& expiry : figures.expiries) {
    const surface::SliceQuality& quality = expiry.slice.quality;
    const double judged = quality.quotes_judged;
    pooled.add({quality.quotes_judged, quality.inside_share * judged, quality.near_share * judged});
  }
  return pooled;
}

std::uint32_t quotes_rejected(const surface::SliceQuality& quality) {
  return quality.wide + quality.without_volatility + quality.outliers;
}

CertificateFigures certificate_figures(std::span<const ExpiryFigures> expiries) {
  GIMBAL_ASSERT(!expiries.empty());
  std::optional<LimitFigure> density;
  std::optional<LimitFigure> flattest;  // of slopes turned round, so that the steepest is the least
  CertificateFigures figures;
  for (std::size_t i = 0; i < expiries.size(); ++i) {
    const surface::SurfaceSlice& slice = expiries[i].slice;
    take_least(density, slice.certificate.density_least, slice.expiry);
    take_least(flattest, -slice.certificate.wing_slope_most, slice.expiry);
    if (i == 0) continue;
    take_least(figures.gap_least, slice.certificate.gap_least, slice.expiry);
    take_least(figures.between_least, slice.certificate.between_least, slice.expiry);
  }
  figures.density_least = *density;
  figures.wing_slope_most = {-flattest->value, flattest->expiry};
  return figures;
}

}  // namespace gimbal::report
