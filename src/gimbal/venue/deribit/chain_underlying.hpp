// What a chain of options says of its underlyings: futures that it names without quoting them, and what is assumed of
// them. Every format that records Deribit's chain prints the same names.
#pragma once

#include <optional>
#include <string_view>

#include "gimbal/market/recorded.hpp"
#include "gimbal/venue/instrument_table.hpp"

namespace gimbal::venue::deribit {

/// What the venue prints where an option's underlying is the index itself.
inline constexpr std::string_view index_underlying = "index_price";

/// Whether an option's underlying is a dated future (`BTC-27MAR26`), not the index, a synthetic forward
/// (`SYN.BTC-21FEB26`) or nothing.
[[nodiscard]] bool names_future(std::string_view underlying);

/// The future of a name for which names_future() holds. Errors: parse or unsupported, with the name.
[[nodiscard]] Result<const market::Instrument*> named_future(std::string_view underlying, InstrumentTable& instruments);

/// A contract that is named and not quoted; without a forward it stands at the index.
[[nodiscard]] market::RecordedQuote assumed_quote(const market::Instrument& instrument);

/// A mark volatility as a fraction, unless it is one of those that the venue prints for wings worth nothing: zero, or
/// above 1,000 %.
[[nodiscard]] std::optional<double> mark_volatility(std::optional<double> printed);

}  // namespace gimbal::venue::deribit
