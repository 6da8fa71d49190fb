// The last lap once more, from the engine's state: quotes, the two books, and a grid of moves.
#include "gimbal/report/lap_detail.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "gimbal/numerics/special.hpp"
#include "gimbal/report/internal/booked_book.hpp"
#include "gimbal/report/internal/risk_grid.hpp"
#include "gimbal/surface/smile_quotes.hpp"

namespace gimbal::report {
namespace {

using engine::State;
using market::Instrument;
using market::InstrumentId;

// Contracts of one instrument in the two books.
struct Held {
  QuantityLots before;
  QuantityLots after;
};
using HeldByInstrument = std::map<InstrumentId, Held>;

// The ledger before the lap's fills: each of their entries with its signs turned.
portfolio::Ledger ledger_before(const State& state) {
  portfolio::Ledger ledger = state.ledger;
  for (const market::Fill& fill : state.fills) {
    portfolio::Entry entry = portfolio::trade_entry(fill, *state.universe);
    for (portfolio::Posting& posting : entry.postings) posting.amount = -posting.amount;
    const auto posted = ledger.post(entry);
    GIMBAL_ASSERT(posted.has_value());  // an entry that balances does so the other way round
  }
  return ledger;
}

HeldByInstrument held_in(const portfolio::Ledger& before, const portfolio::Ledger& after) {
  HeldByInstrument held;
  for (const portfolio::Position& position : before.positions())
    if (position.account == engine::main_account) held[position.instrument].before = position.lots;
  for (const portfolio::Position& position : after.positions())
    if (position.account == engine::main_account) held[position.instrument].after = position.lots;
  return held;
}

std::vector<PositionDetail> position_details(const State& state, const HeldByInstrument& held) {
  std::vector<InstrumentId> order;
  for (const auto& [id, lots] : held) order.push_back(id);
  std::stable_sort(order.begin(), order.end(), [&state](InstrumentId a, InstrumentId b) {
    return internal::reads_before((*state.universe)[a], (*state.universe)[b]);
  });
  std::vector<PositionDetail> details;
  for (const InstrumentId id : order) {
    const Instrument& instrument = (*state.universe)[id];
    details.push_back({instrument.name, market::contracts_of(instrument, held.at(id).before),
                       market::contracts_of(instrument, held.at(id).after)});
  }
  return details;
}

std::vector<OptionDetail> option_details(const State& state, const HeldByInstrument& held,
                                         const surface::SurfaceSlice& slice, market::AssetId underlying) {
  std::vector<OptionDetail> options;
  for (const auto& [id, lots] : held) {
    const Instrument& instrument = (*state.universe)[id];
    if (!instrument.is_option() || state.universe->underlying(id) != underlying) continue;
    if (instrument.expiry != slice.expiry) continue;
    const double moneyness = instrument.strike.to_double() / slice.forward;
    options.push_back({instrument.name, moneyness, slice.volatility(numerics::log(moneyness)),
                       market::contracts_of(instrument, lots.before), market::contracts_of(instrument, lots.after)});
  }
  std::stable_sort(options.begin(), options.end(),
                   [](const OptionDetail& a, const OptionDetail& b) { return a.moneyness < b.moneyness; });
  return options;
}

// Evenly spaced from the lowest to the highest strike that is shown.
std::vector<CurveDetail> curve_of(const SmileDetail& smile, const surface::SurfaceSlice& slice) {
  constexpr double around_the_money = 0.05;
  double lower = 1.0 - around_the_money;
  double upper = 1.0 + around_the_money;
  for (const QuoteDetail& quote : smile.quotes) {
    lower = std::min(lower, quote.moneyness);
    upper = std::max(upper, quote.moneyness);
  }
  for (const OptionDetail& option : smile.positions) {
    lower = std::min(lower, option.moneyness);
    upper = std::max(upper, option.moneyness);
  }
  return smile_curve(slice, lower, upper);
}

std::vector<SmileDetail> smile_details(const State& state, const surface::FitSettings& fit,
                                       const HeldByInstrument& held) {
  std::vector<SmileDetail> smiles;
  if (!state.surfaces) return smiles;
  const std::vector<surface::UnderlyingQuotes> quoted = surface::collect_quotes(*state.market, fit);
  for (const surface::VolSurface& surface : state.surfaces->surfaces())
    for (const surface::SurfaceSlice& slice : surface.slices()) {
      SmileDetail smile;
      smile.underlying = state.universe->asset(surface.underlying()).code.str();
      smile.expiry = slice.expiry;
      smile.days = days_between(surface.time(), slice.expiry);
      smile.forward = slice.forward;
      smile.volatility_atm = slice.volatility_atm;
      smile.rung = surface::to_string(slice.rung);
      for (const surface::UnderlyingQuotes& underlying : quoted)
        for (const surface::ExpiryQuotes& expiry : underlying.expiries)
          if (underlying.underlying == surface.underlying() && expiry.expiry == slice.expiry)
            smile.quotes = quote_details(expiry);
      smile.positions = option_details(state, held, slice, surface.underlying());
      smile.curve = curve_of(smile, slice);
      smiles.push_back(std::move(smile));
    }
  return smiles;
}

PoolDetail pool_detail(const risk::MarginAssessment& assessment, market::AssetId asset) {
  for (const risk::MarginPool& pool : assessment.pools)
    if (pool.asset == asset) return {pool.initial, pool.maintenance, pool.balance};
  return {};
}

std::vector<MarginDetail> margin_details(const State& state, const risk::BookRisk& before,
                                         const risk::BookRisk& after) {
  std::map<market::AssetId, MarginDetail> pools;
  for (const risk::BookRisk* book : {&before, &after})
    for (const risk::MarginPool& pool : book->margin.pools)
      pools[pool.asset] = {state.universe->asset(pool.asset).code.str(), pool_detail(before.margin, pool.asset),
                           pool_detail(after.margin, pool.asset)};
  std::vector<MarginDetail> details;
  for (auto& [asset, detail] : pools) details.push_back(std::move(detail));
  return details;
}

std::optional<double> share_of_balance(double required, double balance) {
  if (required == 0.0) return 0.0;
  if (!(balance > 0.0)) return std::nullopt;
  return required / balance;
}

}  // namespace

double GridDetail::colour_end() const {
  constexpr double share_of_profit = 0.2;
  double loss = 0.0;
  double profit = 0.0;
  for (const Matrix* matrix : {&before, &after})
    for (std::size_t row = 0; row < matrix->rows(); ++row)
      for (const double value : matrix->row(row)) {
        if (!std::isfinite(value)) continue;
        loss = std::max(loss, -value);
        profit = std::max(profit, value);
      }
  return std::max(loss, share_of_profit * profit);
}

std::optional<double> PoolDetail::room() const {
  const auto share = share_of_balance(maintenance, balance);
  return share ? std::optional{1.0 - *share} : std::nullopt;
}

std::optional<double> PoolDetail::used() const { return share_of_balance(initial, balance); }

LapDetail lap_detail(const State& state, const surface::FitSettings& fit) {
  GIMBAL_ASSERT(state.market != nullptr);
  const portfolio::Ledger ledger = ledger_before(state);
  const HeldByInstrument held = held_in(ledger, state.ledger);
  LapDetail detail;
  detail.positions = position_details(state, held);
  detail.smiles = smile_details(state, fit, held);
  detail.trouble = state.trouble;
  if (!state.view || !state.opened) {
    if (detail.trouble.empty()) detail.trouble = "the lap ended without a view of risk";
    return detail;
  }
  const auto before = risk::evaluate_book(*state.view, ledger, engine::main_account);
  const auto after = risk::evaluate_book(*state.view, state.ledger, engine::main_account);
  if (!before || !after) {
    detail.trouble = !after ? after.error().message : before.error().message;
    return detail;
  }
  if (before->worst_stress) detail.stress_worst_before = before->worst_stress->profit;
  detail.margin = margin_details(state, *before, *after);
  detail.surface = internal::risk_surface(*state.view, before->book, after->book);
  return detail;
}

}  // namespace gimbal::report
