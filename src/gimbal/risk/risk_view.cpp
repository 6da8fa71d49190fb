// The view of a lap, and a book seen through it.
#include "gimbal/risk/risk_view.hpp"

#include "gimbal/market/contract_value.hpp"

namespace gimbal::risk {
namespace {

using market::AssetId;
using market::InstrumentId;
using portfolio::AccountValue;

// Coins without a price cannot be in an equity.
Result<void> require_prices(const RiskView& view, const std::vector<AccountValue>& values) {
  for (const AccountValue& value : values)
    if (const auto price = view.snapshot->index(value.asset); !price)
      return with_context(price.error(), fmt::format("account {}", market::raw(value.account)));
  return {};
}

Result<std::vector<GreekExposure>> greek_exposures(const RiskView& view, const BookState& book) {
  const ExposureInputs in = view.exposure_inputs(book.equity);
  std::vector<GreekExposure> list;
  for (const market::AssetCode& code : view.settings->scenarios.underlyings) {
    const auto asset = view.universe().find_asset(code);
    if (!asset || view.matrix.price_origin_usd[market::raw(*asset)] <= 0.0) continue;
    GreekExposure exposure;
    exposure.underlying = code;
    struct Part {
      portfolio::Greek greek;
      portfolio::DeltaCollateral collateral;
      double GreekExposure::*value;
    };
    using portfolio::DeltaCollateral;
    using portfolio::Greek;
    for (const Part& part : {Part{Greek::delta, DeltaCollateral::included, &GreekExposure::delta},
                             Part{Greek::delta, DeltaCollateral::excluded, &GreekExposure::delta_excluded},
                             Part{Greek::gamma, DeltaCollateral::included, &GreekExposure::gamma},
                             Part{Greek::vega, DeltaCollateral::included, &GreekExposure::vega},
                             Part{Greek::theta, DeltaCollateral::included, &GreekExposure::theta}}) {
      const auto row = greek_row(in, code, part.greek, part.collateral);
      if (!row) return Unexpected{row.error()};
      exposure.*part.value = evaluate(*row, book.contracts);
    }
    list.push_back(std::move(exposure));
  }
  return list;
}

std::optional<WorstRow> worst_stress(const ScenarioSet& scenarios, const std::vector<double>& profits) {
  std::optional<WorstRow> worst;
  for (std::size_t s = 0; s < profits.size(); ++s) {
    if (scenarios.rows[s].kind != ScenarioKind::stress) continue;
    if (!worst || profits[s] < worst->profit) worst = WorstRow{s, scenarios.rows[s].name, profits[s]};
  }
  return worst;
}

}  // namespace

ExposureInputs RiskView::exposure_inputs(std::span<const double> equity) const {
  return {columns, settings->scenarios, matrix, greeks, universe(), numeraire, equity};
}

Result<RiskView> build_risk_view(std::shared_ptr<const market::MarketSnapshot> snapshot,
                                 std::shared_ptr<const surface::SurfaceSet> surfaces,
                                 std::shared_ptr<const RiskSettings> settings) {
  GIMBAL_ASSERT(snapshot != nullptr);
  GIMBAL_ASSERT(surfaces != nullptr);
  GIMBAL_ASSERT(settings != nullptr);
  if (const auto valid = validate(settings->scenarios); !valid) return Unexpected{valid.error()};
  RiskView view;
  const auto numeraire = snapshot->universe->find_asset(settings->numeraire);
  if (!numeraire)
    return fail(ErrorCode::missing_data, "the numeraire {} is not in the market", settings->numeraire.view());
  if (const auto price = snapshot->index(*numeraire); !price) return with_context(price.error(), "the numeraire");
  view.numeraire = *numeraire;
  view.marks = portfolio::mark_prices(*snapshot, *surfaces);
  view.columns = revaluation_columns(*snapshot, *surfaces, settings->scenarios);
  view.matrix = scenario_matrix(view.columns, settings->scenarios, *snapshot, *surfaces);
  view.greeks = greek_columns(view.columns, *snapshot);
  view.margin = std::make_shared<const DeribitStandard>(settings->margin);
  view.snapshot = std::move(snapshot);
  view.surfaces = std::move(surfaces);
  view.settings = std::move(settings);
  return view;
}

MarginBook BookState::margin_book(const Columns& columns) const {
  GIMBAL_ASSERT(contracts.size() == columns.size());
  MarginBook margin;
  margin.values = values;
  for (std::size_t i = 0; i < contracts.size(); ++i)
    if (contracts[i] != 0.0) margin.positions.push_back(MarginPosition{columns.instrument[i], contracts[i]});
  return margin;
}

Result<BookState> read_book(const RiskView& view, const portfolio::Ledger& ledger, market::AccountId account) {
  auto values = portfolio::value_accounts(ledger, view.universe(), view.marks);
  if (!values) return Unexpected{values.error()};
  BookState book;
  book.account = account;
  book.contracts.assign(view.columns.size(), 0.0);
  book.equity.assign(view.universe().asset_count(), 0.0);
  for (const AccountValue& value : *values) {
    if (value.account != account) continue;
    book.values.push_back(value);
    book.equity[market::raw(value.asset)] = value.equity();
  }
  if (const auto priced = require_prices(view, book.values); !priced) return Unexpected{priced.error()};
  for (const portfolio::Position& held : ledger.positions()) {
    if (held.account != account) continue;
    const market::Instrument& instrument = view.universe()[held.instrument];
    const Decimal contracts = market::contracts_of(instrument, held.lots);
    const auto column = view.columns.column_of(held.instrument);
    if (!column)
      return fail(ErrorCode::missing_data, "a position of {} contracts in {} cannot be revalued: {}",
                  contracts.to_string(), instrument.name, view.columns.why_absent(held.instrument));
    book.contracts[*column] = contracts.to_double();
    if (view.columns.listed[*column] == 0) book.unlisted.push_back(held.instrument);
  }
  return book;
}

Result<BookRisk> evaluate_book(const RiskView& view, BookState book) {
  auto greeks = greek_exposures(view, book);
  if (!greeks) return Unexpected{greeks.error()};
  auto margin = view.margin->assess(view.margin_market(), book.margin_book(view.columns));
  if (!margin) return Unexpected{margin.error()};
  const ExposureInputs in = view.exposure_inputs(book.equity);
  BookRisk risk;
  risk.equity = equity_numeraire(in);
  risk.profits = scenario_profits(in, book.contracts);
  risk.worst_stress = worst_stress(view.settings->scenarios, risk.profits);
  risk.greeks = std::move(*greeks);
  risk.margin = std::move(*margin);
  risk.book = std::move(book);
  return risk;
}

Result<BookRisk> evaluate_book(const RiskView& view, const portfolio::Ledger& ledger, market::AccountId account) {
  auto book = read_book(view, ledger, account);
  if (!book) return Unexpected{book.error()};
  return evaluate_book(view, std::move(*book));
}

}  // namespace gimbal::risk
