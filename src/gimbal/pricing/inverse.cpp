// Coin-settled values and their derivatives by the quotient rule on Black-76.
#include "gimbal/pricing/inverse.hpp"

#include "gimbal/foundation/assert.hpp"

namespace gimbal::pricing {

InverseGreeks inverse_greeks(const Black76Greeks& quote, double forward) noexcept {
  InverseGreeks coin;
  coin.premium_coin = quote.premium / forward;
  coin.delta_net_coin = quote.delta - coin.premium_coin;
  // (V/F)'' = V''/F - 2 V'/F^2 + 2 V/F^3.
  coin.gamma_coin = (quote.gamma - 2.0 * coin.delta_net_coin / forward) / forward;
  coin.vega_coin = quote.vega / forward;
  coin.theta_coin = quote.theta / forward;
  return coin;
}

InverseGreeks inverse_greeks(const Black76Input& input) noexcept {
  return inverse_greeks(black76_greeks(input), input.forward);
}

double inverse_premium_coin(const Black76Input& input) noexcept { return black76_premium(input) / input.forward; }

double future_value(market::Payoff payoff, double contract_size, double price) noexcept {
  GIMBAL_ASSERT(payoff != market::Payoff::quanto);
  return payoff == market::Payoff::inverse ? -contract_size / price : contract_size * price;
}

double future_value_slope(market::Payoff payoff, double contract_size, double price) noexcept {
  GIMBAL_ASSERT(payoff != market::Payoff::quanto);
  return payoff == market::Payoff::inverse ? contract_size / (price * price) : contract_size;
}

double option_value(market::Payoff payoff, double contract_size, const Black76Input& input) noexcept {
  GIMBAL_ASSERT(payoff != market::Payoff::quanto);
  return contract_size * (payoff == market::Payoff::inverse ? inverse_premium_coin(input) : black76_premium(input));
}

}  // namespace gimbal::pricing
