// LapReport: everything that one lap has to say, as plain values with names instead of ids, so that a table, a JSON
// document and a page are only three ways of writing the same thing down. It decides nothing and computes nothing that
// a room below has not already defined.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gimbal/engine/state.hpp"
#include "gimbal/portfolio/target_surface.hpp"
#include "gimbal/report/attribution_report.hpp"

namespace gimbal::report {

// `N` is the numeraire throughout. Decimals are exact: prices, sizes and money that changes hands.

struct IndexPrice {
  std::string asset;
  Decimal price_usd;
};

/// One expiry's smile.
struct SliceReport {
  UtcTime expiry;
  double days = 0.0;
  double forward = 0.0;  ///< Quote per coin.
  double volatility_atm = 0.0;
  std::string rung;  ///< surface::Rung
  std::uint32_t quotes_used = 0;
  std::uint32_t quotes_judged = 0;
  double inside_share = 0.0;     ///< Of the judged; no meaning without any.
  double near_share = 0.0;       ///< Of the judged.
  double rmse_volatility = 0.0;  ///< Over the judged.
};

struct SurfaceReport {
  std::string underlying;
  double volatility_30_days = 0.0;     ///< At the money, interpolated to 30 days.
  std::optional<double> inside_share;  ///< Over all slices, weighted by what was judged; absent where nothing was.
  std::optional<double> near_share;
  std::uint32_t quotes_used = 0;
  std::vector<SliceReport> slices;  ///< In ascending order of expiry.
};

/// What the account holds in one asset, at the marks after the lap. Coins (or dollars) of the asset.
struct AssetReport {
  std::string asset;
  Decimal cash;               ///< As the ledger counts it.
  double unsettled = 0.0;     ///< Gain of open futures.
  double options = 0.0;       ///< Value of options.
  double equity = 0.0;        ///< The three together.
  double price = 0.0;         ///< N per unit.
  double equity_value = 0.0;  ///< In N.
};

struct GreekBound {
  std::string name;   ///< `delta BTC`
  std::string greek;  ///< portfolio::Greek
  bool collateral_included = true;
  std::optional<double> lower;
  std::optional<double> upper;
};

/// Greeks of the booked book in one underlying, and the bounds that its owner set. Units: portfolio::Greek.
struct ExposureReport {
  std::string underlying;
  double delta = 0.0;           ///< Coins, premium and coin collateral included.
  double delta_excluded = 0.0;  ///< Coins, derivatives alone.
  double gamma = 0.0;           ///< Coins per +1 %.
  double vega = 0.0;            ///< N per volatility point.
  double theta = 0.0;           ///< N per day.
  std::vector<GreekBound> bounds;
};

struct StressReport {
  std::string scenario;
  double profit = 0.0;  ///< N; negative is a loss.
};

/// One settlement pool of the account under the venue's rule, in the pool's asset.
struct MarginReport {
  std::string pool;
  double initial = 0.0;
  double maintenance = 0.0;
  double balance = 0.0;
  std::optional<double> utilisation;  ///< initial / balance; absent where something is required of nothing.
  std::optional<double> ceiling;      ///< Of the utilisation, as the target surface has it.
};

/// A ConstraintReport of the target, and where the booked book stands beside it.
struct ConstraintLine {
  portfolio::ConstraintReport target;
  std::optional<double> booked;            ///< Absent where a row's name belongs to no row of risk.
  std::optional<double> violation_booked;  ///< Distance of `booked` outside the bounds, not negative.

  /// Whether the booked book is outside a hard bound.
  [[nodiscard]] bool broken() const { return target.hard && violation_booked.value_or(0.0) > 0.0; }
};

struct ReasonReport {
  std::string constraint;
  double value = 0.0;  ///< N per contract traded, positive where it speaks for the trade.
  double shadow_price = 0.0;
};

/// One trade of the target, and what became of it. Sizes in contracts, negative is short or sold.
struct TradeReport {
  std::string instrument;
  Decimal current;
  Decimal trade;
  Decimal target;
  Decimal booked;
  Decimal missing;  ///< target - booked: unfilled, refused, or moved by something else.
  Decimal limit;
  std::string price_unit;
  double edge = 0.0;  ///< N, whole trade, over the horizon: the sum of its sources.
  portfolio::EdgeSources edge_sources;
  double cost = 0.0;             ///< N, whole trade.
  double marginal_margin = 0.0;  ///< Settlement asset.
  double marginal_risk = 0.0;    ///< N of the worst stress row; negative is worse.
  std::string settlement;
  std::vector<ReasonReport> reasons;  ///< Largest first.
};

struct OrderReport {
  std::string id;
  std::string instrument;  ///< Canonical: `deribit:BTC-27DEC24-60000-C`
  std::string venue;
  std::string symbol;  ///< The venue's own name: `BTC-27DEC24-60000-C`
  std::string side;
  Decimal contracts;        ///< Positive.
  Decimal amount;           ///< Positive; what the venue's order form asks for: contracts x contract size.
  std::string amount_unit;  ///< `USD` for inverse futures and perpetuals, else the coin.
  Decimal limit;
  std::string price_unit;
  std::string time_in_force;
  std::uint64_t target_event = 0;  ///< Sequence of the event that proposed the target it serves.
  bool approved = false;
  std::string refusal;  ///< Of the gate; empty where approved.
  Decimal filled;       ///< Contracts.
  Decimal unfilled;     ///< Contracts; zero for what was refused.
};

struct FillReport {
  std::uint64_t trade = 0;  ///< The venue's number.
  std::string order;
  std::string instrument;
  std::string side;
  Decimal contracts;
  Decimal price;
  std::string price_unit;
  std::optional<double> mark;
  Decimal fee;  ///< Positive is paid.
  std::string fee_asset;
  std::string liquidity;
  std::optional<double> cost;  ///< N: fee and distance of the price from the mark.
};

struct DeliveryReport {
  std::string instrument;
  Decimal position;
  Decimal price_usd;
  UtcTime price_time;
  bool approximate = false;
  Decimal value;  ///< Received, negative is paid.
  Decimal fee;
  std::string asset;
};

struct FundingReport {
  std::string instrument;
  Decimal position;
  Decimal rate_8h;
  double hours = 0.0;
  Decimal paid;  ///< Negative is received.
  std::string asset;
};

struct PositionReport {
  std::string instrument;
  std::string underlying;
  Decimal contracts;
  std::optional<double> mark;
  std::string price_unit;
  std::optional<double>
      value;  ///< Settlement asset: of an option its premium; of a future nothing until it is settled.
  std::optional<double> value_in_numeraire;
  std::string settlement;
  std::optional<double> delta;           ///< Coins.
  std::optional<double> gamma;           ///< Coins per +1 %.
  std::optional<double> vega;            ///< N per volatility point.
  std::optional<double> theta;           ///< N per day.
  std::optional<double> initial_margin;  ///< Settlement asset.
  bool listed = true;  ///< Whether the snapshot has it; otherwise it is carried at the surface's price.
};

struct TargetReport {
  std::string status;  ///< portfolio::TargetStatus
  double objective_continuous = 0.0;
  double objective_rounded = 0.0;
  double edge = 0.0;  ///< N over the horizon, of the whole book.
  double cost = 0.0;  ///< N, of all trades.
  std::uint32_t candidates = 0;
  std::uint32_t solver_iterations = 0;
  std::vector<std::string> broken;
  std::string note;
};

struct LapReport {
  std::uint64_t lap = 0;
  UtcTime time;  ///< Of the market.
  std::string account;
  std::string numeraire;
  std::string containment;
  std::string trouble;  ///< Why there is no risk or no target; empty where all is well.

  market::QualityCounts quality;
  std::vector<IndexPrice> indices;
  std::vector<SurfaceReport> surfaces;

  std::optional<double> equity;  ///< N; absent where the book cannot be valued, and then so is all of the next five.
  std::vector<AssetReport> assets;
  std::vector<ExposureReport> exposures;
  std::vector<StressReport> stress;  ///< The worst rows, worst first.
  std::string margin_rule;
  std::vector<MarginReport> margin;
  std::vector<std::string> margin_unconfirmed;  ///< Parameters used that were not checked against the venue.

  std::optional<TargetReport> target;
  std::vector<ConstraintLine> constraints;
  std::vector<TradeReport> trades;
  std::vector<OrderReport> orders;
  std::vector<FillReport> fills;
  std::vector<DeliveryReport> deliveries;
  std::vector<FundingReport> funding;
  std::vector<PositionReport> positions;
  std::optional<AttributionReport> attribution;  ///< Since the last lap that could be valued, or since the opening.
  std::string attribution_missing;               ///< Why there is none; empty where there is one.

  std::string digest;                       ///< Hexadecimal; empty where the caller has none.
  std::optional<std::string> journal_head;  ///< `COUNT:HASH`; absent without a journal.
};

/// What a lap's report needs from outside the engine's state.
struct LapMarks {
  std::optional<Digest> digest;             ///< As LapClosed recorded it.
  std::optional<std::string> journal_head;  ///< Once the lap was committed.
};

/// Rows that LapReport::stress holds.
inline constexpr std::size_t stress_rows_shown = 5;

/// Reports the lap that has just closed. `target` is the surface that its target was made for: it names the bounds.
///
/// A lap without a view of risk is reported with what there is, and its trouble.
/// Errors    invalid_argument before the first market.
[[nodiscard]] Result<LapReport> lap_report(const engine::State& state, const portfolio::TargetSurface& target,
                                           const LapMarks& marks = {});

}  // namespace gimbal::report
