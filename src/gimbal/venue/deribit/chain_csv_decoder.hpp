// Decoder of recorded Deribit option chains: one line an option, snapshots of both currencies one after another.
//
// Columns (found by name, others passed over): timestamp, instrument_name, underlying_name, underlying, index_price,
// bid_price, ask_price, mark_price, implied_volatility. Prices are coin, volatility is a fraction, empty is absent.
// The chain quotes options only. It names futures as the underlyings of options: those, and the perpetual of each
// currency, are handed over as assumed quotes.
#pragma once

#include <memory>

#include "gimbal/venue/snapshot_csv.hpp"

namespace gimbal::venue::deribit {

/// Whether a file that starts with these bytes is a recorded chain: its first line names the chain's columns.
[[nodiscard]] bool is_chain_csv(std::string_view first_bytes);

/// A snapshot is a run of rows with one timestamp.
///
/// Index     per currency the median of its rows' index_price (the lower of two middle ones), since those were
///           recorded over minutes; exact. Rows without one are passed over.
/// Forward   each option's is its row's `underlying`; an assumed future's is the median over the rows that name it.
/// Order     options as in the file, then futures in order of first mention, then perpetuals.
/// Mark      a volatility of zero or above 1,000 % is left out: the venue prints such for wings that are worth nothing.
/// Errors    parse, unsupported, invalid_argument (time going back), limit_exceeded, each with its line.
/// Cost      evidence: chain_csv_decoder_bench.cpp.
[[nodiscard]] std::unique_ptr<market::SnapshotDecoder> chain_csv_decoder(SnapshotWindow window = {});

}  // namespace gimbal::venue::deribit
