// Greeks by column: Black-76 once per option, then the rule of a contract whose value and settlement asset both move.
#include "gimbal/risk/greeks.hpp"

#include "gimbal/pricing/inverse.hpp"

namespace gimbal::risk {
namespace {

// A contract's value in its settlement asset as its forward moves.
struct Slopes {
  double first = 0.0;   ///< dv/dF
  double second = 0.0;  ///< d2v/dF2
  double vega = 0.0;    ///< dv/dsigma
  double theta = 0.0;   ///< -dv/dT
};

Slopes option_slopes(const Columns& columns, std::size_t i) {
  const pricing::Black76Input input{.forward = columns.forward[i],
                                    .strike = columns.strike[i],
                                    .volatility_annual = columns.volatility_annual[i],
                                    .expiry_years = columns.expiry_years[i],
                                    .right = columns.right[i]};
  const double size = columns.contract_size[i];
  if (columns.payoff[i] == market::Payoff::inverse) {
    const pricing::InverseGreeks coin = pricing::inverse_greeks(input);
    return {size * coin.delta_net_coin / input.forward, size * coin.gamma_coin, size * coin.vega_coin,
            size * coin.theta_coin};
  }
  const pricing::Black76Greeks quote = pricing::black76_greeks(input);
  return {size * quote.delta, size * quote.gamma, size * quote.vega, size * quote.theta};
}

Slopes future_slopes(const Columns& columns, std::size_t i) {
  const double slope = pricing::future_value_slope(columns.payoff[i], columns.contract_size[i], columns.forward[i]);
  // -size / F falls ever more slowly; a linear future is straight.
  const double second = columns.payoff[i] == market::Payoff::inverse ? -2.0 * slope / columns.forward[i] : 0.0;
  return {slope, second, 0.0, 0.0};
}

}  // namespace

GreekColumns greek_columns(const Columns& columns, const market::MarketSnapshot& snapshot) {
  constexpr double percent = 0.01;
  constexpr double point = 0.01;
  constexpr double days_per_year = 365.0;
  GreekColumns greeks;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool option = columns.kind[i] == market::InstrumentKind::option;
    const Slopes slopes = option ? option_slopes(columns, i) : future_slopes(columns, i);
    const auto spot = snapshot.index(columns.underlying[i]);
    const auto settlement = snapshot.index(columns.settlement[i]);
    GIMBAL_ASSERT(spot.has_value());
    GIMBAL_ASSERT(settlement.has_value());
    // dF/dS: forwards move in proportion to the index.
    const double carry = columns.forward[i] / *spot;
    const double first = slopes.first * carry;
    const double second = slopes.second * carry * carry;
    // U = fx (v - v(0)), and fx is S itself where the contract settles in its underlying.
    const double cross = columns.settlement[i] == columns.underlying[i] ? 2.0 * first : 0.0;
    greeks.delta.push_back(*settlement * first);
    greeks.gamma.push_back(percent * *spot * (cross + *settlement * second));
    greeks.vega.push_back(point * slopes.vega);
    greeks.theta.push_back(slopes.theta / days_per_year);
  }
  return greeks;
}

}  // namespace gimbal::risk
