// Markets that no arbitrage-free surface fits: what comes back is free of arbitrage all the same, and near the quotes
// where it can be.
#include "gimbal/surface/joint_fit.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "gimbal/foundation/random.hpp"
#include "gimbal/surface/svi_arbitrage.hpp"
#include "gimbal/surface/svi_start.hpp"

namespace gimbal::surface {
namespace {

/// Quotes and the smiles that are fitted to them.
struct Market {
  std::vector<std::vector<SmileQuote>> quotes;
  std::vector<JointSmile> smiles;

  void add(const SviSlice& truth, double years, double half_spread) {
    std::vector<SmileQuote> slice;
    const double s = std::sqrt(svi_variance(truth, 0.0));
    for (double z = -3.0; z <= 3.0; z += 0.2) {
      const double mid = std::sqrt(svi_variance(truth, z * s));
      slice.push_back({z * s, mid - half_spread, mid + half_spread});
    }
    add(std::move(slice), s, years);
  }

  void add(std::vector<SmileQuote> slice, double level, double years) {
    quotes.push_back(std::move(slice));
    JointSmile smile;
    smile.problem.total_volatility = level;
    smile.problem.half_spread_least = 1e-3 * level;
    smile.problem.prior = {0.35, 0.35, 0.0, 0.0, -0.1};
    smile.problem.prior_weight = 0.01;
    smile.years = years;
    smiles.push_back(smile);
  }

  JointEffort fit() {
    for (std::size_t i = 0; i < smiles.size(); ++i) {
      smiles[i].problem.quotes = quotes[i];
      smiles[i].shape = shape_start(smiles[i].problem);
    }
    return fit_jointly(smiles);
  }
};

void expect_free(std::span<const JointSmile> smiles) {
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    EXPECT_TRUE(smiles[i].certificate.is_free()) << i;
    EXPECT_TRUE(butterfly_report(smiles[i].svi()).is_free()) << i;
    if (i == 0) continue;
    EXPECT_TRUE(calendar_report(smiles[i - 1].svi(), smiles[i].svi()).is_free()) << i;
  }
}

TEST(JointFit, LeavesAloneWhatIsFree) {
  Market market;
  market.add({0.004, 0.03, -0.2, 0.01, 0.1}, 0.1, 0.002);
  market.add({0.03, 0.09, -0.3, 0.02, 0.3}, 0.5, 0.004);
  const JointEffort effort = market.fit();
  EXPECT_EQ(effort.rounds, 0);
  EXPECT_EQ(effort.retreat, 0.0);
  expect_free(market.smiles);
  for (std::size_t i = 0; i < 2; ++i)
    for (const SmileQuote& quote : market.quotes[i])
      EXPECT_NEAR(std::sqrt(svi_variance(market.smiles[i].svi(), quote.log_moneyness)), quote.total_volatility_mid(),
                  0.002);
}

TEST(JointFit, PartsSlicesThatCrossWithinTheirQuotes) {
  // The later market is lower everywhere, which no surface can be: both give way, and both quotes are near.
  Market market;
  market.add({0.010, 0.05, -0.2, 0.0, 0.1}, 0.10, 0.002);
  market.add({0.009, 0.05, -0.2, 0.0, 0.1}, 0.11, 0.002);
  (void)market.fit();
  expect_free(market.smiles);
  EXPECT_NEAR(std::sqrt(svi_variance(market.smiles[0].svi(), 0.0)), std::sqrt(0.0149), 0.004);
}

TEST(JointFit, CutsOffWingsSteeperThanLeesBound) {
  Market market;
  std::vector<SmileQuote> quotes;
  for (double k = -1.0; k <= 1.0; k += 0.1) {
    const double mid = std::sqrt(0.2 + 2.6 * std::fabs(k));
    quotes.push_back({k, mid * 0.98, mid * 1.02});
  }
  market.add(quotes, std::sqrt(0.2), 1.0);
  (void)market.fit();
  expect_free(market.smiles);
}

RC_GTEST_PROP(JointFit, AnyQuotesAtAllGiveASurfaceWithoutArbitrage, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  Market market;
  const auto expiries = 2 + random.below(4);
  for (std::uint64_t i = 0; i < expiries; ++i) {
    const double level = 0.01 + 0.5 * random.uniform();
    std::vector<SmileQuote> quotes;
    const auto count = 1 + random.below(12);
    for (std::uint64_t j = 0; j < count; ++j) {
      const double k = level * (8.0 * random.uniform() - 4.0);
      const double bid = level * (0.2 + 2.0 * random.uniform());
      const double width = random.uniform();
      quotes.push_back({k, bid, bid * (1.0 + width)});
    }
    market.add(quotes, level, 0.01 * static_cast<double>(i + 1));
  }
  (void)market.fit();
  for (std::size_t i = 0; i < market.smiles.size(); ++i) {
    RC_ASSERT(svi_is_usable(market.smiles[i].svi()));
    RC_ASSERT(market.smiles[i].certificate.is_free());
    if (i > 0) RC_ASSERT(calendar_report(market.smiles[i - 1].svi(), market.smiles[i].svi()).is_free());
  }
}

TEST(JointFit, ARefitMovesOnlyWhatIsNotHeld) {
  Market market;
  market.add({0.004, 0.03, -0.2, 0.01, 0.1}, 0.1, 0.002);
  market.add({0.03, 0.09, -0.3, 0.02, 0.3}, 0.5, 0.004);
  market.add({0.08, 0.15, -0.3, 0.02, 0.5}, 1.0, 0.004);
  (void)market.fit();
  const std::vector<JointSmile> before = market.smiles;
  for (SmileQuote& quote : market.quotes[1]) quote.total_volatility_bid *= 1.02, quote.total_volatility_ask *= 1.02;
  for (std::size_t i = 0; i < 3; ++i) market.smiles[i].problem.held = i != 1;
  (void)refit_jointly(market.smiles);
  EXPECT_EQ(market.smiles[0].shape, before[0].shape);
  EXPECT_EQ(market.smiles[2].shape, before[2].shape);
  EXPECT_EQ(market.smiles[0].certificate, before[0].certificate);
  EXPECT_NEAR(std::sqrt(svi_variance(market.smiles[1].svi(), 0.0) / svi_variance(before[1].svi(), 0.0)), 1.02, 0.003);
  expect_free(market.smiles);
}

}  // namespace
}  // namespace gimbal::surface
