// The inversion runs on the out-of-the-money premium in units of min(F, K), a number between 0 and 1, so that one
// solver serves calls and puts, in and out of the money, in coin or quote.
#include "gimbal/pricing/implied_volatility.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/numerics/special.hpp"
#include "gimbal/pricing/black76.hpp"

namespace gimbal::pricing {
namespace {

constexpr double sqrt_two_pi = 2.5066282746310005024;
constexpr double epsilon = std::numeric_limits<double>::epsilon();
// Halley's steps triple the digits and need five to eight; the rest is for the bracket's bisections in far corners.
constexpr int iterations_most = 100;

struct Target {
  double log_moneyness;  ///< |ln(F/K)|
  double ratio;          ///< Premium / min(F, K), in (0, 1).
  bool upper;            ///< Solve on the complement, which keeps its digits near the maximum.
  double log_goal;       ///< ln of the ratio, or of its complement.
};

/// Newton's step towards the goal and the divisor by which Halley's method corrects it.
struct Step {
  double newton;
  double correction;
};
Step step_at(const Target& target, double s) {
  const OutOfTheMoney value = out_of_the_money(target.log_moneyness, s);
  const double level = target.upper ? out_of_the_money_complement(target.log_moneyness, s) : value.ratio;
  const double slope = (target.upper ? -value.density : value.density) / level;
  const double newton = (target.log_goal - numerics::log(level)) / slope;
  // d(ln density)/ds = x^2/s^3 - s/4, from d1 = -x/s + s/2.
  const double density_slope = target.log_moneyness * target.log_moneyness / (s * s * s) - 0.25 * s;
  return {newton, 1.0 + 0.5 * newton * (density_slope - slope)};
}

/// A total volatility below or near the root. ratio <= s/sqrt(2 pi) at every moneyness gives one bound; the exponential
/// in the density alone, exp(-(x/s)^2/2 + x/2), the other.
double start(const Target& target) {
  const double x = target.log_moneyness;
  const double at_the_money = target.ratio * sqrt_two_pi;
  const double wing = x / std::sqrt(x - 2.0 * numerics::log(target.ratio));
  const double guess = std::max(at_the_money, wing);
  // Right of the density's mode the complement is solved from there; it decays like a normal tail.
  return target.upper ? std::max(guess, std::sqrt(2.0 * x)) : guess;
}

/// Total volatility s with ratio(s) = target.ratio, to the last digits that the ratio determines.
double solve(const Target& target) {
  double low = 0.0;
  // d1 exceeds 9 here, where the complement is below every double's distance from one.
  double high = 18.0 + 2.0 * std::sqrt(2.0 * target.log_moneyness);
  double s = std::min(start(target), 0.5 * (low + high));
  for (int iteration = 0; iteration < iterations_most; ++iteration) {
    const Step step = step_at(target, s);
    // The density underflows left of every solvable premium: walk right.
    if (!std::isfinite(step.newton)) {
      low = s;
      s = std::min(1.5 * s, 0.5 * (s + high));
      continue;
    }
    (step.newton > 0.0 ? low : high) = s;
    const bool halley = step.correction > 0.5 && step.correction < 2.0;
    double next = s + (halley ? step.newton / step.correction : step.newton);
    if (!(next > low && next < high)) {
      // At the root a step of one rounding may touch the bracket: that is convergence, not escape.
      if (std::fabs(step.newton) <= 4.0 * epsilon * s) return s;
      next = 0.5 * (low + high);
    }
    const double moved = std::fabs(next - s);
    s = next;
    if (moved <= 2.0 * epsilon * s) return s;
  }
  return s;
}

bool positive_finite(double value) { return value > 0.0 && value < std::numeric_limits<double>::infinity(); }

}  // namespace

const char* to_string(ImpliedVolatilityStatus status) noexcept {
  switch (status) {
    case ImpliedVolatilityStatus::ok: return "ok";
    case ImpliedVolatilityStatus::no_time_value: return "no_time_value";
    case ImpliedVolatilityStatus::below_intrinsic: return "below_intrinsic";
    case ImpliedVolatilityStatus::above_maximum: return "above_maximum";
    case ImpliedVolatilityStatus::invalid_input: return "invalid_input";
  }
  return "invalid_input";
}

ImpliedVolatility implied_volatility(const ImpliedVolatilityInput& input) noexcept {
  if (!positive_finite(input.forward) || !positive_finite(input.strike) || !positive_finite(input.expiry_years) ||
      !std::isfinite(input.premium)) {
    return {ImpliedVolatilityStatus::invalid_input, 0.0};
  }
  const bool call = input.right == market::OptionRight::call;
  const double maximum = call ? input.forward : input.strike;
  if (input.premium >= maximum) return {ImpliedVolatilityStatus::above_maximum, 0.0};
  const double intrinsic = std::max(call ? input.forward - input.strike : input.strike - input.forward, 0.0);
  const double time_value = input.premium - intrinsic;
  // In the money the difference carries the rounding of both; out of the money there is none.
  const double noise = intrinsic > 0.0 ? epsilon * std::max(input.premium, intrinsic) : 0.0;
  if (time_value < -noise) return {ImpliedVolatilityStatus::below_intrinsic, 0.0};
  if (time_value <= noise) return {ImpliedVolatilityStatus::no_time_value, 0.0};

  Target target{};
  target.log_moneyness = std::fabs(log_ratio(input.forward, input.strike));
  target.ratio = time_value / std::min(input.forward, input.strike);
  if (target.ratio >= 1.0) return {ImpliedVolatilityStatus::above_maximum, 0.0};
  if (target.ratio <= 0.0) return {ImpliedVolatilityStatus::no_time_value, 0.0};
  target.upper = target.ratio > 0.5;
  target.log_goal = target.upper ? numerics::log1p(-target.ratio) : numerics::log(target.ratio);
  const double volatility = solve(target) / std::sqrt(input.expiry_years);
  if (!positive_finite(volatility)) return {ImpliedVolatilityStatus::invalid_input, 0.0};
  return {ImpliedVolatilityStatus::ok, volatility};
}

std::size_t implied_volatility(const ImpliedVolatilityColumns& in, std::span<double> volatility_annual,
                               std::span<ImpliedVolatilityStatus> status) noexcept {
  const std::size_t count = in.premium.size();
  GIMBAL_ASSERT(in.forward.size() == count);
  GIMBAL_ASSERT(in.strike.size() == count);
  GIMBAL_ASSERT(in.expiry_years.size() == count);
  GIMBAL_ASSERT(in.right.size() == count);
  GIMBAL_ASSERT(volatility_annual.size() == count);
  GIMBAL_ASSERT(status.size() == count);
  std::size_t refused = 0;
  for (std::size_t row = 0; row < count; ++row) {
    const ImpliedVolatility answer =
        implied_volatility({in.premium[row], in.forward[row], in.strike[row], in.expiry_years[row], in.right[row]});
    volatility_annual[row] = answer.volatility_annual;
    status[row] = answer.status;
    refused += answer.ok() ? 0U : 1U;
  }
  return refused;
}

}  // namespace gimbal::pricing
