// What each settlement pool must hold against what it has: before the lap's trades and after them.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gimbal::report {

/// Shares of the balance; absent where something is required of nothing.
struct MarginBar {
  std::string name;                   ///< `BTC before`
  std::optional<double> initial;      ///< 0.6 is 60 %.
  std::optional<double> maintenance;  ///< At 1 the venue takes the account over.
};

struct MarginChart {
  std::string name;  ///< `Margin of deribit main by pool`
  std::vector<MarginBar> bars;
  std::optional<double> ceiling;  ///< Of the initial margin, as the target has it.
};

/// The figure as SVG, 350 units wide: maintenance inside of initial margin, to 100 % of the balance or as far as they
/// reach. Empty without bars.
[[nodiscard]] std::string margin_chart(const MarginChart& chart);

}  // namespace gimbal::report
