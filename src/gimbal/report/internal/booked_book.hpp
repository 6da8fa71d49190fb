// The booked book seen through the lap's view of risk: the half of a lap's report that is computed from what the
// account holds now, rather than copied from what the target said.
#pragma once

#include <optional>
#include <string_view>

#include "gimbal/report/lap_report.hpp"
#include "gimbal/risk/risk_view.hpp"

namespace gimbal::report::internal {

/// Contracts of a position as the ledger has it.
[[nodiscard]] Decimal contracts_held(const engine::State& state, market::InstrumentId instrument);

/// Contracts bought (negative: sold) in the lap.
[[nodiscard]] Decimal contracts_traded(const engine::State& state, market::InstrumentId instrument);

/// What prices of an instrument are in: the settlement coin for inverse options, else the quote asset.
[[nodiscard]] std::string price_unit(const market::Instrument& instrument);

/// The order in which people read instruments: underlying, kind, expiry, strike, right, name.
[[nodiscard]] bool reads_before(const market::Instrument& a, const market::Instrument& b);

/// Positions by name and size alone, for a lap without a view of risk.
[[nodiscard]] std::vector<PositionReport> plain_positions(const engine::State& state);

/// The references must outlive it.
class BookedBook {
 public:
  /// Errors    of risk::evaluate_book. `state.view` is not null.
  [[nodiscard]] static Result<BookedBook> evaluate(const engine::State& state, const portfolio::TargetSurface& target);

  /// Equity, assets, exposures, stress, margin and positions.
  void describe(LapReport& report) const;

  /// Where the booked book stands in a constraint of the target, by its name; nothing where no row of risk has that
  /// name.
  [[nodiscard]] std::optional<double> value_of(const portfolio::ConstraintReport& constraint) const;

  /// Numeraire per unit of an asset.
  [[nodiscard]] double price_of(market::AssetId asset) const;
  [[nodiscard]] std::optional<double> mark_of(market::InstrumentId instrument) const;

 private:
  struct GreekValue {
    std::string name;
    double value = 0.0;
  };

  BookedBook(const engine::State& state, const portfolio::TargetSurface& target, risk::BookRisk risk);
  void describe_assets(LapReport& report) const;
  void describe_exposures(LapReport& report) const;
  void describe_margin(LapReport& report) const;
  void describe_stress(LapReport& report) const;
  void describe_positions(LapReport& report) const;
  [[nodiscard]] std::optional<double> line_value(std::string_view name) const;
  [[nodiscard]] std::optional<double> margin_value(const portfolio::ConstraintReport& constraint) const;

  const engine::State* state_;
  const portfolio::TargetSurface* target_;
  const risk::RiskView* view_;
  risk::BookRisk risk_;
  std::vector<GreekValue> greeks_;  ///< Of the target surface's rows, under their own names.
};

}  // namespace gimbal::report::internal
