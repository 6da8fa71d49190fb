// From the universe's instruments to columns, or to the reason why not.
#include "gimbal/risk/columns.hpp"

#include <algorithm>
#include <limits>

#include "gimbal/pricing/black76.hpp"

namespace gimbal::risk {
namespace {

using market::Instrument;
using market::InstrumentId;
using market::MarketSnapshot;
using market::Payoff;

// A forward outside is a slip of a file; inside, no move of a valid scenario leaves the domain of a formula.
constexpr double forward_least = 1e-9;
constexpr double forward_most = 1e15;

// What one instrument adds to the columns.
struct Column {
  double forward = 0.0;
  double index = 0.0;
  double volatility_annual = 0.0;
  double expiry_years = 0.0;
  std::int64_t expiry_ns = std::numeric_limits<std::int64_t>::max();
};

class Builder {
 public:
  Builder(const MarketSnapshot& snapshot, const surface::SurfaceSet& surfaces, const ScenarioSet& scenarios)
      : snapshot_{snapshot}, surfaces_{surfaces}, scenarios_{scenarios}, universe_{*snapshot.universe} {}

  Columns build() {
    for (std::size_t i = 0; i < universe_.size(); ++i) {
      const auto id = static_cast<InstrumentId>(i);
      if (universe_[id].expired_at(snapshot_.time)) continue;
      Column column;
      if (const auto reason = price(id, column)) {
        columns_.unpriced.push_back(UnpricedInstrument{id, *reason});
      } else {
        add(id, column);
      }
    }
    return std::move(columns_);
  }

 private:
  std::optional<UnpricedReason> price(InstrumentId id, Column& column) const {
    const Instrument& instrument = universe_[id];
    const market::AssetCode& settled_in =
        instrument.payoff == Payoff::inverse ? instrument.underlying : instrument.quote;
    if (instrument.payoff == Payoff::quanto || instrument.settlement != settled_in) return UnpricedReason::unsupported;
    if (!scenarios_.underlying_index(instrument.underlying)) return UnpricedReason::no_scenario;
    const auto index = portfolio::index_quote(snapshot_, id);
    if (!index || !snapshot_.index(universe_.settlement(id))) return UnpricedReason::no_index;
    const auto forward = portfolio::forward_quote(snapshot_, surfaces_, id);
    if (!forward || !(*forward >= forward_least && *forward <= forward_most)) return UnpricedReason::no_forward;
    column.index = *index;
    column.forward = *forward;
    if (instrument.expiry) {
      column.expiry_ns = (*instrument.expiry - snapshot_.time).count();
      column.expiry_years = years_between(snapshot_.time, *instrument.expiry).raw();
    }
    if (!instrument.is_option()) return std::nullopt;
    const surface::VolSurface* surface = surfaces_.find(universe_.underlying(id));
    if (surface == nullptr) return UnpricedReason::no_surface;
    const double log_moneyness = pricing::log_ratio(instrument.strike.to_double(), *forward);
    column.volatility_annual = surface->volatility(log_moneyness, *instrument.expiry);
    return std::nullopt;
  }

  void add(InstrumentId id, const Column& column) {
    const Instrument& instrument = universe_[id];
    columns_.instrument.push_back(id);
    columns_.underlying.push_back(universe_.underlying(id));
    columns_.settlement.push_back(universe_.settlement(id));
    columns_.kind.push_back(instrument.kind);
    columns_.payoff.push_back(instrument.payoff);
    columns_.right.push_back(instrument.right);
    columns_.contract_size.push_back(instrument.contract_size.to_double());
    columns_.strike.push_back(instrument.strike.to_double());
    columns_.forward.push_back(column.forward);
    columns_.index.push_back(column.index);
    columns_.volatility_annual.push_back(column.volatility_annual);
    columns_.expiry_years.push_back(column.expiry_years);
    columns_.expiry_ns.push_back(column.expiry_ns);
    columns_.listed.push_back(snapshot_.row_of(id) ? 1 : 0);
  }

  const MarketSnapshot& snapshot_;
  const surface::SurfaceSet& surfaces_;
  const ScenarioSet& scenarios_;
  const market::Universe& universe_;
  Columns columns_;
};

}  // namespace

const char* to_string(UnpricedReason reason) noexcept {
  switch (reason) {
    case UnpricedReason::no_scenario: return "its underlying is in no scenario";
    case UnpricedReason::no_index: return "no index price";
    case UnpricedReason::no_forward: return "no forward";
    case UnpricedReason::no_surface: return "no volatility surface";
    case UnpricedReason::unsupported: return "its payoff is not supported";
  }
  return "unknown";
}

std::optional<std::size_t> Columns::column_of(InstrumentId id) const {
  const auto found = std::lower_bound(instrument.begin(), instrument.end(), id);
  if (found == instrument.end() || *found != id) return std::nullopt;
  return static_cast<std::size_t>(found - instrument.begin());
}

const char* Columns::why_absent(InstrumentId id) const {
  GIMBAL_ASSERT(!column_of(id).has_value());
  for (const UnpricedInstrument& absent : unpriced)
    if (absent.instrument == id) return to_string(absent.reason);
  return "it has expired";
}

Columns revaluation_columns(const MarketSnapshot& snapshot, const surface::SurfaceSet& surfaces,
                            const ScenarioSet& scenarios) {
  return Builder{snapshot, surfaces, scenarios}.build();
}

}  // namespace gimbal::risk
