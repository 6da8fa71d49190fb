// Writing of result files so that a reader finds either the old file or the whole new one, never a part.
#pragma once

#include <string>
#include <string_view>

#include "gimbal/foundation/result.hpp"

namespace gimbal::host {

/// Puts `text` where `path` says: written beside it under another name, synced to the disk, then renamed into place.
///
/// A path that ends in `.zst` is compressed. What is not a regular file (a terminal, a pipe, /dev/null) is written to
/// directly.
/// Errors    io with the path and the system's reason; nothing of the new text is left behind then.
[[nodiscard]] Result<void> write_file(const std::string& path, std::string_view text);

}  // namespace gimbal::host
