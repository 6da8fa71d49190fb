// Selectors to instruments: nearest expiry, then nearest strike.
#include "gimbal/portfolio/starting_book.hpp"

#include <cmath>
#include <string>

#include "gimbal/pricing/black76.hpp"

namespace gimbal::portfolio {
namespace {

using market::Instrument;
using market::InstrumentId;
using market::InstrumentKind;
using market::MarketSnapshot;
using market::QuoteFlag;

std::string describe(const StartSelector& selector) {
  std::string text = fmt::format("{} {}", selector.underlying.view(), to_string(selector.kind));
  if (selector.kind == InstrumentKind::option)
    text = fmt::format("{} {} of {} days", selector.underlying.view(), to_string(selector.right), selector.tenor_days);
  return text;
}

bool matches(const StartSelector& selector, const Instrument& instrument) {
  return instrument.underlying == selector.underlying && instrument.kind == selector.kind &&
         (instrument.kind == InstrumentKind::spot || instrument.payoff == selector.payoff) &&
         (instrument.kind != InstrumentKind::option || instrument.right == selector.right);
}

bool priced(const MarketSnapshot& snapshot, std::size_t row) {
  return snapshot.has(row, QuoteFlag::bid) || snapshot.has(row, QuoteFlag::ask) ||
         snapshot.has(row, QuoteFlag::mark_price);
}

// How far an option is from the strike that a selector asks for; infinite where it cannot be told.
double strike_distance(const StartSelector& selector, const Instrument& instrument, const MarketSnapshot& snapshot,
                       const surface::SurfaceSet& surfaces, InstrumentId id) {
  const double strike = instrument.strike.to_double();
  const surface::VolSurface* surface = surfaces.find(snapshot.universe->underlying(id));
  if (surface == nullptr) return HUGE_VAL;
  const double forward = surface->forward(*instrument.expiry);
  if (!selector.delta) return std::fabs(strike / forward - selector.moneyness.value_or(1.0));
  pricing::Black76Input input;
  input.forward = forward;
  input.strike = strike;
  input.expiry_years = years_between(snapshot.time, *instrument.expiry).raw();
  input.volatility_annual = surface->volatility(pricing::log_ratio(strike, forward), *instrument.expiry);
  input.right = instrument.right;
  return std::fabs(std::fabs(pricing::black76_greeks(input).delta) - *selector.delta);
}

struct Distance {
  double tenor = HUGE_VAL;
  double strike = HUGE_VAL;
  friend bool operator<(const Distance& a, const Distance& b) {
    return a.tenor != b.tenor ? a.tenor < b.tenor : a.strike < b.strike;
  }
};

// Ties go to the earlier expiry, then to the lower strike.
bool precedes(const Instrument& a, const Instrument& b) {
  if (a.expiry && b.expiry && *a.expiry != *b.expiry) return *a.expiry < *b.expiry;
  return a.strike < b.strike;
}

}  // namespace

Result<OpeningPosition> resolve(const StartSelector& selector, market::AccountId account,
                                const MarketSnapshot& snapshot, const surface::SurfaceSet& surfaces) {
  std::optional<InstrumentId> best;
  Distance least;
  for (std::size_t row = 0; row < snapshot.rows(); ++row) {
    const InstrumentId id = snapshot.instrument[row];
    const Instrument& instrument = (*snapshot.universe)[id];
    if (!matches(selector, instrument) || !priced(snapshot, row)) continue;
    Distance distance{0.0, 0.0};
    if (instrument.expiry)
      distance.tenor = std::fabs(days_between(snapshot.time, *instrument.expiry) - selector.tenor_days);
    if (instrument.is_option()) distance.strike = strike_distance(selector, instrument, snapshot, surfaces, id);
    const bool tie = best && !(least < distance) && !(distance < least);
    if (!best || distance < least || (tie && precedes(instrument, (*snapshot.universe)[*best]))) {
      best = id;
      least = distance;
    }
  }
  if (!best)
    return fail(ErrorCode::missing_data, "no {} is listed at {}", describe(selector), format_utc(snapshot.time));
  const Instrument& instrument = (*snapshot.universe)[*best];
  const auto lots = market::lots_of(instrument, selector.contracts);
  if (!lots) return Unexpected{lots.error()};
  OpeningPosition position{account, *best, *lots, std::nullopt};
  if (!instrument.is_future()) return position;
  const auto price = entry_price(*best, snapshot);
  if (!price) return Unexpected{price.error()};
  position.price = *price;
  return position;
}

Result<Decimal> entry_price(InstrumentId instrument, const MarketSnapshot& snapshot) {
  const auto row = snapshot.row_of(instrument);
  const Instrument& contract = (*snapshot.universe)[instrument];
  const bool marked = row && snapshot.has(*row, QuoteFlag::mark_price);
  if (!row || (!marked && !snapshot.has(*row, QuoteFlag::forward)))
    return fail(ErrorCode::missing_data, "{} has no price at {}", contract.name, format_utc(snapshot.time));
  constexpr int decimals = 9;
  const auto exact = nearest_decimal(marked ? snapshot.mark_price[*row] : snapshot.forward[*row], decimals);
  if (!exact) return Unexpected{exact.error()};
  return contract.tick * Decimal{rounded_multiple(*exact, contract.tick, Rounding::half_even)};
}

}  // namespace gimbal::portfolio
