// Options on an average: the limits at both ends of the window, the slopes, and simulated averages.
#include "gimbal/pricing/settlement_average.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "gimbal/foundation/random.hpp"
#include "gimbal/numerics/normal_draw.hpp"
#include "gimbal/numerics/reduction.hpp"

namespace gimbal::pricing {
namespace {

using market::OptionRight;

constexpr double window = settlement_window_years;

AveragedInput at(double share_left, double strike, double average, OptionRight right) {
  return {{64000.0, strike, 0.6, share_left * window, right}, window, average};
}

TEST(SettlementAverage, AtTheWindowsBeginAThirdOfTheVarianceIsLeft) {
  const AveragedInput input = at(1.0, 64000.0, 1.0, OptionRight::call);
  const double s = 0.6 * std::sqrt(window / 3.0);
  // Exact to the order of v = 2e-5.
  EXPECT_NEAR(averaged_black76_greeks(input).premium / (64000.0 * s * 0.3989422804014327), 1.0, 1e-5);
}

TEST(SettlementAverage, HoursBeforeTheWindowTwoThirdsOfItAreMissingFromTheVariance) {
  const double years = 8.0 * window;
  const AveragedInput input{{64000.0, 64500.0, 0.6, years, OptionRight::put}, window, 0.0};
  Black76Input plain = input.option;
  plain.volatility_annual *= std::sqrt(1.0 - 2.0 / 3.0 / 8.0);
  EXPECT_NEAR(averaged_black76_greeks(input).premium / black76_premium(plain), 1.0, 1e-5);
}

TEST(SettlementAverage, PricesFromBothSidesOfTheBeginMeet) {
  for (const double strike : {63900.0, 64000.0, 64200.0}) {
    const double before = averaged_black76_greeks(at(1.0 + 1e-9, strike, 64100.0, OptionRight::call)).premium;
    const double after = averaged_black76_greeks(at(1.0 - 1e-9, strike, 64100.0, OptionRight::call)).premium;
    EXPECT_NEAR(before, after, 1e-5);
  }
}

TEST(SettlementAverage, DeltaDecaysInProportionToTheTimeLeft) {
  for (const double share : {0.9, 0.5, 0.1, 0.01}) {
    // Deep in the money: one less what is fixed.
    EXPECT_NEAR(averaged_black76_greeks(at(share, 60000.0, 64000.0, OptionRight::call)).delta, share, 1e-12);
    EXPECT_NEAR(averaged_black76_greeks(at(share, 68000.0, 64000.0, OptionRight::put)).delta, -share, 1e-12);
  }
}

TEST(SettlementAverage, WhatIsDecidedIsLinear) {
  // Three quarters have passed at 70000, so that the settlement cannot end below 52500.
  const Black76Greeks call = averaged_black76_greeks(at(0.25, 50000.0, 70000.0, OptionRight::call));
  EXPECT_DOUBLE_EQ(call.premium, 0.75 * 70000.0 + 0.25 * 64000.0 - 50000.0);
  EXPECT_EQ(call.delta, 0.25);
  EXPECT_EQ(call.gamma, 0.0);
  EXPECT_EQ(averaged_black76_greeks(at(0.25, 50000.0, 70000.0, OptionRight::put)).premium, 0.0);
  const Black76Greeks settled = averaged_black76_greeks(at(0.0, 63000.0, 64100.0, OptionRight::call));
  EXPECT_DOUBLE_EQ(settled.premium, 1100.0);
  EXPECT_EQ(settled.delta, 0.0);
}

RC_GTEST_PROP(SettlementAverage, CallLessPutIsTheExpectedSettlementLessTheStrike, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const double share = random.uniform();
  const double average = 64000.0 * (0.98 + 0.04 * random.uniform());
  const double strike = 64000.0 * (0.97 + 0.06 * random.uniform());
  const double call = averaged_black76_greeks(at(share, strike, average, OptionRight::call)).premium;
  const double put = averaged_black76_greeks(at(share, strike, average, OptionRight::put)).premium;
  const double expected = (1.0 - share) * average + share * 64000.0;
  RC_ASSERT(std::fabs(call - put - (expected - strike)) < 1e-9);
}

RC_GTEST_PROP(SettlementAverage, GreeksAreTheSlopesTheyClaimToBe, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const double share = 0.05 + 2.0 * random.uniform();  // from before the window to near its end
  const double deviations = 4.0 * random.uniform() - 2.0;
  AveragedInput input = at(share, 64000.0, 64010.0, OptionRight::call);
  const double reach = 64000.0 * 0.6 * std::sqrt(input.option.expiry_years / 3.0);
  input.option.strike += 0.5 * share * deviations * reach;
  const Black76Greeks greeks = averaged_black76_greeks(input);
  const auto premium = [&](double Black76Input::*field, double shift) {
    AveragedInput moved = input;
    moved.option.*field += shift;
    return averaged_black76_greeks(moved).premium;
  };
  const double df = 1e-3 * reach;
  const double up = premium(&Black76Input::forward, df);
  const double down = premium(&Black76Input::forward, -df);
  RC_ASSERT(std::fabs((up - down) / (2.0 * df) - greeks.delta) < 1e-6);
  RC_ASSERT(std::fabs((up - 2.0 * greeks.premium + down) / (df * df) - greeks.gamma) < 1e-4 * greeks.gamma + 1e-9);
  const double dv = 1e-4;
  const double by_volatility =
      (premium(&Black76Input::volatility_annual, dv) - premium(&Black76Input::volatility_annual, -dv)) / (2.0 * dv);
  RC_ASSERT(std::fabs(by_volatility - greeks.vega) < 1e-5 * std::max(1.0, greeks.vega));
}

TEST(SettlementAverage, AgreesWithSimulatedAveragesOverALongWindowToo) {
  // A quarter at 80 %, a third of it gone: nothing is small, so that both moments are put to work.
  const AveragedInput input{{100.0, 104.0, 0.8, 1.0 / 6.0, OptionRight::call}, 0.25, 97.0};
  constexpr int paths = 20'000;
  constexpr int steps = 100;
  const double dt = input.option.expiry_years / steps;
  SeededRandom random{1992};
  numerics::RunningMoments payoff;
  for (int path = 0; path < paths; ++path) {
    double logarithm = 0.0;
    double sum = 0.5;  // trapezoids of exp(logarithm)
    for (int step = 1; step <= steps; ++step) {
      logarithm += -0.5 * 0.64 * dt + 0.8 * std::sqrt(dt) * numerics::normal_draw(random);
      sum += (step == steps ? 0.5 : 1.0) * std::exp(logarithm);
    }
    const double settlement = 97.0 / 3.0 + 2.0 / 3.0 * 100.0 * sum / steps;
    payoff.add(std::max(settlement - 104.0, 0.0));
  }
  const double error = payoff.standard_deviation() / std::sqrt(static_cast<double>(paths));
  EXPECT_NEAR(averaged_black76_greeks(input).premium, payoff.mean(), 4.0 * error);
}

TEST(SettlementAverage, RefusesWhatItHasNoAnswerFor) {
  EXPECT_TRUE(std::isnan(averaged_black76_greeks(at(0.5, 64000.0, 0.0, OptionRight::call)).premium));
  EXPECT_TRUE(std::isnan(averaged_black76_greeks(at(0.5, -1.0, 64000.0, OptionRight::call)).delta));
  AveragedInput input = at(0.5, 64000.0, 64000.0, OptionRight::call);
  input.window_years = 0.0;
  EXPECT_TRUE(std::isnan(averaged_black76_greeks(input).vega));
  input = at(1.5, 64000.0, 0.0, OptionRight::call);  // before the window its average is not read
  EXPECT_FALSE(std::isnan(averaged_black76_greeks(input).premium));
}

}  // namespace
}  // namespace gimbal::pricing
