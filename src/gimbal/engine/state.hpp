// The engine's state and the two functions of the core: apply changes it, decide may not. Neither reads a clock, a
// file, a socket, the environment or a random device; the state after an event depends on the events alone.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gimbal/engine/event.hpp"
#include "gimbal/govern/containment.hpp"
#include "gimbal/govern/gate.hpp"
#include "gimbal/market/approved.hpp"
#include "gimbal/portfolio/attribution.hpp"
#include "gimbal/portfolio/ledger.hpp"
#include "gimbal/risk/risk_view.hpp"

namespace gimbal::engine {

/// What decides how events are answered. It comes from the text of the Started event and never changes after it.
struct Configuration {
  std::string text;      ///< As it was read.
  std::string identity;  ///< SHA-256 of the text, in hexadecimal: what journals and ledgers are continued by.
  std::string account;   ///< Name of the one account, `deribit-main`.
  std::shared_ptr<const risk::RiskSettings> risk;  ///< Shared with every RiskView made under it.
  govern::Limits limits;
};

/// An order that has left and is not closed.
struct OpenOrder {
  market::OrderRequest request;
  QuantityLots filled;
};

/// What the profit of a lap is counted from: the books at the end of the last lap that could be valued, or at the
/// opening, and all that moved them since.
struct ProfitSince {
  std::shared_ptr<const risk::RiskView> view;  ///< Null before the first book that could be valued.
  portfolio::Ledger ledger;
  portfolio::AccountFlows flows;
};

/// Where the lap stands: what the engine waits for.
enum class Phase : std::uint8_t { market, surfaces, opening, target, orders };

struct State {
  explicit State(std::shared_ptr<const Configuration> configured);

  std::shared_ptr<const Configuration> configuration;
  std::uint64_t sequence = 0;  ///< Of the last event applied.
  UtcTime now;
  Phase phase = Phase::market;
  std::uint64_t lap = 0;  ///< Laps begun.

  std::shared_ptr<const market::Universe> universe;
  std::shared_ptr<const market::MarketSnapshot> market;
  std::shared_ptr<const surface::SurfaceSet> surfaces;
  std::shared_ptr<const surface::SurfaceSet> surfaces_before;  ///< Of the last lap that had any.
  std::shared_ptr<const risk::RiskView> view;
  std::string trouble;  ///< Why there is no view, or why the book cannot be valued; empty where all is well.

  bool opened = false;
  portfolio::Ledger ledger;
  std::map<market::OrderId, OpenOrder> orders;
  std::uint64_t last_trade = 0;  ///< The venue numbers trades upwards; what is not above this was booked already.
  govern::Containment containment = govern::Containment::normal;

  ProfitSince profit_since;

  // Of the lap in progress, or of the last one until the next begins.
  bool lap_closed = false;            ///< The last event closed a lap.
  std::optional<Digest> lap_digest;   ///< Of the last lap closed, as recorded.
  std::uint64_t target_sequence = 0;  ///< Sequence of the event that proposed `target`.
  std::optional<portfolio::TargetBook> target;
  std::vector<JudgedOrder> judged;
  std::vector<market::Fill> fills;
  std::vector<market::FundingPayment> funding;
  std::vector<market::Delivery> deliveries;
};

/// The one account that step-by-step configuration knows.
inline constexpr market::AccountId main_account{0};

/// Asks for surfaces over the market just seen.
struct FitSurfaces {
  std::shared_ptr<const market::MarketSnapshot> market;
  std::shared_ptr<const surface::SurfaceSet> before;  ///< What expiries without quotes fall back on; null at first.
};
/// Asks what the account holds; answered by PortfolioOpened.
struct OpenPortfolio {
  std::shared_ptr<const market::MarketSnapshot> market;
  std::shared_ptr<const surface::SurfaceSet> surfaces;
};
/// Asks for a target, given immutable snapshots of all that it may depend on.
struct ProposeTarget {
  std::shared_ptr<const risk::RiskView> view;
  std::shared_ptr<const portfolio::Ledger> ledger;
  market::AccountId account = main_account;
  govern::Containment containment = govern::Containment::normal;
};
/// An event of the engine's own making, to be journalled and then applied before anything else.
struct Record {
  EventBody body;
};
/// An order that may leave as soon as the records before it are durable.
struct SubmitOrder {
  market::Approved<market::OrderRequest> order;
};

using Command = std::variant<FitSurfaces, OpenPortfolio, ProposeTarget, Record, SubmitOrder>;

/// The fold. Total: an event that does not fit the state (a late fill, a duplicate) changes what it must and no more.
void apply(State& state, const Event& event);

/// What is to be done about the event just applied, in order.
[[nodiscard]] std::vector<Command> decide(const State& state, const Event& event);

/// The ledger entry that an event causes, before it is applied; none for events that move nothing.
[[nodiscard]] std::optional<portfolio::Entry> ledger_entry(const State& state, const Event& event);

/// Hash of everything that the state would be rebuilt from, including the booked book's risk figures, so that a replay
/// that computes one bit differently is found out.
[[nodiscard]] Digest digest(const State& state);

}  // namespace gimbal::engine
