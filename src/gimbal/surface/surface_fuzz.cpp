// Fuzz target of a fitted surface's bytes: whatever is accepted encodes to the same bytes again and answers at every
// strike and time with a volatility.
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/surface/surface.hpp"

using namespace gimbal;  // A program of its own: nothing else sees these names.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> bytes{data, size};
  ByteReader reader{bytes};
  const auto set = surface::decode_surface_set(reader);
  if (!set) return 0;
  ByteWriter writer;
  surface::encode(*set, writer);
  const std::size_t read = size - reader.remaining();
  GIMBAL_ASSERT(writer.bytes().size() == read);
  GIMBAL_ASSERT(std::equal(writer.bytes().begin(), writer.bytes().end(), bytes.begin()));
  for (const surface::VolSurface& one : set->surfaces()) {
    for (const surface::SurfaceSlice& slice : one.slices()) {
      for (const double k : {-50.0, -0.1, 0.0, 0.1, 50.0}) {
        for (const UtcTime expiry : {slice.expiry, one.time(), slice.expiry - (slice.expiry - one.time()) / 2}) {
          const double volatility = one.volatility(k, expiry);
          GIMBAL_ASSERT(std::isfinite(volatility) && volatility > 0.0);
        }
      }
    }
  }
  return 0;
}
