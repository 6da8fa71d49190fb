// Euler steps of a quarter of an hour; one draw per full expression, in a fixed order.
#include "gimbal/simulate/synthetic_process.hpp"

#include <cmath>

#include "gimbal/numerics/normal_draw.hpp"
#include "gimbal/numerics/special.hpp"

namespace gimbal::simulate {
namespace {

constexpr std::chrono::minutes step_length{15};

// One step of a quantity that reverts to `mean` with stationary deviation `deviation`, exact for any step.
double reverted(double value, double mean, double deviation, double decay, double shock) {
  return mean + (value - mean) * decay + deviation * std::sqrt(1.0 - decay * decay) * shock;
}

// A standard normal shock that has this correlation with the first.
double mixed(double correlation, double first, double second) {
  return correlation * first + std::sqrt(1.0 - correlation * correlation) * second;
}

}  // namespace

SyntheticProcess::SyntheticProcess(std::vector<SyntheticCoin> coins, const SyntheticClimate& climate,
                                   SeededRandom random)
    : coins_{std::move(coins)}, climate_{climate}, random_{random} {
  for (const SyntheticCoin& coin : coins_)
    states_.push_back(
        SyntheticCoinState{coin.price_initial, coin.volatility_initial, coin.basis_mean, coin.premium_mean});
}

void SyntheticProcess::advance(Duration elapsed) {
  GIMBAL_ASSERT(elapsed >= Duration{});
  while (elapsed > Duration{}) {
    const Duration part = elapsed < step_length ? elapsed : Duration{step_length};
    step(years_between(UtcTime{}, UtcTime{part}).raw());
    elapsed -= part;
  }
}

void SyntheticProcess::step(double years) {
  CommonShocks common;
  common.of_price = numerics::normal_draw(random_);
  common.of_volatility = numerics::normal_draw(random_);
  common.jump = random_.uniform() < climate_.jumps_per_year * years;
  for (std::size_t coin = 0; coin < coins_.size(); ++coin) move(coin, common, years);
  const double decay = numerics::exp(-climate_.slow_reversion * years);
  const double shock = numerics::normal_draw(random_);
  dollar_coin_ = reverted(dollar_coin_, 1.0, climate_.dollar_coin_deviation, decay, shock);
}

void SyntheticProcess::move(std::size_t coin, const CommonShocks& common, double years) {
  const SyntheticCoin& law = coins_[coin];
  SyntheticCoinState& state = states_[coin];
  const double own_price_shock = numerics::normal_draw(random_);
  const double own_volatility_shock = numerics::normal_draw(random_);
  const double jump_shock = numerics::normal_draw(random_);
  const double return_shock =
      coin == 0 ? common.of_price : mixed(climate_.return_correlation, common.of_price, own_price_shock);
  const double free_shock = mixed(climate_.volatility_correlation, common.of_volatility, own_volatility_shock);
  const double volatility_shock = mixed(law.leverage_correlation, return_shock, free_shock);
  const double jumped = common.jump ? law.jump_mean + law.jump_deviation * jump_shock : 0.0;

  const double root = std::sqrt(years);
  const double drifted = -0.5 * state.volatility * state.volatility * years;
  state.price *= numerics::exp(drifted + state.volatility * root * return_shock + jumped);

  // Exact for the reverting logarithm: its stationary deviation is the diffusion over sqrt(2 reversion).
  const double stationary = law.volatility_of_volatility / std::sqrt(2.0 * law.reversion);
  const double log_volatility = reverted(numerics::log(state.volatility), numerics::log(law.volatility_long_run),
                                         stationary, numerics::exp(-law.reversion * years), volatility_shock);
  state.volatility = numerics::exp(log_volatility);

  const double decay = numerics::exp(-climate_.slow_reversion * years);
  const double basis_shock = numerics::normal_draw(random_);
  state.basis = reverted(state.basis, law.basis_mean, law.basis_deviation, decay, basis_shock);
  const double premium_shock = numerics::normal_draw(random_);
  state.premium = reverted(state.premium, law.premium_mean, law.premium_deviation, decay, premium_shock);
}

}  // namespace gimbal::simulate
