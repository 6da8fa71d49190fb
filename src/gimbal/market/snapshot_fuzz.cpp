// Fuzz target of the canonical bytes: an error, or a value whose encoding is the bytes that were read.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "gimbal/market/snapshot.hpp"

namespace {

using namespace gimbal;

// The first bytes are instruments, as many as decode; what follows them is a snapshot over their universe.
void read_and_write(std::span<const std::uint8_t> bytes) {
  ByteReader in{bytes};
  std::vector<market::Instrument> instruments;
  const auto count = in.integer<std::uint8_t>();
  for (std::uint8_t i = 0; i < count; ++i) {
    const std::size_t before = bytes.size() - in.remaining();
    const auto instrument = market::decode_instrument(in);
    if (!instrument) return;
    ByteWriter out;
    market::encode(*instrument, out);
    const auto read = bytes.subspan(before, bytes.size() - in.remaining() - before);
    GIMBAL_ASSERT(std::equal(read.begin(), read.end(), out.bytes().begin(), out.bytes().end()));
    instruments.push_back(*instrument);
  }
  const auto universe = market::Universe{}.extended(instruments);
  if (!universe) return;
  const std::size_t before = bytes.size() - in.remaining();
  const auto snapshot = market::decode_snapshot(in, *universe);
  if (!snapshot) return;
  ByteWriter out;
  market::encode(*snapshot, out);
  const auto read = bytes.subspan(before, bytes.size() - in.remaining() - before);
  GIMBAL_ASSERT(std::equal(read.begin(), read.end(), out.bytes().begin(), out.bytes().end()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read_and_write({data, size});
  return 0;
}
