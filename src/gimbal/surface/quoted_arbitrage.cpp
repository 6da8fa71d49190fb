// Hulls of what can be bought, and bids above them.
#include "gimbal/surface/quoted_arbitrage.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "gimbal/surface/internal/option_quote.hpp"
#include "gimbal/surface/smile_quotes.hpp"

namespace gimbal::surface {
namespace {

using internal::OptionQuote;
using market::MarketSnapshot;
using market::OptionRight;
using market::Payoff;

/// An option of a chain, per unit of the underlying and with a taker's fees.
struct Listed {
  OptionQuote quote;
  double forward = 0.0;
  std::optional<double> to_buy;   ///< Ask and fee.
  std::optional<double> to_sell;  ///< Bid less fee.

  [[nodiscard]] bool inverse() const { return quote.instrument->payoff == Payoff::inverse; }
  /// Strike and prices over the forward; coin premiums are that already.
  [[nodiscard]] double relative_strike() const { return quote.strike / forward; }
  [[nodiscard]] double over_forward(double price) const { return inverse() ? price : price / forward; }
};

/// Options of one expiry, right and payoff in ascending order of strike.
struct Chain {
  UtcTime expiry;
  OptionRight right = OptionRight::call;
  Payoff payoff = Payoff::linear;
  market::AssetId underlying{};
  std::vector<Listed> options;
};

double median_forward(const std::vector<OptionQuote>& quotes) {
  std::vector<double> forwards;
  for (const OptionQuote& quote : quotes)
    if (quote.forward) forwards.push_back(*quote.forward);
  if (forwards.empty()) return 0.0;
  std::sort(forwards.begin(), forwards.end());
  return forwards[forwards.size() / 2];
}

std::vector<Chain> chains_of(const MarketSnapshot& snapshot) {
  std::vector<Chain> chains;
  for (const ExpiryRows& rows : live_options(snapshot)) {
    std::vector<OptionQuote> quotes;
    for (const std::size_t row : rows.options) quotes.push_back(internal::read_option_quote(snapshot, row));
    const double forward = median_forward(quotes);
    for (const OptionRight right : {OptionRight::call, OptionRight::put}) {
      for (const Payoff payoff : {Payoff::linear, Payoff::inverse}) {
        Chain chain{rows.expiry, right, payoff, rows.underlying, {}};
        for (const OptionQuote& quote : quotes) {
          if (quote.instrument->right != right || quote.instrument->payoff != payoff) continue;
          Listed option{quote, quote.forward.value_or(forward), std::nullopt, std::nullopt};
          if (quote.ask) option.to_buy = quote.ask->price + quote.ask->fee;
          if (quote.bid) option.to_sell = quote.bid->price - quote.bid->fee;
          chain.options.push_back(option);
        }
        std::sort(chain.options.begin(), chain.options.end(),
                  [](const Listed& a, const Listed& b) { return a.quote.strike < b.quote.strike; });
        if (!chain.options.empty()) chains.push_back(std::move(chain));
      }
    }
  }
  return chains;
}

/// Lower convex hull of prices over places: the cheapest way to be paid at least what an option between would be.
class BuyingHull {
 public:
  struct Corner {
    double x;
    double price;
    const Listed* option;
  };
  /// What a place costs: shares of the corners on both sides of it.
  struct Cost {
    double price;
    const Corner* left;
    const Corner* right;
    double left_share;
  };

  /// Corners come in ascending order of x.
  void add(const Corner& corner) {
    while (corners_.size() > 1 && !turns_up(corners_[corners_.size() - 2], corners_.back(), corner))
      corners_.pop_back();
    corners_.push_back(corner);
  }

  /// Nothing outside of the corners.
  [[nodiscard]] std::optional<Cost> at(double x) const {
    if (corners_.empty() || x < corners_.front().x || x > corners_.back().x) return std::nullopt;
    const auto right = std::partition_point(corners_.begin(), corners_.end(), [x](const Corner& c) { return c.x < x; });
    if (right->x == x) return Cost{right->price, &*right, &*right, 1.0};
    const auto left = right - 1;
    const double share = (right->x - x) / (right->x - left->x);
    return Cost{share * left->price + (1.0 - share) * right->price, &*left, &*right, share};
  }

 private:
  static bool turns_up(const Corner& a, const Corner& b, const Corner& c) {
    return (b.price - a.price) * (c.x - b.x) < (c.price - b.price) * (b.x - a.x);
  }
  std::vector<Corner> corners_;
};

/// Legs with the money that they bring.
class Trade {
 public:
  explicit Trade(QuotedArbitrageKind kind) { trade_.kind = kind; }

  void add(const Listed& option, double contracts) {
    const internal::QuotedSide& side = contracts > 0.0 ? *option.quote.ask : *option.quote.bid;
    const double unit = option.quote.unit_quote * option.quote.contract_units;
    trade_.legs.push_back({option.quote.id, contracts, side.price});
    trade_.gain_before_fees -= contracts * side.price * unit;
    fees_ += std::fabs(contracts) * side.fee * unit;
    const double most = side.size / std::fabs(contracts);
    trade_.contracts_most = trade_.legs.size() == 1 ? most : std::min(trade_.contracts_most, most);
  }
  /// What is paid at expiry come what may, in the quote currency.
  void add_payment(double payment) { trade_.gain_before_fees += payment; }
  void needs_forward_hedge() { trade_.needs_forward_hedge = true; }

  [[nodiscard]] QuotedArbitrage finished() {
    trade_.gain = trade_.gain_before_fees - fees_;
    return trade_;
  }

 private:
  QuotedArbitrage trade_;
  double fees_ = 0.0;
};

void keep_if_paid(Trade trade, std::vector<QuotedArbitrage>& found) {
  QuotedArbitrage finished = trade.finished();
  if (finished.gain > 0.0) found.push_back(std::move(finished));
}

void find_butterflies(const Chain& chain, std::vector<QuotedArbitrage>& found) {
  BuyingHull hull;
  for (const Listed& option : chain.options)
    if (option.to_buy) hull.add({option.quote.strike, *option.to_buy, &option});
  for (const Listed& option : chain.options) {
    if (!option.to_sell) continue;
    const auto cost = hull.at(option.quote.strike);
    if (!cost || cost->left == cost->right || !(*option.to_sell > cost->price)) continue;
    Trade trade{QuotedArbitrageKind::butterfly};
    trade.add(option, -1.0);
    trade.add(*cost->left->option, cost->left_share);
    trade.add(*cost->right->option, 1.0 - cost->left_share);
    keep_if_paid(std::move(trade), found);
  }
}

/// Calls are bought at lower strikes, puts at higher ones.
void find_verticals(const Chain& chain, std::vector<QuotedArbitrage>& found) {
  const Listed* cheapest = nullptr;
  const auto visit = [&](const Listed& option) {
    if (option.to_sell && cheapest != nullptr && *option.to_sell > *cheapest->to_buy) {
      Trade trade{QuotedArbitrageKind::vertical};
      trade.add(option, -1.0);
      trade.add(*cheapest, 1.0);
      keep_if_paid(std::move(trade), found);
    }
    if (option.to_buy && (cheapest == nullptr || *option.to_buy < *cheapest->to_buy)) cheapest = &option;
  };
  if (chain.right == OptionRight::call) {
    for (const Listed& option : chain.options) visit(option);
  } else {
    for (auto option = chain.options.rbegin(); option != chain.options.rend(); ++option) visit(*option);
  }
}

/// A call and a put of one strike that together can be bought or sold as a forward.
struct Synthetic {
  const Listed* call;
  const Listed* put;
  // What buying and selling it says of the forward, the larger the cheaper: its negative, or its inverse in coin.
  double bought;
  double sold;
};

std::vector<Synthetic> synthetics_of(const Chain& calls, const Chain& puts) {
  std::vector<Synthetic> found;
  auto put = puts.options.begin();
  for (const Listed& call : calls.options) {
    while (put != puts.options.end() && put->quote.strike < call.quote.strike) ++put;
    if (put == puts.options.end()) break;
    if (put->quote.strike != call.quote.strike) continue;
    if (!call.to_buy || !call.to_sell || !put->to_buy || !put->to_sell) continue;
    const double buying = *call.to_buy - *put->to_sell;
    const double selling = *call.to_sell - *put->to_buy;
    const double strike = call.quote.strike;
    const auto says = [&](double price) { return call.inverse() ? (1.0 - price) / strike : -(strike + price); };
    found.push_back({&call, &*put, says(buying), says(selling)});
  }
  return found;
}

void find_boxes(const Chain& calls, const Chain& puts, std::vector<QuotedArbitrage>& found) {
  const std::vector<Synthetic> synthetics = synthetics_of(calls, puts);
  if (synthetics.empty()) return;
  const Synthetic& bought = *std::max_element(
      synthetics.begin(), synthetics.end(), [](const Synthetic& a, const Synthetic& b) { return a.bought < b.bought; });
  for (const Synthetic& sold : synthetics) {
    if (!(bought.bought > sold.sold)) continue;
    // In coin as much of the bought one as lets the price at expiry cancel: 1 - K/S against n (1 - L/S) with n L = K.
    const bool inverse = sold.call->inverse();
    const double strike = sold.call->quote.strike;
    const double count = inverse ? strike / bought.call->quote.strike : 1.0;
    Trade trade{QuotedArbitrageKind::box};
    trade.add(*sold.call, -1.0);
    trade.add(*sold.put, 1.0);
    trade.add(*bought.call, count);
    trade.add(*bought.put, -count);
    const double payment = inverse ? count - 1.0 : strike - bought.call->quote.strike;
    trade.add_payment(payment * sold.call->quote.unit_quote * sold.call->quote.contract_units);
    keep_if_paid(std::move(trade), found);
  }
}

/// The hull of a chain's premiums over the forward, by strikes over the forward.
BuyingHull relative_hull(const Chain& chain) {
  std::vector<BuyingHull::Corner> corners;
  for (const Listed& option : chain.options)
    if (option.to_buy && option.forward > 0.0)
      corners.push_back({option.relative_strike(), option.over_forward(*option.to_buy), &option});
  // Rows have forwards of their own, which may change the order of neighbours.
  std::sort(corners.begin(), corners.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
  BuyingHull hull;
  for (const BuyingHull::Corner& corner : corners) hull.add(corner);
  return hull;
}

void find_calendars(const Chain& earlier, const std::vector<const Chain*>& later, std::vector<QuotedArbitrage>& found) {
  std::vector<BuyingHull> hulls;
  for (const Chain* chain : later) hulls.push_back(relative_hull(*chain));
  for (const Listed& option : earlier.options) {
    if (!option.to_sell || !(option.forward > 0.0)) continue;
    std::optional<BuyingHull::Cost> best;
    for (const BuyingHull& hull : hulls) {
      const auto cost = hull.at(option.relative_strike());
      if (cost && (!best || cost->price < best->price)) best = cost;
    }
    if (!best || !(option.over_forward(*option.to_sell) > best->price)) continue;
    Trade trade{QuotedArbitrageKind::calendar};
    trade.add(option, -1.0);
    const auto count = [&](const Listed& bought) { return option.inverse() ? 1.0 : option.forward / bought.forward; };
    trade.add(*best->left->option, best->left_share * count(*best->left->option));
    if (best->left != best->right)
      trade.add(*best->right->option, (1.0 - best->left_share) * count(*best->right->option));
    trade.needs_forward_hedge();
    keep_if_paid(std::move(trade), found);
  }
}

bool same_kind(const Chain& a, const Chain& b) { return a.underlying == b.underlying && a.payoff == b.payoff; }

}  // namespace

const char* to_string(QuotedArbitrageKind kind) noexcept {
  switch (kind) {
    case QuotedArbitrageKind::butterfly: return "butterfly";
    case QuotedArbitrageKind::vertical: return "vertical";
    case QuotedArbitrageKind::box: return "box";
    case QuotedArbitrageKind::calendar: return "calendar";
  }
  return "butterfly";
}

std::vector<QuotedArbitrage> quoted_arbitrages(const MarketSnapshot& snapshot) {
  const std::vector<Chain> chains = chains_of(snapshot);
  std::vector<QuotedArbitrage> found;
  for (const Chain& chain : chains) {
    find_butterflies(chain, found);
    find_verticals(chain, found);
    std::vector<const Chain*> later;
    for (const Chain& other : chains) {
      if (!same_kind(chain, other)) continue;
      if (other.right == chain.right && other.expiry > chain.expiry) later.push_back(&other);
      if (other.expiry == chain.expiry && chain.right == OptionRight::call && other.right == OptionRight::put)
        find_boxes(chain, other, found);
    }
    find_calendars(chain, later, found);
  }
  std::stable_sort(found.begin(), found.end(), [](const QuotedArbitrage& a, const QuotedArbitrage& b) {
    if (a.gain != b.gain) return a.gain > b.gain;
    return market::raw(a.legs.front().instrument) < market::raw(b.legs.front().instrument);
  });
  return found;
}

}  // namespace gimbal::surface
