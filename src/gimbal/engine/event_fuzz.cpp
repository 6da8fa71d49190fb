// Any bytes in a journal's record: an event or an error, and an event has exactly one encoding.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "gimbal/engine/event.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> bytes{data, size};
  const auto event = gimbal::engine::decode_event(bytes, std::make_shared<const gimbal::market::Universe>());
  if (!event) return 0;
  const gimbal::Bytes again = gimbal::engine::encode(*event);
  if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end())) std::abort();
  return 0;
}
