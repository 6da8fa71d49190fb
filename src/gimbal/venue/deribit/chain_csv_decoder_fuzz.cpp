// Fuzz target of the chain decoder: an error or snapshots, the same for any split, in order of time, and fit to be
// built.
#include <cstddef>
#include <cstdint>

#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/venue/deribit/chain_csv_decoder.hpp"

namespace {

using namespace gimbal;

// Builds what it is handed over a universe that grows, as a lap does.
class Builder final : public market::SnapshotSink {
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

// Snapshots counted, and whether all was well.
std::pair<std::size_t, bool> decoded(std::string_view text, std::size_t piece) {
  Builder builder;
  const auto decoder = venue::deribit::chain_csv_decoder();
  for (std::size_t at = 0; at < text.size(); at += piece)
    if (!decoder->feed(text.substr(at, piece), builder)) return {builder.snapshots, false};
  const bool finished = decoder->finish(builder).has_value();
  return {builder.snapshots, finished};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  GIMBAL_ASSERT(decoded(text, size + 1) == decoded(text, 7));
  return 0;
}
