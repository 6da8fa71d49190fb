// From a premium back to the volatility that Black-76 needs to give it, or to the reason why none does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "gimbal/market/instrument.hpp"

namespace gimbal::pricing {

enum class ImpliedVolatilityStatus : std::uint8_t {
  ok,
  no_time_value,    ///< The premium equals intrinsic value, so far as doubles can tell: any tiny volatility would do.
  below_intrinsic,  ///< Less than max(w (F - K), 0): an arbitrage, or a stale quote.
  above_maximum,    ///< F or more for a call, K or more for a put: no volatility reaches it.
  invalid_input,    ///< Not finite, or forward, strike or time to expiry not positive.
};

/// `ok`, `no_time_value`, and so on.
[[nodiscard]] const char* to_string(ImpliedVolatilityStatus status) noexcept;

struct ImpliedVolatility {
  ImpliedVolatilityStatus status = ImpliedVolatilityStatus::invalid_input;
  double volatility_annual = 0.0;  ///< Zero unless the status is ok; read the status first.

  [[nodiscard]] bool ok() const noexcept { return status == ImpliedVolatilityStatus::ok; }
};

/// A European option's premium, undiscounted, quote per unit of base. For a coin premium give premium_coin x forward.
struct ImpliedVolatilityInput {
  double premium = 0.0;
  double forward = 0.0;
  double strike = 0.0;
  double expiry_years = 0.0;
  market::OptionRight right = market::OptionRight::call;
};

/// The volatility, per square root of a year, whose Black-76 premium is the one given.
///
/// Domain    forward, strike and years from 1e-300 to 1e300.
/// Method    In the money the premium less intrinsic value is the other right's premium; that one is inverted by a
///           start and two steps, always the same (internal/implied_volatility_kernel.hpp).
/// Accuracy  relative error at most 4e-16 max(8, |d ln sigma / d ln premium|) for |ln(F/K)| <= 40, total volatility
///           from 1e-6 to 20 and premiums down to 1e-300 of the smaller price; evidence:
///           tests/golden/implied_volatility.csv.
[[nodiscard]] ImpliedVolatility implied_volatility(const ImpliedVolatilityInput& input) noexcept;

struct ImpliedVolatilityColumns {
  std::span<const double> premium, forward, strike, expiry_years;
  std::span<const market::OptionRight> right;
};

/// One row per option, with the bits of the scalar form. All spans have one length; outputs overlap nothing. Rows whose
/// status is not ok get volatility zero. Returns the number of such rows.
[[nodiscard]] std::size_t implied_volatility(const ImpliedVolatilityColumns& in, std::span<double> volatility_annual,
                                             std::span<ImpliedVolatilityStatus> status) noexcept;

}  // namespace gimbal::pricing
