// The quality of a market in every document that tells of it.
#pragma once

#include "gimbal/report/internal/json_text.hpp"
#include "gimbal/report/internal/quality_fields.hpp"

namespace gimbal::report::internal {

[[nodiscard]] inline Json quality_json(const market::QualityCounts& quality) {
  Json json;
  for (const QualityField& field : quality_fields) json[field.key] = quality.*field.count;
  return json;
}

}  // namespace gimbal::report::internal
