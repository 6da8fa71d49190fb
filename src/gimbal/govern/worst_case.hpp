// How far a set of open orders could carry an account if the market chose which of them fill: per linear row the sum of
// the fills that move it up and of those that move it down, per margin pool the dearest side of every position.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gimbal/govern/limits.hpp"
#include "gimbal/market/order.hpp"
#include "gimbal/risk/risk_view.hpp"

namespace gimbal::govern {

/// One linear row under a limit and the reach of the orders approved so far.
struct RowReach {
  risk::LinearRow row;
  double lower = 0.0;  ///< Bound.
  double upper = 0.0;  ///< Bound.
  double value = 0.0;  ///< Of the book without any fill.
  double down = 0.0;   ///< Sum of the moves below zero of approved orders.
  double up = 0.0;     ///< Sum of the moves above zero.

  /// Why an order that moves this row by `move` may not go out; nothing where it may.
  [[nodiscard]] std::optional<std::string> refusal(double move) const;
  void take(double move);
};

/// Requirement and balance of the margin pools under the dearest fills of the orders approved so far.
class MarginReach {
 public:
  /// `orders` are all that may be judged: the rule's bound has to hold wherever they could take a position.
  [[nodiscard]] static Result<MarginReach> over(const risk::RiskView& view, const risk::BookState& book,
                                                std::span<const market::OrderRequest> orders, double utilisation_max);

  /// As RowReach::refusal, for a trade of `contracts` at `price` with `fee` in the settlement asset.
  [[nodiscard]] Result<std::optional<std::string>> refusal(const risk::MarginTrade& trade) const;
  [[nodiscard]] Result<void> take(const risk::MarginTrade& trade);

 private:
  struct Span {
    market::InstrumentId instrument{};
    double held = 0.0;
    double lowest = 0.0;
    double highest = 0.0;
  };
  struct Usage {
    double requirement = 0.0;
    double balance = 0.0;
  };
  explicit MarginReach(const risk::RiskView& view) : view_{&view} {}
  [[nodiscard]] std::vector<Span> spans_with(const risk::MarginTrade* trade) const;
  [[nodiscard]] double requirement(const risk::PoolBound& pool, const std::vector<Span>& spans) const;
  [[nodiscard]] Result<std::vector<double>> balances_with(const risk::MarginTrade* trade) const;

  const risk::RiskView* view_;
  risk::MarginBound bound_;
  double utilisation_max_ = 1.0;
  std::vector<Span> spans_;      ///< Every held or orderable position.
  std::vector<double> balance_;  ///< By pool of the bound, after the dearest fills.
};

}  // namespace gimbal::govern
