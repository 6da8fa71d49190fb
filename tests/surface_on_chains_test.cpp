// The fitted surfaces of recorded option chains: how near they come to the quotes, and that no slice is degenerate, has
// a butterfly or crosses its neighbour. Reads $GIMBAL_DATA; one month's first days by default, every month with
// GIMBAL_LONG.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gimbal/host/file_reader.hpp"
#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/surface/surface_fit.hpp"

namespace gimbal::surface {
namespace {

struct Shares {
  double judged = 0.0;
  double inside = 0.0;
  double near = 0.0;

  void add(const SliceQuality& quality) {
    judged += quality.quotes_judged;
    inside += quality.inside_share * quality.quotes_judged;
    near += quality.near_share * quality.quotes_judged;
  }
};

/// The least relative gap between two neighbouring slices over the strikes that anyone trades, by a scan.
double calendar_gap_least(const SurfaceSlice& earlier, const SurfaceSlice& later) {
  constexpr double reach = 2.5;
  double least = 1.0;
  for (int i = -1000; i <= 1000; ++i) {
    const double k = reach * static_cast<double>(i) / 1000.0;
    least = std::min(least, 1.0 - svi_variance(earlier.svi, k) / svi_variance(later.svi, k));
  }
  return least;
}

/// Fits every snapshot handed over, and checks what must hold of each.
class FittingSink : public market::SnapshotSink {
 public:
  explicit FittingSink(std::size_t snapshots_most) : snapshots_most_{snapshots_most} {}

  bool take(market::RecordedSnapshot&& recorded) override {
    const auto built = market::build_snapshot(recorded, universe_, {});
    EXPECT_TRUE(built.has_value());
    if (!built) return false;
    universe_ = built->snapshot.universe;
    const auto set = fit_surfaces(built->snapshot, {});
    EXPECT_TRUE(set.has_value());
    if (!set) return false;
    EXPECT_EQ(set->surfaces().size(), 2U) << format_utc(recorded.time);
    for (const VolSurface& surface : set->surfaces()) check(surface);
    return ++snapshots < snapshots_most_;
  }

  std::size_t snapshots = 0;
  std::map<market::AssetCode, Shares> pooled;

 private:
  void check(const VolSurface& surface) {
    const market::AssetCode code = universe_->asset(surface.underlying()).code;
    const std::string place = format_utc(surface.time()) + " " + code.str();
    Shares chain;
    for (const SurfaceSlice& slice : surface.slices()) {
      chain.add(slice.quality);
      check(slice, place + " " + format_utc(slice.expiry));
    }
    for (std::size_t i = 1; i < surface.slices().size(); ++i)
      EXPECT_GE(calendar_gap_least(surface.slices()[i - 1], surface.slices()[i]), -1e-3) << place << ' ' << i;
    // Half a volatility point from bid or ask on the worst day; over a month far fewer may miss it (below).
    EXPECT_GE(chain.near, 0.95 * chain.judged) << place;
    pooled[code].judged += chain.judged;
    pooled[code].inside += chain.inside;
    pooled[code].near += chain.near;
  }

  static void check(const SurfaceSlice& slice, const std::string& place) {
    if (slice.quality.quotes_judged >= 5) {
      EXPECT_EQ(slice.rung, Rung::fit) << place;
    }
    EXPECT_LT(std::fabs(slice.svi.rho), 0.999) << place;
    const WingSlopes wings = svi_wing_slopes(slice.svi);
    EXPECT_LE(std::max(wings.left, wings.right), 2.0) << place;
    EXPECT_GE(slice.quality.density_least, 0.0) << place;
    for (double k = -3.0; k <= 3.0; k += 0.25) {
      const double volatility = slice.volatility(k);
      EXPECT_TRUE(std::isfinite(volatility) && volatility > 0.0) << place;
    }
  }

  std::size_t snapshots_most_;
  std::shared_ptr<const market::Universe> universe_ = std::make_shared<market::Universe>();
};

void expect_good_month(const std::string& folder, const std::string& month, std::size_t snapshots_most) {
  FittingSink sink{snapshots_most};
  const auto read = host::read_market_file(folder + "/deribit_chain/deribit_chain_" + month + ".csv.zst", {}, sink);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  ASSERT_GT(sink.snapshots, 0U);
  for (const auto& [code, shares] : sink.pooled) {
    EXPECT_GE(shares.near, 0.99 * shares.judged) << month << ' ' << code.view();
    EXPECT_GE(shares.inside, 0.90 * shares.judged) << month << ' ' << code.view();
  }
}

TEST(SurfaceOnChains, FollowsRecordedQuotesWithoutArbitrage) {
  const char* data = std::getenv("GIMBAL_DATA");
  if (data == nullptr) GTEST_SKIP() << "GIMBAL_DATA is not set";
  if (std::getenv("GIMBAL_LONG") == nullptr) {
    // The first week of February 2026 holds the half-year's crash.
    expect_good_month(data, "202602", 28);
    return;
  }
  for (const char* month : {"202512", "202601", "202602", "202603", "202604", "202605", "202606"})
    expect_good_month(data, month, 1000);
}

}  // namespace
}  // namespace gimbal::surface
