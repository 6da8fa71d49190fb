// Recovery of known smiles, with and without noise and lies among the quotes, and the promises that hold for any
// quotes.
#include "gimbal/surface/svi_fit.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "gimbal/foundation/random.hpp"
#include "gimbal/surface/internal/smile_objective.hpp"
#include "gimbal/surface/svi_arbitrage.hpp"
#include "gimbal/surface/svi_start.hpp"

namespace gimbal::surface {
namespace {

constexpr SmileShape crypto_smile{0.8, 0.6, 0.3, 0.7, -0.08};
constexpr std::array<FitStage, 4> stages{FitStage{100.0, 0.0, 0.0, 12}, FitStage{6.0, 0.0, 0.0, 12},
                                         FitStage{4.0, 1e4, 1e4, 20}, FitStage{2.0, 1e6, 5e6, 30}};

struct Market {
  std::vector<SmileQuote> quotes;
  SmileProblem problem;
};

/// `count` quotes over +-4 standard deviations, half a spread of `half_spread` (relative to the level) around the
/// smile.
Market market_of(const SmileShape& shape, double level, std::size_t count, double half_spread) {
  Market market;
  const SviSlice slice = slice_of(shape, level);
  for (std::size_t i = 0; i < count; ++i) {
    const double z = -4.0 + 8.0 * static_cast<double>(i) / static_cast<double>(count - 1);
    const double mid = std::sqrt(svi_variance(slice, z * level));
    market.quotes.push_back({z * level, mid - half_spread * level, mid + half_spread * level});
  }
  market.problem.total_volatility = level;
  market.problem.half_spread_least = 1e-3 * level;
  market.problem.prior = SmileShape{0.35, 0.35, 0.0, 0.0, -0.1};
  market.problem.prior_weight = 0.002;  // Quotes that a fit may pass at half their half-spread pull little.
  return market;
}

SmileShape fit(Market& market) {
  market.problem.quotes = market.quotes;
  SmileShape shape = shape_start(market.problem);
  fit_shapes(std::span{&market.problem, 1}, std::span{&shape, 1}, stages);
  return shape;
}

double worst_error(const SviSlice& fitted, const SviSlice& truth, double level, double reach) {
  double worst = 0.0;
  for (double z = -reach; z <= reach; z += 0.05) {
    const double error = std::sqrt(svi_variance(fitted, z * level)) - std::sqrt(svi_variance(truth, z * level));
    worst = std::max(worst, std::fabs(error) / level);
  }
  return worst;
}

TEST(SviFit, ShapesAndSlicesAreTheSameThing) {
  for (const double level : {0.003, 0.1, 0.7}) {
    const SmileShape back = shape_of(slice_of(crypto_smile, level), level);
    EXPECT_NEAR(back.slope_left, crypto_smile.slope_left, 1e-12);
    EXPECT_NEAR(back.slope_right, crypto_smile.slope_right, 1e-12);
    EXPECT_NEAR(back.centre, crypto_smile.centre, 1e-12);
    EXPECT_NEAR(back.width_log, crypto_smile.width_log, 1e-12);
    EXPECT_NEAR(back.variance_least_log, crypto_smile.variance_least_log, 1e-10);
  }
}

TEST(SviFit, RecoversASmileFromCleanQuotes) {
  for (const double level : {0.005, 0.05, 0.4}) {
    Market market = market_of(crypto_smile, level, 25, 0.01);
    const SviSlice fitted = slice_of(fit(market), level);
    EXPECT_LT(worst_error(fitted, slice_of(crypto_smile, level), level, 4.0), 2e-4) << level;
  }
}

TEST(SviFit, RecoversASmileUnderNoiseOfHalfASpread) {
  SeededRandom random{7};
  Market market = market_of(crypto_smile, 0.08, 31, 0.02);
  for (SmileQuote& quote : market.quotes) {
    const double shift = 0.02 * 0.08 * (random.uniform() - 0.5);
    quote.total_volatility_bid += shift;
    quote.total_volatility_ask += shift;
  }
  EXPECT_LT(worst_error(slice_of(fit(market), 0.08), slice_of(crypto_smile, 0.08), 0.08, 4.0), 0.01);
}

TEST(SviFit, GivesUpTheQuotesThatLie) {
  Market market = market_of(crypto_smile, 0.08, 31, 0.01);
  for (const std::size_t liar : {std::size_t{4}, std::size_t{15}, std::size_t{27}}) {
    market.quotes[liar].total_volatility_bid *= 1.6;
    market.quotes[liar].total_volatility_ask *= 1.6;
  }
  EXPECT_LT(worst_error(slice_of(fit(market), 0.08), slice_of(crypto_smile, 0.08), 0.08, 3.5), 0.01);
}

TEST(SviFit, AnswersAnArbitrageWithTheNearestSliceThatHasNone) {
  // Quotes on Axel Vogt's slice, whose density is negative around k = 0.9.
  const SviSlice vogt{-0.0410, 0.1331, 0.3060, 0.3586, 0.4153};
  Market market;
  for (double k = -1.4; k <= 1.4; k += 0.1) {
    const double mid = std::sqrt(svi_variance(vogt, k));
    market.quotes.push_back({k, mid - 0.002, mid + 0.002});
  }
  market.problem.total_volatility = std::sqrt(svi_variance(vogt, 0.0));
  market.problem.half_spread_least = 1e-3;
  market.problem.prior_weight = 0.001;
  const SviSlice fitted = slice_of(fit(market), market.problem.total_volatility);
  EXPECT_LT(butterfly_report(vogt).density_least, -0.01);
  EXPECT_GE(butterfly_report(fitted).density_least, 0.0);
  for (double k = -1.4; k <= 1.4; k += 0.1)
    EXPECT_NEAR(std::sqrt(svi_variance(fitted, k)), std::sqrt(svi_variance(vogt, k)), 0.02) << k;
}

TEST(SviFit, NeighboursThatCrossAreParted) {
  // The later smile's quotes lie under the earlier one's right wing, beyond two standard deviations.
  std::array<Market, 2> markets{market_of({0.5, 1.4, 0.0, 0.2, -0.1}, 0.100, 21, 0.03),
                                market_of({0.5, 0.3, 0.0, 0.2, -0.1}, 0.104, 21, 0.03)};
  std::array<SmileProblem, 2> problems;
  std::array<SmileShape, 2> shapes;
  for (std::size_t i = 0; i < 2; ++i) {
    markets[i].problem.quotes = markets[i].quotes;
    problems[i] = markets[i].problem;
    shapes[i] = shape_start(problems[i]);
  }
  fit_shapes(problems, shapes, stages);
  const SviSlice earlier = slice_of(shapes[0], 0.100);
  const SviSlice later = slice_of(shapes[1], 0.104);
  for (double k = -3.0; k <= 3.0; k += 0.001) EXPECT_GE(svi_variance(later, k), svi_variance(earlier, k)) << k;
  EXPECT_GE(svi_wing_slopes(later).right, svi_wing_slopes(earlier).right - 1e-4);
}

RC_GTEST_PROP(SviFit, AnyQuotesGiveASliceWithSaneWings, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  Market market;
  const double level = 0.003 + 0.5 * random.uniform();
  const auto count = 1 + random.below(20);
  for (std::uint64_t i = 0; i < count; ++i) {
    const double k = level * (12.0 * random.uniform() - 6.0);
    const double bid = level * (0.05 + 4.0 * random.uniform());
    market.quotes.push_back({k, bid, bid * (1.0 + random.uniform())});
  }
  market.problem.total_volatility = level;
  market.problem.half_spread_least = 1e-3 * level;
  market.problem.prior_weight = 0.02;
  const SviSlice slice = slice_of(fit(market), level);
  RC_ASSERT(svi_is_usable(slice));
  const WingSlopes wings = svi_wing_slopes(slice);
  RC_ASSERT(std::max(wings.left, wings.right) <= 2.0);
  RC_ASSERT(std::fabs(slice.rho) < 0.9999);
}

RC_GTEST_PROP(SviFit, EveryDerivativeOfTheObjectiveIsASlopeOfIt, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  std::array<Market, 2> markets{market_of({0.5, 1.4, 0.0, 0.2, -0.1}, 0.100, 9, 0.03),
                                market_of({0.5, 0.3, 0.0, 0.2, -0.1}, 0.104, 9, 0.03)};
  std::array<SmileProblem, 2> problems;
  std::array<SmileShape, 2> shapes;
  for (std::size_t i = 0; i < 2; ++i) {
    markets[i].problem.quotes = markets[i].quotes;
    problems[i] = markets[i].problem;
    const auto uniform = [&](double low, double high) { return low + (high - low) * random.uniform(); };
    const double left = uniform(0.2, 1.5);
    const double right = uniform(0.2, 1.5);
    const double centre = uniform(-0.5, 0.5);
    shapes[i] = SmileShape{left, right, centre, uniform(-0.7, 0.8), uniform(-0.3, -0.05)};
  }
  const FitStage stage{3.0, 10.0, 10.0, 0};
  internal::SmileObjective objective{problems};
  internal::NormalEquations here{2};
  objective.evaluate(shapes, stage, here);
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < internal::shape_parameters; ++j) {
      const auto moved = [&](double by) {
        std::array<SmileShape, 2> other = shapes;
        internal::ShapeVector x = internal::vector_of(other[i]);
        x[j] += by;
        other[i] = internal::bounded_shape(x, problems[i].total_volatility);
        internal::NormalEquations there{2};
        objective.evaluate(other, stage, there);
        return there.cost();
      };
      const double step = 1e-5;
      const double slope = (moved(step) - moved(-step)) / (2.0 * step);
      const double gradient = here.gradient()[i * internal::shape_parameters + j];
      RC_ASSERT(std::fabs(slope - gradient) <= 2e-3 * (std::fabs(gradient) + 1.0));
    }
  }
}

TEST(SviFit, LevelIsTheWeightedMedianOfWhatQuotesAskFor) {
  Market market = market_of(crypto_smile, 0.05, 5, 0.01);
  EXPECT_NEAR(level_of(crypto_smile, market.quotes, 1e-4), 0.05, 1e-9);
  market.quotes[1].total_volatility_bid *= 3.0;
  market.quotes[1].total_volatility_ask *= 3.0;
  EXPECT_NEAR(level_of(crypto_smile, market.quotes, 1e-4), 0.05, 1e-9);
}

TEST(SviFit, SameQuotesGiveTheSameBits) {
  Market market = market_of(crypto_smile, 0.08, 31, 0.02);
  const SmileShape once = fit(market);
  EXPECT_EQ(once, fit(market));
}

}  // namespace
}  // namespace gimbal::surface
