// Surfaces for people: one in full, or a row a surface where there are many.
#pragma once

#include <span>
#include <string>

#include "gimbal/report/surface_report.hpp"
#include "gimbal/report/table.hpp"

namespace gimbal::report {

/// `6FEB26`: how venues write an expiry.
[[nodiscard]] std::string expiry_text(UtcTime expiry);

/// A headline, the certificate, the fit and a line an expiry.
[[nodiscard]] std::string surface_table(const SurfaceFigures& figures, const TextStyle& style);

/// What the columns of such a table mean.
[[nodiscard]] std::string surface_legend(surface::DeltaConvention convention, const TextStyle& style);

/// A row a surface, then a line an underlying over all its surfaces. `surfaces` hold at least one.
[[nodiscard]] std::string surface_history_table(std::span<const SurfaceFigures> surfaces, const TextStyle& style);

}  // namespace gimbal::report
