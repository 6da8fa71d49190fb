// One option at a time: its slice, its two sides, its residual.
#include "gimbal/surface/rich_cheap.hpp"

#include "gimbal/pricing/black76.hpp"
#include "gimbal/pricing/implied_volatility.hpp"
#include "gimbal/pricing/inverse.hpp"
#include "gimbal/surface/internal/taker_quote.hpp"

namespace gimbal::surface {
namespace {

using internal::taker_quote;
using internal::TakerQuote;
using market::Instrument;
using market::MarketSnapshot;
using market::Payoff;
using market::QuoteFlag;
using market::Side;

/// An option against its slice, with what turns settlement asset into money.
struct FittedOption {
  const Instrument& instrument;
  pricing::Black76Input input;  ///< At the fitted volatility.
  double settlement_in_quote = 1.0;
};

std::optional<double> volatility_of(const FittedOption& option, double price) {
  const pricing::Black76Input& input = option.input;
  const double unit = option.instrument.payoff == Payoff::inverse ? input.forward : 1.0;
  const auto answer =
      pricing::implied_volatility({price * unit, input.forward, input.strike, input.expiry_years, input.right});
  if (!answer.ok()) return std::nullopt;
  return answer.volatility_annual;
}

/// `sign` is +1 for selling and -1 for buying.
QuoteEdge edge_of(const FittedOption& option, const TakerQuote& quote, double sign) {
  QuoteEdge edge;
  if (const auto volatility = volatility_of(option, quote.price))
    edge.volatility = sign * (*volatility - option.input.volatility_annual);
  const double size = option.instrument.contract_size.to_double();
  const double gap = size * quote.price - pricing::option_value(option.instrument.payoff, size, option.input);
  edge.money = (sign * gap - quote.fee) * option.settlement_in_quote;
  return edge;
}

/// The slice that an option of this row is held against, or null.
const SurfaceSlice* slice_of(const MarketSnapshot& snapshot, std::size_t index, const SurfaceSet& surfaces) {
  const market::InstrumentId id = snapshot.instrument[index];
  const Instrument& instrument = (*snapshot.universe)[id];
  if (!instrument.is_option() || instrument.payoff == Payoff::quanto || instrument.expired_at(snapshot.time))
    return nullptr;
  const VolSurface* surface = surfaces.find(snapshot.universe->underlying(id));
  return surface == nullptr ? nullptr : surface->slice(*instrument.expiry);
}

std::optional<double> residual_of(const RichCheapRow& row, double spread_most_volatility) {
  if (!row.sell || !row.buy || !row.sell->volatility || !row.buy->volatility) return std::nullopt;
  // The two edges are bid - fitted and fitted - ask.
  const double spread = -(*row.sell->volatility + *row.buy->volatility);
  if (spread > spread_most_volatility) return std::nullopt;
  return 0.5 * (*row.sell->volatility - *row.buy->volatility);
}

/// The row of an option that has a slice; nothing when neither side is quoted.
Result<std::optional<RichCheapRow>> read_row(const MarketSnapshot& snapshot, std::size_t index,
                                             const SurfaceSlice& slice, double spread_most_volatility) {
  const market::InstrumentId id = snapshot.instrument[index];
  const Instrument& instrument = (*snapshot.universe)[id];
  const auto bid = taker_quote(snapshot, index, Side::sell);
  const auto ask = taker_quote(snapshot, index, Side::buy);
  if (!bid) return Unexpected{bid.error()};
  if (!ask) return Unexpected{ask.error()};
  if (!*bid && !*ask) return std::optional<RichCheapRow>{};
  const auto unit = internal::settlement_in_quote(snapshot, id);
  if (!unit) return Unexpected{unit.error()};

  const double forward = snapshot.has(index, QuoteFlag::forward) ? snapshot.forward[index] : slice.forward;
  const double strike = instrument.strike.to_double();
  RichCheapRow row;
  row.instrument = id;
  row.expiry = *instrument.expiry;
  row.log_moneyness = -pricing::log_ratio(forward, strike);
  row.volatility_fitted = slice.volatility(row.log_moneyness);
  row.rung = slice.rung;
  const double years = years_between(snapshot.time, *instrument.expiry).raw();
  const FittedOption option{instrument, {forward, strike, row.volatility_fitted, years, instrument.right}, *unit};
  if (*bid) row.sell = edge_of(option, **bid, 1.0);
  if (*ask) row.buy = edge_of(option, **ask, -1.0);
  row.residual = residual_of(row, spread_most_volatility);
  return std::optional{row};
}

}  // namespace

Result<std::vector<RichCheapRow>> rich_cheap(const MarketSnapshot& snapshot, const SurfaceSet& surfaces,
                                             const ResidualHistory& history) {
  if (surfaces.time() > snapshot.time)
    return fail(ErrorCode::invalid_argument, "surfaces of {} are later than the snapshot of {}",
                format_utc(surfaces.time()), format_utc(snapshot.time));
  if (history.time() && *history.time() >= snapshot.time)
    return fail(ErrorCode::invalid_argument, "a history that ends at {} cannot score the snapshot of {}",
                format_utc(*history.time()), format_utc(snapshot.time));
  std::vector<RichCheapRow> rows;
  for (std::size_t index = 0; index < snapshot.rows(); ++index) {
    const SurfaceSlice* slice = slice_of(snapshot, index, surfaces);
    if (slice == nullptr) continue;
    auto row = read_row(snapshot, index, *slice, history.settings().spread_most_volatility);
    if (!row) return Unexpected{row.error()};
    if (!*row) continue;
    if ((*row)->residual) (*row)->score = history.score((*row)->instrument, *(*row)->residual);
    rows.push_back(**row);
  }
  return rows;
}

std::vector<Residual> residuals_of(std::span<const RichCheapRow> rows) {
  std::vector<Residual> residuals;
  for (const RichCheapRow& row : rows)
    if (row.residual) residuals.push_back({row.instrument, row.expiry, *row.residual});
  return residuals;
}

}  // namespace gimbal::surface
