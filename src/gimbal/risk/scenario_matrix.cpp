// Full revaluation: distinct states of each underlying first, joint rows laid out from them afterwards.
#include "gimbal/risk/scenario_matrix.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "gimbal/numerics/special.hpp"
#include "gimbal/pricing/inverse.hpp"

namespace gimbal::risk {
namespace {

using market::AssetId;
using market::MarketSnapshot;
using market::Payoff;

// Everything of a row that a contract on one underlying can tell.
struct State {
  SmileDynamics dynamics = SmileDynamics::sticky_strike;
  double spot = 0.0;
  double exponent = 0.0;
  double volatility = 0.0;
  Duration step{};
  // The order in which states are valued: what is costly to change changes least often.
  friend auto operator<=>(const State&, const State&) = default;
};

// Differences that do not matter to values are taken out, so that fewer states are distinct.
State state_of(const ScenarioRow& row, std::size_t underlying) {
  const UnderlyingMove& move = row.moves[underlying];
  State state{row.dynamics, move.spot, row.volatility_exponent, move.volatility, row.time_step};
  if (state.spot == 0.0) state.dynamics = SmileDynamics::sticky_strike;
  if (state.volatility == 0.0) state.exponent = 0.0;
  return state;
}

// Columns of one underlying and one kind of pricing, in ascending order.
struct Group {
  std::size_t underlying = 0;  ///< In the scenario set.
  AssetId asset{};
  bool options = false;
  std::vector<std::size_t> column;
};

std::vector<Group> groups_of(const Columns& columns, const ScenarioSet& scenarios, const market::Universe& universe) {
  std::vector<Group> groups;
  for (std::size_t u = 0; u < scenarios.underlyings.size(); ++u) {
    const auto asset = universe.find_asset(scenarios.underlyings[u]);
    if (!asset) continue;
    for (const bool options : {true, false}) {
      Group group{u, *asset, options, {}};
      for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns.underlying[i] == *asset && (columns.kind[i] == market::InstrumentKind::option) == options)
          group.column.push_back(i);
      if (!group.column.empty()) groups.push_back(std::move(group));
    }
  }
  return groups;
}

// Whether a contract is paid out within the step.
bool settles(const Columns& columns, std::size_t column, Duration step) {
  return columns.expiry_ns[column] <= step.count();
}

// Values one group in one state after the other; work that two states in a row share is done once.
class Revaluation {
 public:
  Revaluation(const Columns& columns, const Group& group, const surface::VolSurface* surface, UtcTime time)
      : columns_{columns}, group_{group}, surface_{surface}, time_{time}, count_{group.column.size()} {
    for (std::vector<double>* own : {&strike_, &surface_volatility_, &scale_, &forward_, &volatility_, &years_})
      own->resize(count_);
    for (const std::size_t column : group.column) right_.push_back(columns.right[column]);
    for (std::size_t j = 0; j < count_; ++j) {
      strike_[j] = columns.strike[group.column[j]];
      surface_volatility_[j] = columns.volatility_annual[group.column[j]];
    }
  }

  // One contract of each column in its settlement asset.
  void value(const State& state, std::span<double> out) {
    move_forwards(state);
    if (group_.options) {
      read_surface(state);
      scale_volatility(state);
      price_options(out);
    } else {
      for (std::size_t j = 0; j < count_; ++j) {
        const std::size_t column = group_.column[j];
        out[j] = pricing::future_value(columns_.payoff[column], columns_.contract_size[column], forward_[j]);
      }
    }
  }

 private:
  // What settles within the step does so at the row's index: its forward is that index and no time is left.
  void move_forwards(const State& state) {
    const UtcTime now{state.step};
    for (std::size_t j = 0; j < count_; ++j) {
      const std::size_t column = group_.column[j];
      const bool settled = settles(columns_, column, state.step);
      const double price = settled ? columns_.index[column] : columns_.forward[column];
      forward_[j] = price * (1.0 + state.spot);
      years_[j] = settled ? 0.0
                  : state.step.count() == 0
                      ? columns_.expiry_years[column]
                      : years_between(now, utc_from_nanoseconds(columns_.expiry_ns[column])).raw();
    }
  }

  // Sticky strike keeps the column's own volatility; sticky moneyness reads the smile where the forward has gone.
  void read_surface(const State& state) {
    if (state.dynamics == read_dynamics_ && state.spot == read_spot_) return;
    read_dynamics_ = state.dynamics;
    read_spot_ = state.spot;
    for (std::size_t j = 0; j < count_; ++j) {
      const std::size_t column = group_.column[j];
      surface_volatility_[j] = columns_.volatility_annual[column];
      if (state.dynamics == SmileDynamics::sticky_strike) continue;
      const double moved = columns_.forward[column] * (1.0 + state.spot);
      const UtcTime expiry = time_ + Duration{columns_.expiry_ns[column]};
      surface_volatility_[j] = surface_->volatility(pricing::log_ratio(strike_[j], moved), expiry);
    }
  }

  void scale_volatility(const State& state) {
    if (state.volatility == 0.0) {
      volatility_ = surface_volatility_;
      return;
    }
    if (!scale_known_ || state.exponent != scale_exponent_) {
      constexpr double reference_years = 30.0 / 365.0;
      for (std::size_t j = 0; j < count_; ++j)
        scale_[j] = numerics::pow(reference_years / columns_.expiry_years[group_.column[j]], state.exponent);
      scale_known_ = true;
      scale_exponent_ = state.exponent;
    }
    for (std::size_t j = 0; j < count_; ++j)
      volatility_[j] = surface_volatility_[j] * std::max(0.0, 1.0 + state.volatility * scale_[j]);
  }

  void price_options(std::span<double> out) {
    const pricing::Black76Columns in{.forward = forward_,
                                     .strike = strike_,
                                     .volatility_annual = volatility_,
                                     .expiry_years = years_,
                                     .right = right_};
    // Columns and scenarios were checked: nothing is left that the formula has no answer for.
    const std::size_t rejected = pricing::black76_premium(in, out);
    GIMBAL_ASSERT(rejected == 0);
    for (std::size_t j = 0; j < count_; ++j) {
      const std::size_t column = group_.column[j];
      const double premium = columns_.payoff[column] == Payoff::inverse ? out[j] / forward_[j] : out[j];
      out[j] = columns_.contract_size[column] * premium;
    }
  }

  const Columns& columns_;
  const Group& group_;
  const surface::VolSurface* surface_;
  UtcTime time_;
  std::size_t count_;
  std::vector<market::OptionRight> right_;
  std::vector<double> strike_, surface_volatility_, scale_, forward_, volatility_, years_;
  SmileDynamics read_dynamics_ = SmileDynamics::sticky_strike;
  double read_spot_ = 0.0;
  bool scale_known_ = false;
  double scale_exponent_ = 0.0;
};

// Copies a group's changes into a joint row, run by run of neighbouring columns.
void lay_out(const Group& group, std::span<const double> change, std::span<double> row) {
  for (std::size_t j = 0; j < change.size();) {
    std::size_t end = j + 1;
    while (end < change.size() && group.column[end] == group.column[end - 1] + 1) ++end;
    std::copy(change.begin() + static_cast<std::ptrdiff_t>(j), change.begin() + static_cast<std::ptrdiff_t>(end),
              row.begin() + static_cast<std::ptrdiff_t>(group.column[j]));
    j = end;
  }
}

void fill_group(const Columns& columns, const Group& group, const ScenarioSet& scenarios,
                const MarketSnapshot& snapshot, const surface::SurfaceSet& surfaces, ScenarioMatrix& matrix) {
  std::map<State, std::size_t> states;
  for (const ScenarioRow& row : scenarios.rows) states.emplace(state_of(row, group.underlying), 0);
  Revaluation revaluation{columns, group, surfaces.find(group.asset), snapshot.time};
  std::vector<double> origin(group.column.size());
  revaluation.value(State{}, origin);
  lay_out(group, origin, matrix.value_origin);
  Matrix changes{states.size(), group.column.size()};
  std::size_t next = 0;
  for (auto& [state, index] : states) {
    index = next++;
    const std::span<double> change = changes.row(index);
    revaluation.value(state, change);
    for (std::size_t j = 0; j < change.size(); ++j) change[j] -= origin[j];
  }
  for (std::size_t r = 0; r < scenarios.rows.size(); ++r) {
    const std::size_t index = states.find(state_of(scenarios.rows[r], group.underlying))->second;
    lay_out(group, changes.view().row(index), matrix.change.row(r));
  }
}

void fill_prices(const ScenarioSet& scenarios, const MarketSnapshot& snapshot, ScenarioMatrix& matrix) {
  const market::Universe& universe = *snapshot.universe;
  for (std::size_t a = 0; a < universe.asset_count(); ++a) {
    const auto price = snapshot.index(static_cast<AssetId>(a));
    matrix.price_origin_usd[a] = price ? *price : 0.0;
    const auto u = scenarios.underlying_index(universe.asset(static_cast<AssetId>(a)).code);
    for (std::size_t r = 0; r < scenarios.rows.size(); ++r) {
      const double move = u ? scenarios.rows[r].moves[*u].spot : 0.0;
      matrix.price_usd(r, a) = matrix.price_origin_usd[a] * (1.0 + move);
    }
  }
}

}  // namespace

ScenarioMatrix scenario_matrix(const Columns& columns, const ScenarioSet& scenarios, const MarketSnapshot& snapshot,
                               const surface::SurfaceSet& surfaces) {
  ScenarioMatrix matrix;
  matrix.value_origin.resize(columns.size());
  matrix.change = Matrix{scenarios.rows.size(), columns.size()};
  matrix.price_origin_usd.resize(snapshot.universe->asset_count());
  matrix.price_usd = Matrix{scenarios.rows.size(), snapshot.universe->asset_count()};
  fill_prices(scenarios, snapshot, matrix);
  for (const Group& group : groups_of(columns, scenarios, *snapshot.universe))
    fill_group(columns, group, scenarios, snapshot, surfaces, matrix);
  return matrix;
}

}  // namespace gimbal::risk
