// Gimbal's own table of recorded markets, written and read: sized quotes of every kind of instrument, index prices and
// funding, exact to the digit. docs/formats.md describes it field by field.
//
//   # gimbal market 1
//   time,instrument,index_price,forward,bid_price,bid_size,ask_price,ask_size,mark_price,mark_volatility,...
//   2026-01-05T02:00:00Z,index:BTC,93120.55,,,,,,,,,
//   2026-01-05T02:00:00Z,deribit:BTC-PERPETUAL,,93118.2,93118,5210,93118.5,880,93118.2,,0.00003,
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gimbal/venue/snapshot_csv.hpp"

namespace gimbal::venue {

/// The first line of every file, without its line break: the format's name and version.
inline constexpr std::string_view market_csv_version_line = "# gimbal market 1";

/// Whether a file that starts with these bytes is of this format, in whatever version.
[[nodiscard]] bool is_market_csv(std::string_view first_bytes);

/// The two lines that a file begins with.
[[nodiscard]] std::string market_csv_head();

/// Appends a snapshot's lines: its index prices, then its quotes, each in the order given. Decoding them gives the same
/// snapshot, its count of rows aside.
/// Errors    unsupported for an instrument that is not what its name says; out_of_domain for a number that is not
///           finite or a decimal beyond 18 digits on a side.
[[nodiscard]] Result<void> append_market_csv(const market::RecordedSnapshot& snapshot, std::string& text);

/// Errors    parse, unsupported (a later version), invalid_argument (time going back, an index given twice),
///           limit_exceeded, each with its line.
[[nodiscard]] std::unique_ptr<market::SnapshotDecoder> market_csv_decoder(SnapshotWindow window = {});

}  // namespace gimbal::venue
