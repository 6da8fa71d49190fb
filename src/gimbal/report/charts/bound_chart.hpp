// Quantities against their bounds, one row each with an axis of its own: where the book stood before and stands now.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gimbal::report {

struct BoundRow {
  std::string name;   ///< `Delta, BTC`: the title of the row's axis, which holds the unit.
  std::string unit;   ///< `BTC`
  std::string words;  ///< A line under the name, where that says too little; may be empty.
  std::optional<double> lower;
  std::optional<double> upper;
  std::optional<double> before;
  std::optional<double> after;
  std::string before_text;  ///< As shown right of the row.
  std::string after_text;
};

struct BoundChart {
  std::string name;  ///< `Greeks of BTC against their bounds`
  std::vector<BoundRow> rows;
};

/// The figure as SVG, 350 units wide. The allowed range is a band; a ring is before, a dot after. Values that are not
/// finite are left out. Empty without rows.
[[nodiscard]] std::string bound_chart(const BoundChart& chart);

}  // namespace gimbal::report
