// Fuzz target of decompression: damaged streams are errors, and what fits is never more than was asked for at once.
#include <cstddef>
#include <cstdint>

#include "gimbal/host/decompression.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gimbal;
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const auto decompressor = host::decompressor_for(bytes);
  constexpr std::size_t total_max = std::size_t{1} << 24U;  // a few bytes may stand for gigabytes of zeros
  constexpr std::size_t piece_max = std::size_t{1} << 18U;
  std::size_t total = 0;
  const auto taker = [&](std::string_view piece) -> Result<bool> {
    GIMBAL_ASSERT(piece.size() <= piece_max || piece.data() == bytes.data());
    total += piece.size();
    return total <= total_max;
  };
  const auto more = decompressor->feed(bytes, taker);
  if (more && *more) static_cast<void>(decompressor->finish());
  return 0;
}
