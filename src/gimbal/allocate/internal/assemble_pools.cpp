// Pools: the margin rule's convex bound and what trades do to balances, per lot. Also the order in which parts are
// built.
#include <algorithm>
#include <cmath>

#include "gimbal/allocate/internal/assemble.hpp"

namespace gimbal::allocate::internal {
namespace {

// Trades that are taken to round against us at once; more would be a book of another kind.
constexpr double roundings_most = 64.0;

std::vector<risk::PositionLimits> position_limits(const Problem& problem) {
  std::vector<risk::PositionLimits> limits;
  for (const Line& line : problem.lines) {
    const double lot = line.lot_contracts;
    limits.push_back({line.instrument, static_cast<double>(line.current - line.sell_most) * lot,
                      static_cast<double>(line.current + line.buy_most) * lot});
  }
  return limits;
}

// What the owner wants of every pool, on one side of the rule.
struct PoolWish {
  risk::MarginSide side = risk::MarginSide::initial;
  const char* name = "";
  double stated = 1.0;
  double ceiling = 1.0;
  portfolio::Firmness firmness = portfolio::Firmness::hard;
  portfolio::Priority priority = 1;
  double weight = 0.0;  // numeraire per unit of the fraction
};

std::vector<PoolWish> pool_wishes(const portfolio::TargetSurface& target) {
  std::vector<PoolWish> wishes;
  if (const auto& margin = target.margin)
    wishes.push_back({risk::MarginSide::initial, "margin", margin->ceiling, margin->ceiling, margin->firmness,
                      margin->priority, margin->weight});
  if (const auto& liquidation = target.liquidation)
    wishes.push_back({risk::MarginSide::maintenance, "room", liquidation->room, 1.0 - liquidation->room,
                      liquidation->firmness, liquidation->priority, liquidation->weight});
  return wishes;
}

Pool make_pool(const AllocationInput& input, const Problem& problem, const risk::PoolBound& bound,
               const PoolWish& wish) {
  const market::AssetCode& code = input.view.universe().asset(bound.asset).code;
  Pool pool;
  pool.asset = bound.asset;
  pool.side = wish.side;
  pool.name = fmt::format("{} {} {}", wish.name, input.view.margin->name(), code.view());
  pool.ceiling = wish.ceiling;
  pool.stated = wish.stated;
  pool.hard = wish.firmness == portfolio::Firmness::hard;
  pool.priority = wish.priority;
  pool.balance = bound.balance;
  pool.headroom_least = money_safety(problem, code);
  pool.scale = std::max(pool.ceiling * std::fabs(pool.balance), 1e-6);
  // The owner states the weight per unit of the fraction; the programme counts in the pool's currency.
  pool.penalty = wish.weight / std::max(std::fabs(pool.balance), 1e-6);
  pool.requirement.resize(problem.lines.size());
  pool.balance_buy.assign(problem.lines.size(), 0.0);
  pool.balance_sell.assign(problem.lines.size(), 0.0);
  return pool;
}

// Splits the bound's positions into those of lines, per lot, and the rest, which stays as it is.
void add_positions(const AllocationInput& input, const Problem& problem, const risk::PoolBound& bound, Pool& pool) {
  for (const risk::PositionBound& position : bound.positions) {
    const auto line = std::find_if(problem.lines.begin(), problem.lines.end(),
                                   [&](const Line& l) { return l.instrument == position.instrument; });
    if (line == problem.lines.end()) {
      const auto column = input.view.columns.column_of(position.instrument);
      GIMBAL_ASSERT(column.has_value());
      pool.requirement_fixed += position.at(input.book.contracts[*column]);
      continue;
    }
    auto& pieces = pool.requirement[static_cast<std::size_t>(line - problem.lines.begin())];
    for (const risk::BoundLine& piece : position.lines)
      pieces.push_back({piece.slope * line->lot_contracts, piece.intercept});
  }
}

// Faces become images: straight in the trades.
void add_faces(const AllocationInput& input, const risk::PoolBound& bound, Pool& pool, Problem& problem,
               std::vector<std::vector<double>>& rows) {
  for (const risk::BoundFace& face : bound.faces) {
    double value = face.constant;
    std::vector<double> row(problem.lines.size(), 0.0);
    for (const risk::MarginPosition& slope : face.slopes) {
      if (const auto column = input.view.columns.column_of(slope.instrument))
        value += slope.contracts * input.book.contracts[*column];
      for (std::size_t i = 0; i < problem.lines.size(); ++i)
        if (problem.lines[i].instrument == slope.instrument) row[i] = slope.contracts * problem.lines[i].lot_contracts;
    }
    pool.faces.push_back(problem.image_current.size());
    problem.image_current.push_back(value);
    rows.push_back(std::move(row));
  }
}

Result<void> add_balances(const AllocationInput& input, Problem& problem, const std::vector<TradingCost>& costs) {
  const risk::MarginMarket market = input.view.margin_market();
  for (std::size_t i = 0; i < problem.lines.size(); ++i) {
    const Line& line = problem.lines[i];
    const market::AssetId settlement = input.view.columns.settlement[line.column];
    const auto change = [&](market::AssetId asset, bool buys, double per_contract) {
      for (Pool& pool : problem.pools)
        if (pool.asset == asset) (buys ? pool.balance_buy : pool.balance_sell)[i] += per_contract * line.lot_contracts;
    };
    const auto add = [&](const std::optional<SideCost>& side, bool buys) -> Result<void> {
      if (!side) return {};
      const auto effects = input.view.margin->balance_effects(market, line.instrument, side->price);
      if (!effects) return Unexpected{effects.error()};
      for (const risk::BalanceEffect& effect : *effects)
        change(effect.pool, buys, buys ? effect.amount : -effect.amount);
      change(settlement, buys, -side->fee);
      return {};
    };
    if (const auto buy = add(costs[i].buy, true); !buy) return buy;
    if (const auto sell = add(costs[i].sell, false); !sell) return sell;
  }
  return {};
}

void append_images(Problem& problem, const std::vector<std::vector<double>>& rows) {
  if (rows.empty()) return;
  for (Matrix* matrix : {&problem.up, &problem.down}) {
    Matrix grown{matrix->rows() + rows.size(), problem.lines.size()};
    for (std::size_t r = 0; r < matrix->rows(); ++r)
      std::copy(matrix->row(r).begin(), matrix->row(r).end(), grown.row(r).begin());
    for (std::size_t r = 0; r < rows.size(); ++r)
      std::copy(rows[r].begin(), rows[r].end(), grown.row(matrix->rows() + r).begin());
    *matrix = std::move(grown);
  }
}

}  // namespace

double money_safety(const Problem& problem, const market::AssetCode& asset) {
  const double trades = std::min(static_cast<double>(problem.lines.size()), roundings_most);
  double unit = 1.0;
  for (int k = 0; k < market::asset_scale(asset); ++k) unit /= 10.0;
  return trades * unit;
}

Result<void> add_pools(const AllocationInput& input, Assembled& out) {
  Problem& problem = out.problem;
  const risk::MarginMarket market = input.view.margin_market();
  const risk::MarginBook book = input.book.margin_book(input.view.columns);
  std::vector<std::vector<double>> face_rows;
  for (const PoolWish& wish : pool_wishes(input.target)) {
    const auto bound = input.view.margin->bound(market, book, position_limits(problem), wish.side);
    if (!bound) return Unexpected{bound.error()};
    for (const risk::PoolBound& pool_bound : bound->pools) {
      Pool pool = make_pool(input, problem, pool_bound, wish);
      add_positions(input, problem, pool_bound, pool);
      add_faces(input, pool_bound, pool, problem, face_rows);
      problem.pools.push_back(std::move(pool));
    }
  }
  append_images(problem, face_rows);
  if (problem.pools.empty()) return {};
  return add_balances(input, problem, out.costs);
}

Result<Assembled> assemble(const AllocationInput& input) {
  Assembled out;
  if (const auto lines = add_lines(input, out); !lines) return Unexpected{lines.error()};
  if (const auto images = add_images(input, out); !images) return Unexpected{images.error()};
  if (const auto pools = add_pools(input, out); !pools) return Unexpected{pools.error()};
  return out;
}

}  // namespace gimbal::allocate::internal
