// The steps of a waterfall out of an attribution, apart from the page so that a test can add them up.
#pragma once

#include <vector>

#include "gimbal/report/attribution_report.hpp"
#include "gimbal/report/charts/waterfall.hpp"

namespace gimbal::report::internal {

/// One step for each item, in the order of items; then all of `last_day` in one, where there is any; then the residual.
/// They add up to the change exactly.
[[nodiscard]] std::vector<WaterfallStep> profit_steps(const AttributionReport& profit);

}  // namespace gimbal::report::internal
