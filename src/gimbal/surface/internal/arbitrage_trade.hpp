// An arbitrage being put together leg by leg, and the money that it comes to.
#pragma once

#include "gimbal/surface/internal/option_chain.hpp"
#include "gimbal/surface/quoted_arbitrage.hpp"

namespace gimbal::surface::internal {

class ArbitrageTrade {
 public:
  ArbitrageTrade(ArbitrageKind kind, const ChainFamily& family) : family_{family} { trade_.kind = kind; }

  /// Buys at the ask or, for negative contracts, sells at the bid; that side must be quoted.
  void add_option(const ChainOption& option, double contracts);
  /// A future changes hands for no premium.
  void add_future(market::InstrumentId id, const TakerQuote& quote, double contracts);
  /// What all legs pay at least at expiry, in the settlement asset per unit of underlying of a first leg's contract.
  void set_payoff_least(double settlement_per_underlying);
  void set_needs_forward_hedge() { trade_.needs_forward_hedge = true; }

  [[nodiscard]] QuotedArbitrage priced(const market::Universe& universe) const;

 private:
  void add_leg(market::InstrumentId id, const TakerQuote& quote, double contracts);

  const ChainFamily& family_;
  QuotedArbitrage trade_;
  bool size_unknown_ = false;
};

/// The most that delivery fees of these legs come to at any settlement prices, in the settlement asset: an option that
/// ends in the money pays the rate on its underlying, so the most is found at the strikes, just above or just below.
/// Notionals of linear contracts and inverse futures are taken at the index of now, caps by payoff are not taken off.
[[nodiscard]] double delivery_fees_most(const market::Universe& universe, const std::vector<ArbitrageLeg>& legs,
                                        double index_price);

}  // namespace gimbal::surface::internal
