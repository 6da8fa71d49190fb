// The four sources of edge, one leaf function each.
#include "gimbal/allocate/edge.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/allocate/cost.hpp"
#include "gimbal/numerics/special.hpp"
#include "gimbal/pricing/inverse.hpp"

namespace gimbal::allocate {
namespace {

using market::Instrument;
using market::MarketSnapshot;
using market::QuoteFlag;

constexpr double days_per_year = 365.0;
constexpr double hours_per_day = 24.0;
constexpr double funding_period_hours = 8.0;

// What all sources of one row need. Values are per contract in the settlement asset until the last step.
struct Contract {
  const MarketSnapshot& snapshot;
  std::size_t row = 0;
  const Instrument& instrument;
  const surface::SurfaceSlice* slice = nullptr;  // of its expiry, if fitted
  double index = 0.0;                            // USD per coin of the underlying
  double size = 0.0;                             // contract_size
  double years = 0.0;                            // to expiry; zero for what has none
  double horizon_years = 0.0;                    // at most `years` where there is an expiry

  [[nodiscard]] bool inverse() const { return instrument.payoff == market::Payoff::inverse; }
};

// ln F/S moves to zero at expiry at an even rate: the relative move of the forward within the horizon.
double forward_drift(const Contract& contract, double forward) {
  const double basis_annual = pricing::log_ratio(forward, contract.index) / contract.years;
  return numerics::expm1(-basis_annual * contract.horizon_years);
}

// The mean over the horizon of a rate that decays exponentially from now's to the long-run one.
double funding_rate_expected(double rate_now, const EdgeSettings& settings, double horizon_days) {
  const double decay = settings.funding_reversion_daily * horizon_days;
  if (decay <= 0.0) return rate_now;
  const double share_of_now = -numerics::expm1(-decay) / decay;
  return settings.funding_rate_8h_long_run + (rate_now - settings.funding_rate_8h_long_run) * share_of_now;
}

double funding_edge(const Contract& contract, const EdgeSettings& settings) {
  // Recorded or assumed: it is what the position will be charged.
  const double rate_8h = funding_rate_expected(contract.snapshot.funding_rate_8h[contract.row].to_double(), settings,
                                               contract.horizon_years * days_per_year);
  const double periods = contract.horizon_years * days_per_year * hours_per_day / funding_period_hours;
  const double notional = contract.inverse() ? contract.size / contract.index : contract.size * contract.index;
  return -notional * rate_8h * periods;
}

double future_basis_edge(const Contract& contract) {
  const auto reference = reference_price(contract.snapshot, contract.row);
  if (!reference || contract.years <= 0.0) return 0.0;
  const double forward = contract.slice != nullptr ? contract.slice->forward : *reference;
  const double moved = *reference * (1.0 + forward_drift(contract, forward));
  return pricing::future_value(contract.instrument.payoff, contract.size, moved) -
         pricing::future_value(contract.instrument.payoff, contract.size, *reference);
}

// An option's volatilities, fitted and expected, and its Greeks at the fitted one, per unit of underlying.
struct OptionState {
  double forward = 0.0;
  pricing::Black76Input fitted;
  pricing::Black76Greeks greeks;
  double volatility_forecast = 0.0;
};

OptionState option_state(const Contract& contract, const forecast::VolatilityForecast& forecast) {
  const surface::SurfaceSlice& slice = *contract.slice;
  OptionState state;
  state.forward =
      contract.snapshot.has(contract.row, QuoteFlag::forward) ? contract.snapshot.forward[contract.row] : slice.forward;
  const double strike = contract.instrument.strike.to_double();
  const double volatility = slice.volatility(pricing::log_ratio(strike, state.forward));
  state.fitted = {state.forward, strike, volatility, contract.years, contract.instrument.right};
  state.greeks = pricing::black76_greeks(state.fitted);
  const double atm_forecast =
      forecast.at_the_money(contract.instrument.underlying, contract.years, slice.volatility_atm);
  state.volatility_forecast = volatility * atm_forecast / slice.volatility_atm;
  return state;
}

// Quote currency to settlement asset: V USD are V/F coins of an inverse option, whose unit is the forward.
double settled(const Contract& contract, double quote, double forward) {
  return contract.size * (contract.inverse() ? quote / forward : quote);
}

double gamma_edge(const Contract& contract, const OptionState& state) {
  const double sigma = state.fitted.volatility_annual;
  const double variance_gained = state.volatility_forecast * state.volatility_forecast - sigma * sigma;
  const double quote =
      0.5 * state.greeks.gamma * state.forward * state.forward * variance_gained * contract.horizon_years;
  return settled(contract, quote, state.forward);
}

double reversion_edge(const Contract& contract, const OptionState& state, double rate_annual) {
  const bool two_sided =
      contract.snapshot.has(contract.row, QuoteFlag::bid) && contract.snapshot.has(contract.row, QuoteFlag::ask);
  if (!two_sided || contract.slice->rung != surface::Rung::fit) return 0.0;
  const double mid = contract.size * reference_price(contract.snapshot, contract.row).value_or(0.0);
  const double fitted = settled(contract, state.greeks.premium, state.forward);
  return (fitted - mid) * -numerics::expm1(-rate_annual * contract.horizon_years);
}

double option_basis_edge(const Contract& contract, const OptionState& state) {
  const double drift = forward_drift(contract, contract.slice->forward);
  const double delta =
      contract.inverse() ? state.greeks.delta - state.greeks.premium / state.forward : state.greeks.delta;
  return settled(contract, delta * state.forward * drift, state.forward);
}

Edge settlement_edge(const Contract& contract, const forecast::VolatilityForecast& forecast,
                     const EdgeSettings& settings) {
  Edge edge;
  switch (contract.instrument.kind) {
    case market::InstrumentKind::spot: break;
    case market::InstrumentKind::perpetual: edge.funding = funding_edge(contract, settings); break;
    case market::InstrumentKind::future: edge.basis = future_basis_edge(contract); break;
    case market::InstrumentKind::option: {
      if (contract.slice == nullptr) break;
      const OptionState state = option_state(contract, forecast);
      edge.gamma = gamma_edge(contract, state);
      edge.reversion = reversion_edge(contract, state, settings.reversion_rate_daily * days_per_year);
      edge.basis = option_basis_edge(contract, state);
      break;
    }
  }
  return edge;
}

}  // namespace

Result<void> validate(const EdgeSettings& settings) {
  if (!std::isfinite(settings.horizon_days) || settings.horizon_days <= 0.0)
    return fail(ErrorCode::invalid_argument, "the horizon is {} days, expected a positive number",
                settings.horizon_days);
  if (!std::isfinite(settings.reversion_rate_daily) || settings.reversion_rate_daily < 0.0)
    return fail(ErrorCode::invalid_argument, "the reversion rate is {} a day, expected 0 or more",
                settings.reversion_rate_daily);
  if (!std::isfinite(settings.funding_reversion_daily) || settings.funding_reversion_daily < 0.0)
    return fail(ErrorCode::invalid_argument, "the reversion of funding is {} a day, expected 0 or more",
                settings.funding_reversion_daily);
  if (!std::isfinite(settings.funding_rate_8h_long_run))
    return fail(ErrorCode::invalid_argument, "the long-run funding rate is {}", settings.funding_rate_8h_long_run);
  return {};
}

Result<std::vector<Edge>> expected_edges(const MarketSnapshot& snapshot, const surface::SurfaceSet& surfaces,
                                         const forecast::VolatilityForecast& forecast, const EdgeSettings& settings,
                                         market::AssetId numeraire) {
  if (const auto checked = validate(settings); !checked) return Unexpected{checked.error()};
  const market::Universe& universe = *snapshot.universe;
  std::vector<Edge> edges(snapshot.rows());
  for (std::size_t row = 0; row < snapshot.rows(); ++row) {
    const market::InstrumentId id = snapshot.instrument[row];
    const auto fx = exchange_rate(snapshot, universe.settlement(id), numeraire);
    if (!fx) return Unexpected{fx.error()};
    const auto index = snapshot.index(universe.underlying(id));
    if (!index) return Unexpected{index.error()};
    Contract contract{.snapshot = snapshot, .row = row, .instrument = universe[id]};
    contract.index = *index;
    contract.size = contract.instrument.contract_size.to_double();
    contract.horizon_years = settings.horizon_days / days_per_year;
    if (contract.instrument.expiry) {
      contract.years = years_between(snapshot.time, *contract.instrument.expiry).raw();
      if (contract.years <= 0.0) continue;
      contract.horizon_years = std::min(contract.horizon_years, contract.years);
      const surface::VolSurface* surface = surfaces.find(universe.underlying(id));
      if (surface != nullptr) contract.slice = surface->slice(*contract.instrument.expiry);
    }
    edges[row] = settlement_edge(contract, forecast, settings) * *fx;
  }
  return edges;
}

}  // namespace gimbal::allocate
