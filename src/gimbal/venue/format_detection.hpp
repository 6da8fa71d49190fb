// Which recorded market format a file is of, told from its first bytes and never from its name.
#pragma once

#include <memory>
#include <string_view>

#include "gimbal/venue/snapshot_csv.hpp"

namespace gimbal::venue {

/// As many bytes as a decision may need; a shorter file is given whole.
inline constexpr std::size_t detection_bytes = 4096;

/// The decoder for a file that starts with `first_bytes`, which are to be fed to it again.
///
/// Errors    unsupported, listing the formats that are known.
[[nodiscard]] Result<std::unique_ptr<market::SnapshotDecoder>> market_decoder(std::string_view first_bytes,
                                                                              SnapshotWindow window = {});

}  // namespace gimbal::venue
