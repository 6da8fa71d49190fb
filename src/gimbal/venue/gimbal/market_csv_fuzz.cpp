// Fuzz target of Gimbal's own table: an error, or snapshots that build and that are written and read back as the same
// text.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/venue/gimbal/market_csv.hpp"

namespace {

using namespace gimbal;

class Collector final : public market::SnapshotSink {
 public:
  bool take(market::RecordedSnapshot&& snapshot) override {
    snapshots.push_back(std::move(snapshot));
    return true;
  }
  std::vector<market::RecordedSnapshot> snapshots;
};

std::optional<std::vector<market::RecordedSnapshot>> decoded(std::string_view text) {
  Collector collector;
  const auto decoder = venue::market_csv_decoder();
  if (!decoder->feed(text, collector) || !decoder->finish(collector)) return std::nullopt;
  return std::move(collector.snapshots);
}

std::string encoded(const std::vector<market::RecordedSnapshot>& snapshots) {
  std::string text = venue::market_csv_head();
  for (const market::RecordedSnapshot& snapshot : snapshots) {
    const auto appended = venue::append_market_csv(snapshot, text);
    GIMBAL_ASSERT(appended.has_value());
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto snapshots = decoded({reinterpret_cast<const char*>(data), size});
  if (!snapshots) return 0;
  const std::string text = encoded(*snapshots);
  const auto again = decoded(text);
  GIMBAL_ASSERT(again.has_value());
  GIMBAL_ASSERT(encoded(*again) == text);
  auto universe = std::make_shared<const market::Universe>();
  for (const market::RecordedSnapshot& snapshot : *snapshots) {
    const auto built = market::build_snapshot(snapshot, universe, market::MarketAssumptions{});
    if (built) universe = built->snapshot.universe;
  }
  return 0;
}
