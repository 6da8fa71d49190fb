// Options sold against their cheapest covers, and the order of what is found. Synthetic forwards are found next door.
#include "gimbal/surface/quoted_arbitrage.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "gimbal/surface/internal/arbitrage_trade.hpp"
#include "gimbal/surface/internal/cheapest_cover.hpp"
#include "gimbal/surface/internal/option_chain.hpp"
#include "gimbal/surface/internal/synthetic_forward.hpp"

namespace gimbal::surface {
namespace {

using internal::ArbitrageTrade;
using internal::ChainFamily;
using internal::ChainOption;
using internal::CheapestCover;
using internal::Cover;
using internal::CoverLimits;
using internal::CoverPoint;
using internal::OptionChain;
using market::OptionRight;
using market::Payoff;

constexpr std::array<OptionRight, 2> both_rights{OptionRight::call, OptionRight::put};

const std::vector<ChainOption>& options_of(const OptionChain& chain, OptionRight right) {
  return right == OptionRight::call ? chain.calls : chain.puts;
}

/// What cash covers at the ends of the strikes; the opening of the header says why.
CoverLimits limits_of(Payoff payoff, OptionRight right) {
  if (right == OptionRight::call)
    return payoff == Payoff::inverse ? CoverLimits{1.0, std::nullopt, 0.0} : CoverLimits{std::nullopt, -1.0, 0.0};
  return payoff == Payoff::inverse ? CoverLimits{0.0, std::nullopt, std::nullopt} : CoverLimits{0.0, std::nullopt, 1.0};
}

/// What is sold and what is bought per unit of underlying, after fees.
double gain_of_selling(const ChainFamily& family, const ChainOption& option) {
  return option.sell->price - option.sell->fee / family.contract_size;
}
double cost_of_buying(const ChainFamily& family, const ChainOption& option) {
  return option.buy->price + option.buy->fee / family.contract_size;
}

/// The unit in which prices of one moneyness can be compared between expiries: coin premiums are so already.
double price_scale(const ChainFamily& family, const ChainOption& option) {
  return family.payoff == Payoff::inverse ? 1.0 : *option.forward;
}

/// Over strikes.
CheapestCover cover_of_expiry(const ChainFamily& family, const std::vector<ChainOption>& options, OptionRight right) {
  std::vector<CoverPoint> points;
  for (std::size_t i = 0; i < options.size(); ++i)
    if (options[i].buy) points.push_back({options[i].strike, cost_of_buying(family, options[i]), i});
  return {std::move(points), limits_of(family.payoff, right)};
}

/// Over strike by forward, of options that have one.
CheapestCover cover_by_moneyness(const ChainFamily& family, const std::vector<ChainOption>& options,
                                 OptionRight right) {
  std::vector<CoverPoint> points;
  for (std::size_t i = 0; i < options.size(); ++i) {
    const ChainOption& option = options[i];
    if (option.buy && option.forward)
      points.push_back(
          {option.strike / *option.forward, cost_of_buying(family, option) / price_scale(family, option), i});
  }
  return {std::move(points), limits_of(family.payoff, right)};
}

class Search {
 public:
  Search(const market::MarketSnapshot& snapshot, const ArbitrageSettings& settings)
      : universe_{*snapshot.universe}, settings_{settings} {}

  void search(const ChainFamily& family) {
    for (const OptionChain& chain : family.chains) {
      for (const OptionRight right : both_rights) find_within(family, options_of(chain, right), right);
      internal::find_boxes(universe_, family, chain, settings_, found_);
      internal::find_parity_trades(universe_, family, chain, settings_, found_);
    }
    for (const OptionRight right : both_rights) find_calendars(family, right);
  }

  std::vector<QuotedArbitrage> sorted() && {
    const auto less_by_legs = [](const ArbitrageLeg& a, const ArbitrageLeg& b) { return a.instrument < b.instrument; };
    std::sort(found_.begin(), found_.end(), [&](const QuotedArbitrage& a, const QuotedArbitrage& b) {
      if (a.money != b.money) return a.money > b.money;
      if (std::lexicographical_compare(a.legs.begin(), a.legs.end(), b.legs.begin(), b.legs.end(), less_by_legs))
        return true;
      if (std::lexicographical_compare(b.legs.begin(), b.legs.end(), a.legs.begin(), a.legs.end(), less_by_legs))
        return false;
      return a.kind < b.kind;
    });
    return std::move(found_);
  }

 private:
  [[nodiscard]] bool pays(const ChainFamily& family, double gain_per_underlying) const {
    return gain_per_underlying * family.contract_size * family.settlement_in_quote >= settings_.money_least;
  }

  void find_within(const ChainFamily& family, const std::vector<ChainOption>& options, OptionRight right) {
    const CheapestCover covers = cover_of_expiry(family, options, right);
    for (const ChainOption& sold : options) {
      if (!sold.sell) continue;
      const auto cover = covers.at(sold.strike);
      if (!cover || !pays(family, gain_of_selling(family, sold) - cover->cost)) continue;
      ArbitrageTrade trade{cover->wings.size() == 2 ? ArbitrageKind::butterfly : ArbitrageKind::vertical, family};
      trade.add_option(sold, -1.0);
      for (const internal::CoverWing& wing : cover->wings) trade.add_option(options[wing.source], wing.weight);
      trade.set_payoff_least(-cover->cash);
      found_.push_back(trade.priced(universe_));
    }
  }

  void find_calendars(const ChainFamily& family, OptionRight right) {
    std::vector<CheapestCover> covers;
    for (const OptionChain& chain : family.chains)
      covers.push_back(cover_by_moneyness(family, options_of(chain, right), right));
    for (std::size_t earlier = 0; earlier < family.chains.size(); ++earlier)
      for (const ChainOption& sold : options_of(family.chains[earlier], right))
        if (sold.sell && sold.forward) find_calendar(family, right, covers, earlier, sold);
  }

  /// The cheapest cover among all later expiries.
  void find_calendar(const ChainFamily& family, OptionRight right, const std::vector<CheapestCover>& covers,
                     std::size_t earlier, const ChainOption& sold) {
    std::optional<Cover> best;
    std::size_t best_at = 0;
    for (std::size_t later = earlier + 1; later < covers.size(); ++later) {
      auto cover = covers[later].at(sold.strike / *sold.forward);
      if (!cover || (best && best->cost <= cover->cost)) continue;
      best = std::move(cover);
      best_at = later;
    }
    const double scale = price_scale(family, sold);
    if (!best || !pays(family, gain_of_selling(family, sold) - scale * best->cost)) return;
    ArbitrageTrade trade{ArbitrageKind::calendar, family};
    trade.add_option(sold, -1.0);
    for (const internal::CoverWing& wing : best->wings) {
      const ChainOption& option = options_of(family.chains[best_at], right)[wing.source];
      trade.add_option(option, wing.weight * scale / price_scale(family, option));
    }
    trade.set_payoff_least(-best->cash * scale);
    trade.set_needs_forward_hedge();
    found_.push_back(trade.priced(universe_));
  }

  const market::Universe& universe_;
  const ArbitrageSettings& settings_;
  std::vector<QuotedArbitrage> found_;
};

}  // namespace

const char* to_string(ArbitrageKind kind) noexcept {
  switch (kind) {
    case ArbitrageKind::butterfly: return "butterfly";
    case ArbitrageKind::vertical: return "vertical";
    case ArbitrageKind::box: return "box";
    case ArbitrageKind::parity: return "parity";
    case ArbitrageKind::calendar: return "calendar";
  }
  GIMBAL_ASSERT(false);
}

Result<std::vector<QuotedArbitrage>> quoted_arbitrages(const market::MarketSnapshot& snapshot,
                                                       const ArbitrageSettings& settings) {
  if (!(settings.money_least > 0.0 && std::isfinite(settings.money_least)))
    return fail(ErrorCode::invalid_argument, "money_least is {}, not a positive number", settings.money_least);
  const auto families = internal::option_families(snapshot);
  if (!families) return Unexpected{families.error()};
  Search search{snapshot, settings};
  for (const ChainFamily& family : *families) search.search(family);
  return std::move(search).sorted();
}

}  // namespace gimbal::surface
