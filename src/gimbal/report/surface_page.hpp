// The page of fitted surfaces at one instant: whether they are free of arbitrage and how near they come to the quotes
// first, then the term structure, the surface as one can turn it, what a quant looks at for calendars and butterflies,
// and every smile. One HTML document like the page of a run (lap_page.hpp), under the same policy.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "gimbal/report/smile_detail.hpp"
#include "gimbal/report/surface_report.hpp"

namespace gimbal::report {

/// One underlying's surface with the quotes that it was fitted to.
struct SurfacePart {
  SurfaceFigures figures;
  surface::VolSurface surface;
  std::vector<std::vector<QuoteDetail>> quotes;  ///< One list an expiry.
};

[[nodiscard]] SurfacePart surface_part(const surface::VolSurface& surface, const market::MarketSnapshot& snapshot,
                                       const surface::FitSettings& fit, surface::DeltaConvention convention);

struct SurfacePage {
  std::span<const SurfacePart> surfaces;  ///< Of one instant, at least one.
  std::string market;                     ///< The file's name.
  std::string command;                    ///< That repeats the page.
};

/// UTF-8 HTML; the same surfaces give the same bytes.
[[nodiscard]] std::string surface_page(const SurfacePage& page);

}  // namespace gimbal::report
