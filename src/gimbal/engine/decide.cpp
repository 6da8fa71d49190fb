// What each event asks for. Pure: the state is const, and commands are values.
#include <utility>

#include "gimbal/engine/state.hpp"
#include "gimbal/execute/order_plan.hpp"

namespace gimbal::engine {
namespace {

void encode(const risk::BookRisk& book, ByteWriter& out) {
  out.real(book.equity);
  for (const risk::GreekExposure& exposure : book.greeks)
    for (const double value : {exposure.delta, exposure.gamma, exposure.vega, exposure.theta}) out.real(value);
  for (const double profit : book.profits) out.real(profit);
  for (const risk::MarginPool& pool : book.margin.pools)
    for (const double value : {pool.initial, pool.maintenance, pool.balance}) out.real(value);
}

Command close_lap(const State& state) { return Record{LapClosed{state.lap, digest(state)}}; }

// Without a view of risk nothing may be traded: the lap ends with its trouble on record.
Command propose_or_close(const State& state) {
  if (!state.view || !state.trouble.empty()) return close_lap(state);
  return ProposeTarget{state.view, std::make_shared<const portfolio::Ledger>(state.ledger), main_account,
                       state.containment};
}

std::vector<Command> after_surfaces(const State& state) {
  if (state.opened) return {propose_or_close(state)};
  return {OpenPortfolio{state.market, state.surfaces}};
}

// Judges the orders that the target needs; the verdicts are recorded first, then the approved orders leave.
std::vector<Command> after_target(const State& state) {
  const execute::PlanCause cause{state.configuration->identity, state.target_sequence};
  const auto orders = execute::plan_orders(*state.target, *state.universe, cause);
  const govern::Situation situation{*state.view, state.ledger, main_account, state.now, state.containment};
  const std::vector<govern::Verdict> verdicts = govern::Gate{state.configuration->limits}.judge(situation, orders);
  OrdersJudged judged;
  std::vector<Command> submissions;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    judged.orders.push_back(JudgedOrder{orders[i], verdicts[i].approved.has_value(), verdicts[i].refusal});
    if (verdicts[i].approved) submissions.emplace_back(SubmitOrder{*verdicts[i].approved});
  }
  std::vector<Command> commands;
  commands.emplace_back(Record{std::move(judged)});
  for (Command& submission : submissions) commands.push_back(std::move(submission));
  return commands;
}

std::vector<Command> when_orders_are_done(const State& state) {
  if (state.phase == Phase::orders && state.orders.empty()) return {close_lap(state)};
  return {};
}

}  // namespace

std::vector<Command> decide(const State& state, const Event& event) {
  if (std::holds_alternative<MarketUpdated>(event.body)) return {FitSurfaces{state.market, state.surfaces_before}};
  if (std::holds_alternative<SurfacesFitted>(event.body)) return after_surfaces(state);
  if (std::holds_alternative<PortfolioOpened>(event.body)) return {propose_or_close(state)};
  if (std::holds_alternative<TargetProposed>(event.body)) return after_target(state);
  if (std::holds_alternative<OrdersJudged>(event.body) || std::holds_alternative<market::OrderClosed>(event.body))
    return when_orders_are_done(state);
  return {};
}

Digest digest(const State& state) {
  ByteWriter out;
  out.text(state.configuration->identity);
  out.integer(state.sequence);
  out.time(state.now);
  out.integer(state.lap);
  out.enumeration(state.phase);
  out.enumeration(state.containment);
  out.text(state.trouble);
  out.integer(static_cast<std::uint64_t>(state.universe->size()));
  portfolio::encode(state.ledger, out);
  out.integer(state.last_trade);
  out.size(state.orders.size());
  for (const auto& [id, open] : state.orders) {
    market::encode(open.request, out);
    out.count(open.filled);
  }
  if (state.market) market::encode(*state.market, out);
  if (state.surfaces) surface::encode(*state.surfaces, out);
  if (state.surfaces_before) surface::encode(*state.surfaces_before, out);
  if (state.target) portfolio::encode(*state.target, out);
  if (state.view && state.opened) {
    if (const auto book = risk::evaluate_book(*state.view, state.ledger, main_account)) encode(*book, out);
  }
  return sha256(out.bytes());
}

}  // namespace gimbal::engine
