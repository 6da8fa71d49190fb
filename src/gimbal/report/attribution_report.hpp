// Where the change of equity came from, with names instead of ids: one part of a lap's report.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gimbal/foundation/decimal.hpp"
#include "gimbal/foundation/time.hpp"

namespace gimbal::report {

/// One amount in the numeraire, to the ledger's smallest unit; negative is a loss.
struct AttributionLine {
  std::string item;    ///< portfolio::AttributionItem: `vega`
  std::string asset;   ///< Whose move or payment it is: the underlying, or the asset held or paid in. Empty: residual.
  std::string bucket;  ///< Of vega, by days to expiry: `7-30 d`; else empty.
  Decimal amount;
};

/// Every line of `lines` and `last_day`, and the residual, add up to equity_to - equity_from - deposits, exactly.
struct AttributionReport {
  UtcTime from;  ///< The market of the lap before, or of the opening.
  UtcTime to;
  Decimal equity_from;  ///< Numeraire, to the smallest unit.
  Decimal equity_to;
  Decimal deposits;                       ///< What the owner brought in between the two, negative is taken out.
  std::vector<AttributionLine> lines;     ///< In the order of items; none of zero.
  std::vector<AttributionLine> last_day;  ///< The same of options within a day of expiry, their own residual last.
  Decimal residual;

  [[nodiscard]] Decimal change() const { return equity_to - equity_from - deposits; }
};

/// In the order of reports: by item, asset and bucket.
[[nodiscard]] bool stands_before(const AttributionLine& a, const AttributionLine& b);

/// The lines of one item together.
[[nodiscard]] Decimal amount_of(const AttributionReport& attribution, std::string_view item);
/// All that options within a day of expiry did, their own residual included.
[[nodiscard]] Decimal last_day_amount(const AttributionReport& attribution);

/// Intervals that follow one another as one: equity of the first and the last, the lines of like item, asset and bucket
/// added up. Equity that changes between the end of one and the start of the next is no profit of any: it counts as a
/// deposit. At least one.
[[nodiscard]] AttributionReport joined(std::span<const AttributionReport> intervals);

}  // namespace gimbal::report
