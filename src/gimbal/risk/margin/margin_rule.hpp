// The interface that all margin rules share: what an account must hold, what the venue compares it with, and a convex
// bound from above for the optimiser. Figures are in a pool's currency: a settlement asset where a venue keeps them
// apart.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gimbal/market/snapshot.hpp"
#include "gimbal/portfolio/valuation.hpp"

namespace gimbal::risk {

/// What a rule reads of the market. A view: both outlive every call.
struct MarginMarket {
  const market::MarketSnapshot& snapshot;
  const portfolio::MarkPrices& marks;
};

struct MarginPosition {
  market::InstrumentId instrument{};
  double contracts = 0.0;  ///< Negative is short.
  friend auto operator<=>(const MarginPosition&, const MarginPosition&) = default;
};

/// One account: positions in any order (an instrument may come in several lines), and what it holds in each asset.
struct MarginBook {
  std::vector<MarginPosition> positions;
  std::vector<portfolio::AccountValue> values;
};

/// A trade that is only thought of.
struct MarginTrade {
  market::InstrumentId instrument{};
  double contracts = 0.0;  ///< Positive buys.
  double price = 0.0;      ///< In the instrument's price unit.
  double fee = 0.0;        ///< In the settlement asset, positive is paid.
};

/// The account after trades: premiums, coins and fees move cash, options are valued at marks, futures gain or lose the
/// difference between trade price and mark.
/// Errors    missing_data naming an instrument without a mark.
[[nodiscard]] Result<MarginBook> book_after(const MarginMarket& market, const MarginBook& book,
                                            std::span<const MarginTrade> trades);

/// A named number on the way to a requirement; the name is a literal.
struct MarginTerm {
  std::string_view name;
  double value = 0.0;
};

/// One instrument's share, all its lines together.
struct MarginLine {
  market::InstrumentId instrument{};
  double contracts = 0.0;
  market::AssetId pool{};
  double initial = 0.0;
  double maintenance = 0.0;
  std::vector<MarginTerm> terms;
};

enum class MarginSide : std::uint8_t { initial, maintenance };

struct MarginPool {
  market::AssetId asset{};
  double initial = 0.0;
  double maintenance = 0.0;
  double balance = 0.0;  ///< What the venue compares both with.

  [[nodiscard]] double requirement(MarginSide side) const {
    return side == MarginSide::initial ? initial : maintenance;
  }
  [[nodiscard]] double available() const { return balance - initial; }
  /// initial / balance: 0 where nothing is required, absent where something is and the balance is not positive.
  [[nodiscard]] std::optional<double> utilisation() const;
  /// 1 - maintenance / balance, the share of the balance that may be lost before the venue liquidates: 1 where nothing
  /// is required, absent where something is and the balance is not positive.
  [[nodiscard]] std::optional<double> room() const;
  /// Whether the venue would take the account over.
  [[nodiscard]] bool liquidatable() const { return maintenance > balance; }
};

struct MarginAssessment {
  std::vector<MarginPool> pools;         ///< In ascending order of asset: every asset with a balance or a requirement.
  std::vector<MarginLine> lines;         ///< In ascending order of instrument; spot has none.
  std::vector<std::string> unconfirmed;  ///< Parameters used that could not be checked against the venue.
};

/// Contracts between which a position may end up.
struct PositionLimits {
  market::InstrumentId instrument{};
  double lower = 0.0;
  double upper = 0.0;
};

/// slope x contracts + intercept
struct BoundLine {
  double slope = 0.0;
  double intercept = 0.0;
};

/// f_i: the largest of its lines, convex, and never below zero.
struct PositionBound {
  market::InstrumentId instrument{};
  std::vector<BoundLine> lines;

  [[nodiscard]] double at(double contracts) const;
};

/// a_k . q + c_k over the positions named; others have coefficient zero.
struct BoundFace {
  std::vector<MarginPosition> slopes;  ///< `contracts` holds the slope. In ascending order of instrument.
  double constant = 0.0;
};

/// requirement(q) <= sum_i f_i(q_i) + max_k (a_k . q + c_k); without faces the second term is zero.
struct PoolBound {
  market::AssetId asset{};
  double balance = 0.0;  ///< At the book around which the bound was taken; trades change it by balance_effects().
  std::vector<PositionBound> positions;  ///< In ascending order of instrument.
  std::vector<BoundFace> faces;

  /// The bound at a book; positions not named count as zero.
  [[nodiscard]] double at(std::span<const MarginPosition> book) const;
};

struct MarginBound {
  MarginSide side = MarginSide::initial;
  std::vector<PoolBound> pools;  ///< In ascending order of asset.
};

/// Change of one pool's balance.
struct BalanceEffect {
  market::AssetId pool{};
  double amount = 0.0;
};

class MarginRule {
 public:
  virtual ~MarginRule() = default;

  /// `deribit standard`
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Whether the exact requirement is convex in positions, so that the bound has no gap but that of its lines.
  [[nodiscard]] virtual bool is_convex() const = 0;

  /// The exact requirement, with every intermediate.
  /// Errors    missing_data or out_of_domain, naming instrument or asset, when a mark or an index price that the rule
  ///           needs is absent or negative: never a requirement of zero by omission.
  [[nodiscard]] virtual Result<MarginAssessment> assess(const MarginMarket& market, const MarginBook& book) const = 0;

  /// A convex bound from above, valid for every position between its limits; zero and the position in `book` are always
  /// counted in, and what is held without limits stays between zero and what is held. Tight at `book`.
  /// Errors    as assess(); invalid_argument for limits out of order.
  [[nodiscard]] virtual Result<MarginBound> bound(const MarginMarket& market, const MarginBook& book,
                                                  std::span<const PositionLimits> limits, MarginSide side) const = 0;

  /// What buying one contract at `price` does to the balances; selling one at `price` does the negative. Fees come on
  /// top.
  /// Errors    as assess().
  [[nodiscard]] virtual Result<std::vector<BalanceEffect>> balance_effects(const MarginMarket& market,
                                                                           market::InstrumentId instrument,
                                                                           double price) const = 0;
};

}  // namespace gimbal::risk
