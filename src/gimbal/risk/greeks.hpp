// The Greeks of one contract of each column, at the origin of the scenario matrix: volatility held at each strike.
#pragma once

#include <vector>

#include "gimbal/risk/scenario_matrix.hpp"

namespace gimbal::risk {

/// Derivatives of the USD value of one contract, settled in c, whose premium is financed from collateral:
/// U_i = fx_c (v_i - v_i(0)). Spot and forwards move in proportion. exposure.hpp turns them to other numeraires.
struct GreekColumns {
  std::vector<double> delta;  ///< dU/dS, coins of the underlying: BS delta less coin premium for an inverse option.
  std::vector<double> gamma;  ///< d2U/dS2 x 1 % of S: coins of delta gained when the underlying rises by 1 %.
  std::vector<double> vega;   ///< Settlement asset per volatility point (0.01), parallel.
  std::vector<double> theta;  ///< Settlement asset per day of 24 hours, forward and volatility held.
};

/// Greeks of every column.
/// Note      what has no expiry has neither vega nor theta; a dated future's basis does not decay here.
[[nodiscard]] GreekColumns greek_columns(const Columns& columns, const market::MarketSnapshot& snapshot);

}  // namespace gimbal::risk
