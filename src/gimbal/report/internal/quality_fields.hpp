// The counts of market::QualityCounts by name, for whatever prints or adds them: one list, so that none is forgotten.
#pragma once

#include <array>

#include "gimbal/market/snapshot.hpp"

namespace gimbal::report::internal {

struct QualityField {
  const char* key;    ///< In documents.
  const char* words;  ///< For people, behind the count.
  std::uint64_t market::QualityCounts::*count;
  bool of_instruments;  ///< Counts some of `instruments`, so that its share of them means something.
};

/// How many stand first that are there in any market; the others are of what is amiss or assumed.
inline constexpr std::size_t quality_fields_ordinary = 5;

inline constexpr std::array quality_fields{
    QualityField{"rows", "rows", &market::QualityCounts::rows, false},
    QualityField{"instruments", "instruments", &market::QualityCounts::instruments, false},
    QualityField{"two_sided", "two-sided", &market::QualityCounts::two_sided, true},
    QualityField{"one_sided", "one-sided", &market::QualityCounts::one_sided, true},
    QualityField{"unquoted", "unquoted", &market::QualityCounts::unquoted, true},
    QualityField{"crossed", "crossed", &market::QualityCounts::crossed, true},
    QualityField{"expired", "expired", &market::QualityCounts::expired, false},
    QualityField{"duplicates", "duplicate", &market::QualityCounts::duplicates, false},
    QualityField{"off_tick", "off tick", &market::QualityCounts::off_tick, false},
    QualityField{"without_mark", "without mark", &market::QualityCounts::without_mark, true},
    QualityField{"without_forward", "without forward", &market::QualityCounts::without_forward, true},
    QualityField{"sizes_assumed", "with assumed sizes", &market::QualityCounts::sizes_assumed, true},
    QualityField{"quotes_assumed", "with assumed quotes", &market::QualityCounts::quotes_assumed, true},
    QualityField{"unsupported", "rows not traded here", &market::QualityCounts::unsupported, false},
    QualityField{"stale", "stale", &market::QualityCounts::stale, false},
    QualityField{"indices_assumed", "assumed indices", &market::QualityCounts::indices_assumed, false},
};
static_assert(sizeof(market::QualityCounts) == quality_fields.size() * sizeof(std::uint64_t));

}  // namespace gimbal::report::internal
