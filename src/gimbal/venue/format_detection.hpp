// Which recorded market format a file is of, told from its first bytes and never from its name.
#pragma once

#include <memory>
#include <string_view>

#include "gimbal/market/recorded.hpp"
#include "gimbal/venue/snapshot_window.hpp"

namespace gimbal::venue {

/// As many bytes as a decision may need; a shorter file is given whole.
inline constexpr std::size_t detection_bytes = 4096;

enum class MarketFormat : std::uint8_t { gimbal_table, deribit_book_summaries, deribit_chain, tardis_options_chain };

/// A few words for people: `Deribit option chain, CSV`.
[[nodiscard]] std::string_view to_string(MarketFormat format);

/// Errors    unsupported, listing the formats that are known.
[[nodiscard]] Result<MarketFormat> market_format(std::string_view first_bytes);

/// The decoder of a format; the bytes that told it are to be fed to it again.
[[nodiscard]] std::unique_ptr<market::SnapshotDecoder> market_decoder(MarketFormat format, SnapshotWindow window = {});

}  // namespace gimbal::venue
