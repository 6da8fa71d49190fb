// Trades that pay now whatever comes, from quotes alone and after a taker's fees: no surface and no model is asked.
//
// Formula   butterfly   C(K2) <= l C(K1) + (1 - l) C(K3) for K2 = l K1 + (1 - l) K3: premiums are convex in the strike.
//           vertical    a call is worth no more than one of a lower strike, a put no more than one of a higher.
//           box         a call less a put of strike K is a forward: C - P = F - K, in coin 1 - K/F. Bought at one
//           strike
//                       and sold at another they must not differ.
//           calendar    c(k, T1) <= c(k, T2) for premiums over the forward at equal k = K/F.
//           The first three hold for coin premiums as they stand: at expiry they are the same sums over S.
// Source    P. Carr and D. Madan, "A note on sufficient conditions for no arbitrage", Finance Research Letters 2 (2005)
//           125-130; H. Buehler, "Expensive martingales", Quantitative Finance 6 (2006), on calendars by forwards.
#pragma once

#include <cstdint>
#include <vector>

#include "gimbal/market/snapshot.hpp"

namespace gimbal::surface {

enum class QuotedArbitrageKind : std::uint8_t { butterfly, vertical, box, calendar };
[[nodiscard]] const char* to_string(QuotedArbitrageKind kind) noexcept;

struct ArbitrageLeg {
  market::InstrumentId instrument{};
  double contracts = 0.0;  ///< Bought; negative: sold.
  double price = 0.0;      ///< Of its quote, in the instrument's own unit.
  friend bool operator==(const ArbitrageLeg&, const ArbitrageLeg&) = default;
};

struct QuotedArbitrage {
  QuotedArbitrageKind kind = QuotedArbitrageKind::butterfly;
  std::vector<ArbitrageLeg> legs;  ///< For one contract sold of the dearest option; of a box, of the call sold.
  double gain_before_fees = 0.0;   ///< Quote currency, for these legs.
  double gain = 0.0;               ///< After fees; positive.
  double contracts_most = 0.0;     ///< How often the quotes' sizes allow these legs.
  /// A calendar pays only as far as the two forwards keep their ratio: that has to be hedged, and is not in the gain.
  bool needs_forward_hedge = false;
  friend bool operator==(const QuotedArbitrage&, const QuotedArbitrage&) = default;
};

/// For every option the best of each kind in which it is the dearest leg, where that pays after fees; by gain, the
/// largest first.
///
/// Method    What options can be bought for, fees included, has a lower convex hull over the strikes: a bid above it
///           after its fee is a butterfly (or a vertical) between two of its corners, and the best one.
[[nodiscard]] std::vector<QuotedArbitrage> quoted_arbitrages(const market::MarketSnapshot& snapshot);

}  // namespace gimbal::surface
