// One transaction a lap.
#include "gimbal/app/ledger_writer.hpp"

#include <utility>

namespace gimbal::app {

Result<LedgerWriter> LedgerWriter::open(const std::string& path, std::string_view configuration) {
  auto store = host::LedgerStore::open(path, configuration);
  if (!store) return Unexpected{store.error()};
  return LedgerWriter{std::move(*store)};
}

Result<void> LedgerWriter::add(const portfolio::Entry& entry, const market::Universe&) {
  entries_.push_back(entry);
  return {};
}

Result<void> LedgerWriter::close_lap(const engine::State& state) {
  host::LapRecord lap;
  lap.lap = state.lap;
  lap.event = state.sequence;
  lap.time = state.now;
  lap.positions = state.ledger.positions();
  if (state.view) {
    if (const auto book = risk::evaluate_book(*state.view, state.ledger, engine::main_account)) {
      const market::AssetCode& numeraire = state.universe->asset(state.view->numeraire).code;
      lap.equity.push_back({numeraire.str(), book->equity});
    }
  }
  Batch batch{std::move(entries_), std::move(lap), state.universe};
  entries_.clear();
  if (replaying_) {
    held_back_.push_back(std::move(batch));
    return {};
  }
  return store_.write(batch.entries, &batch.lap, *batch.universe);
}

Result<void> LedgerWriter::replayed() {
  for (const Batch& batch : held_back_)
    if (auto written = store_.write(batch.entries, &batch.lap, *batch.universe); !written) return written;
  held_back_.clear();
  replaying_ = false;
  return store_.check_replayed();
}

}  // namespace gimbal::app
