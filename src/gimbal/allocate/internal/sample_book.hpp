// A target book executed on paper for the tests of this room: every trade filled at its limit with the venue's exact
// fee, and risk evaluated from scratch. No code is shared with the programme, so agreement is evidence.
#pragma once

#include "gimbal/allocate/internal/sample_market.hpp"

namespace gimbal::allocate::internal {

inline risk::BookRisk risk_after(const SampleMarket& market, const portfolio::TargetBook& target) {
  const risk::RiskView& view = market.view;
  risk::BookState after = market.book;
  std::vector<risk::MarginTrade> done;
  for (const portfolio::TargetTrade& trade : target.trades) {
    const market::Instrument& instrument = view.universe()[trade.instrument];
    const Decimal index = *view.snapshot->index_price[market::raw(view.universe().underlying(trade.instrument))];
    const Decimal price = market::price_of(instrument, trade.limit);
    const Amount fee = market::trade_fee(instrument, price, index, trade.trade, market::Liquidity::taker);
    const double contracts = market::contracts_of(instrument, trade.trade).to_double();
    done.push_back(
        {trade.instrument, contracts, price.to_double(), fee.to_double(market::asset_scale(instrument.settlement))});
    after.contracts[*view.columns.column_of(trade.instrument)] += contracts;
  }
  const auto book = risk::book_after(view.margin_market(), market.book.margin_book(view.columns), done);
  GIMBAL_ASSERT(book.has_value());
  after.values = book->values;
  for (const portfolio::AccountValue& value : after.values) after.equity[market::raw(value.asset)] = value.equity();
  auto result = risk::evaluate_book(view, std::move(after));
  GIMBAL_ASSERT(result.has_value());
  return *std::move(result);
}

/// What of the hard part of a target a book breaks, found from scratch; empty where it holds everything.
inline std::vector<std::string> found_broken(const risk::BookRisk& after, const portfolio::TargetSurface& target) {
  std::vector<std::string> broken;
  // What a check of the booked book would allow: errors of doubles, never money.
  const auto outside = [](double value, std::optional<double> lower, std::optional<double> upper) {
    const double slack = 1e-9 * (1.0 + std::fabs(value));
    return (lower && value < *lower - slack) || (upper && value > *upper + slack);
  };
  for (const portfolio::GreekTarget& greek : target.greeks) {
    for (const risk::GreekExposure& exposure : after.greeks) {
      if (exposure.underlying != greek.underlying || greek.bound.firmness != portfolio::Firmness::hard) continue;
      const bool included = greek.collateral == portfolio::DeltaCollateral::included;
      const double values[] = {included ? exposure.delta : exposure.delta_excluded, exposure.gamma, exposure.vega,
                               exposure.theta};
      const double value = values[static_cast<std::size_t>(greek.greek)];
      if (outside(value, greek.bound.lower, greek.bound.upper))
        broken.push_back(fmt::format("{} {} is {}", portfolio::to_string(greek.greek), greek.underlying.view(), value));
    }
  }
  if (target.stress && after.worst_stress && outside(after.worst_stress->profit, -target.stress->loss_limit, {}))
    broken.push_back(fmt::format("stress {} is {}", after.worst_stress->name, after.worst_stress->profit));
  if (target.margin)
    for (const risk::MarginPool& pool : after.margin.pools)
      if (outside(target.margin->ceiling * pool.balance - pool.initial, 0.0, {}))
        broken.push_back(fmt::format("margin {} of {}", pool.initial, pool.balance));
  if (target.liquidation)
    for (const risk::MarginPool& pool : after.margin.pools)
      if (outside((1.0 - target.liquidation->room) * pool.balance - pool.maintenance, 0.0, {}))
        broken.push_back(fmt::format("maintenance {} of {}", pool.maintenance, pool.balance));
  return broken;
}

}  // namespace gimbal::allocate::internal
