// Deribit's standard margin, segregated: every position by itself, added up, no netting; a pool a settlement currency.
//
// Options   of an inverse contract on one coin, in coin, with S the index, mark in coin, and OTM the quote by which the
//           option is out of the money:
//             long   nothing; the premium is paid.
//             call   initial max(0.15 - OTM/S, 0.10) + mark, maintenance 0.075 + mark
//             put    maintenance max(0.075, 0.075 mark) + mark, initial the greater of that and a call's initial
//           Linear options: the same in quote, each rate times S.
// Futures   size in coin x (base + size x increment), for initial and maintenance each with its base.
// Balance   equity less the value of options: cash and the futures' gains.
// Convex    yes: each line alone is (options are piecewise linear, futures quadratic in their size), and lines only add
//           up. The bound is exact for options and interpolates futures from above by chords.
// Source    Deribit support, articles on margin of options, of linear perpetuals, and of 11 January 2022 (futures'
//           rates). Whether the rates changed in 2026 could not be checked; these are those of its published examples.
#pragma once

#include <vector>

#include "gimbal/market/asset.hpp"
#include "gimbal/risk/margin/margin_rule.hpp"

namespace gimbal::risk {

/// Rates of futures and perpetuals on one underlying: rate = base + size in coin x increment.
struct DeribitFutureRates {
  market::AssetCode underlying;
  market::Payoff payoff = market::Payoff::inverse;
  double initial_base = 0.0;
  double maintenance_base = 0.0;
  double increment_per_coin = 0.0;
  bool confirmed = true;  ///< Whether it was checked against the venue's own page.
};

/// Rates of options on one underlying, as fractions of it (of the mark where said).
struct DeribitOptionRates {
  market::AssetCode underlying;
  market::Payoff payoff = market::Payoff::inverse;
  double initial = 0.15;        ///< Less the part by which the option is out of the money ...
  double initial_least = 0.10;  ///< ... but no less than this.
  double maintenance = 0.075;
  double maintenance_put_mark = 0.075;  ///< Of the mark, for puts worth more than their coin.
  bool confirmed = true;
};

struct DeribitStandardParameters {
  std::string source;  ///< The document they are from.
  std::string date;    ///< Since when: `2022-01-11`
  std::vector<DeribitOptionRates> options;
  std::vector<DeribitFutureRates> futures;
};

/// BTC and ETH options, BTC, ETH and SOL futures as of 11 January 2022.
[[nodiscard]] DeribitStandardParameters deribit_standard_2022();

/// Requirement of one contract short, in the pool's currency, and what led to it.
struct DeribitOptionMargin {
  double out_of_the_money = 0.0;  ///< As a fraction of the index.
  double initial = 0.0;
  double maintenance = 0.0;
};
struct OptionPrices {
  double index = 0.0;  ///< Of the underlying, in the quote asset.
  double mark = 0.0;   ///< In coin for inverse options, in quote for linear ones.
};
/// For one unit of underlying.
/// Domain    index > 0, mark >= 0, strike > 0.
[[nodiscard]] DeribitOptionMargin deribit_option_margin(const DeribitOptionRates& rates, market::OptionRight right,
                                                        double strike, const OptionPrices& prices);

class DeribitStandard final : public MarginRule {
 public:
  explicit DeribitStandard(DeribitStandardParameters parameters);

  [[nodiscard]] std::string_view name() const override { return "deribit standard"; }
  [[nodiscard]] bool is_convex() const override { return true; }
  [[nodiscard]] Result<MarginAssessment> assess(const MarginMarket& market, const MarginBook& book) const override;
  [[nodiscard]] Result<MarginBound> bound(const MarginMarket& market, const MarginBook& book,
                                          std::span<const PositionLimits> limits, MarginSide side) const override;
  [[nodiscard]] Result<std::vector<BalanceEffect>> balance_effects(const MarginMarket& market,
                                                                   market::InstrumentId instrument,
                                                                   double price) const override;
  [[nodiscard]] const DeribitStandardParameters& parameters() const { return parameters_; }

 private:
  DeribitStandardParameters parameters_;
};

}  // namespace gimbal::risk
