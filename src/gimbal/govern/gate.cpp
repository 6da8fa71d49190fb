// The gate's checks, cheapest first.
#include "gimbal/govern/gate.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/govern/worst_case.hpp"

namespace gimbal::govern {
namespace {

using market::Instrument;
using market::OrderRequest;

// One order in the units that the checks need.
struct Trade {
  double contracts = 0.0;  // signed
  double position = 0.0;   // held before
  std::size_t column = 0;
  double price = 0.0;
  double fee = 0.0;
  double underlying_price = 0.0;  // numeraire
  double underlying_quote = 0.0;  // in the instrument's quote asset
};

// Judges one batch of orders; holds what the approved ones could do.
class Session {
 public:
  Session(const Limits& limits, const Situation& situation, risk::BookRisk book)
      : limits_{limits}, situation_{situation}, book_{std::move(book)} {}

  Result<void> prepare(std::span<const OrderRequest> orders) {
    const risk::ExposureInputs inputs = situation_.view.exposure_inputs(book_.book.equity);
    for (const GreekLimit& limit : limits_.greeks) {
      auto row = risk::greek_row(inputs, limit.underlying, limit.greek, limit.collateral);
      if (!row) return Unexpected{row.error()};
      add_row(std::move(*row), limit.lower, limit.upper);
    }
    prepare_stress(inputs);
    if (limits_.margin_utilisation_max) {
      auto reach = MarginReach::over(situation_.view, book_.book, orders, *limits_.margin_utilisation_max);
      if (!reach) return Unexpected{reach.error()};
      margin_ = std::move(*reach);
    }
    return {};
  }

  Result<std::optional<std::string>> judge(const OrderRequest& order) {
    auto trade = measure(order);
    if (!trade) return Unexpected{trade.error()};
    if (auto refused = plain_refusal(order, *trade)) return refused;
    for (RowReach& row : rows_)
      if (auto refused = row.refusal(move_of(row, *trade))) return refused;
    const risk::MarginTrade margin_trade{order.instrument, trade->contracts, trade->price, trade->fee};
    if (margin_) {
      auto refused = margin_->refusal(margin_trade);
      if (!refused || *refused) return refused;
      if (auto taken = margin_->take(margin_trade); !taken) return Unexpected{taken.error()};
    }
    for (RowReach& row : rows_) row.take(move_of(row, *trade));
    ++approved_;
    return std::optional<std::string>{};
  }

 private:
  void add_row(risk::LinearRow row, double lower, double upper) {
    RowReach reach;
    reach.value = risk::evaluate(row, book_.book.contracts);
    reach.row = std::move(row);
    reach.lower = lower;
    reach.upper = upper;
    rows_.push_back(std::move(reach));
  }

  // Every stress row is a limit of its own. With no new risk allowed, none may fall below the worst there is today.
  void prepare_stress(const risk::ExposureInputs& inputs) {
    const bool contained = situation_.containment == Containment::no_new_risk && book_.worst_stress;
    if (!limits_.stress_loss_max && !contained) return;
    double floor = limits_.stress_loss_max ? -*limits_.stress_loss_max : -HUGE_VAL;
    if (contained) floor = std::max(floor, book_.worst_stress->profit);
    for (std::size_t scenario = 0; scenario < inputs.scenarios.rows.size(); ++scenario)
      if (inputs.scenarios.rows[scenario].kind == risk::ScenarioKind::stress)
        add_row(risk::stress_row(inputs, scenario), floor, HUGE_VAL);
  }

  static double move_of(const RowReach& row, const Trade& trade) {
    return row.row.coefficients[trade.column] * trade.contracts;
  }

  Result<Trade> measure(const OrderRequest& order) const {
    const risk::RiskView& view = situation_.view;
    const Instrument& instrument = view.universe()[order.instrument];
    const auto column = view.columns.column_of(order.instrument);
    if (!column)
      return fail(ErrorCode::missing_data, "{} cannot be valued: {}", instrument.name,
                  view.columns.why_absent(order.instrument));
    const auto& index = view.snapshot->index_price[raw(view.universe().underlying(order.instrument))];
    const auto numeraire = view.snapshot->index(view.numeraire);
    if (!index || !numeraire)
      return fail(ErrorCode::missing_data, "no index price of {}", instrument.underlying.view());
    Trade trade;
    trade.column = *column;
    trade.contracts = market::contracts_of(instrument, market::signed_lots(order.side, order.quantity)).to_double();
    trade.position = book_.book.contracts[*column];
    const Decimal price = market::price_of(instrument, order.limit);
    trade.price = price.to_double();
    const int scale = market::asset_scale(instrument.settlement);
    trade.fee = market::trade_fee(instrument, price, *index, order.quantity, market::Liquidity::taker).to_double(scale);
    trade.underlying_price = index->to_double() / *numeraire;
    trade.underlying_quote = view.columns.index[*column];
    return trade;
  }

  // Limits of one order by itself.
  std::optional<std::string> plain_refusal(const OrderRequest& order, const Trade& trade) const {
    const risk::RiskView& view = situation_.view;
    const Instrument& instrument = view.universe()[order.instrument];
    if (limits_.data_age_max && situation_.now - view.snapshot->time > *limits_.data_age_max)
      return fmt::format("the market is of {}, older than its limit allows", format_utc(view.snapshot->time));
    if (limits_.orders_per_lap_max && approved_ >= *limits_.orders_per_lap_max)
      return fmt::format("{} orders are approved already, its limit for a lap", approved_);
    if (situation_.containment >= Containment::reduce_only &&
        std::fabs(trade.position + trade.contracts) > std::fabs(trade.position))
      return fmt::format("containment is {}: the order would grow a position", to_string(situation_.containment));
    const bool inverse_future = instrument.payoff == market::Payoff::inverse && instrument.is_future();
    const double coins = instrument.contract_size.to_double() / (inverse_future ? trade.underlying_quote : 1.0) *
                         std::fabs(trade.contracts);
    const double notional = coins * trade.underlying_price;
    if (limits_.order_notional_max && notional > *limits_.order_notional_max)
      return fmt::format("its notional is {:.6g}, above its limit {:.6g}", notional, *limits_.order_notional_max);
    return price_refusal(instrument, order.instrument, trade);
  }

  std::optional<std::string> price_refusal(const Instrument& instrument, market::InstrumentId id,
                                           const Trade& trade) const {
    if (!limits_.price_distance_max) return std::nullopt;
    const auto& mark = situation_.view.marks[market::raw(id)];
    if (!mark) return std::string{"there is no mark to hold its price against"};
    const bool in_coin = instrument.is_option() && instrument.payoff == market::Payoff::inverse;
    const double distance = std::fabs(trade.price - *mark) / (in_coin ? 1.0 : trade.underlying_quote);
    if (distance <= *limits_.price_distance_max) return std::nullopt;
    return fmt::format("its price {:.6g} is {:.4g} % of the underlying from the mark {:.6g}, its limit is {:.4g} %",
                       trade.price, 100.0 * distance, *mark, 100.0 * *limits_.price_distance_max);
  }

  const Limits& limits_;
  const Situation& situation_;
  risk::BookRisk book_;
  std::vector<RowReach> rows_;
  std::optional<MarginReach> margin_;
  std::uint32_t approved_ = 0;
};

std::vector<Verdict> refuse_all(std::size_t count, const std::string& reason) {
  return std::vector<Verdict>(count, Verdict{std::nullopt, reason});
}

}  // namespace

std::vector<Verdict> Gate::judge(const Situation& situation, std::span<const OrderRequest> orders) const {
  auto book = risk::evaluate_book(situation.view, situation.ledger, situation.account);
  if (!book) return refuse_all(orders.size(), book.error().message);
  Session session{limits_, situation, std::move(*book)};
  if (const auto prepared = session.prepare(orders); !prepared)
    return refuse_all(orders.size(), prepared.error().message);
  std::vector<Verdict> verdicts;
  for (const OrderRequest& order : orders) {
    Verdict verdict;
    const auto refused = session.judge(order);
    if (!refused) {
      verdict.refusal = refused.error().message;
    } else if (*refused) {
      verdict.refusal = **refused;
    } else {
      verdict.approved = market::Approved<OrderRequest>{order};
    }
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

}  // namespace gimbal::govern
