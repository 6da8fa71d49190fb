// Allocation: from a target surface to the book that serves it best within every bound, and why. One convex programme
// over Greeks, stress floors, margin, costs and limits; then lots. docs/allocation.md states the programme.
#pragma once

#include "gimbal/allocate/settings.hpp"
#include "gimbal/portfolio/target_book.hpp"
#include "gimbal/portfolio/target_surface.hpp"
#include "gimbal/risk/risk_view.hpp"

namespace gimbal::allocate {

/// References that must outlive the call. The numeraire is the risk view's.
struct AllocationInput {
  const risk::RiskView& view;
  const risk::BookState& book;  ///< What the account holds now.
  const portfolio::TargetSurface& target;
  const AllocationSettings& settings;
};

/// Finds the book to hold. Deterministic: the same input gives the same bytes, whatever the order of targets' names.
///
/// Status    `optimal` and `rounded` hold every hard bound after lots, margin by the rule's exact arithmetic.
///           `least_violating`: no book does; lexicographic by priority, and never worse than the current book in the
///           priorities above the one that gave way. `infeasible_in_lots`: fractions of lots would do, no lots found
///           do. `unchanged`: nothing can be traded. Where the solver fails, lots are searched from the current book
///           (see note).
/// Values    of a report: at the current book, at the continuous optimum and after lots. Costs of the trades are taken
///           out of the equity that rows count, so that the booked book shows the same numbers.
/// Prices    shadow prices are those of the continuous optimum over the lines kept under the lines limit; the lines
///           limit's own is the gain of one line more.
/// Errors    invalid_argument for settings or targets that contradict themselves; missing_data as the rules of risk.
[[nodiscard]] Result<portfolio::TargetBook> allocate(const AllocationInput& input);

/// Refuses a hard Greek bound, closed on both sides, that is narrower than the coarsest lot that can serve it: no
/// rounding could be promised to land inside.
///
/// Serves    a delta: perpetuals, futures and spot of the underlying, if any may be held and is quoted, else its
///           options. Other Greeks: options. Only what may be held (AllocationSettings::holdable) and is quoted counts.
/// Errors    invalid_argument naming the bound, its width, the instrument and what its lot moves.
[[nodiscard]] Result<void> check_bounds_against_lots(const AllocationInput& input);

}  // namespace gimbal::allocate
