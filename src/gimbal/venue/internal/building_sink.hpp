// What fuzz targets of decoders hold true: snapshots come in order of time, and each can be put to the builder, which
// never stops the process over what a decoder let through.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "gimbal/market/snapshot_builder.hpp"

namespace gimbal::venue::internal {

/// Builds every snapshot over a universe that grows, as a lap does.
class BuildingSink final : public market::SnapshotSink {
 public:
  bool take(market::RecordedSnapshot&& snapshot) override {
    GIMBAL_ASSERT(snapshots == 0 || snapshot.time >= last_);
    last_ = snapshot.time;
    ++snapshots;
    const auto built = market::build_snapshot(snapshot, universe_, market::MarketAssumptions{});
    if (built) universe_ = built->snapshot.universe;
    return true;
  }
  std::size_t snapshots = 0;

 private:
  UtcTime last_;
  std::shared_ptr<const market::Universe> universe_ = std::make_shared<market::Universe>();
};

/// Snapshots counted, and whether all was well, of a text fed in pieces of that many bytes.
inline std::pair<std::size_t, bool> built(market::SnapshotDecoder& decoder, std::string_view text, std::size_t piece) {
  BuildingSink sink;
  for (std::size_t at = 0; at < text.size(); at += piece)
    if (!decoder.feed(text.substr(at, piece), sink)) return {sink.snapshots, false};
  const bool finished = decoder.finish(sink).has_value();
  return {sink.snapshots, finished};
}

}  // namespace gimbal::venue::internal
