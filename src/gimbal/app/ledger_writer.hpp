// The engine's ledger port over the SQLite store: gathers a lap's entries and writes them with the lap's close, in one
// transaction.
#pragma once

#include <string>
#include <vector>

#include "gimbal/engine/loop.hpp"
#include "gimbal/host/ledger_store.hpp"

namespace gimbal::app {

class LedgerWriter final : public engine::LedgerPort {
 public:
  /// Errors    as host::LedgerStore::open.
  [[nodiscard]] static Result<LedgerWriter> open(const std::string& path, std::string_view configuration);

  [[nodiscard]] Result<void> add(const portfolio::Entry& entry, const market::Universe& universe) override;
  [[nodiscard]] Result<void> close_lap(const engine::State& state) override;
  /// Errors    as host::LedgerStore::check_replayed.
  [[nodiscard]] Result<void> check_replayed() const { return store_.check_replayed(); }

 private:
  explicit LedgerWriter(host::LedgerStore store) : store_{std::move(store)} {}

  host::LedgerStore store_;
  std::vector<portfolio::Entry> entries_;
};

}  // namespace gimbal::app
