// Checks and interpolation of configured volatility forecasts.
#include "gimbal/forecast/volatility_forecast.hpp"

#include <algorithm>
#include <cmath>

namespace gimbal::forecast {
namespace {

double volatility_of(const ForecastPoint& point, double market_atm) {
  return point.kind == ForecastPoint::Kind::absolute ? point.value : point.value * market_atm;
}

Result<void> check(const UnderlyingForecast& forecast) {
  if (forecast.points.empty())
    return fail(ErrorCode::invalid_argument, "the forecast of {} has no points", forecast.underlying.view());
  const ForecastPoint* previous = nullptr;
  for (const ForecastPoint& point : forecast.points) {
    if (!std::isfinite(point.tenor_years) || point.tenor_years < 0.0)
      return fail(ErrorCode::invalid_argument, "the forecast of {} has a tenor of {} years, expected 0 or more",
                  forecast.underlying.view(), point.tenor_years);
    if (!std::isfinite(point.value) || point.value <= 0.0)
      return fail(ErrorCode::invalid_argument, "the forecast of {} at {} years is {}, expected a positive number",
                  forecast.underlying.view(), point.tenor_years, point.value);
    if (previous != nullptr && previous->tenor_years == point.tenor_years)
      return fail(ErrorCode::invalid_argument, "the forecast of {} names the tenor of {} years twice",
                  forecast.underlying.view(), point.tenor_years);
    previous = &point;
  }
  return {};
}

}  // namespace

Result<VolatilityForecast> VolatilityForecast::create(std::vector<UnderlyingForecast> forecasts) {
  std::sort(forecasts.begin(), forecasts.end(),
            [](const UnderlyingForecast& a, const UnderlyingForecast& b) { return a.underlying < b.underlying; });
  const UnderlyingForecast* previous = nullptr;
  for (UnderlyingForecast& forecast : forecasts) {
    if (previous != nullptr && previous->underlying == forecast.underlying)
      return fail(ErrorCode::invalid_argument, "{} has two forecasts", forecast.underlying.view());
    std::sort(forecast.points.begin(), forecast.points.end(),
              [](const ForecastPoint& a, const ForecastPoint& b) { return a.tenor_years < b.tenor_years; });
    if (const auto checked = check(forecast); !checked) return Unexpected{checked.error()};
    previous = &forecast;
  }
  VolatilityForecast result;
  result.forecasts_ = std::move(forecasts);
  return result;
}

double VolatilityForecast::at_the_money(const market::AssetCode& underlying, double years, double market_atm) const {
  GIMBAL_ASSERT(years >= 0.0);
  GIMBAL_ASSERT(market_atm > 0.0);
  const auto found = std::lower_bound(
      forecasts_.begin(), forecasts_.end(), underlying,
      [](const UnderlyingForecast& forecast, const market::AssetCode& code) { return forecast.underlying < code; });
  if (found == forecasts_.end() || found->underlying != underlying) return market_atm;
  const auto& points = found->points;
  const auto after =
      std::lower_bound(points.begin(), points.end(), years,
                       [](const ForecastPoint& point, double tenor_years) { return point.tenor_years < tenor_years; });
  if (after == points.begin()) return volatility_of(points.front(), market_atm);
  if (after == points.end()) return volatility_of(points.back(), market_atm);
  const ForecastPoint& before = *(after - 1);
  const double share = (years - before.tenor_years) / (after->tenor_years - before.tenor_years);
  return (1.0 - share) * volatility_of(before, market_atm) + share * volatility_of(*after, market_atm);
}

}  // namespace gimbal::forecast
