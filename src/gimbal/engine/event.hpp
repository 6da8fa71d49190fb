// Events: the only words that come into the engine. Each is journalled before it is applied; the fold of a journal's
// events is the engine's state, bit for bit.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "gimbal/foundation/sha256.hpp"
#include "gimbal/market/order.hpp"
#include "gimbal/market/snapshot.hpp"
#include "gimbal/portfolio/ledger.hpp"
#include "gimbal/portfolio/target_book.hpp"
#include "gimbal/surface/surface.hpp"

namespace gimbal::engine {

/// The first event of every journal: the configuration that all the rest was decided under.
struct Started {
  std::string configuration;  ///< Its text, whole, so that a journal replays without any other file.
};

/// The market at one instant, and the instruments it lists for the first time.
struct MarketUpdated {
  std::vector<market::Instrument> listed;
  std::shared_ptr<const market::MarketSnapshot> snapshot;
};

/// The answer to FitSurfaces, for the market last seen.
struct SurfacesFitted {
  std::shared_ptr<const surface::SurfaceSet> surfaces;
};

/// What the account holds when the engine first sees it: from the configuration or a portfolio file.
struct PortfolioOpened {
  std::string source;  ///< `configuration`, `portfolio`
  std::vector<portfolio::OpeningBalance> balances;
  std::vector<portfolio::OpeningPosition> positions;
};

/// The answer to ProposeTarget.
struct TargetProposed {
  portfolio::TargetBook book;
};

/// The gate's verdict on one order.
struct JudgedOrder {
  market::OrderRequest order;
  bool approved = false;
  std::string refusal;  ///< Which limit, its bound and what the order would have made of it; empty where approved.
};

/// The engine's own record of what it is about to send; it is durable before an order leaves.
struct OrdersJudged {
  std::vector<JudgedOrder> orders;
};

/// The engine's own record of a lap's end, with the digest of its state just before.
struct LapClosed {
  std::uint64_t lap = 0;
  Digest digest{};
};

using EventBody = std::variant<Started, MarketUpdated, SurfacesFitted, PortfolioOpened, TargetProposed, OrdersJudged,
                               market::Fill, market::OrderClosed, market::FundingPayment, market::Delivery, LapClosed>;

struct Event {
  UtcTime at;                  ///< When it happened, as the world outside says; the core has no other time.
  std::uint64_t sequence = 0;  ///< 1, 2, 3, ... without gaps.
  EventBody body;
};

/// `market_updated` and so on, for reports.
[[nodiscard]] const char* name_of(const EventBody& body) noexcept;

/// Canonical bytes of an event: the payload of one journal record.
[[nodiscard]] Bytes encode(const Event& event);

/// Reads an event back. `universe` is the one that the events before it have built.
/// Errors    corrupt, with what is wrong; unsupported for an event of a later format.
[[nodiscard]] Result<Event> decode_event(std::span<const std::uint8_t> bytes,
                                         const std::shared_ptr<const market::Universe>& universe);

}  // namespace gimbal::engine
