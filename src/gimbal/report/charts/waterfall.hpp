// A change as the sum of its parts: one bar a part, each beginning where the one before it ends.
#pragma once

#include <string>
#include <vector>

#include "gimbal/foundation/decimal.hpp"

namespace gimbal::report {

struct WaterfallStep {
  std::string name;  ///< `vega`
  Decimal amount;
};

struct Waterfall {
  std::string name;  ///< `Profit of lap 8 by cause`
  std::string asset;
  std::vector<WaterfallStep> steps;
};

/// The sum of the steps, exactly.
[[nodiscard]] Decimal waterfall_total(const Waterfall& waterfall);

/// The figure as SVG, 350 units wide, a row for each step and one for the total. Every bar carries its exact amount as
/// `data-amount`. Empty without steps.
[[nodiscard]] std::string waterfall_chart(const Waterfall& waterfall);

}  // namespace gimbal::report
