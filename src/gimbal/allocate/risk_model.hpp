// Sigma, the covariance of profit over the horizon, as a few linear factors: the low rank that DESIGN asks for, from
// configured volatilities rather than from the stress grid, so that changing a floor does not change what risk costs.
#pragma once

#include <vector>

#include "gimbal/allocate/settings.hpp"
#include "gimbal/risk/risk_view.hpp"

namespace gimbal::allocate {

/// Rows f_k over the book (constant + coefficients . contracts, numeraire) with Sigma = sum_k f_k f_k'.
///
/// Model     over the horizon h, each underlying u has a spot return r_u and a relative volatility move v_u, jointly
///           normal with deviations sigma_u sqrt(h) and xi_u sqrt(h). Profit to second order in r and first in v:
///           D_u r_u + V_u v_u + 1/2 G_u (r_u^2 - sigma_u^2 h), with D_u the delta and G_u the gamma of equity in the
///           numeraire per unit return (collateral included), V_u the vega times sigma_u. r_u^2 is uncorrelated with
///           the rest and has deviation sqrt(2) sigma_u^2 h.
/// Order     for correlations, the Cholesky factor: spots and volatilities in the order of `underlyings`, then gammas.
/// Errors    invalid_argument when the correlations are no correlation matrix; missing_data when an underlying is not
///           in the market.
[[nodiscard]] Result<std::vector<risk::LinearRow>> risk_factors(const risk::RiskView& view, const risk::BookState& book,
                                                                const AllocationSettings& settings);

}  // namespace gimbal::allocate
