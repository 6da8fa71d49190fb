// The fold: how each event changes the state.
#include <algorithm>
#include <type_traits>
#include <utility>

#include "gimbal/engine/state.hpp"

namespace gimbal::engine {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

void begin_lap(State& state, const MarketUpdated& update) {
  ++state.lap;
  state.market = update.snapshot;
  state.universe = update.snapshot->universe;
  if (state.surfaces) state.surfaces_before = std::exchange(state.surfaces, nullptr);
  state.view = nullptr;
  state.trouble.clear();
  state.target.reset();
  state.judged.clear();
  state.fills.clear();
  state.phase = Phase::surfaces;
}

// From here on profit is counted, if the book can be valued here; else its count goes on from where it began.
void count_profit_from_here(State& state) {
  if (!state.view || !state.trouble.empty()) return;
  state.profit_since = ProfitSince{state.view, state.ledger, {}};
}

// What is settled between two laps belongs to the later one, so the earlier one's settlements go with the first event
// after its end.
void leave_lap(State& state) {
  if (!state.lap_closed) return;
  state.lap_closed = false;
  state.funding.clear();
  state.deliveries.clear();
  count_profit_from_here(state);
}

void take_surfaces(State& state, const SurfacesFitted& fitted) {
  state.surfaces = fitted.surfaces;
  auto view = risk::build_risk_view(state.market, state.surfaces, state.configuration->risk);
  if (view) {
    state.view = std::make_shared<const risk::RiskView>(std::move(*view));
  } else {
    state.trouble = view.error().message;
  }
  state.phase = state.opened ? Phase::target : Phase::opening;
}

void take_fill(State& state, const market::Fill& fill) {
  if (fill.trade <= state.last_trade) return;  // reported twice
  state.last_trade = fill.trade;
  state.fills.push_back(fill);
  state.profit_since.flows.fills.push_back(fill);
  if (const auto open = state.orders.find(fill.order); open != state.orders.end())
    open->second.filled = open->second.filled + fill.quantity;
}

void post(State& state, const Event& event) {
  const auto entry = ledger_entry(state, event);
  if (!entry) return;
  const auto posted = state.ledger.post(*entry);
  GIMBAL_ASSERT(posted.has_value());  // entries are made of pairs; one that does not balance is a mistake of ours
}

void judge_containment(State& state) {
  if (!state.view) {
    state.containment = std::max(state.containment, govern::Containment::no_new_risk);
    return;
  }
  const auto book = risk::evaluate_book(*state.view, state.ledger, main_account);
  if (!book) {
    state.trouble = book.error().message;
    state.containment = std::max(state.containment, govern::Containment::no_new_risk);
    return;
  }
  state.containment = govern::contain(state.containment, *book, state.configuration->limits);
}

}  // namespace

State::State(std::shared_ptr<const Configuration> configured)
    : configuration{std::move(configured)}, universe{std::make_shared<const market::Universe>()} {}

void apply(State& state, const Event& event) {
  GIMBAL_ASSERT(event.sequence == state.sequence + 1);
  leave_lap(state);
  post(state, event);
  std::visit(Overloaded{
                 [](const Started&) {},
                 [&state](const MarketUpdated& update) { begin_lap(state, update); },
                 [&state](const SurfacesFitted& fitted) {
                   take_surfaces(state, fitted);
                   if (state.opened) judge_containment(state);
                 },
                 [&state](const PortfolioOpened&) {
                   state.opened = true;
                   state.phase = Phase::target;
                   judge_containment(state);
                   count_profit_from_here(state);
                 },
                 [&state, &event](const TargetProposed& proposed) {
                   state.target = proposed.book;
                   state.target_sequence = event.sequence;
                   state.phase = Phase::orders;
                 },
                 [&state](const OrdersJudged& judged) {
                   state.judged = judged.orders;
                   for (const JudgedOrder& order : judged.orders)
                     if (order.approved) state.orders.emplace(order.order.id, OpenOrder{order.order, QuantityLots{}});
                 },
                 [&state](const market::Fill& fill) { take_fill(state, fill); },
                 [&state](const market::OrderClosed& closed) { state.orders.erase(closed.order); },
                 [&state](const market::FundingPayment& payment) {
                   state.funding.push_back(payment);
                   state.profit_since.flows.funding.push_back(payment);
                 },
                 [&state](const market::Delivery& delivery) {
                   state.deliveries.push_back(delivery);
                   state.profit_since.flows.deliveries.push_back(delivery);
                 },
                 [&state](const LapClosed& closed) {
                   state.phase = Phase::market;
                   state.lap_digest = closed.digest;
                   state.lap_closed = true;
                 },
             },
             event.body);
  state.sequence = event.sequence;
  state.now = event.at;
}

std::optional<portfolio::Entry> ledger_entry(const State& state, const Event& event) {
  const market::Universe& universe = *state.universe;
  std::optional<portfolio::Entry> entry;
  if (const auto* opened = std::get_if<PortfolioOpened>(&event.body)) {
    entry = portfolio::opening_entry(opened->balances, opened->positions, universe);
    entry->reference = opened->source;
  } else if (const auto* fill = std::get_if<market::Fill>(&event.body)) {
    if (fill->trade > state.last_trade) entry = portfolio::trade_entry(*fill, universe);
  } else if (const auto* payment = std::get_if<market::FundingPayment>(&event.body)) {
    entry = portfolio::funding_entry(*payment, universe);
  } else if (const auto* delivery = std::get_if<market::Delivery>(&event.body)) {
    entry = portfolio::delivery_entry(*delivery, universe);
  }
  if (entry) {
    entry->event = event.sequence;
    entry->time = event.at;
  }
  return entry;
}

}  // namespace gimbal::engine
