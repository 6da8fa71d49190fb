// The counts of market::QualityCounts by name, for whatever prints or adds them: one list, so that none is forgotten.
#pragma once

#include <array>

#include "gimbal/market/snapshot.hpp"

namespace gimbal::report::internal {

struct QualityField {
  const char* key;    ///< In documents.
  const char* words;  ///< For people, behind the count.
  std::uint64_t market::QualityCounts::*count;
};

/// How many stand first that are there in any market; the others are of what is amiss or assumed.
inline constexpr std::size_t quality_fields_ordinary = 5;

inline constexpr std::array quality_fields{
    QualityField{"rows", "rows", &market::QualityCounts::rows},
    QualityField{"instruments", "instruments", &market::QualityCounts::instruments},
    QualityField{"two_sided", "two-sided", &market::QualityCounts::two_sided},
    QualityField{"one_sided", "one-sided", &market::QualityCounts::one_sided},
    QualityField{"unquoted", "unquoted", &market::QualityCounts::unquoted},
    QualityField{"crossed", "crossed", &market::QualityCounts::crossed},
    QualityField{"expired", "expired", &market::QualityCounts::expired},
    QualityField{"duplicates", "duplicate", &market::QualityCounts::duplicates},
    QualityField{"off_tick", "off tick", &market::QualityCounts::off_tick},
    QualityField{"without_mark", "without mark", &market::QualityCounts::without_mark},
    QualityField{"without_forward", "without forward", &market::QualityCounts::without_forward},
    QualityField{"sizes_assumed", "with assumed sizes", &market::QualityCounts::sizes_assumed},
    QualityField{"quotes_assumed", "with assumed quotes", &market::QualityCounts::quotes_assumed},
    QualityField{"unsupported", "rows not traded here", &market::QualityCounts::unsupported},
    QualityField{"stale", "stale", &market::QualityCounts::stale},
    QualityField{"indices_assumed", "assumed indices", &market::QualityCounts::indices_assumed},
};
static_assert(sizeof(market::QualityCounts) == quality_fields.size() * sizeof(std::uint64_t));

}  // namespace gimbal::report::internal
