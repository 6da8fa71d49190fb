// What `gimbal surface` has to say of one underlying's surface at one instant, as plain values with names instead of
// ids, so that a table and a document are two ways of writing the same thing down. The figures are
// surface/smile_figures.hpp's, quality and certificate the surface's own.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gimbal/market/snapshot.hpp"
#include "gimbal/surface/quoted_arbitrage.hpp"
#include "gimbal/surface/smile_figures.hpp"

namespace gimbal::report {

/// The delta of risk reversals and butterflies.
inline constexpr double spread_delta = 0.25;
/// The fixed times to expiry, days.
inline constexpr std::array<int, 3> maturity_days{7, 30, 90};

struct ExpiryFigures {
  surface::SurfaceSlice slice;
  std::optional<surface::DeltaSpread> spread;
  std::optional<double> forward_volatility;  ///< From the expiry before to this one; absent for the first.
};

/// A trade that pays from quotes alone, with names.
struct OpportunityFigures {
  surface::QuotedArbitrage trade;
  std::vector<std::string> instruments;  ///< Of its legs.
};

struct SurfaceFigures {
  std::string underlying;
  UtcTime time;
  std::optional<Decimal> index_usd;
  surface::Model model = surface::Model::svi;
  surface::DeltaConvention convention = surface::DeltaConvention::forward;
  bool arbitrage_free = false;
  std::array<std::optional<double>, maturity_days.size()> volatility_at_maturity;
  std::vector<ExpiryFigures> expiries;  ///< At least one, ascending.
  /// By money after fees, the most first; absent where an index price is missing that fees or money need.
  std::optional<std::vector<OpportunityFigures>> opportunities;
};

/// The figures of one surface of a snapshot.
[[nodiscard]] SurfaceFigures surface_figures(const surface::VolSurface& surface, const market::MarketSnapshot& snapshot,
                                             surface::DeltaConvention convention);

/// Quotes of several expiries in one pool.
struct PooledQuality {
  std::uint64_t judged = 0;
  double inside = 0.0;  ///< Of them; a count.
  double near = 0.0;
  [[nodiscard]] std::optional<double> inside_share() const;  ///< Absent where nothing was judged.
  [[nodiscard]] std::optional<double> near_share() const;
  void add(const PooledQuality& other);
};
[[nodiscard]] PooledQuality pooled_quality(const SurfaceFigures& figures);

/// Two-sided quotes out of the money that did not make the smile: not shown to the fit, or given up by it.
[[nodiscard]] std::uint32_t quotes_rejected(const surface::SliceQuality& quality);

/// How near a surface is to its limits, each figure with the expiry that it is of. Between and gap need two expiries.
struct LimitFigure {
  double value = 0.0;
  UtcTime expiry;
};
struct CertificateFigures {
  LimitFigure density_least;
  LimitFigure wing_slope_most;
  std::optional<LimitFigure> gap_least;
  std::optional<LimitFigure> between_least;
};
[[nodiscard]] CertificateFigures certificate_figures(std::span<const ExpiryFigures> expiries);

}  // namespace gimbal::report
