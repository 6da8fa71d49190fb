// Trades that pay now at the quotes alone, whatever the fitted surface says: an option sold above its cheapest cover, a
// synthetic forward bought below where the forward is sold. They test a market before a surface is laid over it. What
// is found is a price relation; margin, legging and rounding to lots are execution's.
//
// Payoffs   At a settlement price S a linear option pays w (S - K), an inverse one w (S - K)/S coin, neither less than
//           zero. All strikes of an expiry share S, and dividing by one positive number keeps every inequality between
//           payoffs, so what follows holds for premiums in coin as it does for premiums in quote:
//           butterfly  K2 = l K1 + (1 - l) K3: the payoff is convex in K, so l of K1 and 1 - l of K3 cover K2.
//           vertical   one wing is the end of the strikes. A call is covered by any lower call; a put of strike K by
//                      K/K' puts of a higher strike K', strike zero being worth nothing. A coin call of strike K is
//                      covered by K/K' calls of a higher strike and 1 - K/K' coin, a call of strike zero being a coin.
//                      A linear call is covered by a higher call and their distance in cash, a linear put by a lower.
//           box        calls and puts of two strikes. Linear: long one synthetic and short another leaves S - K1 and
//                      K2 - S. Inverse: K2/K1 of one against one of the other leaves (K2/K1)(1 - K1/S) - (1 - K2/S) =
//                      K2/K1 - 1 coin, whatever S is.
//           parity     call less put pays S - K, or 1 - K/S coin: one unit of a linear future, or K quote units of an
//                      inverse one (which pays 1/F - 1/S coin a unit), leave F - K, or 1 - K/F coin.
//           calendar   an option sold against later ones at the same strike over forward. With x = K/F a call's premium
//                      over F (in coin: its premium) is the mean of max(1 - x F/S, 0) under the measure of the coin,
//                      where F/S has mean 1, a put's that of max(x F/S - 1, 0): convex, so not decreasing in time, and
//                      convex in x, so that two later wings cover what is listed at no later strike. At the earlier
//                      expiry the later options are worth at least their intrinsic value, which is what is owed if the
//                      ratio of the two forwards has not moved. That is not assured: a calendar needs a hedge of it.
// Interest  None on premiums and cash set aside, as at the venues that these are quoted on.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "gimbal/market/snapshot.hpp"

namespace gimbal::surface {

enum class ArbitrageKind : std::uint8_t { butterfly, vertical, box, parity, calendar };
[[nodiscard]] const char* to_string(ArbitrageKind kind) noexcept;

struct ArbitrageLeg {
  market::InstrumentId instrument{};
  double contracts = 0.0;  ///< Positive is bought. Weights of wings are real numbers, not lots.
  double price = 0.0;      ///< In the instrument's price unit: the bid or ask, or a model forward for a future.
  friend bool operator==(const ArbitrageLeg&, const ArbitrageLeg&) = default;
};

/// One unit is one contract of the first leg: the option sold, or the call of a parity trade.
struct QuotedArbitrage {
  ArbitrageKind kind = ArbitrageKind::butterfly;
  std::vector<ArbitrageLeg> legs;
  double premium = 0.0;       ///< Taken in at once, in the settlement asset. Negative is paid.
  double payoff_least = 0.0;  ///< What all legs pay at expiry at the least, in the settlement asset; cash owed is < 0.
  double fees = 0.0;          ///< Takers' fees, in the settlement asset, as if each leg were traded by itself.
  double money = 0.0;         ///< premium + payoff_least - fees, in the quote asset at the index of now.
  double money_before_fees = 0.0;
  /// The most that delivery at expiry may cost on top, in the quote asset at the index of now. A leg that can be closed
  /// before saves its part.
  double delivery_fees_most = 0.0;
  /// Units that stand in the quotes of all legs; absent where the size of one is not known.
  std::optional<double> units;
  /// Riskless only once the forward is fixed too: calendars, and parity trades that stand against the rows' own forward
  /// because no dated future is quoted.
  bool needs_forward_hedge = false;
  friend bool operator==(const QuotedArbitrage&, const QuotedArbitrage&) = default;
};

struct ArbitrageSettings {
  /// Less money a unit than this, in the quote asset, is not reported. Positive, since rounding must not look like
  /// profit.
  double money_least = 0.01;
  friend bool operator==(const ArbitrageSettings&, const ArbitrageSettings&) = default;
};

/// Every option whose bid pays more than its cheapest cover costs after fees, with that cover: butterflies and
/// verticals from its own expiry, calendars from the best of the later ones. Every synthetic forward that pays against
/// the expiry's forward, and for every synthetic that can be sold the box with the cheapest one to buy.
///
/// Forward   of parity trades: the dated future that pays and settles alike, where it is quoted. Else the rows' own, at
///           the less favourable of call's and put's; a future that is listed without quotes is then a leg at that
///           price, with its fee and without its spread. Calendars use the rows' own forwards.
/// Order     by money, most first; ties by the instruments of the legs, then by kind.
/// Cost      O(n log n) a chain of n options and O(n log n) a pair of chains.
/// Errors    invalid_argument for a money_least that is not positive; missing_data for an asset without the index price
///           that fees or money need.
[[nodiscard]] Result<std::vector<QuotedArbitrage>> quoted_arbitrages(const market::MarketSnapshot& snapshot,
                                                                     const ArbitrageSettings& settings = {});

}  // namespace gimbal::surface
