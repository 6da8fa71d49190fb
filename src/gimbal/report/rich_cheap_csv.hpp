// Options against the fitted surface as CSV, in the shortest digits that read back as the same doubles.
// docs/formats.md has the columns.
#pragma once

#include <span>
#include <string>

#include "gimbal/surface/rich_cheap.hpp"

namespace gimbal::report {

/// The first line.
[[nodiscard]] std::string rich_cheap_header();

/// A line an option of this snapshot.
[[nodiscard]] std::string rich_cheap_lines(std::span<const surface::RichCheapRow> rows,
                                           const market::MarketSnapshot& snapshot);

}  // namespace gimbal::report
