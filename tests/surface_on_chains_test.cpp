// The fitted surfaces of recorded option chains: that none leaves an arbitrage or a degenerate slice, how near they
// come to the quotes, to quotes that they were not shown, and how little bad quotes move them. Reads $GIMBAL_DATA; the
// first days of February 2026, which hold the half-year's crash, by default, and every month with GIMBAL_LONG.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gimbal/foundation/random.hpp"
#include "gimbal/host/file_reader.hpp"
#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/surface/smile_quotes.hpp"
#include "gimbal/surface/surface_fit.hpp"
#include "gimbal/surface/svi_arbitrage.hpp"

namespace gimbal::surface {
namespace {

using market::MarketSnapshot;
using market::QuoteFlag;

constexpr std::size_t snapshots_of_the_crash = 28;

/// Hands the snapshots of recorded months, one after another, to a test.
class Recording {
 public:
  using Visit = std::function<void(const MarketSnapshot&)>;

  /// False where there are no recordings.
  static bool exists() { return std::getenv("GIMBAL_DATA") != nullptr; }

  /// The months of a test, each with how many of its snapshots are read.
  static std::map<std::string, std::size_t> months() {
    if (std::getenv("GIMBAL_LONG") == nullptr) return {{"202602", snapshots_of_the_crash}};
    std::map<std::string, std::size_t> all;
    for (const char* month : {"202512", "202601", "202602", "202603", "202604", "202605", "202606"}) all[month] = 1000;
    return all;
  }

  static void visit(const std::string& month, std::size_t snapshots_most, const Visit& visit) {
    Sink sink{snapshots_most, visit};
    const std::string folder = std::string{std::getenv("GIMBAL_DATA")} + "/deribit_chain/deribit_chain_";
    const auto read = host::read_market_file(folder + month + ".csv.zst", {}, sink);
    ASSERT_TRUE(read.has_value()) << read.error().message;
    ASSERT_GT(sink.snapshots, 0U);
  }

 private:
  struct Sink : market::SnapshotSink {
    Sink(std::size_t most, const Visit& to) : snapshots_most{most}, visit{to} {}
    bool take(market::RecordedSnapshot&& recorded) override {
      const auto built = market::build_snapshot(recorded, universe, {});
      EXPECT_TRUE(built.has_value());
      if (!built) return false;
      universe = built->snapshot.universe;
      visit(built->snapshot);
      return ++snapshots < snapshots_most;
    }
    std::size_t snapshots_most;
    const Visit& visit;
    std::size_t snapshots = 0;
    std::shared_ptr<const market::Universe> universe = std::make_shared<market::Universe>();
  };
};

struct Shares {
  double judged = 0.0;
  double inside = 0.0;
  double near = 0.0;

  void add(const SliceQuality& quality) {
    judged += quality.quotes_judged;
    inside += quality.inside_share * quality.quotes_judged;
    near += quality.near_share * quality.quotes_judged;
  }
  void add(const Shares& other) {
    judged += other.judged;
    inside += other.inside;
    near += other.near;
  }
  [[nodiscard]] double misses() const { return judged - near; }
};

/// What no slice may be: at the edge of its family.
void expect_sound(const SurfaceSlice& slice, const std::string& place) {
  if (slice.quality.quotes_judged >= 5) {
    EXPECT_EQ(slice.rung, Rung::fit) << place;
  }
  EXPECT_LE(std::fabs(slice.svi.rho), 0.999) << place;
  const WingSlopes wings = svi_wing_slopes(slice.svi);
  EXPECT_LE(std::max(wings.left, wings.right), 2.0) << place;
  const double level = slice.volatility_atm * std::sqrt(slice.years);
  EXPECT_LT(slice.svi.sigma / level, 12.0) << place;
  EXPECT_GT(std::min(wings.left, wings.right) / level, 5e-3) << place;
  EXPECT_LT(std::fabs(slice.svi.m / level), 10.0) << place;
}

/// The certificate, and a scan that must never know more than it.
void expect_free(const VolSurface& surface, const std::string& place) {
  EXPECT_TRUE(surface.arbitrage_free()) << place;
  const auto slices = surface.slices();
  for (std::size_t i = 0; i < slices.size(); ++i) {
    EXPECT_TRUE(butterfly_report(slices[i].svi).is_free()) << place;
    if (i > 0) {
      EXPECT_TRUE(calendar_report(slices[i - 1].svi, slices[i].svi).is_free()) << place;
    }
    for (int j = -200; j <= 200; ++j) {
      const double k = 0.0005 * j * std::fabs(j);  // To +-20, dense near the money.
      EXPECT_GE(butterfly_density(slices[i].svi, k), 0.0) << place << ' ' << k;
      if (i > 0) {
        EXPECT_GE(svi_variance(slices[i].svi, k), svi_variance(slices[i - 1].svi, k)) << place << ' ' << k;
      }
    }
  }
}

TEST(SurfaceOnChains, FollowsRecordedQuotesWithoutArbitrage) {
  if (!Recording::exists()) GTEST_SKIP() << "GIMBAL_DATA is not set";
  Shares whole;
  std::size_t chains = 0;
  std::size_t chains_at_99 = 0;
  for (const auto& [month, snapshots] : Recording::months()) {
    std::map<std::string, Shares> pooled;
    Recording::visit(month, snapshots, [&](const MarketSnapshot& snapshot) {
      const auto set = fit_surfaces(snapshot, {});
      ASSERT_TRUE(set.has_value());
      EXPECT_EQ(set->surfaces().size(), 2U);
      Shares both;
      for (const VolSurface& surface : set->surfaces()) {
        const std::string code = snapshot.universe->asset(surface.underlying()).code.str();
        const std::string place = format_utc(snapshot.time) + " " + code;
        Shares chain;
        for (const SurfaceSlice& slice : surface.slices()) {
          chain.add(slice.quality);
          expect_sound(slice, place + " " + format_utc(slice.expiry));
        }
        expect_free(surface, place);
        EXPECT_LE(chain.misses(), chain.judged < 100.0 ? 1.001 : 0.03 * chain.judged) << place;
        ++chains;
        chains_at_99 += chain.misses() <= 0.01 * chain.judged ? 1U : 0U;
        pooled[code].add(chain);
        both.add(chain);
      }
      EXPECT_LE(both.misses(), 0.02 * both.judged) << format_utc(snapshot.time);
      whole.add(both);
    });
    if (snapshots == snapshots_of_the_crash) continue;  // What follows is of whole months.
    for (const auto& [code, shares] : pooled) {
      EXPECT_GE(shares.near, 0.995 * shares.judged) << month << ' ' << code;
      EXPECT_GE(shares.inside, (code == "BTC" ? 0.90 : 0.98) * shares.judged) << month << ' ' << code;
    }
  }
  EXPECT_GE(whole.near, (Recording::months().size() > 1 ? 0.998 : 0.995) * whole.judged);
  EXPECT_GE(whole.inside, (Recording::months().size() > 1 ? 0.96 : 0.92) * whole.judged);
  if (Recording::months().size() > 1) {
    EXPECT_GE(static_cast<double>(chains_at_99), 0.97 * static_cast<double>(chains));
  }
}

/// Two-sided quotes out of the money that count in the shares.
std::vector<std::size_t> judged_rows(const MarketSnapshot& snapshot, const ExpiryRows& rows) {
  std::vector<std::size_t> found;
  for (const std::size_t row : rows.options) {
    ExpiryRows alone = rows;
    alone.options = {row};
    if (read_quotes(snapshot, alone, {}).quality.quotes_judged == 1) found.push_back(row);
  }
  return found;
}

void take_side(MarketSnapshot& snapshot, std::size_t row, QuoteFlag side) {
  snapshot.flags[row] = static_cast<std::uint16_t>(snapshot.flags[row] & ~static_cast<std::uint16_t>(side));
}

TEST(SurfaceOnChains, IsNearQuotesThatItWasNotShown) {
  if (!Recording::exists()) GTEST_SKIP() << "GIMBAL_DATA is not set";
  double left_out = 0.0;
  double near = 0.0;
  for (const auto& [month, snapshots] : Recording::months()) {
    Recording::visit(month, snapshots, [&](const MarketSnapshot& snapshot) {
      MarketSnapshot shown = snapshot;
      std::vector<std::pair<std::size_t, ExpiryRows>> hidden;
      for (const ExpiryRows& rows : live_options(snapshot)) {
        const std::vector<std::size_t> judged = judged_rows(snapshot, rows);
        for (std::size_t i = 2; i < judged.size(); i += 3) {
          take_side(shown, judged[i], QuoteFlag::bid);
          take_side(shown, judged[i], QuoteFlag::ask);
          hidden.emplace_back(judged[i], rows);
        }
      }
      const auto set = fit_surfaces(shown, {});
      ASSERT_TRUE(set.has_value());
      for (auto& [row, rows] : hidden) {
        rows.options = {row};
        const ExpiryQuotes alone = read_quotes(snapshot, rows, {});
        const SurfaceSlice& slice = *set->find(rows.underlying)->slice(rows.expiry);
        const SmileQuote& quote = alone.quotes.front();
        const double fitted = std::sqrt(svi_variance(slice.svi, quote.log_moneyness));
        const double beyond = std::max(quote.total_volatility_bid - fitted, fitted - quote.total_volatility_ask);
        left_out += 1.0;
        near += beyond <= 0.005 * std::sqrt(alone.years) ? 1.0 : 0.0;
      }
    });
  }
  EXPECT_GE(near, (Recording::months().size() > 1 ? 0.993 : 0.985) * left_out) << near << " of " << left_out;
}

using Ticks = std::pair<PriceTicks, PriceTicks>;

/// Bid and ask of what is quoted on both sides.
std::map<std::string, Ticks> ticks_by_name(const MarketSnapshot& snapshot) {
  std::map<std::string, Ticks> ticks;
  for (std::size_t row = 0; row < snapshot.rows(); ++row)
    if (snapshot.has(row, QuoteFlag::bid) && snapshot.has(row, QuoteFlag::ask))
      ticks[(*snapshot.universe)[snapshot.instrument[row]].name] = {snapshot.bid[row], snapshot.ask[row]};
  return ticks;
}

/// Makes one in twenty of the quoted rows as of a day before, ten-fold, or without one side. Returns which.
std::vector<bool> spoil(MarketSnapshot& snapshot, const std::map<std::string, Ticks>& day_before,
                        SeededRandom& random) {
  std::vector<bool> spoiled(snapshot.rows(), false);
  for (std::size_t row = 0; row < snapshot.rows(); ++row) {
    if (!snapshot.has(row, QuoteFlag::bid) || !snapshot.has(row, QuoteFlag::ask) || random.below(20) != 0) continue;
    spoiled[row] = true;
    const auto old = day_before.find((*snapshot.universe)[snapshot.instrument[row]].name);
    const auto kind = random.below(3);
    if (kind == 0 && old != day_before.end()) {
      snapshot.bid[row] = old->second.first;
      snapshot.ask[row] = old->second.second;
    } else if (kind == 1) {
      snapshot.bid[row] = PriceTicks{10 * snapshot.bid[row].raw()};
      snapshot.ask[row] = PriceTicks{10 * snapshot.ask[row].raw()};
    } else {
      take_side(snapshot, row, random.below(2) == 0 ? QuoteFlag::bid : QuoteFlag::ask);
    }
  }
  return spoiled;
}

TEST(SurfaceOnChains, BadQuotesMoveTheMoneyByLessThanThreeTenthsOfAPointNearlyEverywhere) {
  if (!Recording::exists()) GTEST_SKIP() << "GIMBAL_DATA is not set";
  SeededRandom random{20260201};
  std::size_t expiries = 0;
  std::size_t moved = 0;
  for (const auto& [month, snapshots] : Recording::months()) {
    std::vector<MarketSnapshot> day;  // The last four snapshots, about a day.
    Recording::visit(month, snapshots, [&](const MarketSnapshot& snapshot) {
      day.push_back(snapshot);
      if (day.size() < 5) return;
      MarketSnapshot spoiled = snapshot;
      const std::vector<bool> bad = spoil(spoiled, ticks_by_name(day.front()), random);
      day.erase(day.begin());
      const auto clean = fit_surfaces(snapshot, {});
      const auto fitted = fit_surfaces(spoiled, {});
      ASSERT_TRUE(clean.has_value() && fitted.has_value());
      for (const VolSurface& surface : fitted->surfaces()) EXPECT_TRUE(surface.arbitrage_free());
      for (const ExpiryRows& rows : live_options(snapshot)) {
        std::size_t good = 0;
        for (const std::size_t row : judged_rows(snapshot, rows)) good += bad[row] ? 0U : 1U;
        if (good < 10) continue;
        const double was = clean->find(rows.underlying)->slice(rows.expiry)->volatility_atm;
        const double is = fitted->find(rows.underlying)->slice(rows.expiry)->volatility_atm;
        ++expiries;
        moved += std::fabs(is - was) < 0.003 ? 0U : 1U;
        EXPECT_LT(std::fabs(is - was), 0.03) << format_utc(snapshot.time) << ' ' << format_utc(rows.expiry);
      }
    });
  }
  // Where spreads are points wide and a bad quote hides among few, the money cannot be known to three tenths.
  EXPECT_GT(expiries, 300U);
  EXPECT_LE(moved, expiries / (Recording::months().size() > 1 ? 100 : 40)) << "of " << expiries;
}

}  // namespace
}  // namespace gimbal::surface
