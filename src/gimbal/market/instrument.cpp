// Checks and names of instruments.
#include "gimbal/market/instrument.hpp"

namespace gimbal::market {
namespace {

Unexpected refused(const Instrument& instrument, std::string_view field, std::string_view expected) {
  return fail(ErrorCode::invalid_argument, "instrument '{}': {} must be {}", instrument.name, field, expected);
}

}  // namespace

Result<void> validate(const Instrument& instrument) {
  if (instrument.name.empty()) return refused(instrument, "name", "given");
  if (instrument.payoff == Payoff::quanto)
    return fail(ErrorCode::unsupported, "instrument '{}': quanto payoffs are not traded", instrument.name);
  if (instrument.underlying.empty() || instrument.quote.empty() || instrument.settlement.empty())
    return refused(instrument, "underlying, quote and settlement", "given");
  const Decimal zero;
  if (instrument.tick <= zero) return refused(instrument, "tick", "positive");
  if (instrument.lot <= zero) return refused(instrument, "lot", "positive");
  if (instrument.contract_size <= zero) return refused(instrument, "contract size", "positive");
  if (instrument.minimum < instrument.lot) return refused(instrument, "minimum", "at least one lot");
  if (instrument.coarse_tick && !exact_multiple(instrument.coarse_tick->tick, instrument.tick))
    return refused(instrument, "coarse tick", "a multiple of the tick");
  const bool dated = instrument.is_option() || instrument.kind == InstrumentKind::future;
  if (dated != instrument.expiry.has_value()) return refused(instrument, "expiry", dated ? "given" : "absent");
  if (instrument.is_option() && instrument.strike <= zero) return refused(instrument, "strike", "positive");
  return {};
}

const Decimal& tick_at(const Instrument& instrument, const Decimal& price) {
  if (instrument.coarse_tick && price >= instrument.coarse_tick->from) return instrument.coarse_tick->tick;
  return instrument.tick;
}

const char* to_string(InstrumentKind kind) noexcept {
  switch (kind) {
    case InstrumentKind::spot: return "spot";
    case InstrumentKind::perpetual: return "perpetual";
    case InstrumentKind::future: return "future";
    case InstrumentKind::option: return "option";
  }
  return "unknown";
}

const char* to_string(Payoff payoff) noexcept {
  switch (payoff) {
    case Payoff::linear: return "linear";
    case Payoff::inverse: return "inverse";
    case Payoff::quanto: return "quanto";
  }
  return "unknown";
}

const char* to_string(OptionRight right) noexcept { return right == OptionRight::call ? "call" : "put"; }

}  // namespace gimbal::market
