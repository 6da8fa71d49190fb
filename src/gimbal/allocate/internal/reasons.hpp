// The account of a decision: every constraint with its values, price and violation, every trade with what it earns,
// costs, ties up and risks, and the constraints that forced it.
#pragma once

#include <optional>
#include <vector>

#include "gimbal/allocate/internal/assemble.hpp"
#include "gimbal/allocate/internal/programme.hpp"

namespace gimbal::allocate::internal {

/// What the report is written from. Prices are the continuous answer's; it may be absent when no solve succeeded.
struct Decision {
  const AllocationInput& input;
  const Assembled& assembled;
  const Continuous* continuous = nullptr;
  const std::vector<std::int64_t>& trades;  // lots
  std::optional<double> line_price;
  std::uint32_t lines_continuous = 0;
};

/// Fills constraints and trades of the book, and appends to its note what was left out.
///
/// Shown     every Greek row; stress rows that bind and the few worst after rounding; every margin pool; position and
///           trade limits that bind; the lines limit. Reasons: at most five a trade, by magnitude.
/// Errors    as the margin rule's.
[[nodiscard]] Result<void> explain(const Decision& decision, portfolio::TargetBook& book);

/// The account's margin after the trades, by the exact rule.
[[nodiscard]] Result<risk::MarginAssessment> margin_after(const AllocationInput& input, const Assembled& assembled,
                                                          const std::vector<double>& trades);

}  // namespace gimbal::allocate::internal
