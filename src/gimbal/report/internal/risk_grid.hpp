// Two books over a grid of moves: the risk surface that a page draws.
#pragma once

#include "gimbal/report/lap_detail.hpp"
#include "gimbal/risk/risk_view.hpp"

namespace gimbal::report::internal {

/// Profits of both books by full revaluation of what either holds: spot from -30 % to +30 % in steps of 5, volatility
/// from -50 % to +100 % in steps of 25, all underlyings together, then each alone where there are several. Dynamics and
/// exponent are those of the view's first scenario.
[[nodiscard]] RiskSurfaceDetail risk_surface(const risk::RiskView& view, const risk::BookState& before,
                                             const risk::BookState& after);

}  // namespace gimbal::report::internal
