// The paths that a synthetic market is drawn from: prices with stochastic volatility and jumps, correlated between
// coins, and the slow quantities beside them (basis, premium of the perpetual). No instruments here; those are
// synthetic_market.hpp.
#pragma once

#include <vector>

#include "gimbal/foundation/random.hpp"
#include "gimbal/foundation/time.hpp"
#include "gimbal/market/asset.hpp"

namespace gimbal::simulate {

/// One coin's laws. Volatilities per square root of a year, rates per year.
///
/// ln v reverts to ln(volatility_long_run) at `reversion` with `volatility_of_volatility`; the price moves with v and
/// jumps `jumps_per_year` times by a normal amount of log-price. Basis and premium revert to their means.
struct SyntheticCoin {
  market::AssetCode asset;
  double price_initial = 0.0;  ///< USD
  double volatility_initial = 0.0;
  double volatility_long_run = 0.0;
  double reversion = 6.0;
  double volatility_of_volatility = 0.9;
  double leverage_correlation = -0.4;  ///< Between moves of price and of volatility.
  double jump_mean = -0.015;           ///< Of log-price.
  double jump_deviation = 0.03;
  double basis_mean = 0.06;  ///< Of dated futures over the index, per year.
  double basis_deviation = 0.012;
  double premium_mean = 0.0003;  ///< Of the perpetual over the index.
  double premium_deviation = 0.0002;
};

/// Laws that coins share.
struct SyntheticClimate {
  double return_correlation = 0.82;       ///< Of each coin's price with the first one's.
  double volatility_correlation = 0.85;   ///< The same of volatilities, beyond what follows from prices.
  double jumps_per_year = 40.0;           ///< All coins jump together, each by its own amount.
  double slow_reversion = 60.0;           ///< Of basis, premium and the dollar coin, per year.
  double dollar_coin_deviation = 0.0002;  ///< Of USDC around one dollar.
};

struct SyntheticCoinState {
  double price = 0.0;
  double volatility = 0.0;  ///< Instantaneous.
  double basis = 0.0;
  double premium = 0.0;
};

/// The state of all coins, moved forward in small steps.
class SyntheticProcess {
 public:
  SyntheticProcess(std::vector<SyntheticCoin> coins, const SyntheticClimate& climate, SeededRandom random);

  void advance(Duration elapsed);
  [[nodiscard]] const std::vector<SyntheticCoinState>& coins() const { return states_; }
  /// USD per USDC.
  [[nodiscard]] double dollar_coin() const { return dollar_coin_; }

 private:
  void step(double years);
  // What moves all coins in one step.
  struct CommonShocks {
    double of_price = 0.0;
    double of_volatility = 0.0;
    bool jump = false;
  };
  void move(std::size_t coin, const CommonShocks& common, double years);

  std::vector<SyntheticCoin> coins_;
  SyntheticClimate climate_;
  SeededRandom random_;
  std::vector<SyntheticCoinState> states_;
  double dollar_coin_ = 1.0;
};

}  // namespace gimbal::simulate
