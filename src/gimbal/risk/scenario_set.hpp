// Scenario sets as data: what moves in each row, by how much, and how volatility follows. Nothing here knows a price;
// the rows become numbers in scenario_matrix.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gimbal/foundation/time.hpp"
#include "gimbal/market/asset.hpp"

namespace gimbal::risk {

enum class ScenarioKind : std::uint8_t {
  stress,    ///< No probability: floors only.
  weighted,  ///< A day that may come, with its weight; the weights of a set's weighted rows sum to one.
  venue,     ///< A margin rule's own shock; always sticky strike.
};
[[nodiscard]] const char* to_string(ScenarioKind kind) noexcept;

/// What an option's volatility does when the forward moves.
enum class SmileDynamics : std::uint8_t {
  sticky_strike,     ///< It stays: the surface is read at the log-moneyness before the move.
  sticky_moneyness,  ///< The smile travels along: the surface is read at the log-moneyness after the move.
};
[[nodiscard]] const char* to_string(SmileDynamics dynamics) noexcept;

/// Relative moves of one underlying: -0.2 is -20 %.
struct UnderlyingMove {
  double spot = 0.0;  ///< Of the index, and of every forward in proportion; above -1.
  double volatility =
      0.0;  ///< Of an option with 30 days to go; others move by this x (30 d / time)^exponent. At least -1.
  friend auto operator<=>(const UnderlyingMove&, const UnderlyingMove&) = default;
};

/// The exponent of Deribit's portfolio margin for options of less than 30 days.
inline constexpr double volatility_exponent_usual = 0.3;

struct ScenarioRow {
  ScenarioKind kind = ScenarioKind::stress;
  std::string name;      ///< `BTC -20% ETH -20% vol +30%`; unique in a set.
  double weight = 0.0;   ///< Weighted rows only, else zero.
  Duration time_step{};  ///< Passes before the row is looked at; what expires in it is settled at the row's index.
  SmileDynamics dynamics = SmileDynamics::sticky_strike;
  double volatility_exponent =
      volatility_exponent_usual;      ///< p of (30 d / time)^p, the time being that before the step.
  std::vector<UnderlyingMove> moves;  ///< One for each of ScenarioSet::underlyings.
  friend bool operator==(const ScenarioRow&, const ScenarioRow&) = default;
};

struct ScenarioSet {
  std::vector<market::AssetCode> underlyings;
  std::vector<ScenarioRow> rows;

  [[nodiscard]] std::optional<std::size_t> underlying_index(const market::AssetCode& code) const;
  friend bool operator==(const ScenarioSet&, const ScenarioSet&) = default;
};

/// Rows that one set may hold: at 2,000 instruments the matrix is then 160 MB.
inline constexpr std::size_t scenario_rows_max = 10'000;

/// Refuses what has no meaning: a spot move of -100 % or less, a volatility move below -100 %, a negative time step,
/// moves that do not match the underlyings, names missing or used twice, weights that do not sum to one.
/// Errors    invalid_argument or limit_exceeded, naming the row.
[[nodiscard]] Result<void> validate(const ScenarioSet& set);

/// `BTC -20% ETH -20% vol +30%`, with ` time +1d` behind it where time passes. Where underlyings differ in volatility,
/// each names its own: `BTC -20% vol +30% ETH -20% vol +10%`.
[[nodiscard]] std::string scenario_name(const std::vector<market::AssetCode>& underlyings, const ScenarioRow& row);

/// Spot moves that one underlying goes through.
struct SpotAxis {
  market::AssetCode underlying;
  std::vector<double> moves;
};

/// A grid of stress rows. Volatility moves are common to all underlyings.
struct ScenarioGrid {
  std::vector<SpotAxis> spot;
  std::vector<double> volatility_moves = {0.0};
  std::vector<Duration> time_steps = {Duration{}};
  /// Combinations in which two underlyings' spot moves differ by more are left out: coins fall together.
  std::optional<double> spot_difference_max;
  SmileDynamics dynamics = SmileDynamics::sticky_strike;
  double volatility_exponent = volatility_exponent_usual;
};

/// Every combination of spot moves, jointly over the underlyings, with every volatility move and time step. The first
/// underlying varies slowest, then the others, then volatility, then time.
/// Errors    as validate(); invalid_argument for an empty axis or when nothing is left.
[[nodiscard]] Result<ScenarioSet> joint_grid(const ScenarioGrid& grid);

}  // namespace gimbal::risk
