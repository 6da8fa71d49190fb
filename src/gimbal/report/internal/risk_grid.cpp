// Scenario rows for the grid, the columns that are held, and their profits laid out as matrices.
#include "gimbal/report/internal/risk_grid.hpp"

namespace gimbal::report::internal {
namespace {

// Percent, so that a move of zero is zero.
constexpr int spot_least = -30;
constexpr int spot_most = 30;
constexpr int spot_step = 5;
constexpr int volatility_least = -50;
constexpr int volatility_most = 100;
constexpr int volatility_step = 25;

std::vector<double> moves(int least, int most, int step) {
  std::vector<double> list;
  for (int percent = least; percent <= most; percent += step) list.push_back(percent / 100.0);
  return list;
}

// The columns of `all` at the given places.
risk::Columns chosen(const risk::Columns& all, const std::vector<std::size_t>& places) {
  risk::Columns few;
  for (const std::size_t i : places) {
    few.instrument.push_back(all.instrument[i]);
    few.underlying.push_back(all.underlying[i]);
    few.settlement.push_back(all.settlement[i]);
    few.kind.push_back(all.kind[i]);
    few.payoff.push_back(all.payoff[i]);
    few.right.push_back(all.right[i]);
    few.contract_size.push_back(all.contract_size[i]);
    few.strike.push_back(all.strike[i]);
    few.forward.push_back(all.forward[i]);
    few.index.push_back(all.index[i]);
    few.volatility_annual.push_back(all.volatility_annual[i]);
    few.expiry_years.push_back(all.expiry_years[i]);
    few.expiry_ns.push_back(all.expiry_ns[i]);
    few.listed.push_back(all.listed[i]);
  }
  return few;
}

// The configured underlyings that this market has.
std::vector<market::AssetCode> underlyings_of(const risk::RiskView& view) {
  std::vector<market::AssetCode> list;
  for (const market::AssetCode& code : view.settings->scenarios.underlyings) {
    const auto asset = view.universe().find_asset(code);
    if (asset && view.matrix.price_origin_usd[market::raw(*asset)] > 0.0) list.push_back(code);
  }
  return list;
}

// Rows in the order of the grid: spot slowest, then volatility. `moved` is the one underlying that moves, or none for
// all of them.
risk::ScenarioSet grid_rows(const risk::RiskView& view, const RiskSurfaceDetail& surface,
                            std::optional<std::size_t> moved) {
  const risk::ScenarioSet& settings = view.settings->scenarios;
  risk::ScenarioSet set;
  set.underlyings = underlyings_of(view);
  for (const double spot : surface.spot_moves)
    for (const double volatility : surface.volatility_moves) {
      risk::ScenarioRow row;
      if (!settings.rows.empty()) {
        row.dynamics = settings.rows.front().dynamics;
        row.volatility_exponent = settings.rows.front().volatility_exponent;
      }
      for (std::size_t u = 0; u < set.underlyings.size(); ++u)
        row.moves.push_back(!moved || *moved == u ? risk::UnderlyingMove{spot, volatility} : risk::UnderlyingMove{});
      row.name = fmt::format("{}", set.rows.size());
      set.rows.push_back(std::move(row));
    }
  return set;
}

struct Held {
  std::vector<std::size_t> places;  // in the view's columns
  std::vector<double> before;
  std::vector<double> after;
};

Held held_in(const risk::BookState& before, const risk::BookState& after) {
  Held held;
  for (std::size_t i = 0; i < after.contracts.size(); ++i) {
    if (before.contracts[i] == 0.0 && after.contracts[i] == 0.0) continue;
    held.places.push_back(i);
    held.before.push_back(before.contracts[i]);
    held.after.push_back(after.contracts[i]);
  }
  return held;
}

Matrix laid_out(const std::vector<double>& profits, const RiskSurfaceDetail& surface) {
  Matrix matrix{surface.spot_moves.size(), surface.volatility_moves.size()};
  for (std::size_t i = 0; i < profits.size(); ++i) matrix(i / matrix.columns(), i % matrix.columns()) = profits[i];
  return matrix;
}

}  // namespace

RiskSurfaceDetail risk_surface(const risk::RiskView& view, const risk::BookState& before,
                               const risk::BookState& after) {
  RiskSurfaceDetail surface;
  surface.spot_moves = moves(spot_least, spot_most, spot_step);
  surface.volatility_moves = moves(volatility_least, volatility_most, volatility_step);
  const Held held = held_in(before, after);
  const risk::Columns columns = chosen(view.columns, held.places);
  const auto add = [&](const std::string& name, std::optional<std::size_t> moved) {
    const risk::ScenarioSet rows = grid_rows(view, surface, moved);
    surface.dynamics = risk::to_string(rows.rows.front().dynamics);
    surface.volatility_exponent = rows.rows.front().volatility_exponent;
    const risk::ScenarioMatrix matrix = risk::scenario_matrix(columns, rows, *view.snapshot, *view.surfaces);
    const risk::GreekColumns no_greeks;
    const auto profits = [&](const std::vector<double>& equity, const std::vector<double>& contracts) {
      const risk::ExposureInputs in{columns, rows, matrix, no_greeks, view.universe(), view.numeraire, equity};
      return laid_out(risk::scenario_profits(in, contracts), surface);
    };
    surface.grids.push_back({name, profits(before.equity, held.before), profits(after.equity, held.after)});
  };
  add("all", std::nullopt);
  const std::vector<market::AssetCode> underlyings = underlyings_of(view);
  if (underlyings.size() > 1)
    for (std::size_t u = 0; u < underlyings.size(); ++u) add(underlyings[u].str(), u);
  return surface;
}

}  // namespace gimbal::report::internal
