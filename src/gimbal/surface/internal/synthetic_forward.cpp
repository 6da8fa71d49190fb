// Every synthetic is one way of trading the same forward, so each is put down to a rate at which it does so.
//
// Rates     Linear: the forward price, quote per unit; a long gains S - rate. Inverse: -1/(forward price), coin per
//           quote unit; a long gains -1/S - rate. In both a lower rate is better for the buyer. A synthetic that costs
//           c trades at K + c, or at (c - 1)/K.
#include "gimbal/surface/internal/synthetic_forward.hpp"

#include <algorithm>
#include <utility>

#include "gimbal/surface/internal/arbitrage_trade.hpp"

namespace gimbal::surface::internal {
namespace {

using market::Payoff;

struct Synthetic {
  const ChainOption* call = nullptr;
  const ChainOption* put = nullptr;
  [[nodiscard]] double strike() const { return call->strike; }
  [[nodiscard]] bool can_buy() const { return call->buy && put->sell; }
  [[nodiscard]] bool can_sell() const { return call->sell && put->buy; }
};

std::vector<Synthetic> synthetics(const OptionChain& chain) {
  std::vector<Synthetic> pairs;
  auto put = chain.puts.begin();
  for (const ChainOption& call : chain.calls) {
    while (put != chain.puts.end() && put->strike < call.strike) ++put;
    if (put != chain.puts.end() && put->strike == call.strike) pairs.push_back({&call, &*put});
  }
  return pairs;
}

/// Buys, or for negative contracts sells, synthetics: first the call.
void add(ArbitrageTrade& trade, const Synthetic& synthetic, double contracts) {
  trade.add_option(*synthetic.call, contracts);
  trade.add_option(*synthetic.put, -contracts);
}

double cost_of_buying(const TakerQuote& quote, double contract_size) { return quote.price + quote.fee / contract_size; }
double gain_of_selling(const TakerQuote& quote, double contract_size) {
  return quote.price - quote.fee / contract_size;
}

double rate_of(const ChainFamily& family, double strike, double cost) {
  return family.payoff == Payoff::inverse ? (cost - 1.0) / strike : strike + cost;
}
double rate_bought(const ChainFamily& family, const Synthetic& synthetic) {
  const double size = family.contract_size;
  return rate_of(family, synthetic.strike(),
                 cost_of_buying(*synthetic.call->buy, size) - gain_of_selling(*synthetic.put->sell, size));
}

/// The forward that a parity trade stands against: a future's quote, or the rows' own.
struct OtherForward {
  TakerQuote quote;
  const ChainFuture* future = nullptr;  ///< The leg; null where no future is listed.
  bool is_quoted = false;
};

/// Where the forward can be sold (against a synthetic that is bought) or bought.
std::optional<OtherForward> other_forward(const market::Universe& universe, const ChainFamily& family,
                                          const OptionChain& chain, const Synthetic& synthetic, bool sells) {
  const ChainFuture* future = chain.future ? &*chain.future : nullptr;
  if (future != nullptr && (future->sell || future->buy)) {
    const auto& quote = sells ? future->sell : future->buy;
    if (!quote) return std::nullopt;
    return OtherForward{*quote, future, true};
  }
  const auto& call = synthetic.call->forward;
  const auto& put = synthetic.put->forward;
  if (!call && !put) return std::nullopt;
  const auto [low, high] = std::minmax({call.value_or(*(put ? put : call)), put.value_or(*(call ? call : put))});
  OtherForward model{{sells ? low : high, 0.0, std::nullopt}, future, false};
  if (future == nullptr) return model;
  // Nine decimals of a forward are more than its fee shows.
  const auto price = nearest_decimal(model.quote.price, 9);
  if (price) model.quote.fee = taker_fee(universe[future->id], *price, family.index_price);
  return model;
}

/// `direction` is +1 for buying the synthetic and selling the forward, -1 for the reverse.
QuotedArbitrage parity_trade(const market::Universe& universe, const ChainFamily& family, const Synthetic& synthetic,
                             const OtherForward& forward, double direction) {
  const bool inverse = family.payoff == Payoff::inverse;
  const double strike = synthetic.strike();
  ArbitrageTrade trade{ArbitrageKind::parity, family};
  add(trade, synthetic, direction);
  if (forward.future != nullptr) {
    const double units = family.contract_size * (inverse ? strike : 1.0);
    trade.add_future(forward.future->id, forward.quote, -direction * units / forward.future->contract_size);
  }
  if (!forward.is_quoted) trade.set_needs_forward_hedge();
  trade.set_payoff_least(direction * (inverse ? 1.0 - strike / forward.quote.price : forward.quote.price - strike));
  return trade.priced(universe);
}

QuotedArbitrage box(const market::Universe& universe, const ChainFamily& family, const Synthetic& sold,
                    const Synthetic& bought) {
  const bool inverse = family.payoff == Payoff::inverse;
  const double ratio = sold.strike() / bought.strike();
  ArbitrageTrade trade{ArbitrageKind::box, family};
  add(trade, sold, -1.0);
  add(trade, bought, inverse ? ratio : 1.0);
  trade.set_payoff_least(inverse ? ratio - 1.0 : sold.strike() - bought.strike());
  return trade.priced(universe);
}

void keep(QuotedArbitrage&& trade, const ArbitrageSettings& settings, std::vector<QuotedArbitrage>& found) {
  if (trade.money >= settings.money_least) found.push_back(std::move(trade));
}

}  // namespace

void find_parity_trades(const market::Universe& universe, const ChainFamily& family, const OptionChain& chain,
                        const ArbitrageSettings& settings, std::vector<QuotedArbitrage>& found) {
  for (const Synthetic& synthetic : synthetics(chain)) {
    for (const bool buys : {true, false}) {
      if (buys ? !synthetic.can_buy() : !synthetic.can_sell()) continue;
      const auto forward = other_forward(universe, family, chain, synthetic, buys);
      if (!forward) continue;
      keep(parity_trade(universe, family, synthetic, *forward, buys ? 1.0 : -1.0), settings, found);
    }
  }
}

void find_boxes(const market::Universe& universe, const ChainFamily& family, const OptionChain& chain,
                const ArbitrageSettings& settings, std::vector<QuotedArbitrage>& found) {
  const std::vector<Synthetic> pairs = synthetics(chain);
  const Synthetic* cheapest = nullptr;
  for (const Synthetic& pair : pairs) {
    if (!pair.can_buy()) continue;
    if (cheapest == nullptr || rate_bought(family, pair) < rate_bought(family, *cheapest)) cheapest = &pair;
  }
  if (cheapest == nullptr) return;
  // The cheapest one itself cannot be sold for more than it costs, and so for less than any other costs.
  for (const Synthetic& sold : pairs)
    if (sold.can_sell() && sold.call != cheapest->call) keep(box(universe, family, sold, *cheapest), settings, found);
}

}  // namespace gimbal::surface::internal
