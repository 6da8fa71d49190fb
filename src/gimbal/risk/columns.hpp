// The instruments that risk can revalue, one column each, with what their price depends on today. Every instrument of
// the universe that has not expired is either a column or named among the unpriced, with the reason.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "gimbal/market/snapshot.hpp"
#include "gimbal/portfolio/valuation.hpp"
#include "gimbal/risk/scenario_set.hpp"
#include "gimbal/surface/surface.hpp"

namespace gimbal::risk {

enum class UnpricedReason : std::uint8_t {
  no_scenario,  ///< Its underlying is not in the scenario set.
  no_index,     ///< Underlying, quote or settlement asset without an index price.
  no_forward,   ///< Neither its row nor the fitted surface knows a forward for its expiry.
  no_surface,   ///< An option whose underlying or expiry has no fitted volatility.
  unsupported,  ///< Quanto, or settled in an asset that its payoff does not name.
};
[[nodiscard]] const char* to_string(UnpricedReason reason) noexcept;

struct UnpricedInstrument {
  market::InstrumentId instrument{};
  UnpricedReason reason = UnpricedReason::no_forward;
};

/// Everything that revaluation reads, in columns of one length, in ascending order of instrument.
struct Columns {
  std::vector<market::InstrumentId> instrument;
  std::vector<market::AssetId> underlying;
  std::vector<market::AssetId> settlement;
  std::vector<market::InstrumentKind> kind;
  std::vector<market::Payoff> payoff;
  std::vector<market::OptionRight> right;  ///< Options only, as strike and volatility.
  std::vector<double> contract_size;
  std::vector<double> strike;
  std::vector<double> forward;  ///< Quote per coin: an option's row's own forward, a future's own mark, spot's index.
  std::vector<double> index;    ///< Of the underlying in the quote asset: what it settles at.
  std::vector<double> volatility_annual;  ///< The fitted surface's, at the option's own log-moneyness.
  std::vector<double> expiry_years;       ///< ACT/365 from the snapshot; 0 for perpetuals and spot.
  std::vector<std::int64_t> expiry_ns;    ///< Nanoseconds from the snapshot; the largest value where nothing expires.
  std::vector<std::uint8_t> listed;       ///< 0 for an instrument that this snapshot does not hold: model price only.

  std::vector<UnpricedInstrument> unpriced;  ///< In ascending order of instrument.

  [[nodiscard]] std::size_t size() const { return instrument.size(); }
  [[nodiscard]] std::optional<std::size_t> column_of(market::InstrumentId id) const;
  /// The reason why an instrument has no column, for error messages: `no forward`, `expired`, ...
  [[nodiscard]] const char* why_absent(market::InstrumentId id) const;
};

/// Columns over every instrument of the snapshot's universe that has not expired at the snapshot's time.
///
/// An instrument that the venue dropped from its listing but that is not expired stays a column, priced from the
/// surface alone, with `listed` zero: a position in it must not vanish from risk because a row did.
[[nodiscard]] Columns revaluation_columns(const market::MarketSnapshot& snapshot, const surface::SurfaceSet& surfaces,
                                          const ScenarioSet& scenarios);

}  // namespace gimbal::risk
