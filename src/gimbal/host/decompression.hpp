// Streaming decompression of zstd and gzip, told apart by their magic bytes; anything else passes through as it is.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "gimbal/foundation/result.hpp"

namespace gimbal::host {

/// Takes plain bytes; an error or false ends the reading.
using BytesTaker = std::function<Result<bool>(std::string_view)>;

/// Bytes of a file in, plain bytes out, in pieces of bounded size.
class Decompressor {
 public:
  virtual ~Decompressor() = default;
  /// Returns false when the taker has had enough.
  /// Errors    corrupt, with the count of compressed bytes before the damage; what the taker returns.
  [[nodiscard]] virtual Result<bool> feed(std::string_view bytes, const BytesTaker& taker) = 0;
  /// The end of the file. Errors: corrupt when a stream ends early.
  [[nodiscard]] virtual Result<void> finish() = 0;
};

/// The decompressor for a file that starts with `first_bytes` (four are enough). Streams that follow one another in one
/// file are read as one.
[[nodiscard]] std::unique_ptr<Decompressor> decompressor_for(std::string_view first_bytes);

/// `text` as one zstd frame with a checksum.
[[nodiscard]] Result<std::string> zstd_compressed(std::string_view text, int level);

}  // namespace gimbal::host
