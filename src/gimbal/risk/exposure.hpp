// Exposures as linear rows over a book: value = constant + coefficients . contracts. The book is the whole book, not
// the trade; trades are done at the marks, so equity stays what it is today and costs are counted elsewhere.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "gimbal/portfolio/target_surface.hpp"
#include "gimbal/risk/greeks.hpp"
#include "gimbal/risk/scenario_matrix.hpp"

namespace gimbal::risk {

/// `coefficients` has one element a column, per contract held.
struct LinearRow {
  std::string name;  ///< `delta BTC`, `stress BTC -20% ETH -20% vol +30%`
  std::string unit;  ///< `BTC`, `BTC per 1%`, `USD per point`, `USD per day`, `USD`
  double constant = 0.0;
  std::vector<double> coefficients;
};

/// What the rows are built from; everything must outlive the call only.
struct ExposureInputs {
  const Columns& columns;
  const ScenarioSet& scenarios;
  const ScenarioMatrix& matrix;
  const GreekColumns& greeks;
  const market::Universe& universe;
  market::AssetId numeraire;       ///< With an index price; USD, BTC, ETH.
  std::span<const double> equity;  ///< Today, by AssetId, in that asset: E_c of all accounts meant.
};

/// Equity in the numeraire at today's index prices.
[[nodiscard]] double equity_numeraire(const ExposureInputs& in);

/// The row of a Greek, collateral included or not.
///
/// Let W be equity in the numeraire N, fx its price, S the underlying's; both prices are frozen at today's where they
/// scale. delta     fx dW/dS, coins of the underlying. Included, the constant is the equity held in that coin, less the
/// whole
///           equity where the underlying is N itself. Excluded, the constant is 0.
/// gamma     fx d2W/dS2 x 1 % of S: coins of delta per +1 %. Where the underlying is N, a delta has a curvature of its
/// own
///           there, -2 % of it (the equity divided by a rising price), constant and coefficients alike.
/// vega      N per volatility point of that underlying's options; theta: N per day.
/// Errors    missing_data when the underlying is not in the market.
[[nodiscard]] Result<LinearRow> greek_row(const ExposureInputs& in, const market::AssetCode& underlying,
                                          portfolio::Greek greek, portfolio::DeltaCollateral collateral);
/// The same for a target, named by it.
[[nodiscard]] Result<LinearRow> greek_row(const ExposureInputs& in, const portfolio::GreekTarget& target);

/// Profit in the numeraire in one scenario:
/// constant = sum_c E_c (fx_c(s)/fx_N(s) - fx_c(0)/fx_N(0)),  coefficient_i = change_i(s) fx_c(i)(s)/fx_N(s).
[[nodiscard]] LinearRow stress_row(const ExposureInputs& in, std::size_t scenario);

/// Profits of a book in all scenarios, in the order of the set: what stress_row would give for each, in one pass.
[[nodiscard]] std::vector<double> scenario_profits(const ExposureInputs& in, std::span<const double> contracts);

/// constant + coefficients . contracts, in fixed order.
[[nodiscard]] double evaluate(const LinearRow& row, std::span<const double> contracts);

}  // namespace gimbal::risk
