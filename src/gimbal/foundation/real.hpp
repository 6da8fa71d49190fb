// Real numbers that know what they measure: money *estimated*, never money owed (that is Decimal and Amount). Explicit
// to build, closed under only the arithmetic that makes sense; batch kernels take raw doubles, the unit in the name.
#pragma once

#include <compare>

namespace gimbal {

template <class Unit>
class Real {
 public:
  constexpr Real() = default;
  constexpr explicit Real(double value) : value_{value} {}
  [[nodiscard]] constexpr double raw() const { return value_; }

  friend constexpr Real operator+(Real a, Real b) { return Real{a.value_ + b.value_}; }
  friend constexpr Real operator-(Real a, Real b) { return Real{a.value_ - b.value_}; }
  friend constexpr Real operator-(Real a) { return Real{-a.value_}; }
  friend constexpr Real operator*(Real a, double factor) { return Real{a.value_ * factor}; }
  friend constexpr Real operator*(double factor, Real a) { return Real{factor * a.value_}; }
  friend constexpr double operator/(Real a, Real b) { return a.value_ / b.value_; }
  friend constexpr auto operator<=>(Real, Real) = default;

 private:
  double value_ = 0.0;
};

using Price = Real<struct PriceUnit>;            ///< In the instrument's own price unit: coin, or quote per coin.
using Volatility = Real<struct VolatilityUnit>;  ///< Per square root of a year of 365 days: 0.65 means 65 %.
using Rate = Real<struct RateUnit>;              ///< Continuously compounded, per year of 365 days.
using Years = Real<struct YearsUnit>;            ///< ACT/365.

}  // namespace gimbal
