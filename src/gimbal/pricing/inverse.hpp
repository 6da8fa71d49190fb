// What contracts are worth in the currency they settle in, as real numbers for revaluation: options whose premium is
// coin (inverse) or quote (linear), futures and perpetuals of both kinds, spot. Per unit of underlying or per contract
// as said; money actually owed is market/contract_value.hpp's, to the smallest unit.
#pragma once

#include "gimbal/market/instrument.hpp"
#include "gimbal/pricing/black76.hpp"

namespace gimbal::pricing {

/// An inverse option: its premium V/F in coin per unit of underlying, and how that moves.
///
/// Its value in quote, V, moves like dV/dF coins of underlying. V/F of those are the premium itself, which is coin; the
/// rest, `delta_net_coin`, is what has to be hedged to hold the coin value still.
struct InverseGreeks {
  double premium_coin = 0.0;    ///< V/F
  double delta_net_coin = 0.0;  ///< F d(V/F)/dF = dV/dF - V/F, coins of underlying
  double gamma_coin = 0.0;      ///< d2(V/F)/dF2, coin per squared quote unit
  double vega_coin = 0.0;       ///< d(V/F)/dsigma, coin per 1.00 of volatility
  double theta_coin = 0.0;      ///< -d(V/F)/dT at fixed forward, coin per year
};

/// Domain and limits as black76.hpp's. No discount: coin earns no interest at the venue.
[[nodiscard]] InverseGreeks inverse_greeks(const Black76Input& input) noexcept;
/// The same from the option's undiscounted Greeks in quote.
[[nodiscard]] InverseGreeks inverse_greeks(const Black76Greeks& quote, double forward) noexcept;

/// Coin premium alone, with the bits of inverse_greeks.
[[nodiscard]] double inverse_premium_coin(const Black76Input& input) noexcept;

/// What one contract of a future, perpetual or spot pair is worth in its settlement asset at `price`, up to the
/// constant that the entry price fixes: contract_size x price when linear, -contract_size / price when inverse. A long
/// that was bought at P and is worth value(Q) - value(P) at Q gains as the price rises in both.
/// Domain    price > 0 when inverse; quanto is not traded and stops the process.
[[nodiscard]] double future_value(market::Payoff payoff, double contract_size, double price) noexcept;

/// d(future_value)/d(price).
[[nodiscard]] double future_value_slope(market::Payoff payoff, double contract_size, double price) noexcept;

/// What one option contract is worth in its settlement asset: contract_size x V when linear, contract_size x V/F coin
/// when inverse. Domain and limits as black76.hpp's; quanto stops the process.
[[nodiscard]] double option_value(market::Payoff payoff, double contract_size, const Black76Input& input) noexcept;

}  // namespace gimbal::pricing
