// A made-up market that looks like Deribit's and is wholly ours: BTC and ETH with options, dated futures, perpetuals
// and spot, sized quotes, index and funding. The same parameters give the same market to the last digit.
#pragma once

#include <map>
#include <vector>

#include "gimbal/market/recorded.hpp"
#include "gimbal/simulate/synthetic_listing.hpp"
#include "gimbal/simulate/synthetic_process.hpp"

namespace gimbal::simulate {

/// The smile at each expiry, as total variance of log-moneyness k:
///
///   w(k) = theta/2 (1 + rho phi k + sqrt((phi k + rho)^2 + 1 - rho^2)),  phi = eta / sqrt(theta)
///
/// theta is the expected variance until expiry of a volatility that reverts; with eta^2 (1 + |rho|) <= 4 the surface
/// has no butterfly and no calendar arbitrage before noise.
/// Source    J. Gatheral and A. Jacquier, "Arbitrage-free SVI volatility surfaces", Quantitative Finance 14 (2014)
///           59-71.
struct SyntheticSmile {
  double rho = -0.22;
  double eta = 0.95;
  double risk_premium = 1.06;      ///< Of implied over expected volatility.
  double expiry_noise = 0.006;     ///< Relative, one draw an expiry; noise fades and renews from snapshot to snapshot.
  double strike_noise = 0.010;     ///< Relative, one draw a strike, both rights alike; grows towards the wings.
  double noise_persistence = 0.7;  ///< Share of the noise that is left at the next snapshot.
};

/// How the book stands around the marks.
struct SyntheticBook {
  double option_half_spread = 0.006;  ///< In volatility, at the money; grows towards the wings and near expiry.
  double future_half_spread = 0.00012;
  double perpetual_half_spread = 0.00001;
  double spot_half_spread = 0.00008;
  double option_size = 40.0;  ///< Typical, in coins of the first currency's value.
  double future_size_usd = 2'000'000.0;
  double missing_bid = 0.02;  ///< Chance that a side is absent.
  double missing_ask = 0.012;
};

struct SyntheticMarketParameters {
  std::uint64_t seed = 7;
  std::size_t snapshots = 12;
  Duration spacing = std::chrono::hours{6};
  UtcTime start = *parse_utc("2026-01-05T02:00:00Z");
  std::vector<SyntheticCoin> coins = default_coins();
  SyntheticClimate climate;
  SyntheticCalendar calendar;
  SyntheticSmile smile;
  SyntheticBook book;

  /// BTC and ETH.
  [[nodiscard]] static std::vector<SyntheticCoin> default_coins();
};

/// Refuses parameters that have no market.
/// Errors    invalid_argument, naming the parameter.
[[nodiscard]] Result<void> validate(const SyntheticMarketParameters& parameters);

/// Makes one snapshot after another.
class SyntheticMarket {
 public:
  /// Parameters must be valid; their count of snapshots is the caller's to keep.
  explicit SyntheticMarket(SyntheticMarketParameters parameters);

  /// The market at the next instant, the first call giving the start.
  ///
  /// Index prices of the coins and of USDC; quotes of each coin: perpetuals (inverse, linear), spot, dated futures,
  /// options by expiry, strike and right. A mark is Black-76 of the mark volatility at the forward, to 8 decimals.
  [[nodiscard]] market::RecordedSnapshot next();

 private:
  struct Coin;
  struct Expiry;
  void quote_coin(std::size_t coin, market::RecordedSnapshot& snapshot);
  void quote_perpetuals_and_spot(const Coin& coin, market::RecordedSnapshot& snapshot);
  void quote_future(const Coin& coin, const Expiry& expiry, market::RecordedSnapshot& snapshot);
  void quote_options(const Coin& coin, const Expiry& expiry, market::RecordedSnapshot& snapshot);
  void quote_option(const Coin& coin, const Expiry& expiry, double strike, double volatility,
                    market::RecordedSnapshot& snapshot);
  void quote_around(market::RecordedQuote& quote, double middle, double half_spread);
  void size_future(market::RecordedQuote& quote, double price);
  [[nodiscard]] double noise(UtcTime expiry, std::size_t coin, double strike);

  SyntheticMarketParameters parameters_;
  SyntheticProcess process_;
  SeededRandom book_random_;
  SeededRandom noise_random_;
  UtcTime now_;
  bool started_ = false;
  std::vector<StrikeBoard> boards_;
  struct NoiseKey {
    UtcTime expiry;
    std::size_t coin;
    double strike;  // zero for the expiry as a whole
    friend auto operator<=>(const NoiseKey&, const NoiseKey&) = default;
  };
  std::map<NoiseKey, double> noise_;  // standard normal, persistent
};

/// The whole market as the text of Gimbal's own table, ready for a file.
/// Errors    as validate.
[[nodiscard]] Result<std::string> synthetic_market_csv(const SyntheticMarketParameters& parameters);

/// The whole market in memory. Errors: as validate.
[[nodiscard]] Result<std::vector<market::RecordedSnapshot>> synthetic_snapshots(
    const SyntheticMarketParameters& parameters);

}  // namespace gimbal::simulate
