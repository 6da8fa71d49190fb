// A portfolio file: what an account holds, in TOML, by instrument name. Format in docs/formats.md.
#pragma once

#include <string>

#include "gimbal/engine/event.hpp"
#include "gimbal/market/snapshot.hpp"

namespace gimbal::app {

/// Reads a portfolio against the market that it is opened in.
/// Errors    parse or invalid_argument with file, line, key, what was found and what was expected: an instrument that
/// is not
///           listed, a size that is no multiple of its lot, an asset that the market does not know.
[[nodiscard]] Result<engine::PortfolioOpened> read_portfolio(const std::string& file, const std::string& text,
                                                             const market::MarketSnapshot& snapshot);

}  // namespace gimbal::app
