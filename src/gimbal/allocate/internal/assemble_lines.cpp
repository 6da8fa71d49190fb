// Lines: which instruments may be traded, between which lots, at what edge and cost per lot.
#include <algorithm>
#include <cmath>

#include "gimbal/allocate/internal/assemble.hpp"
#include "gimbal/market/contract_value.hpp"
#include "gimbal/numerics/special.hpp"
#include "gimbal/pricing/inverse.hpp"

namespace gimbal::allocate::internal {
namespace {

using market::Instrument;

// Lots that a part of a quoted size or a number of contracts holds, without the errors of a division of decimals.
std::int64_t whole_lots(double contracts, double lot) {
  constexpr double division_error = 1e-9;
  return static_cast<std::int64_t>(std::floor(contracts / lot * (1.0 + division_error)));
}

// Contract value in the settlement asset at a price in its own unit, as a trade's value: premium or notional.
double trade_value(const Instrument& instrument, double price) {
  const double size = instrument.contract_size.to_double();
  if (instrument.is_option()) return size * price;
  return std::fabs(pricing::future_value(instrument.payoff, size, price));
}

double position_value(const Instrument& instrument, double price) {
  const double size = instrument.contract_size.to_double();
  return instrument.is_option() ? size * price : pricing::future_value(instrument.payoff, size, price);
}

struct LineContext {
  const AllocationInput& input;
  const Edge& edge;
  const TradingCost& cost;
  const Instrument& instrument;
  double mark = 0.0;
  double fx = 1.0;  // numeraire per unit of the settlement asset
};

void cap(std::int64_t& most, LimitCause& cause, std::int64_t limit, LimitCause limit_cause) {
  if (limit >= most) return;
  most = std::max<std::int64_t>(limit, 0);
  cause = limit_cause;
}

// The most that quotes, the settings and what may be held let one line trade in each direction.
void limit_trades(const LineContext& context, bool holdable, Line& line) {
  const AllocationSettings& settings = context.input.settings;
  const market::MarketSnapshot& snapshot = *context.input.view.snapshot;
  const double lot = line.lot_contracts;
  const auto quoted = [&](QuantityLots size) {
    return static_cast<std::int64_t>(std::floor(static_cast<double>(size.raw()) * settings.trade_size_share_most));
  };
  line.buy_most = context.cost.buy ? quoted(snapshot.ask_size[line.row]) : 0;
  line.sell_most = context.cost.sell ? quoted(snapshot.bid_size[line.row]) : 0;
  if (const auto limit = contract_limit(settings.trade_limits, context.instrument)) {
    cap(line.buy_most, line.buy_cause, whole_lots(*limit, lot), LimitCause::trade_limit);
    cap(line.sell_most, line.sell_cause, whole_lots(*limit, lot), LimitCause::trade_limit);
  }
  // A line past its limit may not grow further; that it comes back inside is a bound of its own.
  if (const auto limit = contract_limit(settings.position_limits, context.instrument)) {
    const std::int64_t lots = whole_lots(*limit, lot);
    cap(line.buy_most, line.buy_cause, lots - line.current, LimitCause::position_limit);
    cap(line.sell_most, line.sell_cause, lots + line.current, LimitCause::position_limit);
  }
  if (!holdable) {
    cap(line.buy_most, line.buy_cause, std::max<std::int64_t>(-line.current, 0), LimitCause::reduce_only);
    cap(line.sell_most, line.sell_cause, std::max<std::int64_t>(line.current, 0), LimitCause::reduce_only);
  }
}

std::int64_t least_trade(const LineContext& context, double lot, std::size_t row) {
  const double minimum = context.instrument.minimum.to_double() / lot;
  double lots = std::max(1.0, numerics::ceiling(minimum - 1e-9));
  const double value_least = context.input.settings.trade_value_least;
  const auto reference = reference_price(*context.input.view.snapshot, row);
  if (value_least > 0.0 && reference) {
    const double lot_value = trade_value(context.instrument, *reference) * context.fx * lot;
    // A lot worth nothing cannot make a trade of any value: such a line may only be closed.
    constexpr double never = 1e15;
    lots = std::max(lots, lot_value > 0.0 ? std::min(numerics::ceiling(value_least / lot_value - 1e-9), never) : never);
  }
  return static_cast<std::int64_t>(lots);
}

// A side on which even the largest trade is too small is no side at all, but for closing what is held.
void close_small_sides(Line& line) {
  const auto kept = [&](std::int64_t most, std::int64_t closing) {
    if (most >= line.trade_least) return most;
    return closing > 0 && closing <= most ? closing : std::int64_t{0};
  };
  line.buy_most = kept(line.buy_most, -line.current);
  line.sell_most = kept(line.sell_most, line.current);
}

Line make_line(const LineContext& context, std::size_t column, std::size_t row) {
  const risk::RiskView& view = context.input.view;
  Line line;
  line.instrument = view.columns.instrument[column];
  line.column = column;
  line.row = row;
  line.lot_contracts = context.instrument.lot.to_double();
  line.current = static_cast<std::int64_t>(std::floor(context.input.book.contracts[column] / line.lot_contracts + 0.5));
  line.hedge = !context.instrument.is_option();
  line.edge = context.edge.total() * line.lot_contracts;
  if (context.cost.buy) line.buy_cost = context.cost.buy->total * line.lot_contracts;
  if (context.cost.sell) line.sell_cost = context.cost.sell->total * line.lot_contracts;
  limit_trades(context, is_holdable(context.input.settings.holdable, view, column), line);
  line.trade_least = least_trade(context, line.lot_contracts, row);
  close_small_sides(line);
  return line;
}

EquityLoss equity_loss(const LineContext& context, double lot) {
  EquityLoss loss;
  const double mark_value = position_value(context.instrument, context.mark);
  if (const auto& buy = context.cost.buy)
    loss.buy = (position_value(context.instrument, buy->price) - mark_value + buy->fee) * lot;
  if (const auto& sell = context.cost.sell)
    loss.sell = (mark_value - position_value(context.instrument, sell->price) + sell->fee) * lot;
  return loss;
}

}  // namespace

std::optional<double> contract_limit(const std::vector<ContractLimit>& limits, const Instrument& instrument) {
  std::optional<double> least;
  const auto names = [](const auto& list, const auto& value) {
    return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
  };
  for (const ContractLimit& limit : limits) {
    if (!names(limit.kinds, instrument.kind) || !names(limit.underlyings, instrument.underlying)) continue;
    if (!least || limit.contracts_most < *least) least = limit.contracts_most;
  }
  return least;
}

Result<void> add_lines(const AllocationInput& input, Assembled& out) {
  const risk::RiskView& view = input.view;
  const market::MarketSnapshot& snapshot = *view.snapshot;
  const auto costs = trading_costs(snapshot, view.numeraire);
  if (!costs) return Unexpected{costs.error()};
  const auto edges =
      expected_edges(snapshot, *view.surfaces, input.settings.forecast, input.settings.edge, view.numeraire);
  if (!edges) return Unexpected{edges.error()};
  const std::vector<std::size_t> chosen = select_candidates({view, input.book, input.settings, *edges, *costs});
  for (const std::size_t column : chosen) {
    const market::InstrumentId id = view.columns.instrument[column];
    const std::size_t row = *snapshot.row_of(id);
    const auto fx = exchange_rate(snapshot, view.columns.settlement[column], view.numeraire);
    if (!fx) return Unexpected{fx.error()};
    const LineContext context{input, (*edges)[row], (*costs)[row], view.universe()[id], *view.marks[market::raw(id)],
                              *fx};
    out.problem.lines.push_back(make_line(context, column, row));
    out.edges.push_back(context.edge);
    out.costs.push_back(context.cost);
    out.losses.push_back(equity_loss(context, out.problem.lines.back().lot_contracts));
  }
  std::uint32_t held = 0;
  for (std::size_t column = 0; column < view.columns.size(); ++column) {
    const double contracts = input.book.contracts[column];
    if (contracts == 0.0) continue;
    ++held;
    if (const auto row = snapshot.row_of(view.columns.instrument[column]))
      out.problem.edge_current += contracts * (*edges)[*row].total();
  }
  for (const Line& line : out.problem.lines)
    if (line.current != 0) --held;
  out.problem.lines_held_elsewhere = held;
  if (input.settings.lines_most) out.problem.lines_most = *input.settings.lines_most;
  return {};
}

}  // namespace gimbal::allocate::internal
