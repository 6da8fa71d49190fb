// The synthetic market is the same for the same seed, consistent with its own formulas, and well formed for every seed.
#include "gimbal/simulate/synthetic_market.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "gimbal/market/contract_value.hpp"
#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/pricing/inverse.hpp"
#include "gimbal/venue/format_detection.hpp"

namespace gimbal::simulate {
namespace {

using market::InstrumentKind;
using market::RecordedQuote;
using market::RecordedSnapshot;

std::vector<RecordedSnapshot> snapshots_of(const SyntheticMarketParameters& parameters) {
  auto snapshots = synthetic_snapshots(parameters);
  EXPECT_TRUE(snapshots.has_value()) << snapshots.error().message;
  return *std::move(snapshots);
}

class Collector final : public market::SnapshotSink {
 public:
  bool take(RecordedSnapshot&& snapshot) override {
    snapshots.push_back(std::move(snapshot));
    return true;
  }
  std::vector<RecordedSnapshot> snapshots;
};

TEST(SyntheticMarket, SameSeedGivesTheSameBytesAndAnotherSeedOthers) {
  const SyntheticMarketParameters parameters;
  const auto text = synthetic_market_csv(parameters);
  ASSERT_TRUE(text.has_value());
  EXPECT_EQ(*text, *synthetic_market_csv(parameters));
  SyntheticMarketParameters other = parameters;
  other.seed = 8;
  EXPECT_NE(*text, *synthetic_market_csv(other));
}

TEST(SyntheticMarket, MoreSnapshotsBeginWithTheFewer) {
  SyntheticMarketParameters parameters;
  const auto longer = synthetic_market_csv(parameters);
  parameters.snapshots = 3;
  const auto shorter = synthetic_market_csv(parameters);
  EXPECT_EQ(longer->substr(0, shorter->size()), *shorter);
}

TEST(SyntheticMarket, HoldsEveryKindOfInstrumentAndCrossesExpiries) {
  const auto snapshots = snapshots_of({});
  ASSERT_EQ(snapshots.size(), 12U);
  std::set<UtcTime> expired;
  for (const RecordedSnapshot& snapshot : snapshots) {
    EXPECT_GE(snapshot.quotes.size(), 500U);
    EXPECT_LE(snapshot.quotes.size(), 700U);
    std::set<InstrumentKind> kinds;
    std::set<std::string> names;
    for (const RecordedQuote& quote : snapshot.quotes) {
      kinds.insert(quote.instrument.kind);
      EXPECT_TRUE(names.insert(quote.instrument.name).second) << quote.instrument.name;
      EXPECT_FALSE(quote.instrument.expired_at(snapshot.time));
      if (quote.instrument.is_option() && quote.instrument.expired_at(snapshots.back().time))
        expired.insert(*quote.instrument.expiry);
    }
    EXPECT_EQ(kinds.size(), 4U);
    EXPECT_EQ(snapshot.indices.size(), 3U);
  }
  EXPECT_EQ(expired.size(), 3U);
}

TEST(SyntheticMarket, OptionMarksAreBlack76OfTheirVolatilityAtTheirForward) {
  for (const RecordedSnapshot& snapshot : snapshots_of({}))
    for (const RecordedQuote& quote : snapshot.quotes) {
      if (!quote.instrument.is_option()) continue;
      const double premium = pricing::inverse_premium_coin(
          {*quote.forward, quote.instrument.strike.to_double(), *quote.mark_volatility,
           years_between(snapshot.time, *quote.instrument.expiry).raw(), quote.instrument.right});
      constexpr double half_unit_of_the_eighth_decimal = 0.5000001e-8;
      EXPECT_NEAR(premium, *quote.mark_price, half_unit_of_the_eighth_decimal) << quote.instrument.name;
    }
}

TEST(SyntheticMarket, SmileWithoutNoiseHasNoArbitrage) {
  SyntheticMarketParameters parameters;
  parameters.smile.expiry_noise = parameters.smile.strike_noise = 0.0;
  parameters.snapshots = 1;
  const auto snapshots = snapshots_of(parameters);
  // Calls of one expiry in dollars: decreasing and convex in strike.
  std::map<UtcTime, std::vector<std::pair<double, double>>> calls;
  for (const RecordedQuote& quote : snapshots[0].quotes) {
    if (!quote.instrument.is_option() || quote.instrument.right != market::OptionRight::call) continue;
    if (quote.instrument.underlying.view() != "BTC") continue;
    calls[*quote.instrument.expiry].emplace_back(quote.instrument.strike.to_double(),
                                                 *quote.mark_price * *quote.forward);
  }
  ASSERT_GT(calls.size(), 8U);
  // Marks are rounded to 1e-8 coin and volatilities to 1e-4: a few dollars at these forwards.
  constexpr double rounding_dollars = 4.0;
  for (const auto& [expiry, row] : calls)
    for (std::size_t i = 1; i + 1 < row.size(); ++i) {
      const double left = (row[i].second - row[i - 1].second) / (row[i].first - row[i - 1].first);
      const double right = (row[i + 1].second - row[i].second) / (row[i + 1].first - row[i].first);
      const double step = std::min(row[i].first - row[i - 1].first, row[i + 1].first - row[i].first);
      EXPECT_LE(left, rounding_dollars / step);
      EXPECT_GE(left, -1.0 - rounding_dollars / step);
      EXPECT_LE(left, right + 2.0 * rounding_dollars / step) << format_utc(expiry) << " at " << row[i].first;
    }
}

TEST(SyntheticMarket, EverySeedBuildsCleanSnapshots) {
  SeededRandom random{1};
  constexpr int seeds = 20;
  for (int i = 0; i < seeds; ++i) {
    SyntheticMarketParameters parameters;
    parameters.seed = random.bits();
    parameters.snapshots = 3;
    parameters.spacing = std::chrono::hours{1 + random.below(200)};
    auto universe = std::make_shared<const market::Universe>();
    for (const RecordedSnapshot& recorded : snapshots_of(parameters)) {
      const auto built = market::build_snapshot(recorded, universe, market::MarketAssumptions{});
      ASSERT_TRUE(built.has_value()) << built.error().message;
      const market::QualityCounts& quality = built->snapshot.quality;
      EXPECT_EQ(quality.crossed, 0U) << "seed " << parameters.seed;
      EXPECT_EQ(quality.off_tick, 0U) << "seed " << parameters.seed;
      EXPECT_EQ(quality.duplicates, 0U) << "seed " << parameters.seed;
      EXPECT_EQ(quality.expired, 0U) << "seed " << parameters.seed;
      EXPECT_EQ(quality.without_forward, 0U) << "seed " << parameters.seed;
      EXPECT_EQ(quality.sizes_assumed, 0U) << "seed " << parameters.seed;
      EXPECT_GT(quality.two_sided, quality.one_sided) << "seed " << parameters.seed;
      universe = built->snapshot.universe;
    }
  }
}

TEST(SyntheticMarket, TextIsReadBackAsTheSameMarket) {
  SyntheticMarketParameters parameters;
  parameters.snapshots = 2;
  const auto text = synthetic_market_csv(parameters);
  ASSERT_TRUE(text.has_value());
  const auto decoder = venue::market_decoder(venue::MarketFormat::gimbal_table);
  Collector collector;
  ASSERT_TRUE(decoder->feed(*text, collector).has_value());
  ASSERT_TRUE(decoder->finish(collector).has_value());
  const auto snapshots = snapshots_of(parameters);
  ASSERT_EQ(collector.snapshots.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(collector.snapshots[i].rows, snapshots[i].rows);
    ASSERT_EQ(collector.snapshots[i].quotes.size(), snapshots[i].quotes.size());
    for (std::size_t j = 0; j < snapshots[i].quotes.size(); ++j) {
      EXPECT_EQ(collector.snapshots[i].quotes[j].mark_price, snapshots[i].quotes[j].mark_price);
      EXPECT_EQ(collector.snapshots[i].quotes[j].ask_price, snapshots[i].quotes[j].ask_price);
    }
  }
}

TEST(SyntheticMarket, ParametersWithoutAMarketAreRefused) {
  const auto refusal = [](auto change) {
    SyntheticMarketParameters parameters;
    change(parameters);
    const auto text = synthetic_market_csv(parameters);
    EXPECT_FALSE(text.has_value());
    return text ? "" : text.error().message;
  };
  EXPECT_EQ(refusal([](auto& p) { p.snapshots = 0; }), "synthetic market: snapshots must be at least 1");
  EXPECT_EQ(refusal([](auto& p) { p.spacing = Duration{}; }), "synthetic market: spacing must be a minute to 31 days");
  EXPECT_EQ(refusal([](auto& p) { p.smile.eta = 2.5; }),
            "synthetic market: smile must be free of butterflies: eta^2 (1 + |rho|) <= 4");
  EXPECT_EQ(refusal([](auto& p) { p.coins[0].price_initial = std::nan(""); }),
            "synthetic market: price_initial must be 1 to 1e9");
  EXPECT_NE(refusal([](auto& p) { p.coins[1].asset = market::AssetCode::of("DOGE"); }).find("DOGE"), std::string::npos);
}

TEST(SyntheticListing, CalendarIsDeribits) {
  const auto expiries = listed_expiries(*parse_utc("2026-01-05T02:00:00Z"), {});
  std::vector<std::string> dates;
  std::vector<std::string> with_future;
  for (const SyntheticExpiry& expiry : expiries) {
    dates.push_back(format_utc(expiry.time).substr(0, 13));
    if (expiry.has_future) with_future.push_back(format_utc(expiry.time).substr(0, 10));
  }
  EXPECT_EQ(dates, (std::vector<std::string>{"2026-01-05T08", "2026-01-06T08", "2026-01-07T08", "2026-01-08T08",
                                             "2026-01-09T08", "2026-01-16T08", "2026-01-23T08", "2026-01-30T08",
                                             "2026-02-27T08", "2026-03-27T08", "2026-06-26T08", "2026-09-25T08",
                                             "2026-12-25T08"}));
  EXPECT_EQ(with_future, (std::vector<std::string>{"2026-01-30", "2026-02-27", "2026-03-27", "2026-06-26", "2026-09-25",
                                                   "2026-12-25"}));
}

TEST(SyntheticListing, ExpiryIsNotListedAtItsOwnInstant) {
  const auto expiries = listed_expiries(*parse_utc("2026-01-30T08:00:00Z"), {});
  EXPECT_EQ(format_utc(expiries.front().time), "2026-01-31T08:00:00Z");
}

TEST(SyntheticListing, StrikesStayListedAndFollowThePrice) {
  StrikeBoard board;
  const UtcTime expiry = *parse_utc("2026-01-30T08:00:00Z");
  const std::set<double> before = board.listed(expiry, {90'000.0, 0.1});
  const std::set<double> after = board.listed(expiry, {110'000.0, 0.05});
  EXPECT_TRUE(std::includes(after.begin(), after.end(), before.begin(), before.end()));
  EXPECT_GT(*after.rbegin(), 110'000.0);
  std::set<double> steps;
  for (auto at = std::next(before.begin()); at != before.end(); ++at) steps.insert(*at - *std::prev(at));
  EXPECT_EQ(steps.size(), 1U);
  board.drop_expired(expiry);
  EXPECT_LT(*board.listed(expiry, {50'000.0, 0.01}).rbegin(), 60'000.0);
}

TEST(SyntheticListing, StepsAreRoundNumbers) {
  EXPECT_EQ(round_step(1.0), 1.0);
  EXPECT_EQ(round_step(1.1), 2.0);
  EXPECT_EQ(round_step(2.1), 2.5);
  EXPECT_EQ(round_step(2600.0), 5000.0);
  EXPECT_EQ(round_step(6000.0), 10000.0);
}

TEST(SyntheticProcess, ReturnsHaveTheirVolatilityAndCorrelation) {
  auto coins = SyntheticMarketParameters::default_coins();
  SyntheticClimate climate;
  climate.jumps_per_year = 0.0;
  SyntheticProcess process{coins, climate, SeededRandom{1}};
  constexpr int hours = 30'000;
  double sum_btc = 0.0;
  double sum_eth = 0.0;
  double sum_both = 0.0;
  for (int i = 0; i < hours; ++i) {
    const double btc = process.coins()[0].price;
    const double eth = process.coins()[1].price;
    process.advance(std::chrono::hours{1});
    const double btc_return = process.coins()[0].price / btc - 1.0;
    const double eth_return = process.coins()[1].price / eth - 1.0;
    sum_btc += btc_return * btc_return;
    sum_eth += eth_return * eth_return;
    sum_both += btc_return * eth_return;
  }
  // Three and a half years of hours: realised volatility within a tenth of its long-run level, correlation within 0.02.
  EXPECT_NEAR(std::sqrt(sum_btc / hours * 8760.0), coins[0].volatility_long_run, 0.1);
  EXPECT_NEAR(sum_both / std::sqrt(sum_btc * sum_eth), climate.return_correlation, 0.02);
}

}  // namespace
}  // namespace gimbal::simulate
