// Factors of the covariance: Greek rows scaled to one deviation, mixed by the Cholesky factor of their correlation.
#include "gimbal/allocate/risk_model.hpp"

#include <cmath>

#include "gimbal/foundation/matrix_view.hpp"
#include "gimbal/numerics/reduction.hpp"

namespace gimbal::allocate {
namespace {

constexpr double days_per_year = 365.0;

void scale(risk::LinearRow& row, double factor) {
  row.constant *= factor;
  for (double& coefficient : row.coefficients) coefficient *= factor;
}

// Correlation of spot (even places) and volatility (odd places) of all underlyings.
Matrix correlation(const RiskModel& model) {
  const std::size_t n = 2 * model.underlyings.size();
  Matrix result{n, n};
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      const double across = i / 2 == j / 2 ? 1.0 : model.spot_correlation;
      const double between = i % 2 == j % 2 ? 1.0 : model.spot_volatility_correlation;
      result(i, j) = across * between;
    }
  return result;
}

// The lower triangle of the Cholesky factor, in place; false when the matrix is not positive semidefinite.
bool factorise(Matrix& matrix) {
  constexpr double pivot_least = 1e-12;
  for (std::size_t j = 0; j < matrix.rows(); ++j) {
    const auto left = [&](std::size_t i) { return matrix.row(i).subspan(0, j); };
    const double pivot = matrix(j, j) - numerics::dot(left(j), left(j));
    if (pivot < -pivot_least) return false;
    const double root = pivot > pivot_least ? std::sqrt(pivot) : 0.0;
    for (std::size_t i = j + 1; i < matrix.rows(); ++i)
      matrix(i, j) = root > 0.0 ? (matrix(i, j) - numerics::dot(left(i), left(j))) / root : 0.0;
    matrix(j, j) = root;
  }
  return true;
}

}  // namespace

Result<std::vector<risk::LinearRow>> risk_factors(const risk::RiskView& view, const risk::BookState& book,
                                                  const AllocationSettings& settings) {
  const RiskModel& model = settings.risk;
  const double root_h = std::sqrt(settings.edge.horizon_days / days_per_year);
  const risk::ExposureInputs in = view.exposure_inputs(book.equity);
  const double numeraire_usd = view.matrix.price_origin_usd[market::raw(view.numeraire)];
  std::vector<risk::LinearRow> first_order;
  std::vector<risk::LinearRow> second_order;
  for (const UnderlyingRisk& underlying : model.underlyings) {
    using portfolio::DeltaCollateral;
    using portfolio::Greek;
    auto delta = risk::greek_row(in, underlying.underlying, Greek::delta, DeltaCollateral::included);
    auto vega = risk::greek_row(in, underlying.underlying, Greek::vega, DeltaCollateral::included);
    auto gamma = risk::greek_row(in, underlying.underlying, Greek::gamma, DeltaCollateral::included);
    if (!delta) return Unexpected{delta.error()};
    if (!vega) return Unexpected{vega.error()};
    if (!gamma) return Unexpected{gamma.error()};
    const auto asset = view.universe().find_asset(underlying.underlying);
    const double price = view.matrix.price_origin_usd[market::raw(*asset)] / numeraire_usd;
    const double spot_deviation = underlying.spot_volatility_annual * root_h;
    constexpr double points_per_unit = 100.0;
    scale(*delta, price * spot_deviation);
    scale(*vega,
          points_per_unit * underlying.spot_volatility_annual * underlying.volatility_of_volatility_annual * root_h);
    // The gamma row is per 1 % of the underlying; G = row x 100 x price, its deviation sqrt(2)/2 of G sigma^2 h.
    scale(*gamma, points_per_unit * price * spot_deviation * spot_deviation * std::sqrt(0.5));
    first_order.push_back(std::move(*delta));
    first_order.push_back(std::move(*vega));
    second_order.push_back(std::move(*gamma));
  }
  Matrix root = correlation(model);
  if (!factorise(root))
    return fail(ErrorCode::invalid_argument,
                "correlations of {} between spots and {} between spot and volatility are those of no {} underlyings",
                model.spot_correlation, model.spot_volatility_correlation, model.underlyings.size());
  // Sigma = X' L L' X for the rows X of first order: factor k is sum_i L(i, k) X_i.
  std::vector<risk::LinearRow> factors;
  for (std::size_t k = 0; k < first_order.size(); ++k) {
    risk::LinearRow factor;
    factor.coefficients.assign(view.columns.size(), 0.0);
    for (std::size_t i = k; i < first_order.size(); ++i) {
      factor.constant += root(i, k) * first_order[i].constant;
      numerics::add_scaled(root(i, k), first_order[i].coefficients, factor.coefficients);
    }
    factors.push_back(std::move(factor));
  }
  for (risk::LinearRow& row : second_order) factors.push_back(std::move(row));
  return factors;
}

}  // namespace gimbal::allocate
