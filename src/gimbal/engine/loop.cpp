// The order of things around the core, live and in replay.
#include "gimbal/engine/loop.hpp"

#include <utility>

namespace gimbal::engine {
namespace {

bool is_own_making(const EventBody& body) {
  return std::holds_alternative<OrdersJudged>(body) || std::holds_alternative<LapClosed>(body);
}

}  // namespace

Result<void> Loop::take(UtcTime at, EventBody body) {
  const Event event{at, state_.sequence + 1, std::move(body)};
  cause_pending_ = cause_pending_ || is_own_making(event.body);
  if (ports_.journal != nullptr)
    if (auto appended = ports_.journal->append(encode(event)); !appended) return appended;
  const auto entry = ledger_entry(state_, event);
  apply(state_, event);
  if (entry && ports_.ledger != nullptr)
    if (auto added = ports_.ledger->add(*entry, *state_.universe); !added) return added;
  if (std::holds_alternative<LapClosed>(event.body)) {
    if (auto committed = commit(); !committed) return committed;
    if (ports_.ledger != nullptr)
      if (auto closed = ports_.ledger->close_lap(state_); !closed) return closed;
  }
  for (const Command& command : decide(state_, event))
    if (auto done = carry_out(command); !done) return done;
  return {};
}

Result<void> Loop::carry_out(const Command& command) {
  if (const auto* fit = std::get_if<FitSurfaces>(&command)) {
    auto fitted = ports_.workers.fit(*fit);
    if (!fitted) return Unexpected{fitted.error()};
    return take(state_.now, std::move(*fitted));
  }
  if (const auto* open = std::get_if<OpenPortfolio>(&command)) {
    auto opened = ports_.workers.open(*open);
    if (!opened) return Unexpected{opened.error()};
    return take(state_.now, std::move(*opened));
  }
  if (const auto* propose = std::get_if<ProposeTarget>(&command)) {
    auto proposed = ports_.workers.propose(*propose);
    if (!proposed) return Unexpected{proposed.error()};
    return take(state_.now, std::move(*proposed));
  }
  if (const auto* record = std::get_if<Record>(&command)) return take(state_.now, record->body);
  const auto& submit = std::get<SubmitOrder>(command);
  // An order leaves only when the record that caused it is durable; fills of earlier orders may wait.
  if (cause_pending_)
    if (auto committed = commit(); !committed) return committed;
  return take_all(ports_.venue(submit.order));
}

Result<void> Loop::commit() {
  cause_pending_ = false;
  return ports_.journal == nullptr ? Result<void>{} : ports_.journal->commit();
}

Result<void> Loop::take_all(std::vector<EventBody> bodies) {
  for (EventBody& body : bodies)
    if (auto taken = take(state_.now, std::move(body)); !taken) return taken;
  return {};
}

Result<void> Loop::resume(std::vector<EventBody> records) {
  // A record that was decided on and did not become durable sent no order.
  for (EventBody& record : records)
    if (auto taken = take(state_.now, std::move(record)); !taken) return taken;
  // Immediate orders do not outlive the process that sent them.
  std::vector<EventBody> closings;
  for (const auto& [id, open] : state_.orders)
    closings.emplace_back(market::OrderClosed{id, open.request.quantity - open.filled});
  return take_all(std::move(closings));
}

Result<void> Replay::take(const Event& event) {
  if (event.sequence != state_.sequence + 1)
    return fail(ErrorCode::corrupt, "event {} follows event {}", event.sequence, state_.sequence);
  if (is_own_making(event.body)) {
    if (expected_.empty())
      return fail(ErrorCode::corrupt, "event {} ({}) was not decided on", event.sequence, name_of(event.body));
    const Event made{event.at, event.sequence, expected_.front()};
    if (encode(made) != encode(event))
      return fail(ErrorCode::corrupt, "event {} ({}) does not replay to what was recorded", event.sequence,
                  name_of(event.body));
    expected_.erase(expected_.begin());
  }
  const auto entry = ledger_entry(state_, event);
  apply(state_, event);
  if (ledger_ != nullptr) {
    if (entry)
      if (auto added = ledger_->add(*entry, *state_.universe); !added) return added;
    if (std::holds_alternative<LapClosed>(event.body))
      if (auto closed = ledger_->close_lap(state_); !closed) return closed;
  }
  for (Command& command : decide(state_, event))
    if (auto* record = std::get_if<Record>(&command)) expected_.push_back(std::move(record->body));
  ++report_.events;
  if (const auto* closed = std::get_if<LapClosed>(&event.body)) {
    ++report_.laps;
    report_.last = closed->digest;
  }
  return {};
}

}  // namespace gimbal::engine
