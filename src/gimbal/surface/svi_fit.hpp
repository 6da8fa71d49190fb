// Calibration of one expiry's SVI slice to quotes, in coordinates in which all expiries look alike: log-moneyness and
// total variance over the at-the-money total volatility s and its square, z = k/s and v = w/s^2. The five parameters
// are those that quotes determine nearly independently: the two wing slopes, the place, the width and the least
// variance.
//
// Method    Levenberg-Marquardt with exact derivatives on residuals in half-spreads, a robust loss that is tightened in
//           stages, and penalties for negative density and for crossing the neighbouring expiries that are raised in
//           stages. Bounded numbers of iterations, and the same input gives the same bits.
// Source    the parameters are a change of variables of J. Gatheral and A. Jacquier (2014), section 3.
#pragma once

#include <cstdint>
#include <span>

#include "gimbal/surface/svi.hpp"

namespace gimbal::surface {

/// One strike's quotes. Total volatility is sqrt(w) = volatility x sqrt(T).
struct SmileQuote {
  double log_moneyness = 0.0;
  double total_volatility_bid = 0.0;
  double total_volatility_ask = 0.0;
  [[nodiscard]] double total_volatility_mid() const { return 0.5 * (total_volatility_bid + total_volatility_ask); }
};

/// A slice in the coordinates z and v.
struct SmileShape {
  double slope_left = 0.5;          ///< b (1 - rho): how steeply v rises far to the left; positive.
  double slope_right = 0.5;         ///< b (1 + rho)
  double centre = 0.0;              ///< m
  double width_log = 0.0;           ///< ln sigma
  double variance_least_log = 0.0;  ///< ln of the least v
  friend bool operator==(const SmileShape&, const SmileShape&) = default;
};

/// The slice that a shape becomes at a total volatility s, and back.
/// Domain    s > 0; for the way back, 0 < b and |rho| < 1 and a positive least variance.
[[nodiscard]] SviSlice slice_of(const SmileShape& shape, double total_volatility) noexcept;
[[nodiscard]] SmileShape shape_of(const SviSlice& slice, double total_volatility) noexcept;

/// The shape `share` of the way from one to another, parameter by parameter.
[[nodiscard]] SmileShape between(const SmileShape& from, const SmileShape& to, double share) noexcept;

/// What one slice is fitted to.
struct SmileProblem {
  std::span<const SmileQuote> quotes;
  double total_volatility = 0.0;   ///< s: the at-the-money level that coordinates are scaled by; positive.
  double half_spread_least = 0.0;  ///< Floor of half-spreads, in total volatility; positive.
  SmileShape prior;                ///< Where the shape stands without quotes.
  double prior_weight = 0.0;       ///< How many quotes, each one half-spread off, weigh as much as a standard distance
                                   ///< of every parameter from the prior.
  /// What the density g and the relative gap to the slice before are penalised below, so that neither is negative
  /// between the places where they are looked at.
  double density_margin = 2e-3;
  double gap_margin = 5e-4;
  bool held = false;  ///< The shape stays as it is; neighbours keep clear of it.
};

/// How a quote's cost grows with its distance from the fit.
enum class Loss : std::uint8_t {
  cauchy,         ///< Ever more slowly.
  geman_mcclure,  ///< To a limit. Only from near the answer: what is far off is not seen.
};

/// One stage of a fit: a few steps under one loss and one weight of each penalty.
struct FitStage {
  double loss_scale = 1.0;        ///< Residual, in half-spreads, from which quotes begin to be doubted.
  double butterfly_weight = 0.0;  ///< Of the squared shortfall of the density g below a small margin.
  double calendar_weight = 0.0;   ///< Of the squared relative shortfall of a slice below the one before it.
  int iterations = 0;             ///< At most.
  double settled = 1e-7;          ///< The relative fall of the cost at which a stage ends early.
  Loss loss = Loss::cauchy;
};

/// Improves the shapes of one underlying's expiries, in ascending order of time, all at once through the stages: the
/// penalty for crossing ties each to the next. Alone a slice is a list of one.
///
/// Wing slopes end at most 2 in w against k, whatever the quotes say. Lists of unequal length stop the process.
void fit_shapes(std::span<const SmileProblem> problems, std::span<SmileShape> shapes, std::span<const FitStage> stages);

/// The total volatility s at which `shape` passes best through quotes: the median, weighted by inverse half-spread, of
/// the levels at which it meets each mid.
/// Domain    at least one quote, each with positive mid.
[[nodiscard]] double level_of(const SmileShape& shape, std::span<const SmileQuote> quotes,
                              double half_spread_least) noexcept;

}  // namespace gimbal::surface
