// Strikes by delta against QuantLib's calculator for currency smiles. The two speak differently:
//
//   ours                                          QuantLib
//   DeltaConvention::forward                      DeltaVolQuote::Fwd
//   DeltaConvention::premium_adjusted             DeltaVolQuote::PaFwd
//   a smile, whose volatility the strike chooses  one standard deviation: here the smile's at the strike we found
//   delta's size                                  its signed value
//   nothing where a call's delta is above its     looks for it all the same
//   peak
//
// A forward delta's strike is a formula there, with an inverse normal distribution of a relative error up to 1.15e-9.
// The premium-adjusted one is searched for until the strike, not its quotient, is known to 1e-10. Strikes beyond exp(3)
// forwards are not compared: N(d2) may fall under 1e-8 there, where QuantLib has seven digits of it.
#include <gtest/gtest.h>
#include <ql/experimental/fx/blackdeltacalculator.hpp>

#include <cmath>
#include <cstdlib>

#include "gimbal/foundation/random.hpp"
#include "gimbal/surface/smile_figures.hpp"
#include "gimbal/surface/svi_arbitrage.hpp"

namespace gimbal::surface {
namespace {

using market::OptionRight;
using QuantLib::DeltaVolQuote;

/// How many random smiles: a sample in the default suite, fifty times that in the long one.
int case_count() { return std::getenv("GIMBAL_LONG") == nullptr ? 2'000 : 100'000; }

SurfaceSlice draw_slice(SeededRandom& random) {
  SurfaceSlice slice;
  do {
    const double total = 0.01 + 0.5 * random.uniform();
    slice.svi.b = total * (0.05 + 1.2 * random.uniform());
    slice.svi.rho = 1.8 * random.uniform() - 0.9;
    slice.svi.sigma = total * (0.05 + random.uniform());
    slice.svi.m = total * (random.uniform() - 0.5);
    slice.svi.a = total * total * (0.1 + 0.9 * random.uniform());
  } while (!butterfly_report(slice.svi).is_free());
  slice.years = 0.01 + random.uniform();
  slice.forward = std::exp(10.0 * random.uniform());
  slice.volatility_atm = slice.volatility(0.0);
  return slice;
}

constexpr double log_moneyness_compared = 3.0;

QuantLib::BlackDeltaCalculator calculator(const SurfaceSlice& slice, const SmilePoint& point, OptionRight right,
                                          DeltaConvention convention) {
  return {right == OptionRight::call ? QuantLib::Option::Call : QuantLib::Option::Put,
          convention == DeltaConvention::forward ? DeltaVolQuote::Fwd : DeltaVolQuote::PaFwd,
          slice.forward,
          1.0,
          1.0,
          point.volatility * std::sqrt(slice.years)};
}

TEST(SmileFiguresAgainstQuantLib, DeltasOfTheStrikesFoundAreThoseAskedFor) {
  SeededRandom random{20260201};
  for (int i = 0; i < case_count(); ++i) {
    const SurfaceSlice slice = draw_slice(random);
    const double size = 0.01 + 0.48 * random.uniform();
    for (const OptionRight right : {OptionRight::call, OptionRight::put})
      for (const DeltaConvention convention : {DeltaConvention::forward, DeltaConvention::premium_adjusted}) {
        const auto point = point_at_delta(slice, {right, size}, convention);
        if (!point || std::fabs(point->log_moneyness) > log_moneyness_compared) continue;
        const double sign = right == OptionRight::call ? 1.0 : -1.0;
        // Both lose a few units in the last place of d1, which is at most 4 here; strikes are rounded, which counts
        // 1/s fold.
        EXPECT_NEAR(calculator(slice, *point, right, convention).deltaFromStrike(point->strike), sign * size, 5e-14);
      }
  }
}

TEST(SmileFiguresAgainstQuantLib, StrikesAreTheSame) {
  SeededRandom random{20260202};
  int compared = 0;
  for (int i = 0; i < case_count(); ++i) {
    const SurfaceSlice slice = draw_slice(random);
    const double size = 0.05 + 0.25 * random.uniform();
    for (const OptionRight right : {OptionRight::call, OptionRight::put})
      for (const DeltaConvention convention : {DeltaConvention::forward, DeltaConvention::premium_adjusted}) {
        const auto point = point_at_delta(slice, {right, size}, convention);
        if (!point || std::fabs(point->log_moneyness) > log_moneyness_compared) continue;
        const double sign = right == OptionRight::call ? 1.0 : -1.0;
        const double s = point->volatility * std::sqrt(slice.years);
        const QuantLib::BlackDeltaCalculator quantlib = calculator(slice, *point, right, convention);
        // Our peak is the smile's and QuantLib's that of one volatility: between the two, each calls the other strike
        // the one in the money.
        if (right == OptionRight::call && s * quantlib.cumD2(point->strike) > quantlib.nD2(point->strike)) continue;
        const double theirs = quantlib.strikeFromDelta(sign * size);
        const double deviations = std::fabs(point->log_moneyness) + 0.5 * s * s;  // quantile times s, at most
        const double lost = convention == DeltaConvention::forward ? 1.2e-9 * deviations : 2e-10 / point->strike;
        EXPECT_NEAR(theirs / point->strike, 1.0, lost + 1e-13) << size;
        ++compared;
      }
  }
  EXPECT_GT(compared, 7 * case_count() / 2);
}

}  // namespace
}  // namespace gimbal::surface
