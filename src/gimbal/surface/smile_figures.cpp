// Strikes by halving: sixty-four evaluations cost microseconds, and there is no start to guess and no step to guard.
#include "gimbal/surface/smile_figures.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "gimbal/numerics/special.hpp"
#include "gimbal/pricing/black76.hpp"

namespace gimbal::surface {
namespace {

using market::OptionRight;
using numerics::exp;
using numerics::normal_cdf;

// A strike farther from the forward than exp(40) is nobody's.
constexpr double log_moneyness_most = 40.0;
// They leave 80/2^64 = 4e-18 of the whole stretch, less than the last digit of a strike.
constexpr int halvings = 64;

/// Where a function turns from positive at `low` to something else at `high`.
template <class Function>
double crossing(const Function& function, double low, double high) noexcept {
  for (int i = 0; i < halvings; ++i) {
    const double middle = 0.5 * (low + high);
    (function(middle) > 0.0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

double d1_at(const SurfaceSlice& slice, double k) noexcept {
  const double s = std::sqrt(svi_variance(slice.svi, k));
  return -k / s + 0.5 * s;
}

double d2_at(const SurfaceSlice& slice, double k) noexcept {
  const double s = std::sqrt(svi_variance(slice.svi, k));
  return -k / s - 0.5 * s;
}

double forward_delta(const SurfaceSlice& slice, OptionRight right, double k) noexcept {
  const double d1 = d1_at(slice, k);
  return right == OptionRight::call ? normal_cdf(d1) : -normal_cdf(-d1);
}

double adjusted_delta(const SurfaceSlice& slice, OptionRight right, double k) noexcept {
  const double d2 = d2_at(slice, k);
  return right == OptionRight::call ? exp(k) * normal_cdf(d2) : -exp(k) * normal_cdf(-d2);
}

/// Has the sign of the premium-adjusted call delta's slope: N(d2) + phi(d2) d(d2)/dk.
double adjusted_call_slope(const SurfaceSlice& slice, double k) noexcept {
  const SviPoint point = svi_point(slice.svi, k);
  const double s = std::sqrt(point.variance);
  const double s_slope = 0.5 * point.slope / s;
  const double d2 = -k / s - 0.5 * s;
  const double d2_slope = -1.0 / s + k * s_slope / point.variance - 0.5 * s_slope;
  return normal_cdf(d2) + numerics::normal_density(d2) * d2_slope;
}

// The three ways to a log-moneyness. Conditions are written so that a target outside a delta's range, even NaN, fails
// them.

std::optional<double> forward_place(const SurfaceSlice& slice, const DeltaTarget& target) noexcept {
  const double quantile = numerics::normal_quantile(target.size);
  const double d1_wanted = target.right == OptionRight::call ? quantile : -quantile;
  const auto excess = [&](double k) { return d1_at(slice, k) - d1_wanted; };
  if (!(excess(-log_moneyness_most) > 0.0 && excess(log_moneyness_most) < 0.0)) return std::nullopt;
  return crossing(excess, -log_moneyness_most, log_moneyness_most);
}

/// (K/F) N(-d2) rises from zero without end.
std::optional<double> adjusted_put_place(const SurfaceSlice& slice, double size) noexcept {
  const auto shortfall = [&](double k) { return size + adjusted_delta(slice, OptionRight::put, k); };
  if (!(shortfall(-log_moneyness_most) > 0.0 && shortfall(log_moneyness_most) < 0.0)) return std::nullopt;
  return crossing(shortfall, -log_moneyness_most, log_moneyness_most);
}

/// A call is worth something, so the strike lies below that of the same forward delta; the peak lies below it in turn,
/// or there is no strike.
std::optional<double> adjusted_call_place(const SurfaceSlice& slice, double size) noexcept {
  const auto highest = forward_place(slice, {OptionRight::call, size});
  if (!highest) return std::nullopt;
  const auto slope = [&](double k) { return adjusted_call_slope(slice, k); };
  if (!(slope(-log_moneyness_most) > 0.0 && slope(*highest) < 0.0)) return std::nullopt;
  const double peak = crossing(slope, -log_moneyness_most, *highest);
  const auto excess = [&](double k) { return adjusted_delta(slice, OptionRight::call, k) - size; };
  if (!(excess(peak) >= 0.0)) return std::nullopt;
  return crossing(excess, peak, *highest);
}

std::optional<double> place_at_delta(const SurfaceSlice& slice, const DeltaTarget& target,
                                     DeltaConvention convention) noexcept {
  if (!(target.size > 0.0)) return std::nullopt;
  if (convention == DeltaConvention::forward) return forward_place(slice, target);
  return target.right == OptionRight::put ? adjusted_put_place(slice, target.size)
                                          : adjusted_call_place(slice, target.size);
}

GridRow delta_row(const SurfaceSlice& slice, const DeltaTarget& target, DeltaConvention convention) {
  const double delta = target.right == OptionRight::call ? target.size : -target.size;
  return {GridKind::delta, delta, point_at_delta(slice, target, convention)};
}

}  // namespace

const char* to_string(DeltaConvention convention) noexcept {
  return convention == DeltaConvention::forward ? "forward" : "premium_adjusted";
}

const char* to_string(GridKind kind) noexcept {
  switch (kind) {
    case GridKind::strike: return "strike";
    case GridKind::delta: return "delta";
    case GridKind::atm: return "atm";
  }
  return "strike";
}

double delta_at(const SurfaceSlice& slice, OptionRight right, double log_moneyness,
                DeltaConvention convention) noexcept {
  return convention == DeltaConvention::forward ? forward_delta(slice, right, log_moneyness)
                                                : adjusted_delta(slice, right, log_moneyness);
}

std::optional<SmilePoint> point_at_delta(const SurfaceSlice& slice, const DeltaTarget& target,
                                         DeltaConvention convention) noexcept {
  const auto k = place_at_delta(slice, target, convention);
  if (!k) return std::nullopt;
  const double strike = slice.forward * exp(*k);
  if (!std::isfinite(strike)) return std::nullopt;
  return SmilePoint{*k, strike, slice.volatility(*k)};
}

std::optional<DeltaSpread> delta_spread(const SurfaceSlice& slice, double delta, DeltaConvention convention) noexcept {
  const auto call = point_at_delta(slice, {OptionRight::call, delta}, convention);
  const auto put = point_at_delta(slice, {OptionRight::put, delta}, convention);
  if (!call || !put) return std::nullopt;
  return DeltaSpread{call->volatility - put->volatility,
                     0.5 * (call->volatility + put->volatility) - slice.volatility_atm};
}

std::optional<double> constant_maturity_volatility(const VolSurface& surface, Duration maturity) noexcept {
  const auto slices = surface.slices();
  if (maturity < slices.front().expiry - surface.time() || maturity > slices.back().expiry - surface.time())
    return std::nullopt;
  return surface.volatility(0.0, surface.time() + maturity);
}

std::optional<double> forward_volatility(const SurfaceSlice& earlier, const SurfaceSlice& later) noexcept {
  const double growth = svi_variance(later.svi, 0.0) - svi_variance(earlier.svi, 0.0);
  if (!(growth >= 0.0)) return std::nullopt;
  return std::sqrt(growth / (later.years - earlier.years));
}

std::vector<GridRow> grid_by_strike(const SurfaceSlice& slice, std::span<const double> strikes,
                                    DeltaConvention convention) {
  std::vector<GridRow> rows;
  rows.reserve(strikes.size());
  for (const double strike : strikes) {
    const double k = -pricing::log_ratio(slice.forward, strike);
    const OptionRight right = k < 0.0 ? OptionRight::put : OptionRight::call;
    rows.push_back(
        {GridKind::strike, delta_at(slice, right, k, convention), SmilePoint{k, strike, slice.volatility(k)}});
  }
  return rows;
}

std::vector<GridRow> grid_by_delta(const SurfaceSlice& slice, DeltaConvention convention) {
  std::vector<GridRow> rows;
  for (const double delta : grid_deltas) rows.push_back(delta_row(slice, {OptionRight::put, delta}, convention));
  rows.push_back({GridKind::atm, delta_at(slice, OptionRight::call, 0.0, convention),
                  SmilePoint{0.0, slice.forward, slice.volatility_atm}});
  for (auto delta = std::rbegin(grid_deltas); delta != std::rend(grid_deltas); ++delta)
    rows.push_back(delta_row(slice, {OptionRight::call, *delta}, convention));
  return rows;
}

}  // namespace gimbal::surface
