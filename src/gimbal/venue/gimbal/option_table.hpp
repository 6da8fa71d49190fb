// Tables of single options as desks exchange them: what `gimbal price` and `gimbal iv` read. docs/formats.md describes
// them field by field. Every number is looked at here, so that what follows has an answer for each row.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gimbal/foundation/result.hpp"
#include "gimbal/market/instrument.hpp"

namespace gimbal::venue {

/// One option of either table: forward and strike from 1e-300 to 1e300, years finite and not negative.
struct OptionTerms {
  market::OptionRight right = market::OptionRight::call;
  double forward = 0.0;
  double strike = 0.0;
  double years = 0.0;
  double rate = 0.0;  ///< Continuously compounded, per year; zero where the column or the field is missing. At most 700
                      ///< in size times the years.
};

/// Options whose volatility is known.
struct VolatilityRow {
  OptionTerms option;
  double volatility = 0.0;  ///< Per square root of a year; finite, not negative.
  std::uint64_t line = 0;   ///< In the file, counted from 1.
  std::string text;         ///< The line as it stands there.
};
struct VolatilityTable {
  std::string header;  ///< The first line as it stands in the file.
  std::vector<VolatilityRow> rows;
};

/// Options whose premium is known.
struct PremiumRow {
  OptionTerms option;
  double price = 0.0;  ///< Discounted, quote per unit of base, or coin; finite, of any sign.
  bool is_inverse = false;
};

/// Columns `right,forward,strike,years,volatility` in any order, and `rate` where it is wanted; no other. Empty lines
/// are passed over.
/// Errors    parse or out_of_domain with line and field: a column that is missing, unknown or twice there, a field that
///           is no number or none that an option has, a file without a row.
[[nodiscard]] Result<VolatilityTable> decode_volatility_table(std::string_view text);

/// Columns `right,forward,strike,years,price`, and `rate` and `settlement` (`linear`, `inverse` or nothing) where they
/// are wanted. Errors as above.
[[nodiscard]] Result<std::vector<PremiumRow>> decode_premium_table(std::string_view text);

}  // namespace gimbal::venue
