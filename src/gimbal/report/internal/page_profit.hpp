// The steps of a waterfall out of attributions, apart from the page so that a test can add them up.
#pragma once

#include <span>
#include <vector>

#include "gimbal/report/attribution_report.hpp"
#include "gimbal/report/charts/waterfall.hpp"

namespace gimbal::report::internal {

/// One step for each item, in the order of items; then all of `last_day` in one, where there is any; then the residual.
/// They add up to the intervals' changes exactly.
[[nodiscard]] std::vector<WaterfallStep> profit_steps(std::span<const AttributionReport> intervals);

}  // namespace gimbal::report::internal
