// What a recorded market holds, as plain values: which instruments, which times and gaps, how good the quotes are.
// Filled from one snapshot after another, of which none is kept.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gimbal/market/snapshot.hpp"

namespace gimbal::report {

/// A span between two snapshots that follow one another.
struct DataGap {
  UtcTime from;
  UtcTime to;
};

/// Instruments are counted once, however many snapshots they are in.
struct UnderlyingData {
  std::string asset;
  std::uint64_t options = 0;
  std::uint64_t futures = 0;
  std::uint64_t perpetuals = 0;
  std::uint64_t spot_pairs = 0;
  std::uint64_t snapshots = 0;  ///< With an index price of it; the four below are of these, USD per coin.
  Decimal index_first;
  Decimal index_last;
  Decimal index_lowest;
  Decimal index_highest;
};

struct DataReport {
  std::string format;  ///< For people.
  std::vector<std::string> venues;
  std::vector<UnderlyingData> underlyings;  ///< In the order in which the file lists them.
  std::uint64_t snapshots = 0;
  UtcTime from;
  UtcTime to;
  std::optional<Duration> spacing;  ///< The median; absent where there are no two snapshots.
  std::vector<DataGap> gaps;        ///< Longer than gap_spacings medians, the longest first.
  market::QualityCounts quality;    ///< Summed over the snapshots.
  UtcTime worst;                    ///< Time of the snapshot with the fewest two-sided quotes,
  market::QualityCounts worst_quality;
};

/// A gap is longer than this many times the median spacing.
inline constexpr double gap_spacings = 1.5;

class DataTally {
 public:
  /// Adds a snapshot. Each one's universe extends that of the one before, and times do not go back.
  void add(const market::MarketSnapshot& snapshot);
  /// What has been added, which is at least one snapshot.
  [[nodiscard]] DataReport report(std::string format) const;

 private:
  void add_indices(const market::MarketSnapshot& snapshot);

  DataReport sums_;
  std::vector<UtcTime> times_;
  std::vector<UnderlyingData> by_asset_;  // indexed by AssetId
  std::shared_ptr<const market::Universe> universe_;
};

}  // namespace gimbal::report
