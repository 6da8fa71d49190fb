// Every quoted option against the fitted surface: how far its bid and its ask are from it, what taking them would bring
// after fees, and how unusual that is for this option.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "gimbal/market/snapshot.hpp"
#include "gimbal/surface/surface.hpp"

namespace gimbal::surface {

/// One side of a quote against the surface. Positive is a trade that pays, if the surface is right.
struct SideEdge {
  double volatility = 0.0;  ///< Selling: the bid's volatility less the fitted one; buying: the fitted less the ask's.
  double gain_quote = 0.0;  ///< Per contract in the quote currency, after the taker's fee.
  friend bool operator==(const SideEdge&, const SideEdge&) = default;
};

/// An option with at least one side that a volatility gives.
struct RichCheap {
  market::InstrumentId instrument{};
  double fitted_volatility = 0.0;
  std::optional<SideEdge> sell;    ///< At the bid.
  std::optional<SideEdge> buy;     ///< At the ask.
  std::optional<double> residual;  ///< Volatility of both sides' mean less the fitted one: positive is rich.
  std::optional<double> score;     ///< The residual in standard deviations from its own earlier mean.
  friend bool operator==(const RichCheap&, const RichCheap&) = default;
};

/// What options' residuals have been, each fading by half in a stated time. A score is against residuals seen before
/// it; nothing that comes later changes it.
class ResidualHistory {
 public:
  /// Domain    a positive half-life; at least two residuals before there is a score.
  ResidualHistory(Duration half_life, std::uint32_t residuals_least);

  /// Nothing until there are enough earlier residuals that differ.
  [[nodiscard]] std::optional<double> score(market::InstrumentId instrument, double residual) const;
  /// Times of one instrument ascend.
  void add(market::InstrumentId instrument, double residual, UtcTime time);
  /// Lets go of what has expired.
  void forget_expired(const market::Universe& universe, UtcTime time);
  [[nodiscard]] std::size_t size() const { return traces_.size(); }

 private:
  /// Weighted moments; weights and their squares fade alike.
  struct Trace {
    UtcTime time;
    std::uint32_t count = 0;
    double weight = 0.0;
    double weight_square = 0.0;
    double mean = 0.0;
    double deviations = 0.0;  ///< Weighted sum of squared deviations from the mean.
  };

  Duration half_life_;
  std::uint32_t residuals_least_;
  std::map<market::InstrumentId, Trace> traces_;
};

/// Every live option of a snapshot whose expiry is on a surface, in the order of its rows. Scores come from `history`,
/// which then takes the residuals in; null for none.
///
/// Value     Black-76 on the row's own forward (the slice's where it has none) at the fitted volatility, undiscounted;
///           coin premiums in the quote currency at the underlying's index, or the forward without one.
/// Fees      of a taker by the instrument's schedule, for one contract.
[[nodiscard]] std::vector<RichCheap> rich_cheap(const market::MarketSnapshot& snapshot, const SurfaceSet& surfaces,
                                                ResidualHistory* history);

}  // namespace gimbal::surface
