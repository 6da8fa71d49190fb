// Builders of linear rows.
#include "gimbal/risk/exposure.hpp"

#include <cmath>

#include "gimbal/numerics/reduction.hpp"

namespace gimbal::risk {
namespace {

using market::AssetId;
using portfolio::DeltaCollateral;
using portfolio::Greek;

double price_origin(const ExposureInputs& in, AssetId asset) { return in.matrix.price_origin_usd[market::raw(asset)]; }

// Units of the numeraire per unit of an asset, today and in a scenario.
double rate_origin(const ExposureInputs& in, std::size_t asset) {
  return in.matrix.price_origin_usd[asset] / price_origin(in, in.numeraire);
}
double rate_in(const ExposureInputs& in, std::size_t scenario, std::size_t asset) {
  return in.matrix.price_usd(scenario, asset) / in.matrix.price_usd(scenario, market::raw(in.numeraire));
}

std::string unit_of(const ExposureInputs& in, const market::AssetCode& underlying, Greek greek) {
  const auto numeraire = in.universe.asset(in.numeraire).code.view();
  switch (greek) {
    case Greek::delta: return underlying.str();
    case Greek::gamma: return fmt::format("{} per 1%", underlying.view());
    case Greek::vega: return fmt::format("{} per point", numeraire);
    case Greek::theta: return fmt::format("{} per day", numeraire);
  }
  return {};
}

// One column's share, in the numeraire's convention of exposure.hpp.
double coefficient(const ExposureInputs& in, std::size_t i, Greek greek) {
  const bool own = in.columns.underlying[i] == in.numeraire;
  constexpr double curvature_of_own_delta = 0.02;
  switch (greek) {
    case Greek::delta: return in.greeks.delta[i];
    case Greek::gamma: return in.greeks.gamma[i] - (own ? curvature_of_own_delta * in.greeks.delta[i] : 0.0);
    case Greek::vega: return in.greeks.vega[i] * rate_origin(in, market::raw(in.columns.settlement[i]));
    case Greek::theta: return in.greeks.theta[i] * rate_origin(in, market::raw(in.columns.settlement[i]));
  }
  return 0.0;
}

double collateral_constant(const ExposureInputs& in, AssetId underlying, Greek greek) {
  const bool own = underlying == in.numeraire;
  const double delta = in.equity[market::raw(underlying)] - (own ? equity_numeraire(in) : 0.0);
  constexpr double curvature_of_own_delta = 0.02;
  if (greek == Greek::delta) return delta;
  if (greek == Greek::gamma && own) return -curvature_of_own_delta * delta;
  return 0.0;
}

void assert_consistent(const ExposureInputs& in) {
  GIMBAL_ASSERT(in.matrix.columns() == in.columns.size());
  GIMBAL_ASSERT(in.matrix.rows() == in.scenarios.rows.size());
  GIMBAL_ASSERT(in.equity.size() == in.matrix.price_origin_usd.size());
  GIMBAL_ASSERT(price_origin(in, in.numeraire) > 0.0);
}

// What today's equity gains in a scenario because coins change their price.
double stress_constant(const ExposureInputs& in, std::size_t scenario) {
  double constant = 0.0;
  for (std::size_t a = 0; a < in.equity.size(); ++a)
    if (in.equity[a] != 0.0) constant += in.equity[a] * (rate_in(in, scenario, a) - rate_origin(in, a));
  return constant;
}

}  // namespace

double equity_numeraire(const ExposureInputs& in) {
  assert_consistent(in);
  double total = 0.0;
  for (std::size_t a = 0; a < in.equity.size(); ++a)
    if (in.equity[a] != 0.0) total += in.equity[a] * rate_origin(in, a);
  return total;
}

Result<LinearRow> greek_row(const ExposureInputs& in, const market::AssetCode& underlying, Greek greek,
                            DeltaCollateral collateral) {
  assert_consistent(in);
  const auto asset = in.universe.find_asset(underlying);
  if (!asset || price_origin(in, *asset) <= 0.0)
    return fail(ErrorCode::missing_data, "{} of {}: the market has no such underlying", to_string(greek),
                underlying.view());
  LinearRow row;
  row.name = fmt::format("{} {}", to_string(greek), underlying.view());
  row.unit = unit_of(in, underlying, greek);
  row.coefficients.assign(in.columns.size(), 0.0);
  for (std::size_t i = 0; i < in.columns.size(); ++i)
    if (in.columns.underlying[i] == *asset) row.coefficients[i] = coefficient(in, i, greek);
  if (collateral == DeltaCollateral::included) row.constant = collateral_constant(in, *asset, greek);
  return row;
}

Result<LinearRow> greek_row(const ExposureInputs& in, const portfolio::GreekTarget& target) {
  auto row = greek_row(in, target.underlying, target.greek, target.collateral);
  if (row && !target.bound.name.empty()) row->name = target.bound.name;
  return row;
}

LinearRow stress_row(const ExposureInputs& in, std::size_t scenario) {
  assert_consistent(in);
  GIMBAL_ASSERT(scenario < in.matrix.rows());
  LinearRow row;
  row.name = fmt::format("stress {}", in.scenarios.rows[scenario].name);
  row.unit = in.universe.asset(in.numeraire).code.str();
  row.constant = stress_constant(in, scenario);
  const std::span<const double> change = in.matrix.change.row(scenario);
  row.coefficients.resize(change.size());
  for (std::size_t i = 0; i < change.size(); ++i)
    row.coefficients[i] = change[i] * rate_in(in, scenario, market::raw(in.columns.settlement[i]));
  return row;
}

std::vector<double> scenario_profits(const ExposureInputs& in, std::span<const double> contracts) {
  assert_consistent(in);
  GIMBAL_ASSERT(contracts.size() == in.columns.size());
  std::vector<std::size_t> held;
  for (std::size_t i = 0; i < contracts.size(); ++i)
    if (contracts[i] != 0.0) held.push_back(i);
  std::vector<double> profits(in.matrix.rows());
  std::vector<double> rates(in.equity.size());
  for (std::size_t s = 0; s < profits.size(); ++s) {
    for (std::size_t a = 0; a < rates.size(); ++a) rates[a] = rate_in(in, s, a);
    const std::span<const double> change = in.matrix.change.row(s);
    double profit = stress_constant(in, s);
    for (const std::size_t i : held)
      profit = std::fma(change[i] * rates[market::raw(in.columns.settlement[i])], contracts[i], profit);
    profits[s] = profit;
  }
  return profits;
}

double evaluate(const LinearRow& row, std::span<const double> contracts) {
  return row.constant + numerics::dot(row.coefficients, contracts);
}

}  // namespace gimbal::risk
