// Black-76, its Greeks, inverse contracts and implied volatility against QuantLib, which shares no code with ours. The
// two speak differently:
//
//   ours                                                 QuantLib
//   volatility per square root of a year, and years      standard deviation s = sigma sqrt(T), where time is not asked
//   undiscounted, or a rate                              a discount factor
//   delta, gamma by the forward                          deltaForward, gammaForward; delta(spot) is another number
//   vega per 1.00 of volatility                          the same
//   theta per year, -dV/dT at fixed forward              theta(spot, T): the same only where spot is the forward
//   rho at fixed forward, -T V                           at fixed spot, where the forward moves: T (F deltaForward - V)
//   inverse contracts: value in coin                     none; the quotient rule on its numbers
//   implied volatility, or a status                      implied standard deviation to a stated accuracy, or throws
//
// A tolerance is 1e-12 of the value, which is what black76.hpp promises, and what QuantLib loses: its formulas are sums
// whose terms are far larger than they in the wings and at small s, so each comparison states the size of those terms
// and grants `roundings` units in their last place.
#include <gtest/gtest.h>
#include <ql/pricingengines/blackcalculator.hpp>
#include <ql/pricingengines/blackformula.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numbers>
#include <string>

#include "gimbal/foundation/random.hpp"
#include "gimbal/pricing/black76.hpp"
#include "gimbal/pricing/implied_volatility.hpp"
#include "gimbal/pricing/inverse.hpp"

namespace gimbal::pricing {
namespace {

using market::OptionRight;

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double promised = 1e-12;
// Twice the most that any of five million cases needed. It is QuantLib's normal distribution that needs it: just below
// 1e-8 that is an asymptotic series good for seven digits, so that the last of them stands at 1e-15.
constexpr double roundings = 12.0;
// Below this s QuantLib takes the option for its intrinsic value; ours does so ninety orders of magnitude further down.
constexpr double deviation_least = 1e-8;

// Below this QuantLib takes a density for zero: that at d1, or that at d2 alone.
const double density_least = std::exp(-690.0);

/// How many random cases: a sample in the default suite, fifty times that in the long one.
std::uint64_t case_count(std::uint64_t usual) { return std::getenv("GIMBAL_LONG") == nullptr ? usual : 50 * usual; }

QuantLib::Option::Type type_of(OptionRight right) {
  return right == OptionRight::call ? QuantLib::Option::Call : QuantLib::Option::Put;
}

/// From an hour to thirty years, from 1 % to 500 %, out to `deviations_most` standard deviations to either side; but
/// not to strikes below 1e-28, which QuantLib takes for zero.
Black76Input draw_option(SeededRandom& random, double deviations_most) {
  Black76Input input;
  const double magnitude = random.uniform();
  input.forward = std::pow(10.0, 12.0 * magnitude - 6.0);
  const double life = random.uniform();
  input.expiry_years = 1e-4 * std::pow(3e5, life);
  const double spread = random.uniform();
  input.volatility_annual = 0.01 * std::pow(500.0, spread);
  const double deviations = deviations_most * (2.0 * random.uniform() - 1.0);
  const double total = input.volatility_annual * std::sqrt(input.expiry_years);
  input.strike = input.forward * std::exp(std::clamp(deviations * total, -46.0, 46.0));
  input.right = random.below(2) == 0 ? OptionRight::call : OptionRight::put;
  return input;
}

/// What the terms of QuantLib's sums are made of.
struct Sizes {
  double total = 0.0;    ///< s
  double density = 0.0;  ///< n(d1) = n(d2) K / F
  double digits = 0.0;   ///< 1 + d1^2 + d2^2: by how much a rounding of d is larger in the density
  double prices = 0.0;   ///< F + K, whose shares the premium is the difference of
};
Sizes sizes_of(const Black76Input& in) {
  Sizes sizes;
  sizes.total = in.volatility_annual * std::sqrt(in.expiry_years);
  const double d1 = std::log(in.forward / in.strike) / sizes.total + 0.5 * sizes.total;
  const double d2 = d1 - sizes.total;
  const double cut = density_least * std::max(1.0, in.strike / in.forward);
  sizes.density = std::exp(-0.5 * d1 * d1) / std::sqrt(2.0 * std::numbers::pi) + cut / epsilon;
  sizes.digits = 1.0 + d1 * d1 + d2 * d2;
  sizes.prices = in.forward + in.strike;
  return sizes;
}

/// The largest term, in the units of each Greek, that QuantLib adds up on the way to it.
Black76Greeks largest_terms(const Black76Input& in, double rate_annual) {
  const Sizes sizes = sizes_of(in);
  const double bent = sizes.density * sizes.digits;                  // a density with its rounding
  const double steep = 1.0 + std::sqrt(sizes.digits) / sizes.total;  // 1 + d / s
  Black76Greeks terms;
  terms.premium = sizes.prices;
  terms.delta = 1.0 + bent / sizes.total;
  terms.gamma = bent * steep / (sizes.total * in.forward);
  terms.vega = std::sqrt(in.expiry_years) * in.forward * bent * steep;
  // Its theta is -(ln(discount) V + s^2 F^2 gamma / 2) / T: the logarithm of a factor near one has lost the digits of
  // the rate that are below one.
  terms.theta = 0.5 * sizes.total * in.forward * bent * steep / in.expiry_years +
                sizes.prices * (std::fabs(rate_annual) + 1.0 / in.expiry_years) * (rate_annual == 0.0 ? 0.0 : 1.0);
  terms.rho = in.expiry_years * (sizes.prices + in.forward * terms.delta);
  return terms;
}

/// QuantLib's numbers in our conventions; what it does not have stays zero.
Black76Greeks quantlib_greeks(const Black76Input& in, double rate_annual) {
  const double discount = std::exp(-rate_annual * in.expiry_years);
  const QuantLib::BlackCalculator black(type_of(in.right), in.strike, in.forward,
                                        in.volatility_annual * std::sqrt(in.expiry_years), discount);
  Black76Greeks greeks;
  greeks.premium = black.value();
  greeks.delta = black.deltaForward();
  greeks.gamma = black.gammaForward();
  greeks.vega = black.vega(in.expiry_years);
  greeks.theta = black.theta(in.forward, in.expiry_years);
  greeks.rho = black.rho(in.expiry_years) - in.expiry_years * in.forward * black.deltaForward();
  return greeks;
}

struct Compared {
  const char* name = "";
  double Black76Greeks::*field = nullptr;
  double worst = 0.0;  ///< Units in the last place of the largest term that were needed beyond what is promised.
};

class QuantLibGreeks : public testing::Test {
 protected:
  void compare(const Black76Input& in, double rate_annual) {
    const Black76Greeks ours = rate_annual == 0.0 ? black76_greeks(in) : black76_greeks_discounted(in, rate_annual);
    const Black76Greeks theirs = quantlib_greeks(in, rate_annual);
    const Black76Greeks terms = largest_terms(in, rate_annual);
    const double discount = std::exp(-rate_annual * in.expiry_years);
    for (Compared& one : compared_) {
      const double beyond = std::fabs(ours.*one.field - theirs.*one.field) - promised * std::fabs(ours.*one.field);
      const double needed = std::max(0.0, beyond) / (epsilon * discount * terms.*one.field);
      EXPECT_LE(needed, roundings) << one.name << ' ' << ours.*one.field << ", QuantLib " << theirs.*one.field << ": F "
                                   << in.forward << " K " << in.strike << " sigma " << in.volatility_annual << " T "
                                   << in.expiry_years << " r " << rate_annual
                                   << (in.right == OptionRight::call ? " call" : " put");
      one.worst = std::max(one.worst, needed);
    }
  }
  void TearDown() override {
    for (const Compared& one : compared_) RecordProperty(one.name, std::to_string(one.worst));
  }

 private:
  std::array<Compared, 6> compared_{{{"premium", &Black76Greeks::premium},
                                     {"delta", &Black76Greeks::delta},
                                     {"gamma", &Black76Greeks::gamma},
                                     {"vega", &Black76Greeks::vega},
                                     {"theta", &Black76Greeks::theta},
                                     {"rho", &Black76Greeks::rho}}};
};

TEST_F(QuantLibGreeks, AgreeWhereOptionsAreTraded) {
  SeededRandom random{1};
  for (std::uint64_t i = 0; i < case_count(20000); ++i) compare(draw_option(random, 5.0), 0.0);
}

TEST_F(QuantLibGreeks, AgreeInTheWings) {
  SeededRandom random{2};
  for (std::uint64_t i = 0; i < case_count(20000); ++i) compare(draw_option(random, 40.0), 0.0);
}

TEST_F(QuantLibGreeks, AgreeUnderADiscount) {
  SeededRandom random{3};
  for (std::uint64_t i = 0; i < case_count(20000); ++i) {
    const Black76Input input = draw_option(random, 5.0);
    const double rate = 0.3 * random.uniform() - 0.1;
    compare(input, rate);
  }
}

TEST_F(QuantLibGreeks, AgreeInTheCorners) {
  for (const double forward : {1e-9, 1.0, 64000.0, 1e12})
    for (const double ratio : {1e-6, 0.5, 1.0 - 1e-15, 1.0, 1.0 + 1e-15, 1.0 + 1e-9, 2.0, 1e6})
      for (const double volatility : {1e-4, 0.6, 50.0})
        for (const double years : {1e-8, 1.0 / 365.0, 100.0})
          for (const auto right : {OptionRight::call, OptionRight::put})
            for (const double rate : {0.0, 0.05})
              if (volatility * std::sqrt(years) >= deviation_least)
                compare({forward, ratio * forward, volatility, years, right}, rate);
}

TEST_F(QuantLibGreeks, AgreeThatAnOptionWithoutVolatilityIsItsIntrinsicValue) {
  for (const double strike : {80.0, 100.0, 120.0})
    for (const auto right : {OptionRight::call, OptionRight::put}) {
      const double theirs = QuantLib::blackFormula(type_of(right), strike, 100.0, 0.0);
      EXPECT_EQ(black76_premium({100.0, strike, 0.0, 1.0, right}), theirs);
      EXPECT_EQ(black76_premium({100.0, strike, 0.6, 0.0, right}), theirs);
    }
}

TEST(QuantLibInverse, GreeksAreTheQuotientRuleOnItsNumbers) {
  SeededRandom random{4};
  for (std::uint64_t i = 0; i < case_count(20000); ++i) {
    SCOPED_TRACE(i);
    const Black76Input in = draw_option(random, 8.0);
    const InverseGreeks ours = inverse_greeks(in);
    const Black76Greeks theirs = quantlib_greeks(in, 0.0);
    const Black76Greeks terms = largest_terms(in, 0.0);
    const double forward = in.forward;
    // Each number is allowed what the parts it is put together of are.
    const auto near = [](double value, double expected, double parts, double size) {
      EXPECT_NEAR(value, expected, promised * parts + roundings * epsilon * size);
    };
    const double coin = theirs.premium / forward;
    const double coin_terms = terms.premium / forward;
    near(ours.premium_coin, coin, coin, coin_terms);
    near(inverse_premium_coin(in), coin, coin, coin_terms);
    near(ours.delta_net_coin, theirs.delta - coin, std::fabs(theirs.delta) + coin, terms.delta + coin_terms);
    near(ours.gamma_coin, (theirs.gamma - 2.0 * (theirs.delta - coin) / forward) / forward,
         (theirs.gamma + 2.0 * (std::fabs(theirs.delta) + coin) / forward) / forward,
         (terms.gamma + 2.0 * (terms.delta + coin_terms) / forward) / forward);
    near(ours.vega_coin, theirs.vega / forward, theirs.vega / forward, terms.vega / forward);
    near(ours.theta_coin, theirs.theta / forward, std::fabs(theirs.theta) / forward, terms.theta / forward);
  }
}

TEST(QuantLibImpliedVolatility, AgreesWhereThePremiumKnowsIt) {
  // QuantLib stops when its standard deviation moves by less than this. A premium that it gets wrong by e moves the
  // root by e / (F n(d1)), the slope; where that is a thousandth of s it has no answer worth a comparison.
  constexpr double accuracy = 1e-15;
  std::uint64_t compared = 0;
  double worst = 0.0;
  SeededRandom random{5};
  const std::uint64_t count = case_count(10000);
  for (std::uint64_t i = 0; i < count; ++i) {
    const Black76Input in = draw_option(random, 8.0);
    const double premium = black76_premium(in);
    const Sizes sizes = sizes_of(in);
    const double blurred = epsilon * sizes.prices / (in.forward * sizes.density);
    if (roundings * blurred > 1e-3 * sizes.total) continue;
    const ImpliedVolatility ours = implied_volatility({premium, in.forward, in.strike, in.expiry_years, in.right});
    ASSERT_TRUE(ours.ok()) << to_string(ours.status);
    const double theirs = QuantLib::blackFormulaImpliedStdDev(type_of(in.right), in.strike, in.forward, premium, 1.0,
                                                              0.0, QuantLib::Null<QuantLib::Real>(), accuracy, 1000);
    const double gap = std::fabs(ours.volatility_annual * std::sqrt(in.expiry_years) - theirs);
    const double needed = std::max(0.0, gap - accuracy - promised * sizes.total) / blurred;
    EXPECT_LE(needed, roundings) << theirs << ": F " << in.forward << " K " << in.strike << " sigma "
                                 << in.volatility_annual << " T " << in.expiry_years << " premium " << premium;
    worst = std::max(worst, needed);
    ++compared;
  }
  RecordProperty("roundings", std::to_string(worst));
  EXPECT_GE(compared, count / 2);
}

}  // namespace
}  // namespace gimbal::pricing
