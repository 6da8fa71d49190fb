// A table of money as colours and numbers: profit by spot move, one row each, and volatility move, one column each.
#pragma once

#include <string>
#include <vector>

#include "gimbal/foundation/matrix_view.hpp"

namespace gimbal::report {

struct HeatMap {
  std::string name;                      ///< `Profit of the book before the trades`
  std::vector<double> spot_moves;        ///< Relative, ascending: -0.3 is -30 %. One for each row of `profit`.
  std::vector<double> volatility_moves;  ///< Relative, ascending. One for each column.
  Matrix profit;                         ///< In the asset.
  std::string asset;                     ///< `USD`
  double colour_end = 0.0;               ///< What the strongest colours stand for: the same in maps that are compared.
};

/// The figure as SVG, 350 units wide; the largest spot move is on top. Cells that are not finite show a dash. The cell
/// without a move and the worst cell have a frame. Empty without cells.
[[nodiscard]] std::string heat_map(const HeatMap& map);

/// Level of the colour scale of a value: -5 to 5, 0 for what is small beside `colour_end`.
[[nodiscard]] int heat_level(double value, double colour_end);

}  // namespace gimbal::report
