// What the account holds, valued, differentiated and margined once more for the reader.
#include "gimbal/report/internal/booked_book.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>

namespace gimbal::report::internal {
namespace {

using market::Instrument;
using market::InstrumentId;
using portfolio::Greek;

bool starts_with(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }
bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// The four rows of one underlying, for the Greeks of single positions.
struct GreekRows {
  market::AssetCode underlying;
  std::vector<std::vector<double>> coefficients;  // delta, gamma, vega, theta
};

std::vector<GreekRows> greek_rows(const risk::RiskView& view, const risk::BookRisk& book) {
  const risk::ExposureInputs in = view.exposure_inputs(book.book.equity);
  std::vector<GreekRows> all;
  for (const risk::GreekExposure& exposure : book.greeks) {
    GreekRows rows{exposure.underlying, {}};
    for (const Greek greek : {Greek::delta, Greek::gamma, Greek::vega, Greek::theta}) {
      auto row = risk::greek_row(in, exposure.underlying, greek, portfolio::DeltaCollateral::excluded);
      GIMBAL_ASSERT(row.has_value());  // evaluate_book has just made the same rows
      rows.coefficients.push_back(std::move(row->coefficients));
    }
    all.push_back(std::move(rows));
  }
  return all;
}

// Positions of the one account, in the order in which people read them.
std::vector<portfolio::Position> positions_in_order(const engine::State& state) {
  std::vector<portfolio::Position> positions;
  for (const portfolio::Position& held : state.ledger.positions())
    if (held.account == engine::main_account) positions.push_back(held);
  const market::Universe& universe = *state.universe;
  std::stable_sort(positions.begin(), positions.end(),
                   [&universe](const portfolio::Position& a, const portfolio::Position& b) {
                     return reads_before(universe[a.instrument], universe[b.instrument]);
                   });
  return positions;
}

PositionReport plain_position(const Instrument& instrument, QuantityLots lots) {
  PositionReport line;
  line.instrument = instrument.name;
  line.underlying = instrument.underlying.str();
  line.contracts = market::contracts_of(instrument, lots);
  line.price_unit = price_unit(instrument);
  line.settlement = instrument.settlement.str();
  return line;
}

}  // namespace

Decimal contracts_held(const engine::State& state, InstrumentId instrument) {
  return market::contracts_of((*state.universe)[instrument], state.ledger.position(engine::main_account, instrument));
}

Decimal contracts_traded(const engine::State& state, InstrumentId instrument) {
  QuantityLots lots;
  for (const market::Fill& fill : state.fills)
    if (fill.instrument == instrument && fill.account == engine::main_account)
      lots = lots + market::signed_lots(fill.side, fill.quantity);
  return market::contracts_of((*state.universe)[instrument], lots);
}

std::string price_unit(const Instrument& instrument) {
  const bool in_coin = instrument.is_option() && instrument.payoff == market::Payoff::inverse;
  return in_coin ? instrument.settlement.str() : instrument.quote.str();
}

bool reads_before(const Instrument& a, const Instrument& b) {
  const auto key = [](const Instrument& instrument) {
    return std::make_tuple(instrument.underlying.view(), instrument.kind, instrument.expiry.value_or(UtcTime{}));
  };
  if (key(a) != key(b)) return key(a) < key(b);
  if (a.strike != b.strike) return a.strike < b.strike;
  return std::tie(a.right, a.name) < std::tie(b.right, b.name);
}

std::vector<PositionReport> plain_positions(const engine::State& state) {
  std::vector<PositionReport> lines;
  for (const portfolio::Position& held : positions_in_order(state))
    lines.push_back(plain_position((*state.universe)[held.instrument], held.lots));
  return lines;
}

BookedBook::BookedBook(const engine::State& state, const portfolio::TargetSurface& target, risk::BookRisk risk)
    : state_{&state}, target_{&target}, view_{state.view.get()}, risk_{std::move(risk)} {
  const risk::ExposureInputs in = view_->exposure_inputs(risk_.book.equity);
  for (const portfolio::GreekTarget& greek : target.greeks)
    if (const auto row = risk::greek_row(in, greek))
      greeks_.push_back({row->name, risk::evaluate(*row, risk_.book.contracts)});
}

Result<BookedBook> BookedBook::evaluate(const engine::State& state, const portfolio::TargetSurface& target) {
  GIMBAL_ASSERT(state.view != nullptr);
  auto risk = risk::evaluate_book(*state.view, state.ledger, engine::main_account);
  if (!risk) return Unexpected{risk.error()};
  return BookedBook{state, target, std::move(*risk)};
}

void BookedBook::describe(LapReport& report) const {
  report.equity = risk_.equity;
  describe_assets(report);
  describe_exposures(report);
  describe_stress(report);
  describe_margin(report);
  describe_positions(report);
}

void BookedBook::describe_assets(LapReport& report) const {
  for (const portfolio::AccountValue& value : risk_.book.values) {
    const market::Asset& asset = view_->universe().asset(value.asset);
    AssetReport line;
    line.asset = asset.code.str();
    line.cash = state_->ledger.cash(engine::main_account, value.asset).to_decimal(asset.scale);
    line.unsettled = value.unsettled;
    line.options = value.options;
    line.equity = value.equity();
    line.price = price_of(value.asset);
    line.equity_value = line.equity * line.price;
    report.assets.push_back(std::move(line));
  }
}

void BookedBook::describe_exposures(LapReport& report) const {
  for (const risk::GreekExposure& exposure : risk_.greeks) {
    ExposureReport line;
    line.underlying = exposure.underlying.str();
    line.delta = exposure.delta;
    line.delta_excluded = exposure.delta_excluded;
    line.gamma = exposure.gamma;
    line.vega = exposure.vega;
    line.theta = exposure.theta;
    for (const portfolio::GreekTarget& greek : target_->greeks) {
      if (greek.underlying != exposure.underlying) continue;
      GreekBound bound;
      bound.name = greek.bound.name;
      bound.greek = portfolio::to_string(greek.greek);
      bound.collateral_included = greek.collateral == portfolio::DeltaCollateral::included;
      bound.lower = greek.bound.lower;
      bound.upper = greek.bound.upper;
      line.bounds.push_back(std::move(bound));
    }
    report.exposures.push_back(std::move(line));
  }
}

void BookedBook::describe_stress(LapReport& report) const {
  const auto& rows = view_->settings->scenarios.rows;
  for (std::size_t s = 0; s < rows.size(); ++s)
    if (rows[s].kind == risk::ScenarioKind::stress) report.stress.push_back({rows[s].name, risk_.profits[s]});
  std::stable_sort(report.stress.begin(), report.stress.end(),
                   [](const StressReport& a, const StressReport& b) { return a.profit < b.profit; });
  if (report.stress.size() > stress_rows_shown) report.stress.resize(stress_rows_shown);
}

void BookedBook::describe_margin(LapReport& report) const {
  report.margin_rule = std::string{view_->margin->name()};
  for (const risk::MarginPool& pool : risk_.margin.pools) {
    MarginReport line;
    line.pool = view_->universe().asset(pool.asset).code.str();
    line.initial = pool.initial;
    line.maintenance = pool.maintenance;
    line.balance = pool.balance;
    line.utilisation = pool.utilisation();
    if (target_->margin) line.ceiling = target_->margin->ceiling;
    report.margin.push_back(std::move(line));
  }
  report.margin_unconfirmed = risk_.margin.unconfirmed;
}

void BookedBook::describe_positions(LapReport& report) const {
  const std::vector<GreekRows> rows = greek_rows(*view_, risk_);
  for (const portfolio::Position& held : positions_in_order(*state_)) {
    const Instrument& instrument = view_->universe()[held.instrument];
    PositionReport line = plain_position(instrument, held.lots);
    const auto column = view_->columns.column_of(held.instrument);
    GIMBAL_ASSERT(column.has_value());  // evaluate_book refuses a position without one
    const double contracts = risk_.book.contracts[*column];
    line.listed = view_->columns.listed[*column] != 0;
    line.mark = mark_of(held.instrument);
    if (line.mark && instrument.is_option()) {
      line.value = contracts * portfolio::contract_value(instrument, *line.mark);
      line.value_in_numeraire = *line.value * price_of(view_->universe().settlement(held.instrument));
    }
    for (const GreekRows& own : rows) {
      if (own.underlying != instrument.underlying) continue;
      line.delta = contracts * own.coefficients[0][*column];
      line.gamma = contracts * own.coefficients[1][*column];
      line.vega = contracts * own.coefficients[2][*column];
      line.theta = contracts * own.coefficients[3][*column];
    }
    for (const risk::MarginLine& margin : risk_.margin.lines)
      if (margin.instrument == held.instrument) line.initial_margin = margin.initial;
    report.positions.push_back(std::move(line));
  }
}

std::optional<double> BookedBook::value_of(const portfolio::ConstraintReport& constraint) const {
  for (const GreekValue& greek : greeks_)
    if (greek.name == constraint.name) return greek.value;
  const std::string_view name = constraint.name;
  constexpr std::string_view stress = "stress ";
  if (starts_with(name, stress)) {
    const auto& rows = view_->settings->scenarios.rows;
    for (std::size_t s = 0; s < rows.size(); ++s)
      if (name.substr(stress.size()) == rows[s].name) return risk_.profits[s];
    return std::nullopt;
  }
  if (starts_with(name, "margin ") || starts_with(name, "room ")) return margin_value(constraint);
  if (constraint.unit == "lines") return static_cast<double>(state_->ledger.positions().size());
  return line_value(name);
}

// `quoted size NAME` and `trade NAME` bound a trade, `position NAME` and `reduce only NAME` what is held.
std::optional<double> BookedBook::line_value(std::string_view name) const {
  for (const std::string_view kind : {"quoted size ", "trade ", "position ", "reduce only "}) {
    if (!starts_with(name, kind)) continue;
    const auto id = view_->universe().find(name.substr(kind.size()));
    if (!id) return std::nullopt;
    const bool held = kind == "position " || kind == "reduce only ";
    return (held ? contracts_held(*state_, *id) : contracts_traded(*state_, *id)).to_double();
  }
  return std::nullopt;
}

// `margin deribit BTC`, `room deribit BTC`: the pool is the last word. Stated as a fraction it is utilisation, or the
// room that is left; in coin the requirement.
std::optional<double> BookedBook::margin_value(const portfolio::ConstraintReport& constraint) const {
  for (const risk::MarginPool& pool : risk_.margin.pools) {
    const std::string asset = view_->universe().asset(pool.asset).code.str();
    if (!ends_with(constraint.name, " " + asset)) continue;
    const bool room = starts_with(constraint.name, "room ");
    if (constraint.unit == asset) return room ? pool.maintenance : pool.initial;
    return room ? pool.room() : pool.utilisation();
  }
  return std::nullopt;
}

double BookedBook::price_of(market::AssetId asset) const {
  const auto& prices = view_->matrix.price_origin_usd;
  return prices[market::raw(asset)] / prices[market::raw(view_->numeraire)];
}

std::optional<double> BookedBook::mark_of(InstrumentId instrument) const {
  const std::size_t index = market::raw(instrument);
  return index < view_->marks.size() ? view_->marks[index] : std::nullopt;
}

}  // namespace gimbal::report::internal
