// Fuzz target of the book-summary decoder: an error or snapshots, the same for any split, in order of time, and fit to
// be built.
#include <cstddef>
#include <cstdint>

#include "gimbal/venue/deribit/book_summary_decoder.hpp"
#include "gimbal/venue/internal/building_sink.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto built = [text](std::size_t piece) {
    return gimbal::venue::internal::built(*gimbal::venue::deribit::book_summary_decoder(), text, piece);
  };
  GIMBAL_ASSERT(built(size + 1) == built(7));
  return 0;
}
