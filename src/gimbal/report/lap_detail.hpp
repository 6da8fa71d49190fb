// LapDetail: what a page shows of one lap beyond its report, computed only where a page is asked for: the smiles that
// the quotes were fitted with, the book before the lap's trades beside the book after them, and both over a grid of
// moves by full revaluation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gimbal/engine/state.hpp"
#include "gimbal/foundation/matrix_view.hpp"
#include "gimbal/report/smile_detail.hpp"
#include "gimbal/surface/surface_fit.hpp"

namespace gimbal::report {

/// An option that is held, or was before the lap's trades.
struct OptionDetail {
  std::string instrument;
  double moneyness = 1.0;   ///< Strike over the expiry's forward.
  double volatility = 0.0;  ///< The fitted curve's.
  Decimal before;           ///< Contracts, negative is short.
  Decimal after;
};

/// One expiry's smile.
struct SmileDetail {
  std::string underlying;
  UtcTime expiry;
  double days = 0.0;
  double forward = 0.0;  ///< Quote per coin.
  double volatility_atm = 0.0;
  std::string rung;  ///< surface::Rung
  std::vector<QuoteDetail> quotes;
  std::vector<CurveDetail> curve;       ///< Over the quotes and what is held, ascending.
  std::vector<OptionDetail> positions;  ///< In ascending order of strike.
};

/// Profit in N of the book before and after the lap's trades: one row for each spot move, one column for each move of
/// volatility.
struct GridDetail {
  std::string moved;  ///< `all`, or the one underlying that moves while the others stay.
  Matrix before;
  Matrix after;

  /// What the strongest colours of a map stand for, the same for both books: the largest loss, so that losses can be
  /// told apart however large a profit in some corner is; a fifth of the largest profit where losses are small.
  [[nodiscard]] double colour_end() const;
};

/// The risk surface over relative moves of spot and volatility, no time passing.
struct RiskSurfaceDetail {
  std::vector<double> spot_moves;        ///< -0.3 is -30 %; ascending.
  std::vector<double> volatility_moves;  ///< Of an option with 30 days to go, ascending.
  std::string dynamics;                  ///< risk::SmileDynamics
  double volatility_exponent = 0.0;      ///< p of (30 d / time)^p.
  std::vector<GridDetail> grids;         ///< `all` first; one underlying has no other.
};

/// One settlement pool, in its asset.
struct PoolDetail {
  double initial = 0.0;
  double maintenance = 0.0;
  double balance = 0.0;

  /// 1 - maintenance / balance: how much of the balance may be lost until the venue takes over. Absent without balance.
  [[nodiscard]] std::optional<double> room() const;
  /// initial / balance.
  [[nodiscard]] std::optional<double> used() const;
};

struct MarginDetail {
  std::string pool;
  PoolDetail before;
  PoolDetail after;
};

struct PositionDetail {
  std::string instrument;
  Decimal before;  ///< Contracts, negative is short.
  Decimal after;
};

struct LapDetail {
  std::string trouble;                        ///< Why there is no risk surface and no margin; empty where there are.
  std::optional<double> stress_worst_before;  ///< N, the worst of the configured rows; absent without any.
  std::vector<SmileDetail> smiles;            ///< By underlying and expiry.
  std::optional<RiskSurfaceDetail> surface;
  std::vector<MarginDetail> margin;
  std::vector<PositionDetail> positions;  ///< Everything held before or after, in the order in which people read.
};

/// Details of the lap that has just closed. `fit` is how its surfaces were fitted: it says which quotes were shown.
///
/// Before    the ledger as it stands with the lap's fills taken back: deliveries and funding that fell due since the
///           lap before are in it, and both books are valued at the same marks.
/// Domain    after the first market.
[[nodiscard]] LapDetail lap_detail(const engine::State& state, const surface::FitSettings& fit);

}  // namespace gimbal::report
