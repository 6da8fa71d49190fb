// What an allocation may do and how it weighs things: the part of the programme that does not come from the market, the
// book or the target surface. Plain values with defaults; names most significant word first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gimbal/allocate/edge.hpp"
#include "gimbal/forecast/volatility_forecast.hpp"
#include "gimbal/market/instrument.hpp"

namespace gimbal::allocate {

/// A closed interval; an absent end is open.
struct Range {
  std::optional<double> least;
  std::optional<double> most;

  [[nodiscard]] bool holds(double value) const { return (!least || value >= *least) && (!most || value <= *most); }
  friend bool operator==(const Range&, const Range&) = default;
};

/// A set of instruments: those that meet every condition. An empty list or an open range is no condition.
struct Selector {
  std::vector<market::InstrumentKind> kinds = {};
  std::vector<market::AssetCode> underlyings = {};
  std::optional<market::OptionRight> right = {};  ///< With it, options alone match.
  Range tenor_days = {};                          ///< To expiry, in days of 24 hours; what has none always matches.
  Range moneyness = {};                           ///< Strike / forward; options only, others always match.
  Range delta_absolute = {};            ///< Of one unit, without premium, 0 to 1; options only, others always match.
  std::vector<std::string> names = {};  ///< Canonical names.
  friend bool operator==(const Selector&, const Selector&) = default;
};

/// A limit on every single line that the kinds and underlyings name (empty: all); the least that applies to a line
/// holds.
struct ContractLimit {
  std::vector<market::InstrumentKind> kinds = {};
  std::vector<market::AssetCode> underlyings = {};
  double contracts_most = 0.0;  ///< Not negative.
  friend bool operator==(const ContractLimit&, const ContractLimit&) = default;
};

/// Yearly volatilities of one underlying, configured rather than estimated, for the covariance of the objective.
struct UnderlyingRisk {
  market::AssetCode underlying;
  double spot_volatility_annual = 0.6;           ///< Of the index: 0.6 is 60 %.
  double volatility_of_volatility_annual = 0.8;  ///< Relative, of its at-the-money volatility, all expiries alike.
  friend bool operator==(const UnderlyingRisk&, const UnderlyingRisk&) = default;
};

/// The covariance Sigma of profit over the horizon: low-rank, three factors an underlying (spot, volatility, and the
/// part of the squared spot move that gamma earns), independent of the stress grid. docs/allocation.md has the formula.
struct RiskModel {
  std::vector<UnderlyingRisk> underlyings = {};
  double spot_correlation = 0.8;              ///< Between the spots, and the volatilities, of any two underlyings.
  double spot_volatility_correlation = -0.2;  ///< Between an underlying's spot and its volatility.
  friend bool operator==(const RiskModel&, const RiskModel&) = default;
};

struct AllocationSettings {
  EdgeSettings edge;
  forecast::VolatilityForecast forecast;
  /// Price of variance in the objective, per unit of numeraire: at 1e-6, a book whose profit over the horizon has a
  /// standard deviation of 10,000 gives up 50 for certain. Zero ignores it.
  double risk_aversion = 0.0;
  RiskModel risk;

  std::vector<Selector>
      holdable;  ///< What may be held: what any of them selects. Empty: everything. The rest may only be reduced.
  std::vector<ContractLimit> position_limits;  ///< Contracts held, long or short, of any line.
  std::vector<ContractLimit> trade_limits;     ///< Contracts of one trade.
  double trade_size_share_most = 1.0;          ///< Part of the quoted size that a trade may take, 0 < share <= 1.
  double trade_value_least =
      0.0;  ///< Numeraire: premium of options, notional of others. Closing a line is always allowed.
  std::optional<std::uint32_t> lines_most;  ///< Lines held after the trades.
  std::uint32_t candidates_most = 200;      ///< Lines that the programme may trade; see select_candidates().
};

/// Errors    invalid_argument naming the first setting out of its stated domain.
[[nodiscard]] Result<void> validate(const AllocationSettings& settings);

}  // namespace gimbal::allocate
