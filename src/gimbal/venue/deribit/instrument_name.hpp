// Deribit's instrument names, read and written: what a name alone says, joined with the table of specifications.
//
//   BTC-PERPETUAL              inverse perpetual      BTC_USDC-PERPETUAL          linear perpetual
//   BTC-27DEC24                inverse future         BTC_USDC-27DEC24            linear future
//   BTC-27DEC24-60000-C        inverse option         BTC_USDC-27DEC24-60000-C    linear option
//   BTC_USDC                   spot                   XRP_USDC-30JUN23-0d625-C    a `d` for a strike's point
#pragma once

#include <string>
#include <string_view>

#include "gimbal/market/instrument.hpp"

namespace gimbal::venue::deribit {

/// The instrument of a venue name, its canonical name being `deribit:` and the venue's.
///
/// Contracts expire at 08:00 UTC of the date in their name.
/// Errors    parse for what is no name; unsupported for combinations and for underlyings without specification.
[[nodiscard]] Result<market::Instrument> parse_instrument_name(std::string_view venue_name);

/// The same from a canonical name. Errors: also parse when it does not start with `deribit:`.
[[nodiscard]] Result<market::Instrument> parse_canonical_name(std::string_view name);

/// The name that the venue gives to an instrument of these properties.
[[nodiscard]] std::string venue_name(const market::Instrument& instrument);

/// Whether a name has the form of a combination, such as `BTC-FS-27DEC24_PERP` or `BTC-CS-27DEC24-60000_70000`.
[[nodiscard]] bool is_combination_name(std::string_view venue_name);

}  // namespace gimbal::venue::deribit
