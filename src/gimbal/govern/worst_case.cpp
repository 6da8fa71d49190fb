// Worst subsets: exact for linear rows, from above for margin through the rule's convex bound.
#include "gimbal/govern/worst_case.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace gimbal::govern {

std::optional<std::string> RowReach::refusal(double move) const {
  if (move > 0.0 && value + up + move > upper)
    return fmt::format("{} could reach {:.6g} {}, above its limit {:.6g}", row.name, value + up + move, row.unit,
                       upper);
  if (move < 0.0 && value + down + move < lower)
    return fmt::format("{} could reach {:.6g} {}, below its limit {:.6g}", row.name, value + down + move, row.unit,
                       lower);
  return std::nullopt;
}

void RowReach::take(double move) { (move > 0.0 ? up : down) += move; }

Result<MarginReach> MarginReach::over(const risk::RiskView& view, const risk::BookState& book,
                                      std::span<const market::OrderRequest> orders, double utilisation_max) {
  MarginReach reach{view};
  reach.utilisation_max_ = utilisation_max;
  std::map<market::InstrumentId, Span> spans;
  const risk::MarginBook margin_book = book.margin_book(view.columns);
  for (const risk::MarginPosition& position : margin_book.positions)
    spans[position.instrument] = Span{position.instrument, position.contracts, position.contracts, position.contracts};
  std::map<market::InstrumentId, risk::PositionLimits> limits;
  for (const auto& [instrument, span] : spans) limits[instrument] = {instrument, span.held, span.held};
  for (const market::OrderRequest& order : orders) {
    const market::Instrument& instrument = view.universe()[order.instrument];
    if (instrument.kind == market::InstrumentKind::spot) continue;
    const double contracts =
        market::contracts_of(instrument, market::signed_lots(order.side, order.quantity)).to_double();
    Span& span = spans.try_emplace(order.instrument, Span{order.instrument, 0.0, 0.0, 0.0}).first->second;
    risk::PositionLimits& limit =
        limits.try_emplace(order.instrument, risk::PositionLimits{order.instrument, span.held, span.held})
            .first->second;
    (contracts > 0.0 ? limit.upper : limit.lower) += contracts;
  }
  std::vector<risk::PositionLimits> ordered;
  for (const auto& [instrument, limit] : limits) ordered.push_back(limit);
  auto bound = view.margin->bound(view.margin_market(), margin_book, ordered, risk::MarginSide::initial);
  if (!bound) return Unexpected{bound.error()};
  reach.bound_ = std::move(*bound);
  for (const auto& [instrument, span] : spans) reach.spans_.push_back(span);
  for (const risk::PoolBound& pool : reach.bound_.pools) reach.balance_.push_back(pool.balance);
  return reach;
}

std::vector<MarginReach::Span> MarginReach::spans_with(const risk::MarginTrade* trade) const {
  std::vector<Span> spans = spans_;
  if (trade == nullptr) return spans;
  for (Span& span : spans) {
    if (span.instrument != trade->instrument) continue;
    (trade->contracts > 0.0 ? span.highest : span.lowest) += trade->contracts;
  }
  return spans;
}

double MarginReach::requirement(const risk::PoolBound& pool, const std::vector<Span>& spans) const {
  const auto span_of = [&spans](market::InstrumentId id) {
    const auto found =
        std::find_if(spans.begin(), spans.end(), [id](const Span& span) { return span.instrument == id; });
    return found == spans.end() ? Span{id, 0.0, 0.0, 0.0} : *found;
  };
  double separable = 0.0;
  for (const risk::PositionBound& position : pool.positions) {
    const Span span = span_of(position.instrument);
    // Convex: the dearest point of an interval is one of its ends.
    separable += std::max(position.at(span.lowest), position.at(span.highest));
  }
  if (pool.faces.empty()) return separable;
  double highest = -HUGE_VAL;
  for (const risk::BoundFace& face : pool.faces) {
    double value = face.constant;
    for (const risk::MarginPosition& slope : face.slopes) {
      const Span span = span_of(slope.instrument);
      value += std::max(slope.contracts * span.lowest, slope.contracts * span.highest);
    }
    highest = std::max(highest, value);
  }
  return separable + highest;
}

Result<std::vector<double>> MarginReach::balances_with(const risk::MarginTrade* trade) const {
  std::vector<double> balances = balance_;
  if (trade == nullptr) return balances;
  const auto effects = view_->margin->balance_effects(view_->margin_market(), trade->instrument, trade->price);
  if (!effects) return Unexpected{effects.error()};
  const market::AssetId settlement = view_->universe().settlement(trade->instrument);
  for (std::size_t i = 0; i < bound_.pools.size(); ++i) {
    double change = bound_.pools[i].asset == settlement ? -trade->fee : 0.0;
    for (const risk::BalanceEffect& effect : *effects)
      if (effect.pool == bound_.pools[i].asset) change += effect.amount * trade->contracts;
    balances[i] += std::min(change, 0.0);  // a fill that adds to the balance may be the one that does not come
  }
  return balances;
}

Result<std::optional<std::string>> MarginReach::refusal(const risk::MarginTrade& trade) const {
  const auto balances = balances_with(&trade);
  if (!balances) return Unexpected{balances.error()};
  const std::vector<Span> spans = spans_with(&trade);
  for (std::size_t i = 0; i < bound_.pools.size(); ++i) {
    const double before = requirement(bound_.pools[i], spans_);
    const double after = requirement(bound_.pools[i], spans);
    const double room_before = utilisation_max_ * balance_[i] - before;
    const double room_after = utilisation_max_ * (*balances)[i] - after;
    if (room_after < 0.0 && room_after < room_before)
      return std::optional<std::string>{fmt::format(
          "initial margin in {} could reach {:.6g} of a balance of {:.6g}, above its limit of {:.4g} %",
          view_->universe().asset(bound_.pools[i].asset).code.view(), after, (*balances)[i], 100.0 * utilisation_max_)};
  }
  return std::optional<std::string>{};
}

Result<void> MarginReach::take(const risk::MarginTrade& trade) {
  auto balances = balances_with(&trade);
  if (!balances) return Unexpected{balances.error()};
  spans_ = spans_with(&trade);
  balance_ = std::move(*balances);
  return {};
}

}  // namespace gimbal::govern
