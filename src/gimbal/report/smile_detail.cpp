// Volatilities out of total volatilities.
#include "gimbal/report/smile_detail.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/numerics/special.hpp"

namespace gimbal::report {
namespace {

constexpr int curve_points = 48;

}  // namespace

std::vector<QuoteDetail> quote_details(const surface::ExpiryQuotes& expiry) {
  std::vector<QuoteDetail> quotes;
  const double root = std::sqrt(expiry.years);
  for (const surface::SmileQuote& quote : expiry.quotes)
    quotes.push_back(
        {numerics::exp(quote.log_moneyness), quote.total_volatility_bid / root, quote.total_volatility_ask / root});
  std::stable_sort(quotes.begin(), quotes.end(),
                   [](const QuoteDetail& a, const QuoteDetail& b) { return a.moneyness < b.moneyness; });
  return quotes;
}

std::vector<CurveDetail> smile_curve(const surface::SurfaceSlice& slice, double moneyness_lower,
                                     double moneyness_upper) {
  std::vector<CurveDetail> curve;
  for (int i = 0; i < curve_points; ++i) {
    const double moneyness = moneyness_lower + (moneyness_upper - moneyness_lower) * i / (curve_points - 1);
    curve.push_back({moneyness, slice.volatility(numerics::log(moneyness))});
  }
  return curve;
}

}  // namespace gimbal::report
