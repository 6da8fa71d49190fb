// The closed conditions against the exact search, and recovery of smiles that are eSSVI's.
#include "gimbal/surface/essvi.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <vector>

#include "gimbal/foundation/random.hpp"
#include "gimbal/surface/svi_arbitrage.hpp"

namespace gimbal::surface {
namespace {

EssviSlice any_wish(SeededRandom& random) {
  const double theta = std::exp(-9.0 + 9.0 * random.uniform());
  const double rho = 2.0 * random.uniform() - 1.0;
  return {theta, rho, std::exp(-8.0 + 10.0 * random.uniform())};
}

TEST(Essvi, SliceIsWhatItsFormulaSays) {
  const EssviSlice slice{0.04, -0.4, 0.3};
  const SviSlice svi = svi_of(slice);
  const double phi = slice.psi / slice.theta;
  for (double k = -2.0; k <= 2.0; k += 0.25) {
    const double lean = phi * k + slice.rho;
    const double expected =
        0.5 * slice.theta * (1.0 + slice.rho * phi * k + std::sqrt(lean * lean + 1.0 - slice.rho * slice.rho));
    EXPECT_NEAR(svi_variance(svi, k), expected, 1e-15);
  }
  const EssviSlice back = essvi_like(svi);
  EXPECT_NEAR(back.theta, slice.theta, 1e-15);
  EXPECT_NEAR(back.rho, slice.rho, 1e-15);
  EXPECT_NEAR(back.psi, slice.psi, 1e-15);
}

RC_GTEST_PROP(Essvi, WhateverIsWishedForTheAnswerLeavesNoArbitrage, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  std::vector<EssviSlice> slices;
  for (int i = 0; i < 5; ++i) {
    const EssviSlice* earlier = slices.empty() ? nullptr : &slices.back();
    const EssviSlice wish = any_wish(random);
    const EssviSlice slice = essvi_after(earlier, wish);
    RC_ASSERT(svi_is_usable(svi_of(slice)));
    const ButterflyReport butterfly = butterfly_report(svi_of(slice));
    RC_ASSERT(butterfly.is_free());
    if (earlier != nullptr) RC_ASSERT(calendar_report(svi_of(*earlier), svi_of(slice)).is_free());
    slices.push_back(slice);
  }
}

RC_GTEST_PROP(Essvi, AWishThatHoldsTheConditionsIsGranted, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const EssviSlice first = essvi_after(nullptr, any_wish(random));
  EssviSlice second = first;
  second.theta *= 1.0 + random.uniform();
  second.theta += 1e-3 * first.theta;
  const PsiRange range = psi_range(&first, second.theta, second.rho);
  RC_PRE(range.least <= range.most);
  second.psi = range.least + random.uniform() * (range.most - range.least);
  RC_ASSERT(essvi_after(&first, second) == second);
}

TEST(Essvi, RecoversItsOwnSmilesExpiryByExpiry) {
  const std::vector<EssviSlice> truth{{0.004, -0.2, 0.07}, {0.03, -0.3, 0.2}, {0.2, -0.25, 0.6}};
  std::vector<EssviSlice> fitted;
  for (const EssviSlice& slice : truth) {
    const SviSlice svi = svi_of(slice);
    const double s = std::sqrt(slice.theta);
    std::vector<SmileQuote> quotes;
    for (double z = -3.0; z <= 3.0; z += 0.25) {
      const double mid = std::sqrt(svi_variance(svi, z * s));
      quotes.push_back({z * s, mid * 0.99, mid * 1.01});
    }
    SmileProblem problem{.quotes = quotes, .total_volatility = s, .half_spread_least = 1e-3 * s, .prior = {}};
    fitted.push_back(fit_essvi(fitted.empty() ? nullptr : &fitted.back(), problem, 4.0));
    EXPECT_NEAR(fitted.back().theta, slice.theta, 1e-4 * slice.theta);
    EXPECT_NEAR(fitted.back().rho, slice.rho, 1e-3);
    EXPECT_NEAR(fitted.back().psi, slice.psi, 1e-3 * slice.psi);
  }
}

TEST(Essvi, WithoutQuotesThePriorIsTheAnswer) {
  SmileProblem problem{
      .quotes = {}, .total_volatility = 0.2, .half_spread_least = 1e-3, .prior = {0.3, 0.3, 0.0, 0.3, -0.1}};
  const EssviSlice slice = fit_essvi(nullptr, problem, 4.0);
  EXPECT_NEAR(slice.theta, svi_variance(slice_of(problem.prior, 0.2), 0.0), 1e-12);
}

}  // namespace
}  // namespace gimbal::surface
