// A venue made of recorded snapshots: immediate orders trade against the quotes shown, positions accrue funding,
// contracts past their expiry are delivered. It keeps positions of its own, from its own fills, like a real venue
// would.
#pragma once

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "gimbal/engine/event.hpp"
#include "gimbal/market/approved.hpp"
#include "gimbal/market/order.hpp"
#include "gimbal/market/snapshot.hpp"
#include "gimbal/portfolio/ledger.hpp"

namespace gimbal::simulate {

class PaperVenue {
 public:
  /// Takes over positions that the account already has with the venue, the number of its last trade, and the market
  /// that stood then (null: none yet).
  void adopt(const std::vector<portfolio::Position>& positions, std::uint64_t last_trade,
             std::shared_ptr<const market::MarketSnapshot> market);

  /// Moves to the next snapshot and says what fell due on the way: deliveries of contracts whose expiry has passed, and
  /// funding of perpetuals at the rate and index that stood at the start of the interval.
  ///
  /// The delivery price is the index of the first snapshot at or after the expiry; it is not the venue's 30-minute
  /// average, so every delivery is marked approximate.
  /// Errors    missing_data when the snapshot lacks the index that a delivery needs.
  [[nodiscard]] Result<std::vector<engine::EventBody>> advance(std::shared_ptr<const market::MarketSnapshot> next);

  /// Fills what crosses the quotes shown, up to their size less what earlier orders took, and cancels the rest.
  [[nodiscard]] std::vector<engine::EventBody> submit(const market::Approved<market::OrderRequest>& order);

 private:
  using Holding = std::pair<market::AccountId, market::InstrumentId>;
  [[nodiscard]] Result<void> deliver(const market::MarketSnapshot& next, std::vector<engine::EventBody>& events);
  void accrue_funding(const market::MarketSnapshot& next, std::vector<engine::EventBody>& events) const;

  std::shared_ptr<const market::MarketSnapshot> market_;
  std::map<Holding, QuantityLots> positions_;
  std::map<std::pair<market::InstrumentId, market::Side>, QuantityLots> taken_;  ///< From this snapshot's quotes.
  std::uint64_t last_trade_ = 0;
};

}  // namespace gimbal::simulate
