// The columns in the order that docs/formats.md gives them.
#include "gimbal/report/surface_grid.hpp"

#include <fmt/core.h>

#include <map>
#include <set>

namespace gimbal::report {
namespace {

using StrikesByExpiry = std::map<UtcTime, std::set<Decimal>>;

StrikesByExpiry listed_strikes(const market::MarketSnapshot& snapshot, market::AssetId underlying) {
  StrikesByExpiry strikes;
  for (const market::InstrumentId id : snapshot.instrument) {
    const market::Instrument& instrument = (*snapshot.universe)[id];
    if (instrument.is_option() && snapshot.universe->underlying(id) == underlying)
      strikes[*instrument.expiry].insert(instrument.strike);
  }
  return strikes;
}

std::string row_text(const surface::GridRow& row) {
  const std::string start = fmt::format("{},{},", surface::to_string(row.kind), row.delta);
  if (!row.point) return start + ",,\n";
  return start + fmt::format("{},{},{}\n", row.point->strike, row.point->log_moneyness, row.point->volatility);
}

}  // namespace

std::string surface_grid_header() {
  return "time,underlying,expiry,forward,kind,delta,strike,log_moneyness,volatility\n";
}

std::string surface_grid_lines(const surface::VolSurface& surface, const market::MarketSnapshot& snapshot,
                               surface::DeltaConvention convention) {
  const std::string underlying = snapshot.universe->asset(surface.underlying()).code.str();
  StrikesByExpiry listed = listed_strikes(snapshot, surface.underlying());
  std::string text;
  for (const surface::SurfaceSlice& slice : surface.slices()) {
    const std::string start =
        fmt::format("{},{},{},{},", format_utc(surface.time()), underlying, format_utc(slice.expiry), slice.forward);
    std::vector<double> strikes;
    for (const Decimal& strike : listed[slice.expiry]) strikes.push_back(strike.to_double());
    for (const surface::GridRow& row : surface::grid_by_strike(slice, strikes, convention))
      text += start + row_text(row);
    for (const surface::GridRow& row : surface::grid_by_delta(slice, convention)) text += start + row_text(row);
  }
  return text;
}

}  // namespace gimbal::report
