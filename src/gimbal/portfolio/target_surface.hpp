// TargetSurface: what the owner of a book wants of it, as bounds on named rows. Plain values; `risk` gives the rows
// their coefficients, `allocate` finds the book.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gimbal/market/asset.hpp"

namespace gimbal::portfolio {

/// The Greeks that a row can bound, in the units that desks read. `N` is the numeraire.
enum class Greek : std::uint8_t {
  delta,  ///< Coins of the underlying: d equity / d price, premium and coin collateral included (see DeltaCollateral).
  gamma,  ///< Coins of delta gained when the underlying rises by 1 %.
  vega,   ///< N per volatility point (0.01) of every expiry alike.
  theta,  ///< N per day of 24 hours.
};
[[nodiscard]] const char* to_string(Greek greek) noexcept;

/// Whether a delta counts what the account holds in coin. Excluded: the derivatives' own delta, as venues show it.
enum class DeltaCollateral : std::uint8_t { included, excluded };

/// A bound that gives way, if something must, before every bound of a lower number; 1 is kept to the last.
using Priority = int;

enum class Firmness : std::uint8_t {
  hard,  ///< Every returned book holds it after lots, unless the input is infeasible.
  soft,  ///< Leaving [lower, upper] costs the row's weight per unit.
};

/// Common to every bounded row. Absent bounds are open.
struct BoundedRow {
  std::string name;  ///< As reports show it: `delta BTC`.
  std::optional<double> lower;
  std::optional<double> upper;
  Firmness firmness = Firmness::hard;
  Priority priority = 1;
};

struct GreekTarget {
  BoundedRow bound;
  market::AssetCode underlying;
  Greek greek = Greek::delta;
  DeltaCollateral collateral = DeltaCollateral::included;
  std::optional<double> desired;  ///< Pulled towards with weight/2 x (value - desired)^2, in numeraire.
  double weight = 0.0;            ///< Of `desired`: N per squared unit of the row. Of a soft bound: N per unit outside.
};

/// Floors on the risk surface: no stress row may lose more than `loss_limit` from today's equity.
struct StressTarget {
  double loss_limit = 0.0;  ///< In the numeraire, positive.
  Firmness firmness = Firmness::hard;
  Priority priority = 2;
  double weight = 0.0;  ///< Soft only: N per unit of the numeraire lost beyond the limit, in each row.
};

/// Initial margin requirement <= ceiling x the balance that the venue compares it with, in every settlement currency.
struct MarginTarget {
  double ceiling = 0.5;  ///< Fraction, 0 < ceiling <= 1.
  Firmness firmness = Firmness::hard;
  Priority priority = 1;
  double weight = 0.0;  ///< Soft only: N per unit of the fraction above the ceiling (0.01 is a hundredth of it).
};

/// Room to liquidation: maintenance requirement <= (1 - room) x the same balance, in every settlement currency. A venue
/// takes an account over when the requirement exceeds the balance; `room` is the share of the balance that may be lost
/// before it does, the requirement standing still.
struct LiquidationTarget {
  double room = 0.4;  ///< Fraction, 0 <= room < 1.
  Firmness firmness = Firmness::hard;
  Priority priority = 1;
  double weight = 0.0;  ///< Soft only: N per unit of the fraction that is missing.
};

struct TargetSurface {
  std::vector<GreekTarget> greeks;
  std::optional<StressTarget> stress;
  std::optional<MarginTarget> margin;
  std::optional<LiquidationTarget> liquidation;
};

}  // namespace gimbal::portfolio
