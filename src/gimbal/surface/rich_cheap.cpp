// Values at the fitted volatility, fees, and fading moments.
#include "gimbal/surface/rich_cheap.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/numerics/special.hpp"
#include "gimbal/pricing/black76.hpp"
#include "gimbal/pricing/implied_volatility.hpp"
#include "gimbal/surface/internal/option_quote.hpp"

namespace gimbal::surface {
namespace {

using internal::OptionQuote;
using internal::QuotedSide;
using market::MarketSnapshot;

/// An option against its slice.
struct Valued {
  const OptionQuote& quote;
  double forward;
  double years;
  double volatility;
  double value;  ///< In the instrument's own unit.

  [[nodiscard]] double premium_unit() const {
    return quote.instrument->payoff == market::Payoff::inverse ? forward : 1.0;
  }
  /// The volatility of a price in the instrument's own unit.
  [[nodiscard]] std::optional<double> volatility_of(double price) const {
    const auto answer =
        pricing::implied_volatility({price * premium_unit(), forward, quote.strike, years, quote.instrument->right});
    if (!answer.ok()) return std::nullopt;
    return answer.volatility_annual;
  }
  /// `gain` is before the fee, in the instrument's own unit.
  [[nodiscard]] SideEdge edge(double volatility_gain, double gain, const QuotedSide& side) const {
    return {volatility_gain, (gain - side.fee) * quote.unit_quote * quote.contract_units};
  }
};

Valued valued(const OptionQuote& quote, const SurfaceSlice& slice) {
  Valued option{quote, quote.forward.value_or(slice.forward), slice.years, 0.0, 0.0};
  option.volatility = slice.volatility(-pricing::log_ratio(option.forward, quote.strike));
  option.value = pricing::black76_premium(
                     {option.forward, quote.strike, option.volatility, option.years, quote.instrument->right}) /
                 option.premium_unit();
  return option;
}

std::optional<RichCheap> judged(const OptionQuote& quote, const SurfaceSlice& slice) {
  const Valued option = valued(quote, slice);
  RichCheap found{.instrument = quote.id,
                  .fitted_volatility = option.volatility,
                  .sell = {},
                  .buy = {},
                  .residual = {},
                  .score = {}};
  std::optional<double> bid;
  std::optional<double> ask;
  if (quote.bid) bid = option.volatility_of(quote.bid->price);
  if (quote.ask) ask = option.volatility_of(quote.ask->price);
  if (bid) found.sell = option.edge(*bid - option.volatility, quote.bid->price - option.value, *quote.bid);
  if (ask) found.buy = option.edge(option.volatility - *ask, option.value - quote.ask->price, *quote.ask);
  if (bid && ask) found.residual = 0.5 * (*bid + *ask) - option.volatility;
  if (!found.sell && !found.buy) return std::nullopt;
  return found;
}

}  // namespace

ResidualHistory::ResidualHistory(Duration half_life, std::uint32_t residuals_least)
    : half_life_{half_life}, residuals_least_{residuals_least} {
  GIMBAL_ASSERT(half_life > Duration::zero());
  GIMBAL_ASSERT(residuals_least >= 2);
}

std::optional<double> ResidualHistory::score(market::InstrumentId instrument, double residual) const {
  const auto found = traces_.find(instrument);
  if (found == traces_.end() || found->second.count < residuals_least_) return std::nullopt;
  const Trace& trace = found->second;
  // Unbiased for weights that say how much, not how often.
  const double freedom = trace.weight - trace.weight_square / trace.weight;
  if (!(freedom > 0.0 && trace.deviations > 0.0)) return std::nullopt;
  return (residual - trace.mean) / std::sqrt(trace.deviations / freedom);
}

void ResidualHistory::add(market::InstrumentId instrument, double residual, UtcTime time) {
  Trace& trace = traces_[instrument];
  if (trace.count > 0) {
    GIMBAL_ASSERT(time >= trace.time);
    constexpr double log_2 = 0.69314718055994530942;
    const double half_lives =
        static_cast<double>((time - trace.time).count()) / static_cast<double>(half_life_.count());
    const double kept = numerics::exp(-log_2 * half_lives);
    trace.weight *= kept;
    trace.weight_square *= kept * kept;
    trace.deviations *= kept;
  }
  trace.time = time;
  ++trace.count;
  trace.weight += 1.0;
  trace.weight_square += 1.0;
  const double off = residual - trace.mean;
  trace.mean += off / trace.weight;
  trace.deviations += off * (residual - trace.mean);
}

void ResidualHistory::forget_expired(const market::Universe& universe, UtcTime time) {
  for (auto trace = traces_.begin(); trace != traces_.end();)
    trace = universe[trace->first].expired_at(time) ? traces_.erase(trace) : std::next(trace);
}

std::vector<RichCheap> rich_cheap(const MarketSnapshot& snapshot, const SurfaceSet& surfaces,
                                  ResidualHistory* history) {
  std::vector<RichCheap> found;
  for (std::size_t row = 0; row < snapshot.rows(); ++row) {
    const market::Instrument& instrument = (*snapshot.universe)[snapshot.instrument[row]];
    if (!instrument.is_option() || instrument.payoff == market::Payoff::quanto) continue;
    const VolSurface* surface = surfaces.find(snapshot.universe->underlying(snapshot.instrument[row]));
    const SurfaceSlice* slice = surface == nullptr ? nullptr : surface->slice(*instrument.expiry);
    if (slice == nullptr) continue;
    std::optional<RichCheap> option = judged(internal::read_option_quote(snapshot, row), *slice);
    if (!option) continue;
    if (history != nullptr && option->residual) {
      option->score = history->score(option->instrument, *option->residual);
      history->add(option->instrument, *option->residual, snapshot.time);
    }
    found.push_back(*option);
  }
  if (history != nullptr) history->forget_expired(*snapshot.universe, snapshot.time);
  return found;
}

}  // namespace gimbal::surface
