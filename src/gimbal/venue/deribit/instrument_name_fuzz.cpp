// Fuzz target of instrument names: an error, or an instrument that is valid and whose name is the one that was read.
#include <cstddef>
#include <cstdint>

#include "gimbal/venue/deribit/instrument_name.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gimbal;
  const std::string_view name{reinterpret_cast<const char*>(data), size};
  const auto instrument = venue::deribit::parse_instrument_name(name);
  if (!instrument) return 0;
  GIMBAL_ASSERT(validate(*instrument).has_value());
  GIMBAL_ASSERT(venue::deribit::venue_name(*instrument) == name);
  return 0;
}
