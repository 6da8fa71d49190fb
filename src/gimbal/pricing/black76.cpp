// The doors of internal/black76_kernel.hpp: rare rows, the Greeks of higher order, and the batches.
#include "gimbal/pricing/black76.hpp"

#include <cmath>
#include <limits>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/numerics/special.hpp"
#include "gimbal/pricing/internal/batches.hpp"
#include "gimbal/pricing/internal/black76_kernel.hpp"

namespace gimbal::pricing {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

bool is_call(const Black76Input& in) { return in.right == market::OptionRight::call; }

internal::OptionLanes<double> lanes_of(const Black76Input& in) {
  return {in.forward, in.strike, in.volatility_annual, in.expiry_years};
}

/// What is left as the total volatility goes to zero, a kinked payoff, or to infinity, where nothing moves any more.
Black76Greeks limit_greeks(const Black76Input& in) {
  const double side = is_call(in) ? 1.0 : -1.0;
  const double root_years = std::sqrt(in.expiry_years);
  Black76Greeks greeks;
  if (in.volatility_annual * root_years > internal::total_volatility_most) {
    greeks.premium = is_call(in) ? in.forward : in.strike;
    greeks.delta = is_call(in) ? 1.0 : 0.0;
  } else {
    greeks.premium = internal::intrinsic_value(in.forward, in.strike, is_call(in));
    if (in.forward == in.strike) {
      greeks.delta = 0.5 * side;
      greeks.vega = in.forward * internal::inverse_sqrt_two_pi * root_years;
      greeks.vanna = 0.5 * internal::inverse_sqrt_two_pi * root_years;
    } else {
      greeks.delta = greeks.premium > 0.0 ? side : 0.0;
    }
  }
  greeks.rho = -in.expiry_years * greeks.premium;
  return greeks;
}

Black76Greeks outside() {
  return {not_a_number, not_a_number, not_a_number, not_a_number, not_a_number, not_a_number,
          not_a_number, not_a_number, not_a_number, not_a_number, not_a_number, not_a_number};
}

void assert_lengths(const Black76Columns& in) {
  const std::size_t count = in.forward.size();
  GIMBAL_ASSERT(in.strike.size() == count);
  GIMBAL_ASSERT(in.volatility_annual.size() == count);
  GIMBAL_ASSERT(in.expiry_years.size() == count);
  GIMBAL_ASSERT(in.right.size() == count);
}

internal::OptionPointers pointers_of(const Black76Columns& in) {
  static_assert(sizeof(market::OptionRight) == 1 && static_cast<int>(market::OptionRight::call) == 0);
  return {in.forward.data(),
          in.strike.data(),
          in.volatility_annual.data(),
          in.expiry_years.data(),
          reinterpret_cast<const std::uint8_t*>(in.right.data()),
          in.forward.size()};
}

/// One batch's columns, for the rows that are done one by one.
struct Batch {
  const Black76Columns& in;
  const Black76GreekColumns& out;
  std::size_t rejected = 0;

  [[nodiscard]] Black76Input input(std::size_t row) const {
    return {in.forward[row], in.strike[row], in.volatility_annual[row], in.expiry_years[row], in.right[row]};
  }
  void greeks(std::size_t row) {
    const Black76Input option = input(row);
    rejected += in_domain(option) ? 0U : 1U;
    const Black76Greeks values = black76_greeks(option);
    if (!out.premium.empty()) out.premium[row] = values.premium;
    if (!out.delta.empty()) out.delta[row] = values.delta;
    if (!out.gamma.empty()) out.gamma[row] = values.gamma;
    if (!out.vega.empty()) out.vega[row] = values.vega;
    if (!out.theta.empty()) out.theta[row] = values.theta;
  }
  void premium(std::size_t row) {
    const Black76Input option = input(row);
    rejected += in_domain(option) ? 0U : 1U;
    out.premium[row] = black76_premium(option);
  }
};

}  // namespace

bool in_domain(const Black76Input& input) noexcept {
  constexpr double price_least = 1e-300;
  constexpr double price_most = 1e300;
  return input.forward >= price_least && input.forward <= price_most && input.strike >= price_least &&
         input.strike <= price_most && input.volatility_annual >= 0.0 && input.volatility_annual < infinity &&
         input.expiry_years >= 0.0 && input.expiry_years < infinity;
}

double log_ratio(double forward, double strike) noexcept {
  constexpr double least = std::numeric_limits<double>::min();
  if (forward >= least && forward < infinity && strike >= least && strike < infinity)
    return numerics::log_quotient(forward, strike).upper;
  if (!(forward > 0.0 && forward < infinity && strike > 0.0 && strike < infinity)) return not_a_number;
  return numerics::log(forward) - numerics::log(strike);
}

double black76_premium(const Black76Input& input) noexcept {
  if (!in_domain(input)) return not_a_number;
  const internal::OptionLanes<double> option = lanes_of(input);
  if (!internal::is_usual(option)) return limit_greeks(input).premium;
  return internal::premium(option, is_call(input));
}

Black76Greeks black76_greeks(const Black76Input& input) noexcept {
  if (!in_domain(input)) return outside();
  const internal::OptionLanes<double> option = lanes_of(input);
  if (!internal::is_usual(option)) return limit_greeks(input);
  const internal::GreekLanes<double> first = internal::greeks(option, is_call(input));
  const double years = input.expiry_years;
  const double volatility = input.volatility_annual;
  Black76Greeks greeks;
  greeks.premium = first.premium;
  greeks.delta = first.delta;
  greeks.gamma = first.gamma;
  greeks.vega = first.vega;
  greeks.theta = first.theta;
  greeks.rho = -years * first.premium;
  if (first.vega == 0.0) return greeks;  // So that no zero below meets an infinite d1 or d2.
  const double root_years = std::sqrt(years);
  const double total = volatility * root_years;
  const double h = numerics::log_quotient(input.forward, input.strike).upper / total;
  const double d1 = h + 0.5 * total;
  const double d2 = h - 0.5 * total;
  const double density = first.vega / (input.forward * root_years);  // n(d1)
  greeks.vanna = -density * d2 / volatility;
  greeks.volga = first.vega * d1 * d2 / volatility;
  greeks.charm = 0.5 * density * d2 / years;
  greeks.speed = -first.gamma * (1.0 + d1 / total) / input.forward;
  greeks.color = 0.5 * first.gamma * (1.0 - d1 * d2) / years;
  greeks.zomma = first.gamma * (d1 * d2 - 1.0) / volatility;
  return greeks;
}

Black76Greeks discounted(Black76Greeks greeks, double rate_annual, double years) noexcept {
  const double discount = numerics::exp(-rate_annual * years);
  // d/dT of exp(-rate T) times a value brings down -rate: less decay of the discount where the rate is positive.
  greeks.theta += rate_annual * greeks.premium;
  greeks.charm += rate_annual * greeks.delta;
  greeks.color += rate_annual * greeks.gamma;
  for (double* value : {&greeks.premium, &greeks.delta, &greeks.gamma, &greeks.vega, &greeks.theta, &greeks.rho,
                        &greeks.vanna, &greeks.volga, &greeks.charm, &greeks.speed, &greeks.color, &greeks.zomma})
    *value *= discount;
  return greeks;
}

Black76Greeks black76_greeks_discounted(const Black76Input& input, double rate_annual) noexcept {
  return discounted(black76_greeks(input), rate_annual, input.expiry_years);
}

std::size_t black76_premium(const Black76Columns& in, std::span<double> premium) noexcept {
  assert_lengths(in);
  GIMBAL_ASSERT(premium.size() == in.forward.size());
  const Black76GreekColumns out{premium, {}, {}, {}, {}};
  Batch batch{in, out};
  const internal::UnusualRow unusual{[](void* context, std::size_t row) { static_cast<Batch*>(context)->premium(row); },
                                     &batch};
  const std::size_t done = internal::batches_here().premiums(pointers_of(in), premium.data(), unusual);
  for (std::size_t row = done; row < premium.size(); ++row) batch.premium(row);
  return batch.rejected;
}

std::size_t black76_greeks(const Black76Columns& in, const Black76GreekColumns& out) noexcept {
  assert_lengths(in);
  for (const std::span<double> column : {out.premium, out.delta, out.gamma, out.vega, out.theta})
    GIMBAL_ASSERT(column.empty() || column.size() == in.forward.size());
  Batch batch{in, out};
  const internal::UnusualRow unusual{[](void* context, std::size_t row) { static_cast<Batch*>(context)->greeks(row); },
                                     &batch};
  const internal::GreekPointers pointers{out.premium.data(), out.delta.data(), out.gamma.data(), out.vega.data(),
                                         out.theta.data()};
  const std::size_t done = internal::batches_here().greeks(pointers_of(in), pointers, unusual);
  for (std::size_t row = done; row < in.forward.size(); ++row) batch.greeks(row);
  return batch.rejected;
}

}  // namespace gimbal::pricing
