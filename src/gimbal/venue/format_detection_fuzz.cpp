// Fuzz target of the whole door: whatever the bytes are taken for, an error or snapshots, with and without a window.
#include <cstddef>
#include <cstdint>

#include "gimbal/venue/format_detection.hpp"

namespace {

using namespace gimbal;

class Counter final : public market::SnapshotSink {
 public:
  bool take(market::RecordedSnapshot&& snapshot) override {
    last = snapshot.time;
    ++snapshots;
    return true;
  }
  std::size_t snapshots = 0;
  UtcTime last;
};

std::optional<Counter> decoded(std::string_view text, venue::SnapshotWindow window) {
  Counter counter;
  const auto format = venue::market_format(text.substr(0, venue::detection_bytes));
  if (!format) return std::nullopt;
  const auto decoder = venue::market_decoder(*format, window);
  if (!decoder->feed(text, counter) || !decoder->finish(counter)) return std::nullopt;
  return counter;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto all = decoded(text, {});
  if (!all) return 0;
  // Asked for the last one, a decoder gives that and nothing else.
  const auto last = decoded(text, {all->last});
  GIMBAL_ASSERT(last.has_value());
  GIMBAL_ASSERT(last->snapshots == 1);
  GIMBAL_ASSERT(last->last == all->last);
  return 0;
}
