// Premiums, Greeks and implied volatilities of single options as CSV, with the 17 digits that read back as the same
// doubles.
#pragma once

#include <string>
#include <string_view>

#include "gimbal/foundation/result.hpp"
#include "gimbal/pricing/implied_volatility.hpp"
#include "gimbal/pricing/inverse.hpp"

namespace gimbal::report {

/// The first line: the input's own columns, then ours.
[[nodiscard]] std::string greeks_csv_header(std::string_view input_header);

/// One option's line: the input as it stood, then its figures.
/// Errors    out_of_domain with the column of a figure that no double can hold.
[[nodiscard]] Result<std::string> greeks_csv_line(std::string_view input_line, const pricing::Black76Greeks& quote,
                                                  const pricing::InverseGreeks& coin);

/// `implied_volatility,status`
[[nodiscard]] std::string implied_volatility_csv_header();

/// The volatility, or nothing and the reason.
[[nodiscard]] std::string implied_volatility_csv_line(const pricing::ImpliedVolatility& answer);

}  // namespace gimbal::report
