// What a trader reads after a lap, in text: where the book stands against its bounds, what was traded and why, what did
// not come about. One row a lap, for runs of many, is lap_line.hpp.
#pragma once

#include <span>
#include <string>

#include "gimbal/report/lap_report.hpp"
#include "gimbal/report/table.hpp"

namespace gimbal::report {

struct LapTableOptions {
  TextStyle style;
  std::size_t trades_most = 10;  ///< Rows of trades; the ones with the largest edge and cost are shown.
  std::size_t limits_most = 4;   ///< Rows of limits of single lines, out of those that bind or are broken.
  std::size_t stress_most = 2;   ///< Rows of stress that are neither binding nor broken.
  std::size_t events_most = 6;   ///< Lines each for orders that came to nothing and for what was settled.
};

/// Where a lap stands in a run.
struct LapPlace {
  std::uint64_t count = 1;            ///< Laps of this run.
  const LapReport* before = nullptr;  ///< The lap before in the same run, for changes of equity.
};

/// The lap in full, about 45 lines.
[[nodiscard]] std::string lap_table(const LapReport& lap, const LapPlace& place, const LapTableOptions& options);

/// The positions held after the lap, with marks and Greeks.
[[nodiscard]] std::string positions_table(const LapReport& lap, const TextStyle& style);

enum class ReasonDetail : std::uint8_t {
  brief,  ///< Stress rows under one word, margins by pool: `vega BTC 779, stress 259, margin BTC 12.1`.
  full,   ///< Each by its name: `vega BTC 779, stress BTC -20% ETH -20% vol +30% 259`.
};

/// Why a trade is made, at most three reasons, the main one first, in numeraire for the whole trade so that they
/// compare with its edge and cost.
[[nodiscard]] std::string reason_text(const TradeReport& trade, ReasonDetail detail);

}  // namespace gimbal::report
