// The engine's ledger port over the SQLite store: gathers a lap's entries and writes them with the lap's close, in one
// transaction. What a replay shows it is held back until the whole journal has proved sound.
#pragma once

#include <memory>
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

  /// The end of the replay, with which a writer begins: writes what was held back, and from here on every lap at once.
  /// Errors    as host::LedgerStore::write and check_replayed.
  [[nodiscard]] Result<void> replayed();

 private:
  explicit LedgerWriter(host::LedgerStore store) : store_{std::move(store)} {}

  struct Batch {
    std::vector<portfolio::Entry> entries;
    host::LapRecord lap;
    std::shared_ptr<const market::Universe> universe;
  };

  host::LedgerStore store_;
  std::vector<portfolio::Entry> entries_;
  bool replaying_ = true;
  std::vector<Batch> held_back_;
};

}  // namespace gimbal::app
