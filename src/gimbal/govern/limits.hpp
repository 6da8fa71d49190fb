// The limits that no proposer can change, in the units of the trade. They are wider than the target surface: the target
// says where the book should be, a limit where no order may take it.
#pragma once

#include <optional>
#include <vector>

#include "gimbal/foundation/time.hpp"
#include "gimbal/portfolio/target_surface.hpp"

namespace gimbal::govern {

/// Bounds on a Greek of one underlying, in the units of portfolio::Greek.
struct GreekLimit {
  market::AssetCode underlying;
  portfolio::Greek greek = portfolio::Greek::delta;
  portfolio::DeltaCollateral collateral = portfolio::DeltaCollateral::included;
  double lower = 0.0;
  double upper = 0.0;
};

/// Shares of the balance that maintenance margin may take before the ladder is stepped down. Ascending.
struct ContainmentSteps {
  double no_new_risk = 0.5;
  double reduce_only = 0.7;
  double exit = 0.85;
  double hysteresis = 0.05;  ///< A rung is left upwards only when the share is this far below its step.
};

/// An absent limit is open.
struct Limits {
  std::vector<GreekLimit> greeks;
  std::optional<double> stress_loss_max;         ///< Numeraire: worst stress row, positive.
  std::optional<double> margin_utilisation_max;  ///< Initial margin / balance, every pool.
  std::optional<double> order_notional_max;      ///< Numeraire: contracts x what they are on, at the index.
  std::optional<double> price_distance_max;      ///< |limit - mark| as a fraction of the underlying's price.
  std::optional<std::uint32_t> orders_per_lap_max;
  std::optional<Duration> data_age_max;  ///< Between the market's time and the order's.
  ContainmentSteps containment;
};

}  // namespace gimbal::govern
