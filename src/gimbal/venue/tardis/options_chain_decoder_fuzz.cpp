// Fuzz target: any bytes give an error or snapshots that can be built, and their split does not matter.
#include <cstddef>
#include <cstdint>

#include "gimbal/venue/internal/building_sink.hpp"
#include "gimbal/venue/tardis/options_chain_decoder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto built = [text](std::size_t piece) {
    return gimbal::venue::internal::built(*gimbal::venue::tardis::options_chain_decoder(), text, piece);
  };
  GIMBAL_ASSERT(built(size + 1) == built(7));
  return 0;
}
