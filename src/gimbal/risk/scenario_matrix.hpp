// ScenarioMatrix: every instrument fully revalued in every scenario. After it, every question about a book is linear.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "gimbal/foundation/matrix_view.hpp"
#include "gimbal/risk/columns.hpp"
#include "gimbal/risk/scenario_set.hpp"

namespace gimbal::risk {

/// Rows by scenario, columns as in Columns. Values are model values, so that changes are those of one model; a
/// position's mark may differ from `value_origin`.
struct ScenarioMatrix {
  std::vector<double> value_origin;      ///< One contract in its settlement asset, today: see pricing/inverse.hpp.
  Matrix change;                         ///< rows x columns: value in the row less value_origin, settlement asset.
  std::vector<double> price_origin_usd;  ///< By AssetId: USD per unit, 0 where the market does not say.
  Matrix price_usd;                      ///< rows x assets: the same in the row.

  [[nodiscard]] std::size_t rows() const { return change.rows(); }
  [[nodiscard]] std::size_t columns() const { return change.columns(); }
};

/// Revalues each column once for every distinct state of its underlying, and lays the results out by joint row.
///
/// Rows      a spot move shifts index and forwards in proportion; volatility is the surface's as the row's dynamics
///           say, times max(0, 1 + move x (30 d / time)^p); each option keeps its own expiry's slice. What expires
///           within the time step is settled at the row's index.
/// Order     rows as in `scenarios`, which must be valid.
[[nodiscard]] ScenarioMatrix scenario_matrix(const Columns& columns, const ScenarioSet& scenarios,
                                             const market::MarketSnapshot& snapshot,
                                             const surface::SurfaceSet& surfaces);

}  // namespace gimbal::risk
