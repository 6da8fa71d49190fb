// What the owner expects at-the-money volatility to be over the life of an option, by tenor and underlying: numbers of
// a configuration, absolute or relative to the market. It says nothing of the smile, whose shape the fitted surface
// keeps.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gimbal/foundation/result.hpp"
#include "gimbal/market/asset.hpp"

namespace gimbal::forecast {

/// A forecast for one tenor.
struct ForecastPoint {
  enum class Kind : std::uint8_t {
    absolute,  ///< `value` is a volatility per square root of a year: 0.55.
    relative,  ///< `value` multiplies the market's at-the-money volatility of the tenor asked for: 0.93.
  };
  double tenor_years = 0.0;  ///< ACT/365, not negative.
  Kind kind = Kind::relative;
  double value = 1.0;  ///< Positive.
  friend bool operator==(const ForecastPoint&, const ForecastPoint&) = default;
};

struct UnderlyingForecast {
  market::AssetCode underlying;
  std::vector<ForecastPoint> points;  ///< At least one, in any order, no tenor twice.
  friend bool operator==(const UnderlyingForecast&, const UnderlyingForecast&) = default;
};

class VolatilityForecast {
 public:
  /// No opinion on anything: at_the_money() gives the market's own volatility.
  VolatilityForecast() = default;
  /// Errors    invalid_argument, naming the underlying, for one named twice or without points, a tenor that is negative
  ///           or given twice, a value that is not positive and finite.
  [[nodiscard]] static Result<VolatilityForecast> create(std::vector<UnderlyingForecast> forecasts);

  /// Expected volatility per square root of a year over the next `years`: linear in tenor between points, each first
  /// turned into a volatility, and that of the nearest point outside. Without a forecast for the underlying,
  /// market_atm.
  /// Domain    years >= 0; market_atm, the fitted at-the-money volatility of that tenor, positive.
  [[nodiscard]] double at_the_money(const market::AssetCode& underlying, double years, double market_atm) const;

  /// Ascending by underlying, their points by tenor.
  [[nodiscard]] std::span<const UnderlyingForecast> forecasts() const { return forecasts_; }
  friend bool operator==(const VolatilityForecast&, const VolatilityForecast&) = default;

 private:
  std::vector<UnderlyingForecast> forecasts_;
};

}  // namespace gimbal::forecast
