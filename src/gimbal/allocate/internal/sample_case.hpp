// Allocation problems drawn from a seed on drawn chains, for this room's tests and benchmarks: feasible ones by hiding
// a book in lots inside every bound, infeasible ones by asking for more than all quotes together can give.
#pragma once

#include "gimbal/allocate/internal/assemble.hpp"
#include "gimbal/allocate/internal/sample_book.hpp"
#include "gimbal/numerics/normal_draw.hpp"

namespace gimbal::allocate::internal {

struct SampleCase {
  SampleMarket market;
  portfolio::TargetSurface target;
  AllocationSettings settings;
  double hidden_objective = 0.0;  ///< Of the hidden book; feasible cases only.

  [[nodiscard]] AllocationInput input() const { return {market.view, market.book, target, settings}; }
};

inline portfolio::GreekTarget greek_target(std::string_view underlying, portfolio::Greek greek) {
  portfolio::GreekTarget target;
  target.underlying = code(underlying);
  target.greek = greek;
  target.bound.priority = greek == portfolio::Greek::delta ? 1 : 3;
  return target;
}

// Every Greek of every coin, unbounded; the order is that of the case's bounds.
inline portfolio::TargetSurface all_greeks(const SampleDescription& description) {
  portfolio::TargetSurface target;
  for (const FlatSmile& smile : description.smiles)
    for (const auto greek :
         {portfolio::Greek::delta, portfolio::Greek::gamma, portfolio::Greek::vega, portfolio::Greek::theta})
      target.greeks.push_back(greek_target(smile.underlying, greek));
  return target;
}

inline AllocationSettings draw_settings(SeededRandom& random, const SampleDescription& description) {
  AllocationSettings settings;
  std::vector<forecast::UnderlyingForecast> forecasts;
  for (const FlatSmile& smile : description.smiles) {
    const double factor = 0.85 + 0.3 * random.uniform();
    forecasts.push_back({code(smile.underlying), {{0.0, forecast::ForecastPoint::Kind::relative, factor}}});
    settings.risk.underlyings.push_back({code(smile.underlying), smile.volatility, 0.8});
  }
  settings.forecast = *forecast::VolatilityForecast::create(std::move(forecasts));
  settings.edge.horizon_days = 0.5 + 3.0 * random.uniform();
  settings.edge.reversion_rate_daily = random.uniform();
  if (random.uniform() < 0.5) settings.risk_aversion = 1e-6 * random.uniform();
  if (random.uniform() < 0.3) settings.trade_value_least = 300.0 * random.uniform();
  if (random.uniform() < 0.3) settings.trade_size_share_most = 0.5;
  return settings;
}

// A few positions to start from, in options and perpetuals.
inline void draw_holdings(SeededRandom& random, SampleDescription& description) {
  for (const market::RecordedQuote& row : description.quotes) {
    const market::Instrument& instrument = row.instrument;
    if (random.uniform() > (instrument.is_option() ? 0.06 : 0.4)) continue;
    const double unit = instrument.underlying == code("BTC") ? 1.0 : 10.0;
    const double draw = numerics::normal_draw(random);
    const double contracts = instrument.is_option() ? std::floor(5.0 * unit * draw) : std::floor(3000.0 * draw);
    if (contracts != 0.0) description.holdings.push_back({instrument.name, contracts});
  }
}

/// Trades that a hidden book does: a few lines, each within what its quotes and the settings allow.
inline std::vector<double> draw_trades(SeededRandom& random, const Problem& problem, double share) {
  std::vector<double> trades(problem.lines.size(), 0.0);
  for (std::size_t i = 0; i < trades.size(); ++i) {
    const Line& line = problem.lines[i];
    if (random.uniform() > share) continue;
    const double place = random.uniform();
    const double low = -static_cast<double>(line.sell_most);
    const double high = static_cast<double>(line.buy_most);
    const auto lots = static_cast<std::int64_t>(std::floor(low + place * (high - low) * 0.999));
    if (line.allows(lots)) trades[i] = static_cast<double>(lots);
  }
  return trades;
}

// Bounds around a value: at least as wide as the coarsest lot, the value anywhere inside.
inline void bound_around(SeededRandom& random, double value, double coarsest, portfolio::BoundedRow& row) {
  const double width = coarsest * (1.05 + 6.0 * random.uniform());
  const double place = 0.02 + 0.96 * random.uniform();
  if (random.uniform() < 0.85) row.lower = value - place * width;
  if (random.uniform() < 0.85) row.upper = value + (1.0 - place) * width;
}

// The largest share of its balance that any pool needs on one side of the rule, by its bound; 2 where there is none.
inline double share_needed(const Problem& problem, risk::MarginSide side, const std::vector<double>& trades,
                           const std::vector<double>& images) {
  double share = 0.0;
  for (const Pool& pool : problem.pools) {
    if (pool.side != side) continue;
    const double balance = pool_balance(pool, trades);
    const double requirement = pool_requirement(problem, pool, trades, images);
    share = std::max(share, balance > 0.0 ? requirement / balance : 2.0);
  }
  return share;
}

// Margin and room that a hidden book just holds; a book past its margin would be no hidden book. Half of the cases ask
// for room.
inline void bound_pools(SeededRandom& random, double initial, double maintenance, SampleCase& made) {
  const auto ceiling = [](double share, double slack) {
    return std::min(1.0, std::max(0.05, share) * (1.0 + 0.2 * slack) + 1e-6);
  };
  if (initial < 0.95) {
    made.target.margin->ceiling = ceiling(initial, random.uniform());
  } else {
    made.target.margin.reset();
  }
  SeededRandom apart = random.fork(7);
  const bool asks = apart.uniform() < 0.5;
  const double slack = apart.uniform();
  if (asks && maintenance < 0.95) {
    made.target.liquidation->room = 1.0 - ceiling(maintenance, slack);
  } else {
    made.target.liquidation.reset();
  }
}

/// A case with a book in lots hidden inside all its bounds.
inline SampleCase draw_feasible(std::uint64_t seed, const ChainShape& shape) {
  SampleDescription description = draw_chain(seed, shape);
  SeededRandom random = SeededRandom{seed}.fork(1);
  draw_holdings(random, description);
  SampleCase made{make_market(description), all_greeks(description), draw_settings(random, description)};
  made.target.stress = portfolio::StressTarget{.loss_limit = 1.0};
  made.target.margin = portfolio::MarginTarget{.ceiling = 1.0};
  made.target.liquidation = portfolio::LiquidationTarget{.room = 0.0, .priority = 2};
  const auto assembled = assemble(made.input());
  GIMBAL_ASSERT(assembled.has_value());
  const Problem& problem = assembled->problem;
  const double share = 0.02 + 0.15 * random.uniform();
  std::vector<double> hidden = draw_trades(random, problem, share);
  std::vector<double> images = image_values(problem, hidden);
  bound_pools(random, share_needed(problem, risk::MarginSide::initial, hidden, images),
              share_needed(problem, risk::MarginSide::maintenance, hidden, images), made);
  double worst = 0.0;
  for (std::size_t b = 0; b < problem.bounds.size(); ++b) {
    const Bound& bound = problem.bounds[b];
    const double value = images[bound.image];
    if (bound.kind == BoundKind::stress) worst = std::min(worst, value);
    if (bound.kind != BoundKind::greek || random.uniform() < 0.25) continue;
    double coarsest = 0.0;
    for (std::size_t i = 0; i < problem.lines.size(); ++i) {
      const bool serves = problem.lines[i].hedge == (made.target.greeks[b].greek == portfolio::Greek::delta);
      if (serves) coarsest = std::max(coarsest, std::fabs(problem.up(bound.image, i)));
    }
    bound_around(random, value, coarsest, made.target.greeks[b].bound);
  }
  made.target.stress->loss_limit = std::max(-worst * (1.0 + 0.2 * random.uniform()), 1.0) + 1e-3;
  if (random.uniform() < 0.4)
    made.settings.lines_most = problem.lines_held_elsewhere + static_cast<std::uint32_t>(problem.lines.size() / 3);
  made.hidden_objective = objective(problem, hidden, images).total();
  return made;
}

/// A case that no book can meet: every Greek of a feasible one, and a vega that all quotes together do not hold.
inline SampleCase draw_infeasible(std::uint64_t seed, const ChainShape& shape) {
  SampleCase made = draw_feasible(seed, shape);
  SeededRandom random = SeededRandom{seed}.fork(2);
  const auto assembled = assemble(made.input());
  GIMBAL_ASSERT(assembled.has_value());
  for (std::size_t b = 0; b < made.target.greeks.size(); ++b) {
    if (made.target.greeks[b].greek != portfolio::Greek::vega) continue;
    double reach = assembled->problem.image_current[assembled->problem.bounds[b].image];
    for (std::size_t i = 0; i < assembled->problem.lines.size(); ++i) {
      const double slope = assembled->problem.up(assembled->problem.bounds[b].image, i);
      reach += std::max(slope * static_cast<double>(assembled->problem.lines[i].buy_most),
                        -slope * static_cast<double>(assembled->problem.lines[i].sell_most));
    }
    made.target.greeks[b].bound.lower = reach * 1.1 + 100.0;
    made.target.greeks[b].bound.upper.reset();
    made.target.greeks[b].bound.priority = 1 + static_cast<int>(random.below(4));
    break;
  }
  return made;
}

}  // namespace gimbal::allocate::internal
