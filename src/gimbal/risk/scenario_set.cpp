// Checks, names and the joint grid of scenario rows.
#include "gimbal/risk/scenario_set.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace gimbal::risk {
namespace {

// Beyond these nothing is a scenario but a slip of units; they also keep every product in revaluation finite.
constexpr double move_most = 100.0;
constexpr Duration time_step_most = std::chrono::hours{24 * 3650};
// Weights are written with a few digits; their sum is one up to this.
constexpr double weight_sum_tolerance = 1e-9;

Unexpected refuse(const ScenarioRow& row, const std::string& what) {
  return fail(ErrorCode::invalid_argument, "scenario '{}': {}", row.name, what);
}

Result<void> validate_move(const ScenarioRow& row, const market::AssetCode& underlying, const UnderlyingMove& move) {
  if (!(move.spot > -1.0 && move.spot <= move_most))
    return refuse(row, fmt::format("spot move of {} is {}, which is not above -1 and at most {}", underlying.view(),
                                   move.spot, move_most));
  if (!(move.volatility >= -1.0 && move.volatility <= move_most))
    return refuse(row, fmt::format("volatility move of {} is {}, which is not between -1 and {}", underlying.view(),
                                   move.volatility, move_most));
  return {};
}

Result<void> validate_row(const ScenarioRow& row, const std::vector<market::AssetCode>& underlyings) {
  if (row.name.empty()) return fail(ErrorCode::invalid_argument, "a scenario has no name");
  if (row.moves.size() != underlyings.size())
    return refuse(row, fmt::format("{} moves for {} underlyings", row.moves.size(), underlyings.size()));
  for (std::size_t u = 0; u < underlyings.size(); ++u)
    if (const auto valid = validate_move(row, underlyings[u], row.moves[u]); !valid) return valid;
  if (row.time_step < Duration{} || row.time_step > time_step_most)
    return refuse(row, "time step is not between 0 and ten years");
  if (!(row.volatility_exponent >= 0.0 && row.volatility_exponent <= 1.0))
    return refuse(row, fmt::format("volatility exponent is {}, which is not between 0 and 1", row.volatility_exponent));
  if (row.kind == ScenarioKind::weighted ? !(row.weight > 0.0 && row.weight <= 1.0) : row.weight != 0.0)
    return refuse(row, fmt::format("weight is {}: a weighted row has one in (0, 1], any other row none", row.weight));
  if (row.kind == ScenarioKind::venue && row.dynamics != SmileDynamics::sticky_strike)
    return refuse(row, "a venue's row is sticky strike");
  return {};
}

Result<void> validate_underlyings(const std::vector<market::AssetCode>& underlyings) {
  std::set<market::AssetCode> seen;
  for (const market::AssetCode& code : underlyings) {
    if (code.empty() || market::is_dollar(code))
      return fail(ErrorCode::invalid_argument, "scenarios cannot move '{}': it is no underlying", code.view());
    if (!seen.insert(code).second)
      return fail(ErrorCode::invalid_argument, "scenarios name the underlying {} twice", code.view());
  }
  return {};
}

// +30%, -12.5%, 0%
std::string percent(double fraction) {
  // Two decimals of a percent, rounded first so that 0.3 x 100 does not print as 30.000000000000004.
  const double value = std::floor(fraction * 1e4 + 0.5) / 1e2;
  if (value == 0.0) return "0%";
  return fmt::format("{:+g}%", value);
}

// +1d, +6h, +90m: in the largest unit that divides it.
std::string step_text(Duration step) {
  struct UnitText {
    Duration unit;
    const char* letter;
  };
  constexpr UnitText units[] = {{std::chrono::hours{24}, "d"},
                                {std::chrono::hours{1}, "h"},
                                {std::chrono::minutes{1}, "m"},
                                {std::chrono::seconds{1}, "s"}};
  for (const UnitText& text : units)
    if (step % text.unit == Duration{}) return fmt::format("+{}{}", step / text.unit, text.letter);
  return fmt::format("+{}ns", step.count());
}

bool one_volatility(const ScenarioRow& row) {
  return std::all_of(row.moves.begin(), row.moves.end(),
                     [&row](const UnderlyingMove& move) { return move.volatility == row.moves[0].volatility; });
}

Result<void> validate_grid(const ScenarioGrid& grid) {
  if (grid.spot.empty()) return fail(ErrorCode::invalid_argument, "a scenario grid names no underlying");
  if (grid.volatility_moves.empty())
    return fail(ErrorCode::invalid_argument, "a scenario grid has no volatility moves");
  if (grid.time_steps.empty()) return fail(ErrorCode::invalid_argument, "a scenario grid has no time steps");
  if (grid.spot_difference_max && !(*grid.spot_difference_max >= 0.0))
    return fail(ErrorCode::invalid_argument, "the largest difference of spot moves is {}, which is negative",
                *grid.spot_difference_max);
  double combinations = static_cast<double>(grid.volatility_moves.size() * grid.time_steps.size());
  for (const SpotAxis& axis : grid.spot) {
    if (axis.moves.empty())
      return fail(ErrorCode::invalid_argument, "a scenario grid has no spot moves of {}", axis.underlying.view());
    combinations *= static_cast<double>(axis.moves.size());
  }
  // Also bounds the work of leaving combinations out.
  constexpr double combinations_max = 100.0 * static_cast<double>(scenario_rows_max);
  if (combinations > combinations_max)
    return fail(ErrorCode::limit_exceeded, "a scenario grid has {} combinations, at most {} are tried", combinations,
                combinations_max);
  return {};
}

// Whether no two underlyings lie further apart than allowed.
bool close_enough(const std::vector<double>& spot, const std::optional<double>& difference_max) {
  if (!difference_max) return true;
  // Moves are decimal fractions: 0.3 - 0.2 must not exceed 0.1 by its last bit.
  constexpr double slack = 1e-12;
  const auto [least, most] = std::minmax_element(spot.begin(), spot.end());
  return *most - *least <= *difference_max + slack;
}

// Counts through the axes, the last fastest. Returns false after the last combination.
bool next_combination(std::vector<std::size_t>& at, const std::vector<SpotAxis>& axes) {
  for (std::size_t u = axes.size(); u-- > 0;) {
    if (++at[u] < axes[u].moves.size()) return true;
    at[u] = 0;
  }
  return false;
}

}  // namespace

const char* to_string(ScenarioKind kind) noexcept {
  switch (kind) {
    case ScenarioKind::stress: return "stress";
    case ScenarioKind::weighted: return "weighted";
    case ScenarioKind::venue: return "venue";
  }
  return "unknown";
}

const char* to_string(SmileDynamics dynamics) noexcept {
  switch (dynamics) {
    case SmileDynamics::sticky_strike: return "sticky_strike";
    case SmileDynamics::sticky_moneyness: return "sticky_moneyness";
  }
  return "unknown";
}

std::optional<std::size_t> ScenarioSet::underlying_index(const market::AssetCode& code) const {
  for (std::size_t u = 0; u < underlyings.size(); ++u)
    if (underlyings[u] == code) return u;
  return std::nullopt;
}

Result<void> validate(const ScenarioSet& set) {
  if (set.rows.size() > scenario_rows_max)
    return fail(ErrorCode::limit_exceeded, "{} scenarios, at most {} are allowed", set.rows.size(), scenario_rows_max);
  if (const auto valid = validate_underlyings(set.underlyings); !valid) return valid;
  std::set<std::string_view> names;
  double weight = 0.0;
  bool weighted = false;
  for (const ScenarioRow& row : set.rows) {
    if (const auto valid = validate_row(row, set.underlyings); !valid) return valid;
    if (!names.insert(row.name).second) return refuse(row, "the name is used twice");
    weight += row.weight;
    weighted = weighted || row.kind == ScenarioKind::weighted;
  }
  if (weighted && !(std::fabs(weight - 1.0) <= weight_sum_tolerance))
    return fail(ErrorCode::invalid_argument, "the weights of the weighted scenarios sum to {}, not to 1", weight);
  return {};
}

std::string scenario_name(const std::vector<market::AssetCode>& underlyings, const ScenarioRow& row) {
  GIMBAL_ASSERT(row.moves.size() == underlyings.size());
  const bool common = one_volatility(row);
  std::string name;
  for (std::size_t u = 0; u < underlyings.size(); ++u) {
    if (u > 0) name += ' ';
    name += fmt::format("{} {}", underlyings[u].view(), percent(row.moves[u].spot));
    if (!common) name += fmt::format(" vol {}", percent(row.moves[u].volatility));
  }
  if (common && !row.moves.empty()) name += fmt::format(" vol {}", percent(row.moves[0].volatility));
  if (row.time_step != Duration{}) name += fmt::format(" time {}", step_text(row.time_step));
  return name;
}

Result<ScenarioSet> joint_grid(const ScenarioGrid& grid) {
  if (const auto valid = validate_grid(grid); !valid) return Unexpected{valid.error()};
  ScenarioSet set;
  for (const SpotAxis& axis : grid.spot) set.underlyings.push_back(axis.underlying);
  std::vector<std::size_t> at(grid.spot.size(), 0);
  do {
    std::vector<double> spot;
    for (std::size_t u = 0; u < grid.spot.size(); ++u) spot.push_back(grid.spot[u].moves[at[u]]);
    if (!close_enough(spot, grid.spot_difference_max)) continue;
    // Enough to be refused: no need to name the rest.
    if (set.rows.size() > scenario_rows_max) break;
    for (const double volatility : grid.volatility_moves)
      for (const Duration step : grid.time_steps) {
        ScenarioRow row;
        row.time_step = step;
        row.dynamics = grid.dynamics;
        row.volatility_exponent = grid.volatility_exponent;
        for (const double move : spot) row.moves.push_back(UnderlyingMove{move, volatility});
        row.name = scenario_name(set.underlyings, row);
        set.rows.push_back(std::move(row));
      }
  } while (next_combination(at, grid.spot));
  if (set.rows.empty())
    return fail(ErrorCode::invalid_argument, "no combination of spot moves differs by at most {}",
                grid.spot_difference_max.value_or(0.0));
  if (const auto valid = validate(set); !valid) return Unexpected{valid.error()};
  return set;
}

}  // namespace gimbal::risk
