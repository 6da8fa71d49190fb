// Strikes by delta against a search in long double, and what must hold of every smile without a butterfly.
#include "gimbal/surface/smile_figures.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "gimbal/foundation/random.hpp"
#include "gimbal/pricing/inverse.hpp"
#include "gimbal/surface/svi_arbitrage.hpp"

namespace gimbal::surface {
namespace {

using market::OptionRight;

constexpr OptionRight rights[] = {OptionRight::call, OptionRight::put};
constexpr DeltaConvention conventions[] = {DeltaConvention::forward, DeltaConvention::premium_adjusted};
const UtcTime valuation = *utc_from_date(2026, 2, 1);

SurfaceSlice slice_of(const SviSlice& svi, double days) {
  SurfaceSlice slice;
  slice.expiry = valuation + Duration{static_cast<std::int64_t>(days * 86'400e9)};
  slice.years = years_between(valuation, slice.expiry).raw();
  slice.forward = 80'000.0;
  slice.svi = svi;
  slice.volatility_atm = slice.volatility(0.0);
  return slice;
}

SurfaceSlice flat_slice(double volatility, double days) {
  return slice_of({volatility * volatility * days / 365.0, 0.0, 0.0, 0.0, 0.1}, days);
}

/// A smile without a butterfly, of wings that leave every delta within a factor of exp(40) of the forward.
SurfaceSlice any_free_slice(SeededRandom& random) {
  for (;;) {
    const double total = 0.01 + 0.5 * random.uniform();
    SviSlice slice;
    slice.b = total * (0.05 + 1.2 * random.uniform());
    slice.rho = 1.8 * random.uniform() - 0.9;
    slice.sigma = total * (0.05 + random.uniform());
    slice.m = total * (random.uniform() - 0.5);
    slice.a = total * total * (0.1 + 0.9 * random.uniform());
    if (butterfly_report(slice).is_free()) return slice_of(slice, 1.0 + 300.0 * random.uniform());
  }
}

// The definitions once more, in long double and the C library's functions.

long double total_volatility(const SviSlice& svi, long double k) {
  const long double x = k - svi.m;
  return std::sqrt(svi.a + svi.b * (svi.rho * x + std::sqrt(x * x + static_cast<long double>(svi.sigma) * svi.sigma)));
}

long double cdf(long double x) { return 0.5L * std::erfc(-x / std::sqrt(2.0L)); }

long double delta_long(const SurfaceSlice& slice, OptionRight right, long double k, DeltaConvention convention) {
  const long double s = total_volatility(slice.svi, k);
  const long double sign = right == OptionRight::call ? 1.0L : -1.0L;
  const bool adjusted = convention == DeltaConvention::premium_adjusted;
  const long double d = -k / s + (adjusted ? -0.5L : 0.5L) * s;
  return sign * (adjusted ? std::exp(k) : 1.0L) * cdf(sign * d);
}

/// The first place, coming from far out of the money, where the delta's size passes the target: by small steps, then by
/// halving.
long double place_long(const SurfaceSlice& slice, const DeltaTarget& target, DeltaConvention convention) {
  const long double step = target.right == OptionRight::call ? -0.001L : 0.001L;
  const auto exceeds = [&](long double k) {
    return std::fabs(delta_long(slice, target.right, k, convention)) > static_cast<long double>(target.size);
  };
  long double outside = -8.0L * step / 0.001L;
  while (!exceeds(outside + step)) outside += step;
  long double inside = outside + step;
  for (int i = 0; i < 80; ++i) {
    const long double middle = 0.5L * (inside + outside);
    (exceeds(middle) ? inside : outside) = middle;
  }
  return inside;
}

TEST(PointAtDelta, IsWhatASearchInLongDoubleFinds) {
  const SviSlice smiles[] = {{0.0004, 0.01, -0.3, 0.001, 0.02},  // a day, 50 %
                             {0.012, 0.06, -0.25, 0.01, 0.12},   // a month
                             {0.09, 0.18, 0.2, -0.05, 0.35},     // half a year, calls dearer
                             {0.55, 0.35, -0.1, 0.0, 0.6}};      // far: total volatility near one
  for (const SviSlice& svi : smiles) {
    ASSERT_TRUE(butterfly_report(svi).is_free());
    const SurfaceSlice slice = slice_of(svi, 30.0);
    for (const DeltaConvention convention : conventions)
      for (const OptionRight right : rights)
        for (const double size : {0.02, 0.10, 0.25, 0.30}) {
          const DeltaTarget target{right, size};
          const auto point = point_at_delta(slice, target, convention);
          ASSERT_TRUE(point) << size;
          const long double k = place_long(slice, target, convention);
          // Of d1 a few units in the last place are lost, each of them s = dk/dd1 in log-moneyness.
          EXPECT_NEAR(point->log_moneyness, static_cast<double>(k), 3e-15) << size;
          EXPECT_NEAR(point->strike / (80'000.0 * std::exp(static_cast<double>(k))), 1.0, 4e-15) << size;
          EXPECT_EQ(point->volatility, slice.volatility(point->log_moneyness));
        }
  }
}

TEST(PointAtDelta, OnAFlatSmileHasAClosedForm) {
  const SurfaceSlice slice = flat_slice(0.6, 73.0);  // s^2 = 0.36/5
  const double s = std::sqrt(0.36 / 5.0);
  constexpr double quantile_75 = 0.674489750196081743;  // of the standard normal distribution
  const auto call = point_at_delta(slice, {OptionRight::call, 0.25}, DeltaConvention::forward);
  const auto put = point_at_delta(slice, {OptionRight::put, 0.25}, DeltaConvention::forward);
  EXPECT_NEAR(call->log_moneyness, 0.5 * s * s + quantile_75 * s, 1e-15);
  EXPECT_NEAR(put->log_moneyness, 0.5 * s * s - quantile_75 * s, 1e-15);
}

TEST(PointAtDelta, GivesNothingWhereNoStrikeHasTheDelta) {
  const SurfaceSlice slice = flat_slice(0.6, 73.0);
  for (const OptionRight right : rights)
    for (const double size : {1.0, 1.5, 0.0, -0.25, std::nan("")})
      EXPECT_FALSE(point_at_delta(slice, {right, size}, DeltaConvention::forward)) << size;
  for (const double size : {0.0, -0.25, std::nan(""), HUGE_VAL})
    EXPECT_FALSE(point_at_delta(slice, {OptionRight::put, size}, DeltaConvention::premium_adjusted)) << size;
  // (K/F) N(-d2) has no bound.
  EXPECT_TRUE(point_at_delta(slice, {OptionRight::put, 1.5}, DeltaConvention::premium_adjusted));
  double peak = 0.0;
  for (double k = -3.0; k < 3.0; k += 1e-4)
    peak = std::max(peak, delta_at(slice, OptionRight::call, k, DeltaConvention::premium_adjusted));
  EXPECT_TRUE(point_at_delta(slice, {OptionRight::call, peak - 1e-9}, DeltaConvention::premium_adjusted));
  EXPECT_FALSE(point_at_delta(slice, {OptionRight::call, peak + 1e-6}, DeltaConvention::premium_adjusted));
  EXPECT_FALSE(point_at_delta(slice, {OptionRight::call, 1.5}, DeltaConvention::premium_adjusted));
}

RC_GTEST_PROP(PointAtDelta, HasTheDeltaThatWasAskedFor, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const SurfaceSlice slice = any_free_slice(random);
  const double size = 0.02 + 0.5 * random.uniform();
  for (const DeltaConvention convention : conventions)
    for (const OptionRight right : rights) {
      const auto point = point_at_delta(slice, {right, size}, convention);
      if (!point) {  // only ever above the peak
        RC_ASSERT(convention == DeltaConvention::premium_adjusted && right == OptionRight::call);
        for (double k = -3.0; k < 3.0; k += 0.001) RC_ASSERT(delta_at(slice, right, k, convention) < size);
        continue;
      }
      // Some units in the last place of d1 and of the distribution at it.
      RC_ASSERT(std::fabs(std::fabs(delta_at(slice, right, point->log_moneyness, convention)) - size) < 3e-15);
    }
}

RC_GTEST_PROP(PointAtDelta, IsOutOfTheMoneyOfEveryOtherStrikeWithThatDelta, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const SurfaceSlice slice = any_free_slice(random);
  const double size = 0.05 + 0.4 * random.uniform();
  for (const DeltaConvention convention : conventions)
    for (const OptionRight right : rights) {
      const auto point = point_at_delta(slice, {right, size}, convention);
      if (!point) continue;
      const double outwards = right == OptionRight::call ? 1.0 : -1.0;
      for (double beyond = 1e-3; beyond < 3.0; beyond += 1e-2)
        RC_ASSERT(std::fabs(delta_at(slice, right, point->log_moneyness + outwards * beyond, convention)) < size);
    }
}

RC_GTEST_PROP(DeltaAt, IsThatOfTheFormulaAtTheSmilesVolatility, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const SurfaceSlice slice = any_free_slice(random);
  const double k = std::sqrt(svi_variance(slice.svi, 0.0)) * (6.0 * random.uniform() - 3.0);
  for (const OptionRight right : rights) {
    const pricing::Black76Input input{slice.forward, slice.forward * std::exp(k), slice.volatility(k), slice.years,
                                      right};
    const pricing::Black76Greeks greeks = pricing::black76_greeks(input);
    RC_ASSERT(std::fabs(delta_at(slice, right, k, DeltaConvention::forward) - greeks.delta) < 1e-13);
    RC_ASSERT(std::fabs(delta_at(slice, right, k, DeltaConvention::premium_adjusted) -
                        pricing::inverse_greeks(greeks, slice.forward).delta_net_coin) < 1e-13);
  }
}

RC_GTEST_PROP(DeltaSpread, IsZeroOnAFlatSmile, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const SurfaceSlice slice = flat_slice(0.05 + 2.0 * random.uniform(), 0.1 + 400.0 * random.uniform());
  for (const DeltaConvention convention : conventions) {
    const auto spread = delta_spread(slice, 0.25, convention);
    if (convention == DeltaConvention::forward) RC_ASSERT(spread.has_value());
    if (spread) RC_ASSERT(*spread == DeltaSpread{});
  }
}

TEST(DeltaSpread, TellsWhichWingIsDearer) {
  const auto puts_dearer = delta_spread(slice_of({0.012, 0.06, -0.4, 0.0, 0.12}, 30.0), 0.25, DeltaConvention::forward);
  const auto calls_dearer = delta_spread(slice_of({0.012, 0.06, 0.4, 0.0, 0.12}, 30.0), 0.25, DeltaConvention::forward);
  EXPECT_LT(puts_dearer->risk_reversal, 0.0);
  EXPECT_GT(calls_dearer->risk_reversal, 0.0);
  EXPECT_GT(puts_dearer->butterfly, 0.0);
  EXPECT_GT(calls_dearer->butterfly, 0.0);
}

TEST(ConstantMaturityVolatility, StaysWithinTheQuotedExpiries) {
  const SurfaceSlice near = flat_slice(0.7, 10.0);
  const SurfaceSlice far = flat_slice(0.5, 40.0);
  const VolSurface surface{market::AssetId{1}, valuation, {near, far}};
  using std::chrono::hours;
  EXPECT_FALSE(constant_maturity_volatility(surface, hours{240} - Duration{1}));
  EXPECT_EQ(constant_maturity_volatility(surface, hours{240}), near.volatility_atm);
  EXPECT_EQ(constant_maturity_volatility(surface, hours{960}), far.volatility_atm);
  EXPECT_FALSE(constant_maturity_volatility(surface, hours{960} + Duration{1}));
  EXPECT_FALSE(constant_maturity_volatility(surface, Duration::max()));
  // Half-way between 0.49 x 10 days and 0.25 x 40 days of variance, but for the bend of prices in their volatility.
  EXPECT_NEAR(*constant_maturity_volatility(surface, hours{600}), std::sqrt((4.9 + 10.0) / 2.0 / 25.0), 1e-4);
}

TEST(ForwardVolatility, AddsTheVarianceBetweenTwoExpiries) {
  const SurfaceSlice near = flat_slice(0.7, 10.0);
  const SurfaceSlice far = flat_slice(0.5, 40.0);
  EXPECT_NEAR(*forward_volatility(near, far), std::sqrt((10.0 - 4.9) / 30.0), 1e-15);
  EXPECT_FALSE(forward_volatility(near, flat_slice(0.2, 40.0)));  // total variance falls: 1.6 after 4.9
  EXPECT_EQ(forward_volatility(slice_of({0.01, 0.0, 0.0, 0.0, 0.1}, 10.0), slice_of({0.01, 0.0, 0.0, 0.0, 0.1}, 20.0)),
            0.0);
}

TEST(Grid, ByStrikeIsTheSmileAtTheListedStrikes) {
  const SurfaceSlice slice = slice_of({0.012, 0.06, -0.25, 0.01, 0.12}, 30.0);
  const double strikes[] = {60'000.0, 80'000.0, 100'000.0};
  const auto rows = grid_by_strike(slice, strikes, DeltaConvention::forward);
  ASSERT_EQ(rows.size(), 3U);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].kind, GridKind::strike);
    EXPECT_EQ(rows[i].point->strike, strikes[i]);
    EXPECT_NEAR(rows[i].point->log_moneyness, std::log(strikes[i] / 80'000.0), 1e-15);
    EXPECT_EQ(rows[i].point->volatility, slice.volatility(rows[i].point->log_moneyness));
  }
  EXPECT_LT(rows[0].delta, 0.0);  // a put
  EXPECT_EQ(rows[1].delta, delta_at(slice, OptionRight::call, 0.0, DeltaConvention::forward));
  EXPECT_GT(rows[2].delta, 0.0);
  EXPECT_TRUE(grid_by_strike(slice, {}, DeltaConvention::forward).empty());
}

TEST(Grid, ByDeltaGoesFromTheFarPutToTheFarCall) {
  const SurfaceSlice slice = slice_of({0.012, 0.06, -0.25, 0.01, 0.12}, 30.0);
  const auto rows = grid_by_delta(slice, DeltaConvention::forward);
  ASSERT_EQ(rows.size(), 15U);
  EXPECT_EQ(rows.front().delta, -0.05);
  EXPECT_EQ(rows.back().delta, 0.05);
  EXPECT_EQ(rows[7].kind, GridKind::atm);
  EXPECT_EQ(rows[7].point, (SmilePoint{0.0, 80'000.0, slice.volatility_atm}));
  for (std::size_t i = 1; i < rows.size(); ++i) EXPECT_LT(rows[i - 1].point->strike, rows[i].point->strike);
  const auto spread = delta_spread(slice, 0.25, DeltaConvention::forward);
  EXPECT_EQ(rows[10].delta, 0.25);
  EXPECT_EQ(rows[4].delta, -0.25);
  EXPECT_EQ(spread->risk_reversal, rows[10].point->volatility - rows[4].point->volatility);
}

TEST(DeltaConvention, HasAName) {
  EXPECT_EQ(std::string{to_string(DeltaConvention::forward)}, "forward");
  EXPECT_EQ(std::string{to_string(DeltaConvention::premium_adjusted)}, "premium_adjusted");
  EXPECT_EQ(std::string{to_string(GridKind::strike)}, "strike");
  EXPECT_EQ(std::string{to_string(GridKind::delta)}, "delta");
  EXPECT_EQ(std::string{to_string(GridKind::atm)}, "atm");
}

}  // namespace
}  // namespace gimbal::surface
