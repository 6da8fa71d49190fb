// Decoder of Tardis' options_chain files: a line for every change of every option, in the order in which they were
// received. Tardis records several exchanges in this one format; Deribit's chain is read.
//
// Columns (found by name, others passed over): exchange, symbol, timestamp, local_timestamp, type, strike_price,
// expiration, bid_price, bid_amount, ask_price, ask_amount, mark_price, mark_iv, underlying_index, underlying_price.
// Times are microseconds since 1970, volatilities per cent, amounts coins; empty is absent.
#pragma once

#include <memory>

#include "gimbal/venue/snapshot_window.hpp"

namespace gimbal::venue::tardis {

/// An option that was last heard of longer before a snapshot than this is not in it, and a recording that was silent
/// for as long has no snapshot there. The venue revalues every option within seconds, so that silence is a broken feed.
inline constexpr std::chrono::minutes quote_age_max{10};

/// More options alive at one time than this are refused before they fill the memory; the venue lists some thousands.
inline constexpr std::size_t options_max = 50'000;

/// Whether a file that starts with these bytes is one of Tardis' tables: its first line names their two times.
[[nodiscard]] bool is_options_chain(std::string_view first_bytes);

/// A snapshot is the last row of every live option at a multiple of the window's sampling interval, by local_timestamp,
/// and at the last row of the file.
///
/// Order     options by their first row, then futures likewise, then perpetuals.
/// Size      of a bid or ask: its amount in whole lots of contracts.
/// Index     the latest underlying_price of an option on the index itself; without one, assumed: the latest of the
///           nearest expiry. Inverse options speak before linear ones.
/// Forward   each option's is its underlying_price; an assumed future's is the latest of the options on it.
/// Stale     options not heard of for quote_age_max, by the exchange's own time: left out, counted.
/// Expired   options are handed over once more, for the snapshot to count, and forgotten.
/// Memory    one row an option that is alive, whatever the file's length.
/// Errors    parse, unsupported (another exchange), invalid_argument (time going back or in the future, columns that
///           contradict the symbol), limit_exceeded, each with line and field; a last line without line break is cut
///           short, and parse.
/// Cost      evidence: options_chain_decoder_bench.cpp.
[[nodiscard]] std::unique_ptr<market::SnapshotDecoder> options_chain_decoder(SnapshotWindow window = {});

}  // namespace gimbal::venue::tardis
