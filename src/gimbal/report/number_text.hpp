// Numbers for people: thousands separated, as many decimals as say something, and a dash where there is nothing to say.
// Documents for programs never pass through here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gimbal/foundation/decimal.hpp"

namespace gimbal::report {

/// What stands where a number is absent or not finite.
inline constexpr const char* text_absent = "-";

/// `1,234,567.80`: a fixed number of decimals, at most 9. Magnitudes from 1e15 on become `1.23e+18`, so that no number
/// is wider than 26 characters.
[[nodiscard]] std::string fixed_text(double value, int decimals);
/// The same with a plus before what is positive: a change.
[[nodiscard]] std::string change_text(double value, int decimals);

struct Precision {
  int digits = 4;         ///< Significant ones.
  int decimals_most = 8;  ///< However small the number.
};
/// Decimals that show a number of this magnitude to a precision.
[[nodiscard]] int decimals_for(double magnitude, const Precision& precision);

/// `0.01235`, `12,346`: about `digits` significant digits, never fewer than the integer part has.
[[nodiscard]] std::string significant_text(double value, int digits = 4);
[[nodiscard]] std::string significant_text(const std::optional<double>& value, int digits = 4);

/// Money estimated: coins with four decimals, dollars with two below a thousand and none from there on.
[[nodiscard]] int money_decimals(double magnitude, std::string_view asset);
[[nodiscard]] std::string money_text(double value, std::string_view asset);

/// An exact decimal with thousands separated; a plus before what is positive where asked for.
[[nodiscard]] std::string decimal_text(const Decimal& value);
[[nodiscard]] std::string decimal_change_text(const Decimal& value);

/// `48.2%` of 0.482.
[[nodiscard]] std::string percent_text(double fraction, int decimals = 1);
[[nodiscard]] std::string percent_text(const std::optional<double>& fraction, int decimals = 1);

/// `1,234`
[[nodiscard]] std::string count_text(std::uint64_t count);

}  // namespace gimbal::report
