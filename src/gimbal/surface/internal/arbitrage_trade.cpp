// Sums over legs, and the worst settlement for delivery fees.
#include "gimbal/surface/internal/arbitrage_trade.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace gimbal::surface::internal {
namespace {

using market::Instrument;
using market::OptionRight;
using market::Payoff;

/// A leg's delivery fee where its option ends in the money, or its future does.
double delivery_fee(const Instrument& instrument, double contracts, double index_price) {
  double notional = std::fabs(contracts) * instrument.contract_size.to_double();
  if (instrument.payoff == Payoff::linear) notional *= index_price;
  if (instrument.payoff == Payoff::inverse && instrument.is_future()) notional /= index_price;
  return notional * instrument.fees.delivery_rate.to_double();
}

/// Whether an option ends in the money at a settlement just above, or just below, a strike.
bool pays(const Instrument& option, const Decimal& strike, bool above) {
  if (option.right == OptionRight::call) return above ? option.strike <= strike : option.strike < strike;
  return above ? option.strike > strike : option.strike >= strike;
}

/// All fees of one expiry's legs at one settlement.
double fees_at(const market::Universe& universe, const std::vector<ArbitrageLeg>& legs, const Decimal& strike,
               bool above, double index_price) {
  double fees = 0.0;
  for (const ArbitrageLeg& leg : legs) {
    const Instrument& instrument = universe[leg.instrument];
    if (!instrument.is_option() || pays(instrument, strike, above))
      fees += delivery_fee(instrument, leg.contracts, index_price);
  }
  return fees;
}

}  // namespace

void ArbitrageTrade::add_leg(market::InstrumentId id, const TakerQuote& quote, double contracts) {
  const double size = std::fabs(contracts);
  trade_.legs.push_back({id, contracts, quote.price});
  trade_.fees += size * quote.fee;
  if (!quote.contracts) {
    size_unknown_ = true;
    return;
  }
  const double units = *quote.contracts / size;
  trade_.units = trade_.units ? std::min(*trade_.units, units) : units;
}

void ArbitrageTrade::add_option(const ChainOption& option, double contracts) {
  const auto& quote = contracts < 0.0 ? option.sell : option.buy;
  GIMBAL_ASSERT(quote.has_value());
  add_leg(option.id, *quote, contracts);
  trade_.premium -= contracts * quote->price * family_.contract_size;
}

void ArbitrageTrade::add_future(market::InstrumentId id, const TakerQuote& quote, double contracts) {
  add_leg(id, quote, contracts);
}

void ArbitrageTrade::set_payoff_least(double settlement_per_underlying) {
  trade_.payoff_least = settlement_per_underlying * family_.contract_size;
}

QuotedArbitrage ArbitrageTrade::priced(const market::Universe& universe) const {
  QuotedArbitrage trade = trade_;
  const double gained = trade.premium + trade.payoff_least;
  trade.money_before_fees = gained * family_.settlement_in_quote;
  trade.money = (gained - trade.fees) * family_.settlement_in_quote;
  trade.delivery_fees_most =
      delivery_fees_most(universe, trade.legs, family_.index_price.to_double()) * family_.settlement_in_quote;
  if (size_unknown_) trade.units.reset();
  return trade;
}

double delivery_fees_most(const market::Universe& universe, const std::vector<ArbitrageLeg>& legs, double index_price) {
  std::map<UtcTime, std::vector<ArbitrageLeg>> expiries;
  for (const ArbitrageLeg& leg : legs) expiries[*universe[leg.instrument].expiry].push_back(leg);
  double total = 0.0;
  for (const auto& [expiry, own] : expiries) {
    double most = 0.0;
    for (const ArbitrageLeg& leg : own) {
      const Instrument& instrument = universe[leg.instrument];
      if (!instrument.is_option()) continue;
      for (const bool above : {false, true})
        most = std::max(most, fees_at(universe, own, instrument.strike, above, index_price));
    }
    total += most;
  }
  return total;
}

}  // namespace gimbal::surface::internal
