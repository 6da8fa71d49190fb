// Surfaces as a JSON document, which docs/formats.md describes key by key.
#pragma once

#include <span>
#include <string>

#include "gimbal/report/surface_report.hpp"

namespace gimbal::report {

/// One document of any number of surfaces; the same surfaces give the same bytes.
[[nodiscard]] std::string surfaces_json(std::span<const SurfaceFigures> surfaces);

}  // namespace gimbal::report
