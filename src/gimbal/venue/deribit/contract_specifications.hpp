// Deribit's contract specifications as a dated table: steps of price and size, contract sizes, fees. Recorded chains do
// not carry them; a live session reads them from the venue instead. What each row rests on is said beside it.
#pragma once

#include <optional>

#include "gimbal/market/instrument.hpp"

namespace gimbal::venue::deribit {

/// How far ahead a contract was listed: dailies and weeklies have fees of their own.
enum class ExpiryCycle : std::uint8_t {
  daily,    ///< Any day but a Friday.
  weekly,   ///< A Friday that is not its month's last.
  monthly,  ///< The last Friday of a month; quarterlies are among them.
};

/// The cycle that a date stands for by itself. A venue may list a Friday as a daily first; such a contract changes its
/// cycle, not its date.
[[nodiscard]] ExpiryCycle expiry_cycle(UtcTime expiry);

/// What the specification of a contract depends on.
struct ContractFamily {
  market::InstrumentKind kind = market::InstrumentKind::spot;
  market::Payoff payoff = market::Payoff::linear;
  market::AssetCode underlying;
  market::AssetCode quote;
  std::optional<UtcTime> expiry;  ///< Options and dated futures.
};

struct ContractSpecification {
  Decimal contract_size;  ///< Dollars for inverse futures and perpetuals, else units of the underlying.
  Decimal tick;
  std::optional<market::TickStep> coarse_tick;
  Decimal lot;      ///< In contracts.
  Decimal minimum;  ///< In contracts.
  market::FeeSchedule fees;
};

/// The row of the table for a family.
///
/// As of     2026, with the state of each figure in the source file.
/// Errors    unsupported for an underlying that the table does not hold.
[[nodiscard]] Result<ContractSpecification> contract_specification(const ContractFamily& family);

}  // namespace gimbal::venue::deribit
