// RiskView: everything that one lap knows of risk before it looks at a book, built once from a snapshot and its
// surfaces and never changed. BookRisk: the same seen from one account's book.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gimbal/portfolio/ledger.hpp"
#include "gimbal/portfolio/valuation.hpp"
#include "gimbal/risk/exposure.hpp"
#include "gimbal/risk/margin/deribit_standard.hpp"

namespace gimbal::risk {

struct RiskSettings {
  ScenarioSet scenarios;
  market::AssetCode numeraire = market::usd();
  DeribitStandardParameters margin = deribit_standard_2022();
};

/// Shared by the engine's state, the worker that allocates and reports: the parts outlive whichever ends first.
struct RiskView {
  std::shared_ptr<const market::MarketSnapshot> snapshot;
  std::shared_ptr<const surface::SurfaceSet> surfaces;
  std::shared_ptr<const RiskSettings> settings;
  std::shared_ptr<const MarginRule> margin;
  market::AssetId numeraire{};
  portfolio::MarkPrices marks;
  Columns columns;
  ScenarioMatrix matrix;
  GreekColumns greeks;

  [[nodiscard]] const market::Universe& universe() const { return *snapshot->universe; }
  [[nodiscard]] MarginMarket margin_market() const { return {*snapshot, marks}; }
  /// `equity` by AssetId, as in BookState.
  [[nodiscard]] ExposureInputs exposure_inputs(std::span<const double> equity) const;
};

/// Errors    what validate(ScenarioSet) refuses; missing_data when the numeraire has no index price.
[[nodiscard]] Result<RiskView> build_risk_view(std::shared_ptr<const market::MarketSnapshot> snapshot,
                                               std::shared_ptr<const surface::SurfaceSet> surfaces,
                                               std::shared_ptr<const RiskSettings> settings);

/// One account's book as risk sees it: q and E_c of every formula.
struct BookState {
  market::AccountId account{};
  std::vector<double> contracts;                ///< Held, one per column.
  std::vector<portfolio::AccountValue> values;  ///< Of this account, by asset.
  std::vector<double> equity;                   ///< Of this account, by AssetId, in that asset.
  std::vector<market::InstrumentId> unlisted;   ///< Held, not in the snapshot, carried at the surface's price.

  /// Positions that are not zero, as margin rules take them.
  [[nodiscard]] MarginBook margin_book(const Columns& columns) const;
};

/// Errors    missing_data, naming the instrument and why, when a held position has no mark or no column.
[[nodiscard]] Result<BookState> read_book(const RiskView& view, const portfolio::Ledger& ledger,
                                          market::AccountId account);

/// Greeks of one underlying in the units of portfolio::Greek.
struct GreekExposure {
  market::AssetCode underlying;
  double delta = 0.0;           ///< Collateral included.
  double delta_excluded = 0.0;  ///< Derivatives alone.
  double gamma = 0.0;
  double vega = 0.0;
  double theta = 0.0;
};

struct WorstRow {
  std::size_t scenario = 0;  ///< Index into the set.
  std::string name;
  double profit = 0.0;  ///< Numeraire; negative is a loss.
};

struct BookRisk {
  BookState book;
  double equity = 0.0;                   ///< Numeraire.
  std::vector<GreekExposure> greeks;     ///< One for each underlying of the scenario set that the market has.
  std::vector<double> profits;           ///< Numeraire, one per scenario.
  std::optional<WorstRow> worst_stress;  ///< Of the stress rows, the first of the worst; absent without any.
  MarginAssessment margin;
};

/// Risk of a given book: today's, or one that is only thought of (other contracts and values at the same marks).
/// Errors    as MarginRule::assess.
[[nodiscard]] Result<BookRisk> evaluate_book(const RiskView& view, BookState book);

/// Risk of what an account holds now.
/// Errors    as read_book and MarginRule::assess.
[[nodiscard]] Result<BookRisk> evaluate_book(const RiskView& view, const portfolio::Ledger& ledger,
                                             market::AccountId account);

}  // namespace gimbal::risk
