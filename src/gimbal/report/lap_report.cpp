// From the engine's state to a lap's report: ids become names, lots become contracts, verdicts meet their fills.
#include "gimbal/report/lap_report.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/report/internal/booked_book.hpp"

namespace gimbal::report {
namespace {

using engine::State;
using internal::BookedBook;
using market::Instrument;

// A booked value is compared with a bound up to what sums of doubles may lose.
constexpr double tolerance_relative = 1e-9;

const Instrument& instrument_of(const State& state, market::InstrumentId id) { return (*state.universe)[id]; }

std::string symbol_of(const Instrument& instrument) {
  const std::string prefix = instrument.venue + ":";
  return instrument.name.rfind(prefix, 0) == 0 ? instrument.name.substr(prefix.size()) : instrument.name;
}

const char* to_text(market::TimeInForce time_in_force) {
  return time_in_force == market::TimeInForce::immediate_or_cancel ? "immediate_or_cancel" : "good_til_cancelled";
}

Decimal decimal_of(const State& state, Amount amount, const market::AssetCode& asset) {
  const auto id = state.universe->find_asset(asset);
  GIMBAL_ASSERT(id.has_value());
  return amount.to_decimal(state.universe->asset(*id).scale);
}

SliceReport report_slice(const surface::SurfaceSlice& slice, UtcTime time) {
  SliceReport line;
  line.expiry = slice.expiry;
  line.days = days_between(time, slice.expiry);
  line.forward = slice.forward;
  line.volatility_atm = slice.volatility_atm;
  line.rung = surface::to_string(slice.rung);
  line.quotes_used = slice.quality.quotes_used;
  line.quotes_judged = slice.quality.quotes_judged;
  line.inside_share = slice.quality.inside_share;
  line.near_share = slice.quality.near_share;
  line.rmse_volatility = slice.quality.rmse_volatility;
  return line;
}

SurfaceReport report_surface(const surface::VolSurface& surface, const market::Universe& universe) {
  SurfaceReport line;
  line.underlying = universe.asset(surface.underlying()).code.str();
  constexpr auto days_30 = std::chrono::hours{24 * 30};
  line.volatility_30_days = surface.volatility(0.0, surface.time() + days_30);
  double judged = 0.0;
  double inside = 0.0;
  double near = 0.0;
  for (const surface::SurfaceSlice& slice : surface.slices()) {
    line.quotes_used += slice.quality.quotes_used;
    judged += slice.quality.quotes_judged;
    inside += slice.quality.inside_share * slice.quality.quotes_judged;
    near += slice.quality.near_share * slice.quality.quotes_judged;
    line.slices.push_back(report_slice(slice, surface.time()));
  }
  if (judged > 0.0) {
    line.inside_share = inside / judged;
    line.near_share = near / judged;
  }
  return line;
}

void report_market(const State& state, LapReport& report) {
  report.time = state.market->time;
  report.quality = state.market->quality;
  const auto assets = state.universe->assets();
  for (std::size_t a = 0; a < state.market->index_price.size() && a < assets.size(); ++a)
    if (const auto& price = state.market->index_price[a]; price && !market::is_dollar(assets[a].code))
      report.indices.push_back({assets[a].code.str(), *price});
  if (!state.surfaces) return;
  for (const surface::VolSurface& surface : state.surfaces->surfaces())
    report.surfaces.push_back(report_surface(surface, *state.universe));
}

double distance_outside(const portfolio::ConstraintReport& constraint, double value) {
  double outside = 0.0;
  double scale = std::fabs(value);
  if (constraint.lower) outside = std::max(outside, *constraint.lower - value);
  if (constraint.lower) scale = std::max(scale, std::fabs(*constraint.lower));
  if (constraint.upper) outside = std::max(outside, value - *constraint.upper);
  if (constraint.upper) scale = std::max(scale, std::fabs(*constraint.upper));
  return outside > tolerance_relative * scale ? outside : 0.0;
}

TradeReport report_trade(const State& state, const portfolio::TargetTrade& trade,
                         const std::vector<portfolio::ConstraintReport>& constraints) {
  const Instrument& instrument = instrument_of(state, trade.instrument);
  TradeReport line;
  line.instrument = instrument.name;
  line.current = market::contracts_of(instrument, trade.current);
  line.trade = market::contracts_of(instrument, trade.trade);
  line.target = market::contracts_of(instrument, trade.current + trade.trade);
  // Coins bought in a spot pair are a balance, not a position: what was filled is all there is to say of them.
  const bool spot = instrument.kind == market::InstrumentKind::spot;
  line.booked = spot ? line.current + internal::contracts_traded(state, trade.instrument)
                     : internal::contracts_held(state, trade.instrument);
  line.missing = line.target - line.booked;
  line.limit = market::price_of(instrument, trade.limit);
  line.price_unit = internal::price_unit(instrument);
  line.edge = trade.edge.total();
  line.edge_sources = trade.edge;
  line.cost = trade.cost;
  line.marginal_margin = trade.marginal_margin;
  line.marginal_risk = trade.marginal_risk;
  line.settlement = instrument.settlement.str();
  for (const portfolio::TradeReason& reason : trade.reasons) {
    if (reason.constraint >= constraints.size()) continue;
    const portfolio::ConstraintReport& constraint = constraints[reason.constraint];
    line.reasons.push_back({constraint.name, reason.value, constraint.shadow_price});
  }
  return line;
}

void report_target(const State& state, const BookedBook* booked, LapReport& report) {
  if (!state.target) return;
  const portfolio::TargetBook& book = *state.target;
  TargetReport summary;
  summary.status = portfolio::to_string(book.status);
  summary.objective_continuous = book.objective_continuous;
  summary.objective_rounded = book.objective_rounded;
  summary.edge = book.edge;
  summary.cost = book.cost;
  summary.candidates = book.candidates;
  summary.solver_iterations = book.solver_iterations;
  summary.broken = book.broken;
  summary.note = book.note;
  report.target = std::move(summary);
  for (const portfolio::ConstraintReport& constraint : book.constraints) {
    ConstraintLine line{constraint, std::nullopt, std::nullopt};
    if (booked != nullptr) line.booked = booked->value_of(constraint);
    if (line.booked) line.violation_booked = distance_outside(constraint, *line.booked);
    report.constraints.push_back(std::move(line));
  }
  std::vector<const portfolio::TargetTrade*> trades;
  for (const portfolio::TargetTrade& trade : book.trades) trades.push_back(&trade);
  std::stable_sort(
      trades.begin(), trades.end(), [&state](const portfolio::TargetTrade* a, const portfolio::TargetTrade* b) {
        return internal::reads_before(instrument_of(state, a->instrument), instrument_of(state, b->instrument));
      });
  for (const portfolio::TargetTrade* trade : trades)
    report.trades.push_back(report_trade(state, *trade, book.constraints));
}

void report_orders(const State& state, LapReport& report) {
  for (const engine::JudgedOrder& judged : state.judged) {
    const market::OrderRequest& order = judged.order;
    const Instrument& instrument = instrument_of(state, order.instrument);
    QuantityLots filled;
    for (const market::Fill& fill : state.fills)
      if (fill.order == order.id) filled = filled + fill.quantity;
    OrderReport line;
    line.id = market::to_string(order.id);
    line.instrument = instrument.name;
    line.venue = instrument.venue;
    line.symbol = symbol_of(instrument);
    line.side = market::to_string(order.side);
    line.contracts = market::contracts_of(instrument, order.quantity);
    line.amount = line.contracts * instrument.contract_size;
    const bool in_quote = instrument.is_future() && instrument.payoff == market::Payoff::inverse;
    line.amount_unit = in_quote ? instrument.quote.str() : instrument.underlying.str();
    line.limit = market::price_of(instrument, order.limit);
    line.price_unit = internal::price_unit(instrument);
    line.time_in_force = to_text(order.time_in_force);
    line.target_event = order.target;
    line.approved = judged.approved;
    line.refusal = judged.refusal;
    line.filled = market::contracts_of(instrument, filled);
    if (judged.approved) line.unfilled = line.contracts - line.filled;
    report.orders.push_back(std::move(line));
  }
}

// What a fill gave away against the mark, and its fee, in the numeraire.
std::optional<double> fill_cost(const State& state, const BookedBook& booked, const market::Fill& fill) {
  const Instrument& instrument = instrument_of(state, fill.instrument);
  const auto mark = booked.mark_of(fill.instrument);
  const double price = market::price_of(instrument, fill.price).to_double();
  const bool divides = instrument.is_future() && instrument.payoff == market::Payoff::inverse;
  if (!mark || (divides && (*mark <= 0.0 || price <= 0.0))) return std::nullopt;
  const double contracts = market::contracts_of(instrument, market::signed_lots(fill.side, fill.quantity)).to_double();
  const market::AssetId settlement = state.universe->settlement(fill.instrument);
  const double given =
      contracts * (portfolio::contract_value(instrument, price) - portfolio::contract_value(instrument, *mark));
  const double fee = fill.fee.to_double(state.universe->asset(settlement).scale);
  return (given + fee) * booked.price_of(settlement);
}

void report_fills(const State& state, const BookedBook* booked, LapReport& report) {
  for (const market::Fill& fill : state.fills) {
    const Instrument& instrument = instrument_of(state, fill.instrument);
    FillReport line;
    line.trade = fill.trade;
    line.order = market::to_string(fill.order);
    line.instrument = instrument.name;
    line.side = market::to_string(fill.side);
    line.contracts = market::contracts_of(instrument, fill.quantity);
    line.price = market::price_of(instrument, fill.price);
    line.price_unit = internal::price_unit(instrument);
    line.fee = decimal_of(state, fill.fee, instrument.settlement);
    line.fee_asset = instrument.settlement.str();
    line.liquidity = fill.liquidity == market::Liquidity::taker ? "taker" : "maker";
    if (booked != nullptr) line.mark = booked->mark_of(fill.instrument);
    if (booked != nullptr) line.cost = fill_cost(state, *booked, fill);
    report.fills.push_back(std::move(line));
  }
}

void report_settlements(const State& state, LapReport& report) {
  for (const market::Delivery& delivery : state.deliveries) {
    const Instrument& instrument = instrument_of(state, delivery.instrument);
    DeliveryReport line;
    line.instrument = instrument.name;
    line.position = market::contracts_of(instrument, delivery.position);
    line.price_usd = delivery.delivery_price;
    line.price_time = delivery.price_time;
    line.approximate = delivery.approximate;
    line.value = decimal_of(state, delivery.value, instrument.settlement);
    line.fee = decimal_of(state, delivery.fee, instrument.settlement);
    line.asset = instrument.settlement.str();
    report.deliveries.push_back(std::move(line));
  }
  for (const market::FundingPayment& payment : state.funding) {
    const Instrument& instrument = instrument_of(state, payment.instrument);
    FundingReport line;
    line.instrument = instrument.name;
    line.position = market::contracts_of(instrument, payment.position);
    line.rate_8h = payment.rate_8h;
    line.hours = std::chrono::duration<double, std::ratio<3600>>{payment.elapsed}.count();
    line.paid = decimal_of(state, payment.paid, instrument.settlement);
    line.asset = instrument.settlement.str();
    report.funding.push_back(std::move(line));
  }
}

AttributionLine report_amount(const State& state, const portfolio::AttributedAmount& amount) {
  AttributionLine line;
  line.item = portfolio::to_string(amount.item);
  if (amount.asset) line.asset = state.universe->asset(*amount.asset).code.str();
  if (amount.bucket) line.bucket = portfolio::to_string(*amount.bucket);
  line.amount = amount.amount;
  return line;
}

void report_attribution(const State& state, LapReport& report) {
  const risk::RiskView* before = state.profit_since.view.get();
  const risk::RiskView* after = state.view.get();
  GIMBAL_ASSERT(after != nullptr);
  if (before == nullptr) {
    report.attribution_missing = "no earlier book could be valued";
    return;
  }
  const auto attribution =
      portfolio::attribute({*before->snapshot, *before->surfaces, before->marks, state.profit_since.ledger},
                           {*after->snapshot, *after->surfaces, after->marks, state.ledger}, state.profit_since.flows,
                           engine::main_account, after->numeraire);
  if (!attribution) {
    report.attribution_missing = attribution.error().message;
    return;
  }
  AttributionReport& profit = report.attribution.emplace();
  profit.from = before->snapshot->time;
  profit.to = after->snapshot->time;
  profit.equity_from = attribution->equity_before;
  profit.equity_to = attribution->equity_after;
  profit.deposits = attribution->deposits;
  profit.residual = attribution->residual;
  for (const portfolio::AttributedAmount& amount : attribution->items)
    profit.lines.push_back(report_amount(state, amount));
  for (const portfolio::AttributedAmount& amount : attribution->last_day)
    profit.last_day.push_back(report_amount(state, amount));
}

}  // namespace

Result<LapReport> lap_report(const State& state, const portfolio::TargetSurface& target, const LapMarks& marks) {
  if (!state.market) return fail(ErrorCode::invalid_argument, "no lap has begun, so there is nothing to report");
  LapReport report;
  report.lap = state.lap;
  report.account = state.configuration->account;
  report.numeraire = state.configuration->risk->numeraire.str();
  report.containment = govern::to_string(state.containment);
  report.trouble = state.trouble;
  if (marks.digest) report.digest = to_hex(*marks.digest);
  report.journal_head = marks.journal_head;
  report_market(state, report);

  std::optional<BookedBook> booked;
  if (state.view && state.opened) {
    auto evaluated = BookedBook::evaluate(state, target);
    if (evaluated) {
      booked = std::move(*evaluated);
    } else if (report.trouble.empty()) {
      report.trouble = evaluated.error().message;
    }
  }
  const BookedBook* book = booked ? &*booked : nullptr;
  if (book != nullptr) {
    book->describe(report);
    report_attribution(state, report);
  } else {
    report.positions = internal::plain_positions(state);
    report.attribution_missing = "this book cannot be valued";
  }
  report_target(state, book, report);
  report_orders(state, report);
  report_fills(state, book, report);
  report_settlements(state, report);
  return report;
}

}  // namespace gimbal::report
