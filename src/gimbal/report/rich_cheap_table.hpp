// What stands out of a market as text: the quotes that pay against the fitted surface, and the trades that pay by
// quotes alone.
#pragma once

#include <span>
#include <string>

#include "gimbal/market/universe.hpp"
#include "gimbal/report/table.hpp"
#include "gimbal/surface/quoted_arbitrage.hpp"
#include "gimbal/surface/rich_cheap.hpp"

namespace gimbal::report {

/// The `count` bids that pay most after fees against the surface, then the asks: volatility in per cent, its distance
/// in points, money of one contract in the quote asset, the score where there is one. Says so where nothing pays. Ties
/// keep the order of the rows.
[[nodiscard]] std::string rich_cheap_table(const market::Universe& universe,
                                           std::span<const surface::RichCheapRow> rows, std::size_t count,
                                           const TextStyle& style);

/// The first `count` trades, a paragraph each, and how many more there are.
[[nodiscard]] std::string quoted_arbitrage_text(const market::Universe& universe,
                                                std::span<const surface::QuotedArbitrage> trades, std::size_t count,
                                                const TextStyle& style);

}  // namespace gimbal::report
