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
  auto written = store_.write(entries_, &lap, *state.universe);
  if (!written) return written;
  entries_.clear();
  return {};
}

}  // namespace gimbal::app
