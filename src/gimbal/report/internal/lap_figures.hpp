// What tables, lines and pages alike say of a lap, so that it is worked out in one place: figures summed over its
// parts, and the names and words that all of them use.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "gimbal/report/lap_report.hpp"

namespace gimbal::report::internal {

/// N: what the lap's fills gave away against their marks, fees included. Absent where that of one is not known.
[[nodiscard]] std::optional<double> cost_of_fills(const LapReport& lap);

/// Orders that were refused or not filled in full.
[[nodiscard]] std::size_t orders_missing(const LapReport& lap);

/// Of the pool that has used most of its balance; absent without any.
[[nodiscard]] std::optional<double> utilisation_most(const LapReport& lap);

/// Whether a value is outside the bounds of a constraint, beyond what sums of doubles lose.
[[nodiscard]] bool is_outside(const portfolio::ConstraintReport& constraint, double value);

/// `BTC-27MAR26-80000-P` without the venue, which one account need not repeat; `trade BTC-...` of a bound on it.
[[nodiscard]] std::string without_venue(const std::string& name);

/// `3 fills`, `1 fill`.
[[nodiscard]] std::string counted(std::size_t count, const char* one, const char* many);

/// A number, or the dash of text_absent.
[[nodiscard]] std::string optional_text(const std::optional<double>& value, int decimals);

}  // namespace gimbal::report::internal
