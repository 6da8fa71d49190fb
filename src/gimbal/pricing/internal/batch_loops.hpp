// The loops that batches.hpp declares, as templates over their lanes.
#pragma once

#include "gimbal/pricing/internal/batches.hpp"
#include "gimbal/pricing/internal/implied_volatility_kernel.hpp"

namespace gimbal::pricing::internal {

/// Hands on every row of the group at `first` whose bit is not set.
template <class V>
GIMBAL_LANE void hand_on(numerics::MaskOf<V> usual, std::size_t first, UnusualRow unusual) {
  unsigned rest = numerics::bits_of(negated(usual)) & ((1U << numerics::lane_count<V>)-1U);
  for (std::size_t row = first; rest != 0; ++row, rest >>= 1U)
    if ((rest & 1U) != 0) unusual.handle(unusual.context, row);
}

template <class V>
GIMBAL_LANE OptionLanes<V> option_at(const OptionPointers& in, std::size_t row) {
  return {numerics::load<V>(in.forward + row), numerics::load<V>(in.strike + row),
          numerics::load<V>(in.volatility_annual + row), numerics::load<V>(in.expiry_years + row)};
}

template <class V>
std::size_t premiums_in_lanes(const OptionPointers& in, double* out, UnusualRow unusual) {
  constexpr std::size_t lanes = numerics::lane_count<V>;
  std::size_t row = 0;
  for (; row + lanes <= in.count; row += lanes) {
    const OptionLanes<V> option = option_at<V>(in, row);
    store(premium(option, numerics::zero_bytes<V>(in.right + row)), out + row);
    hand_on<V>(is_usual(option), row, unusual);
  }
  return row;
}

template <class V>
std::size_t greeks_in_lanes(const OptionPointers& in, const GreekPointers& out, UnusualRow unusual) {
  constexpr std::size_t lanes = numerics::lane_count<V>;
  std::size_t row = 0;
  for (; row + lanes <= in.count; row += lanes) {
    const OptionLanes<V> option = option_at<V>(in, row);
    const GreekLanes<V> values = greeks(option, numerics::zero_bytes<V>(in.right + row));
    if (out.premium) store(values.premium, out.premium + row);
    if (out.delta) store(values.delta, out.delta + row);
    if (out.gamma) store(values.gamma, out.gamma + row);
    if (out.vega) store(values.vega, out.vega + row);
    if (out.theta) store(values.theta, out.theta + row);
    hand_on<V>(is_usual(option), row, unusual);
  }
  return row;
}

template <class V>
std::size_t implied_volatilities_in_lanes(const PremiumPointers& in, double* out, UnusualRow unusual) {
  constexpr std::size_t lanes = numerics::lane_count<V>;
  std::size_t row = 0;
  for (; row + lanes <= in.count; row += lanes) {
    const QuoteLanes<V> quote{numerics::load<V>(in.premium + row), numerics::load<V>(in.forward + row),
                              numerics::load<V>(in.strike + row), numerics::load<V>(in.expiry_years + row)};
    const Inversion<V> inversion = prepared(quote, numerics::zero_bytes<V>(in.right + row));
    store(implied_volatility(inversion, quote.years), out + row);
    hand_on<V>(inversion.is_usual, row, unusual);
  }
  return row;
}

}  // namespace gimbal::pricing::internal
