// Reading of whole files as streams: chunks of a mebibyte, decompressed by content, handed to a decoder. Every error
// names the file.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "gimbal/host/decompression.hpp"
#include "gimbal/market/recorded.hpp"
#include "gimbal/venue/format_detection.hpp"
#include "gimbal/venue/snapshot_window.hpp"

namespace gimbal::host {

/// How far the reading of a file has come, in bytes of the file itself.
struct FileProgress {
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_total = 0;  ///< Zero when the system does not say, as for a pipe.
};
/// Called after each chunk; empty for no calls.
using FileProgressCallback = std::function<void(const FileProgress&)>;

/// Streams a file's plain bytes into `taker` until its end, or until the taker returns false.
/// Errors    io with the system's reason, corrupt for a damaged or truncated zstd or gzip stream, and the taker's.
[[nodiscard]] Result<void> read_file(const std::string& path, const BytesTaker& taker,
                                     const FileProgressCallback& progress = {});

/// The whole of a small file. Errors: as above, and limit_exceeded above `bytes_max`.
[[nodiscard]] Result<std::string> read_whole_file(const std::string& path, std::size_t bytes_max);

/// Reads a recorded market of any known format, told by its content, and hands its snapshots to `sink`.
/// Returns   the format.
/// Errors    as above, and what venue::market_format and the format's decoder return.
[[nodiscard]] Result<venue::MarketFormat> read_market_file(const std::string& path, venue::SnapshotWindow window,
                                                           market::SnapshotSink& sink,
                                                           const FileProgressCallback& progress = {});

}  // namespace gimbal::host
