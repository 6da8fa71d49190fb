// The pre-trade gate: the only place in the tree that can make an Approved<OrderRequest>.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gimbal/govern/containment.hpp"
#include "gimbal/govern/limits.hpp"
#include "gimbal/market/approved.hpp"
#include "gimbal/market/order.hpp"
#include "gimbal/risk/risk_view.hpp"

namespace gimbal::govern {

struct Verdict {
  std::optional<market::Approved<market::OrderRequest>> approved;
  std::string refusal;  ///< Which limit, what it is and what the order could have made of it; empty where approved.
};

/// What the gate judges orders against, at one instant.
struct Situation {
  const risk::RiskView& view;
  const portfolio::Ledger& ledger;
  market::AccountId account{};
  UtcTime now;
  Containment containment = Containment::normal;
};

class Gate {
 public:
  explicit Gate(const Limits& limits) : limits_{limits} {}

  /// Judges orders in their order. One is refused when it, filled in full together with the worst subset of those
  /// approved before it, could carry a limit beyond its bound, or further beyond one that the market already carried it
  /// past.
  ///
  /// Nothing is approved when the book itself cannot be valued.
  [[nodiscard]] std::vector<Verdict> judge(const Situation& situation,
                                           std::span<const market::OrderRequest> orders) const;

 private:
  const Limits& limits_;
};

}  // namespace gimbal::govern
