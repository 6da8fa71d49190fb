// Smiles written out as CSV, at listed strikes and at the usual deltas, in the shortest digits that read back as the
// same doubles. docs/formats.md has the columns.
#pragma once

#include <string>

#include "gimbal/market/snapshot.hpp"
#include "gimbal/surface/smile_figures.hpp"

namespace gimbal::report {

/// The first line.
[[nodiscard]] std::string surface_grid_header();

/// A surface of this snapshot, expiry by expiry: the strikes listed in the snapshot, ascending, then the deltas.
[[nodiscard]] std::string surface_grid_lines(const surface::VolSurface& surface, const market::MarketSnapshot& snapshot,
                                             surface::DeltaConvention convention);

}  // namespace gimbal::report
