// One contract between two instants: its change of value by stepwise revaluation and Taylor terms, in the numeraire.
// The formulas are stated in attribution.hpp; adding positions up is attribution.cpp's.
#pragma once

#include "gimbal/market/instrument.hpp"

namespace gimbal::portfolio::internal {

/// What one contract's value stands on at one instant.
struct ContractState {
  double index = 0.0;              ///< Quote per coin.
  double forward = 0.0;            ///< Quote per coin: of an option that of its expiry, of a future its own mark.
  double volatility_annual = 0.0;  ///< Options only.
  double expiry_years = 0.0;       ///< Options only.
  double value = 0.0;              ///< Of one contract at its mark, in the settlement asset.
  double rate = 0.0;               ///< Numeraire per settlement asset.
};

/// Numeraire per contract held; they add up to rate1 (value1 - value0).
struct ValueSteps {
  double time = 0.0;
  double carry = 0.0;
  double delta = 0.0;
  double gamma = 0.0;
  double vega = 0.0;
  double vanna = 0.0;
  double volga = 0.0;
  double residual = 0.0;
};

/// Domain    prices positive, volatilities and times not negative, all finite; no spot pairs, no quanto.
[[nodiscard]] ValueSteps value_steps(const market::Instrument& instrument, const ContractState& before,
                                     const ContractState& after);

}  // namespace gimbal::portfolio::internal
