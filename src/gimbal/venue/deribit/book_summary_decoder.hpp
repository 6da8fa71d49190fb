// Decoder of recorded responses of Deribit's public/get_book_summary_by_currency: JSON, one response a currency and
// kind.
#pragma once

#include <memory>

#include "gimbal/venue/snapshot_csv.hpp"

namespace gimbal::venue::deribit {

/// Whether a file that starts with these bytes is JSON: its first visible byte opens an object or an array.
[[nodiscard]] bool is_json(std::string_view first_bytes);

/// A file holds whole responses (objects with `result`) or rows alone (objects with `instrument_name`), one after
/// another, one a line, or in an array.
///
/// Snapshot  consecutive documents are one snapshot until an instrument of an earlier document comes again or ten
///           minutes lie between them; its time is the latest creation_timestamp.
/// Prices    bid_price and ask_price exact from their digits, in coin for inverse options; mark_price as it is; null is
///           absent. The format has no sizes.
/// Options   underlying_price is the forward; mark_iv is per cent.
/// Futures   and perpetuals are quoted here, none is assumed; funding_8h to 12 decimals.
/// Index     per base_currency the median of estimated_delivery_price (the lower of two middle ones), over inverse
///           contracts if there are any; else the perpetual's underlying_price.
/// Left out  combinations and contracts without specification, counted as unsupported.
/// Errors    parse, invalid_argument (time going back), limit_exceeded, with the line that the document begins on and
///           the row in it.
[[nodiscard]] std::unique_ptr<market::SnapshotDecoder> book_summary_decoder(SnapshotWindow window = {});

}  // namespace gimbal::venue::deribit
