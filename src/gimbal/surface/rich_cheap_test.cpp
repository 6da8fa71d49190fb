// Distances from a flat surface worked out by hand, and the promise that scores never look ahead.
#include "gimbal/surface/rich_cheap.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "gimbal/foundation/random.hpp"
#include "gimbal/pricing/black76.hpp"
#include "gimbal/surface/internal/sample_chain.hpp"

namespace gimbal::surface {
namespace {

using internal::sample_june;
using internal::sample_march;
using internal::sample_quote;
using internal::sample_snapshot;
using internal::sample_time;
using internal::SampleTerms;
using market::MarketSnapshot;
using market::OptionRight;
using market::Payoff;
using market::RecordedQuote;

constexpr double flat = 0.6;
constexpr double forward = 60000.0;

/// One volatility for all strikes of one expiry.
SurfaceSet flat_surface(const MarketSnapshot& snapshot, UtcTime expiry = sample_march()) {
  SurfaceSlice slice;
  slice.expiry = expiry;
  slice.years = years_between(snapshot.time, expiry).raw();
  slice.forward = forward;
  slice.volatility_atm = flat;
  slice.svi = {flat * flat * slice.years, 0.0, 0.0, 0.0, 1.0};
  slice.rung = Rung::fit;
  const auto bitcoin = *snapshot.universe->find_asset(market::AssetCode::of("BTC"));
  return {snapshot.time, {VolSurface{bitcoin, snapshot.time, {slice}}}};
}

std::vector<RichCheapRow> rows_of(const MarketSnapshot& snapshot, const ResidualHistory& history = ResidualHistory{}) {
  auto rows = rich_cheap(snapshot, flat_surface(snapshot), history);
  EXPECT_TRUE(rows.has_value());
  return *rows;
}

double fitted_coin(double strike, OptionRight right, UtcTime time = sample_time()) {
  const double years = years_between(time, sample_march()).raw();
  return pricing::black76_premium({forward, strike, flat, years, right}) / forward;
}

TEST(RichCheap, CountsCoinPremiumsInDollarsAfterFees) {
  const auto rows = rows_of(sample_snapshot({sample_quote(SampleTerms{.strike = 70000}, "0.05", "0.06")}));
  ASSERT_EQ(rows.size(), 1U);
  const double fitted = fitted_coin(70000, OptionRight::call);
  // The fee is 0.0003 coin, far below its cap.
  EXPECT_NEAR(rows[0].sell->money, (0.05 - fitted - 0.0003) * 60000.0, 1e-9);
  EXPECT_NEAR(rows[0].buy->money, (fitted - 0.06 - 0.0003) * 60000.0, 1e-9);
  EXPECT_NEAR(rows[0].volatility_fitted, flat, 1e-15);
  EXPECT_NEAR(rows[0].log_moneyness, std::log(7.0 / 6.0), 1e-15);
  EXPECT_EQ(rows[0].rung, Rung::fit);
}

TEST(RichCheap, HoldsTheFeeOfACheapOptionToItsCap) {
  const auto rows = rows_of(sample_snapshot({sample_quote(SampleTerms{.strike = 150000}, "0.0010", "0.0016")}));
  const double fitted = fitted_coin(150000, OptionRight::call);
  EXPECT_NEAR(rows[0].sell->money, (0.0010 - fitted - 0.125 * 0.0010) * 60000.0, 1e-9);
  EXPECT_NEAR(rows[0].buy->money, (fitted - 0.0016 - 0.125 * 0.0016) * 60000.0, 1e-9);
}

TEST(RichCheap, CountsLinearPremiumsAsTheyAre) {
  const SampleTerms put{.payoff = Payoff::linear, .right = OptionRight::put, .strike = 55000};
  const auto rows = rows_of(sample_snapshot({sample_quote(put, "2500", "2600")}));
  const double fitted = fitted_coin(55000, OptionRight::put) * forward;
  // The fee is 0.0003 of the index.
  EXPECT_NEAR(rows[0].sell->money, 2500.0 - fitted - 18.0, 1e-9);
  EXPECT_NEAR(rows[0].buy->money, fitted - 2600.0 - 18.0, 1e-9);
}

TEST(RichCheap, GivesVolatilitiesBackFromThePricesTheyMake) {
  const double years = years_between(sample_time(), sample_march()).raw();
  const auto price = [&](double volatility) {
    const double coin = pricing::black76_premium({forward, 66000, volatility, years, OptionRight::call}) / forward;
    return nearest_decimal(coin, 8)->to_string();
  };
  RecordedQuote quote = sample_quote(SampleTerms{.strike = 66000}, price(0.63), price(0.65));
  quote.instrument.tick = Decimal::of("0.00000001");
  const auto rows = rows_of(sample_snapshot({quote}));
  EXPECT_NEAR(*rows[0].sell->volatility, 0.03, 1e-6);
  EXPECT_NEAR(*rows[0].buy->volatility, -0.05, 1e-6);
  EXPECT_NEAR(*rows[0].residual, 0.04, 1e-6);
  EXPECT_FALSE(rows[0].score.has_value());
}

TEST(RichCheap, GivesAWideQuoteNoResidual) {
  const MarketSnapshot snapshot = sample_snapshot({sample_quote(SampleTerms{.strike = 70000}, "0.05", "0.06")});
  const std::vector<RichCheapRow> rows = rows_of(snapshot);
  const RichCheapRow& row = rows[0];
  const double spread = -(*row.sell->volatility + *row.buy->volatility);
  EXPECT_GT(spread, ResidualSettings{}.spread_most_volatility);
  EXPECT_FALSE(row.residual.has_value());
  EXPECT_TRUE(residuals_of(rows_of(snapshot)).empty());
  const ResidualHistory tolerant{{.spread_most_volatility = spread}};
  EXPECT_TRUE(rows_of(snapshot, tolerant)[0].residual.has_value());
}

TEST(RichCheap, LeavesOutWhatIsNotThere) {
  RecordedQuote bid_only = sample_quote(SampleTerms{.strike = 70000}, "0.05", "");
  RecordedQuote nothing = sample_quote(SampleTerms{.strike = 71000}, "", "");
  RecordedQuote no_slice = sample_quote(SampleTerms{.expiry = sample_june()}, "0.05", "0.06");
  // A call at 40,000 is worth a third of a coin by itself.
  RecordedQuote below_intrinsic = sample_quote(SampleTerms{.strike = 40000}, "0.3", "0.4");
  RecordedQuote no_forward = sample_quote(SampleTerms{.strike = 72000}, "0.05", "0.06");
  no_forward.forward.reset();
  const auto rows = rows_of(sample_snapshot({bid_only, nothing, no_slice, below_intrinsic, no_forward}));
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_TRUE(rows[0].sell.has_value());
  EXPECT_FALSE(rows[0].buy.has_value());
  EXPECT_FALSE(rows[0].residual.has_value());
  EXPECT_FALSE(rows[1].sell->volatility.has_value());
  EXPECT_TRUE(rows[1].buy->volatility.has_value());
  EXPECT_FALSE(rows[1].residual.has_value());
  EXPECT_LT(rows[1].sell->money, 0.0);
  EXPECT_NEAR(rows[2].log_moneyness, std::log(1.2), 1e-15);
}

TEST(RichCheap, ScoresAgainstEarlierResidualsOnly) {
  ResidualHistory history{
      {.half_life_days = 1e9, .count_least = 2, .deviation_least = 1e-6, .spread_most_volatility = 1.0}};
  auto universe = std::shared_ptr<const market::Universe>{std::make_shared<market::Universe>()};
  std::vector<double> residuals;
  const std::vector<std::pair<std::string, std::string>> quotes{
      {"0.05", "0.06"}, {"0.051", "0.061"}, {"0.05", "0.063"}, {"0.07", "0.08"}};
  std::optional<double> score;
  for (std::size_t hour = 0; hour < quotes.size(); ++hour) {
    const auto& [bid, ask] = quotes[hour];
    const UtcTime time = sample_time() + std::chrono::hours{hour};
    const MarketSnapshot snapshot =
        sample_snapshot({sample_quote(SampleTerms{.strike = 70000}, bid, ask)}, time, universe);
    universe = snapshot.universe;
    const auto rows = rows_of(snapshot, history);
    residuals.push_back(*rows[0].residual);
    score = rows[0].score;
    EXPECT_EQ(score.has_value(), hour >= 2);
    history.absorb(time, residuals_of(rows));
  }
  const double mean = (residuals[0] + residuals[1] + residuals[2]) / 3.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < 3; ++i) squares += (residuals[i] - mean) * (residuals[i] - mean);
  EXPECT_NEAR(*score, (residuals[3] - mean) / std::sqrt(squares / 2.0), 1e-6);
}

TEST(RichCheap, RefusesToScoreASnapshotAgainstItselfOrAFittedFuture) {
  const MarketSnapshot snapshot = sample_snapshot({sample_quote(SampleTerms{.strike = 70000}, "0.05", "0.06")});
  ResidualHistory history;
  history.absorb(snapshot.time, residuals_of(rows_of(snapshot)));
  const auto again = rich_cheap(snapshot, flat_surface(snapshot), history);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, ErrorCode::invalid_argument);
  MarketSnapshot later = snapshot;
  later.time += std::chrono::hours{1};
  EXPECT_TRUE(rich_cheap(later, flat_surface(snapshot), history).has_value());
  EXPECT_FALSE(rich_cheap(snapshot, flat_surface(later), ResidualHistory{}).has_value());
}

TEST(RichCheap, NamesTheAssetWithoutAnIndexPrice) {
  MarketSnapshot snapshot = sample_snapshot({sample_quote(SampleTerms{.strike = 70000}, "0.05", "0.06")});
  const SurfaceSet surfaces = flat_surface(snapshot);
  snapshot.index_price[market::raw(*snapshot.universe->find_asset(market::AssetCode::of("BTC")))].reset();
  const auto rows = rich_cheap(snapshot, surfaces, ResidualHistory{});
  ASSERT_FALSE(rows.has_value());
  EXPECT_EQ(rows.error().code, ErrorCode::missing_data);
  EXPECT_NE(rows.error().message.find("BTC"), std::string::npos);
}

/// A chain around the surface, an hour after another, with every bid and ask moved at random.
std::vector<MarketSnapshot> random_history(SeededRandom& random, std::size_t hours) {
  std::vector<MarketSnapshot> snapshots;
  auto universe = std::shared_ptr<const market::Universe>{std::make_shared<market::Universe>()};
  for (std::size_t hour = 0; hour < hours; ++hour) {
    std::vector<RecordedQuote> quotes;
    for (double strike = 50000; strike <= 75000; strike += 5000) {
      const SampleTerms terms{.right = strike < forward ? OptionRight::put : OptionRight::call, .strike = strike};
      const double fair = 1e4 * fitted_coin(strike, terms.right);
      const double bid = fair * (0.8 + 0.3 * random.uniform());
      const double ask = bid + 1.0 + 30.0 * random.uniform();
      const auto text = [](double ticks) { return nearest_decimal(std::floor(ticks) * 1e-4, 4)->to_string(); };
      quotes.push_back(sample_quote(terms, random.below(10) == 0 ? "" : text(bid), text(ask)));
    }
    snapshots.push_back(sample_snapshot(quotes, sample_time() + std::chrono::hours{hour}, universe));
    universe = snapshots.back().universe;
  }
  return snapshots;
}

std::vector<std::vector<RichCheapRow>> scored(const std::vector<MarketSnapshot>& snapshots) {
  ResidualHistory history{{.half_life_days = 0.2, .count_least = 3, .spread_most_volatility = 0.2}};
  std::vector<std::vector<RichCheapRow>> all;
  for (const MarketSnapshot& snapshot : snapshots) {
    all.push_back(rows_of(snapshot, history));
    history.absorb(snapshot.time, residuals_of(all.back()));
  }
  return all;
}

RC_GTEST_PROP(RichCheap, NoLaterQuoteChangesAnEarlierScore, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  constexpr std::size_t hours = 12;
  std::vector<MarketSnapshot> snapshots = random_history(random, hours);
  const auto before = scored(snapshots);
  const std::size_t changed = 1 + random.below(hours - 1);
  const std::vector<MarketSnapshot> other = random_history(random, hours);
  std::copy(other.begin() + static_cast<std::ptrdiff_t>(changed), other.end(),
            snapshots.begin() + static_cast<std::ptrdiff_t>(changed));
  const auto after = scored(snapshots);
  for (std::size_t i = 0; i < changed; ++i) RC_ASSERT(before[i] == after[i]);
  // And the scores are there to be changed.
  RC_ASSERT(std::any_of(before.back().begin(), before.back().end(), [](const auto& row) { return row.score; }));
}

RC_GTEST_PROP(RichCheap, BothSidesTogetherLoseTheSpreadAndTwoFees, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  const MarketSnapshot snapshot = random_history(random, 1).front();
  for (const RichCheapRow& row : rows_of(snapshot, ResidualHistory{{.spread_most_volatility = 1.0}})) {
    if (!row.sell || !row.buy) continue;
    const std::size_t at = *snapshot.row_of(row.instrument);
    const double bid = 1e-4 * static_cast<double>(snapshot.bid[at].raw());
    const double ask = 1e-4 * static_cast<double>(snapshot.ask[at].raw());
    const double fees = std::min(0.0003, 0.125 * bid) + std::min(0.0003, 0.125 * ask);
    RC_ASSERT(std::fabs(row.sell->money + row.buy->money + (ask - bid + fees) * 60000.0) <= 1e-8);
    if (!row.residual) continue;
    RC_ASSERT(*row.sell->volatility + *row.buy->volatility < 0.0);
    RC_ASSERT(*row.sell->volatility < *row.residual && *row.residual < -*row.buy->volatility);
  }
}

}  // namespace
}  // namespace gimbal::surface
