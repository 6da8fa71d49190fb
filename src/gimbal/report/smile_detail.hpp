// What a figure shows of one expiry's smile: the quotes that the fit was shown and the curve that it found.
#pragma once

#include <vector>

#include "gimbal/surface/smile_quotes.hpp"

namespace gimbal::report {

/// Bid and ask of one option out of the money, as the fit was shown them.
struct QuoteDetail {
  double moneyness = 1.0;  ///< Strike over the row's own forward.
  double bid_volatility = 0.0;
  double ask_volatility = 0.0;
};

struct CurveDetail {
  double moneyness = 1.0;  ///< Strike over the expiry's forward.
  double volatility = 0.0;
};

/// In ascending order of moneyness.
[[nodiscard]] std::vector<QuoteDetail> quote_details(const surface::ExpiryQuotes& expiry);

/// Evenly spaced over strikes relative to the forward, both ends included.
[[nodiscard]] std::vector<CurveDetail> smile_curve(const surface::SurfaceSlice& slice, double moneyness_lower,
                                                   double moneyness_upper);

}  // namespace gimbal::report
