// TargetBook: the book to hold, trade by trade, each with its reasons. Plain values with canonical bytes, since a
// target is a journalled event; everything that a report says of a decision is read from here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gimbal/foundation/bytes.hpp"
#include "gimbal/market/order.hpp"

namespace gimbal::portfolio {

enum class TargetStatus : std::uint8_t {
  optimal,             ///< Holds every hard bound; lots did not matter.
  rounded,             ///< Holds every hard bound after rounding to lots.
  infeasible_in_lots,  ///< The continuous optimum holds them, no lots near it were found that do; see `broken`.
  least_violating,     ///< No book holds every hard bound; this one breaks the least, by priority; see `broken`.
  unchanged,           ///< No answer (see `note`): the current book is kept.
};
[[nodiscard]] const char* to_string(TargetStatus status) noexcept;

/// One bounded row: where the book stood, where the continuous optimum and the rounded book stand, and what a bound
/// costs.
struct ConstraintReport {
  std::string name;  ///< `delta BTC`, `stress BTC -20% ETH -20% vol +30%`, `margin deribit BTC`
  std::string unit;  ///< `BTC`, `USD`, `USD per point`, `fraction`, `contracts`
  std::optional<double> lower;
  std::optional<double> upper;
  bool hard = true;
  int priority = 1;
  double value_current = 0.0;
  double value_continuous = 0.0;
  double value_rounded = 0.0;
  double shadow_price =
      0.0;  ///< Numeraire gained by the continuous optimum per unit by which the binding bound is relaxed; >= 0.
  bool binding = false;    ///< The continuous optimum lies on a bound (within tolerance) that has a price.
  double violation = 0.0;  ///< Of the rounded book: distance outside [lower, upper], >= 0.
};

/// Why a trade: a constraint's shadow price times what one contract moves that constraint by.
struct TradeReason {
  std::uint32_t constraint = 0;  ///< Index into TargetBook::constraints.
  double value = 0.0;            ///< Numeraire per contract traded, positive where it speaks for the trade.
};

/// Expected profit by source, each counted once (allocate/edge.hpp has the formulas); a source that does not apply is
/// zero.
struct EdgeSources {
  double gamma = 0.0;      ///< Of options, at forecast less fitted variance.
  double reversion = 0.0;  ///< Of options' quotes, to the fitted surface.
  double funding = 0.0;    ///< Of perpetuals.
  double basis = 0.0;      ///< Of what is priced off a forward, as it runs down to the index.

  [[nodiscard]] double total() const { return gamma + reversion + funding + basis; }
  friend EdgeSources operator*(const EdgeSources& edge, double factor) {
    return {edge.gamma * factor, edge.reversion * factor, edge.funding * factor, edge.basis * factor};
  }
  friend bool operator==(const EdgeSources&, const EdgeSources&) = default;
};

struct TargetTrade {
  market::AccountId account{};
  market::InstrumentId instrument{};
  QuantityLots current;
  QuantityLots trade;  ///< Signed; current + trade is the target.
  PriceTicks limit;    ///< The quote that it is expected to cross.
  EdgeSources edge;    ///< Numeraire, of the whole trade over the stated horizon.
  double cost = 0.0;   ///< Numeraire: half-spread and fee of the whole trade, >= 0.
  double marginal_margin =
      0.0;  ///< Settlement currency: change of initial margin requirement by this trade, others done.
  double marginal_risk =
      0.0;  ///< Numeraire: change of the worst stress row by this trade, others done (negative: worse).
  std::vector<TradeReason> reasons;  ///< Largest first.
};

struct TargetBook {
  TargetStatus status = TargetStatus::unchanged;
  double objective_continuous = 0.0;  ///< Numeraire.
  double objective_rounded = 0.0;
  double edge = 0.0;             ///< Numeraire over the horizon, of the whole rounded book.
  double cost = 0.0;             ///< Numeraire, of all trades.
  std::uint32_t candidates = 0;  ///< Instruments that could be traded.
  std::uint32_t solver_iterations = 0;
  std::vector<TargetTrade> trades;  ///< In ascending order of account and instrument; none with a zero trade.
  std::vector<ConstraintReport> constraints;
  std::vector<std::string> broken;  ///< What is broken and by how much, in order of priority; empty where nothing is.
  std::string note;
};

void encode(const TargetBook& book, ByteWriter& out);
/// Errors    corrupt when the bytes are no target book.
[[nodiscard]] Result<TargetBook> decode_target_book(ByteReader& in);

}  // namespace gimbal::portfolio
