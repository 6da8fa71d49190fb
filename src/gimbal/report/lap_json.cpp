// Keys and values of the laps' document.
#include "gimbal/report/lap_json.hpp"

#include <algorithm>

#include "gimbal/report/internal/json_text.hpp"
#include "gimbal/report/internal/quality_json.hpp"

namespace gimbal::report {
namespace {

using internal::exact;
using internal::Json;
using internal::number;
using internal::quality_json;
using internal::text_or_null;

// Key names that hold the numeraire: `equity_usd`. A program written for one numeraire then fails loudly on another,
// instead of reading bitcoins as dollars.
class Keys {
 public:
  explicit Keys(const std::string& numeraire) {
    for (const char letter : numeraire)
      numeraire_ += letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  [[nodiscard]] std::string in_numeraire(const std::string& name, const std::string& rest = {}) const {
    return name + "_" + numeraire_ + rest;
  }

 private:
  std::string numeraire_;
};

Json surface_json(const SurfaceReport& surface) {
  Json json;
  json["underlying"] = surface.underlying;
  json["volatility_atm_30_days_annual"] = number(surface.volatility_30_days);
  json["quotes_used"] = surface.quotes_used;
  json["inside_share"] = number(surface.inside_share);
  json["near_share"] = number(surface.near_share);
  json["slices"] = Json::array();
  for (const SliceReport& slice : surface.slices) {
    const bool judged = slice.quotes_judged > 0;
    Json line;
    line["expiry"] = format_utc(slice.expiry);
    line["days"] = number(slice.days);
    line["forward_price"] = number(slice.forward);
    line["volatility_atm_annual"] = number(slice.volatility_atm);
    line["rung"] = slice.rung;
    line["quotes_used"] = slice.quotes_used;
    line["quotes_judged"] = slice.quotes_judged;
    line["inside_share"] = judged ? number(slice.inside_share) : Json(nullptr);
    line["near_share"] = judged ? number(slice.near_share) : Json(nullptr);
    line["rmse_volatility_annual"] = judged ? number(slice.rmse_volatility) : Json(nullptr);
    json["slices"].push_back(std::move(line));
  }
  return json;
}

Json assets_json(const LapReport& lap, const Keys& keys) {
  Json list = Json::array();
  for (const AssetReport& asset : lap.assets) {
    Json json;
    json["asset"] = asset.asset;
    json["cash"] = exact(asset.cash);
    json["unsettled"] = number(asset.unsettled);
    json["options_value"] = number(asset.options);
    json["equity"] = number(asset.equity);
    json[keys.in_numeraire("price")] = number(asset.price);
    json[keys.in_numeraire("equity")] = number(asset.equity_value);
    list.push_back(std::move(json));
  }
  return list;
}

Json exposures_json(const LapReport& lap, const Keys& keys) {
  Json list = Json::array();
  for (const ExposureReport& exposure : lap.exposures) {
    Json json;
    json["underlying"] = exposure.underlying;
    json["delta_coins"] = number(exposure.delta);
    json["delta_derivatives_coins"] = number(exposure.delta_excluded);
    json["gamma_coins_per_percent"] = number(exposure.gamma);
    json[keys.in_numeraire("vega", "_per_point")] = number(exposure.vega);
    json[keys.in_numeraire("theta", "_per_day")] = number(exposure.theta);
    json["bounds"] = Json::array();
    for (const GreekBound& bound : exposure.bounds) {
      Json line;
      line["name"] = bound.name;
      line["greek"] = bound.greek;
      line["collateral"] = bound.collateral_included ? "included" : "excluded";
      line["lower"] = number(bound.lower);
      line["upper"] = number(bound.upper);
      json["bounds"].push_back(std::move(line));
    }
    list.push_back(std::move(json));
  }
  return list;
}

Json constraints_json(const LapReport& lap, const Keys& keys) {
  Json list = Json::array();
  for (const ConstraintLine& line : lap.constraints) {
    const portfolio::ConstraintReport& target = line.target;
    Json json;
    json["name"] = target.name;
    json["unit"] = target.unit;
    json["lower"] = number(target.lower);
    json["upper"] = number(target.upper);
    json["hard"] = target.hard;
    json["priority"] = target.priority;
    json["value_current"] = number(target.value_current);
    json["value_continuous"] = number(target.value_continuous);
    json["value_rounded"] = number(target.value_rounded);
    json["value_booked"] = number(line.booked);
    json[keys.in_numeraire("shadow_price", "_per_unit")] = number(target.shadow_price);
    json["binding"] = target.binding;
    json["violation_rounded"] = number(target.violation);
    json["violation_booked"] = number(line.violation_booked);
    list.push_back(std::move(json));
  }
  return list;
}

Json margin_json(const LapReport& lap) {
  Json list = Json::array();
  for (const MarginReport& pool : lap.margin) {
    Json json;
    json["account"] = lap.account;
    json["rule"] = lap.margin_rule;
    json["asset"] = pool.pool;
    json["margin_initial"] = number(pool.initial);
    json["margin_maintenance"] = number(pool.maintenance);
    json["balance"] = number(pool.balance);
    json["available"] = number(pool.balance - pool.initial);
    json["utilisation"] = number(pool.utilisation);
    json["utilisation_ceiling"] = number(pool.ceiling);
    list.push_back(std::move(json));
  }
  return list;
}

Json target_json(const LapReport& lap, const Keys& keys) {
  if (!lap.target) return nullptr;
  Json json;
  json["status"] = lap.target->status;
  json[keys.in_numeraire("objective_continuous")] = number(lap.target->objective_continuous);
  json[keys.in_numeraire("objective_rounded")] = number(lap.target->objective_rounded);
  json[keys.in_numeraire("edge")] = number(lap.target->edge);
  json[keys.in_numeraire("cost")] = number(lap.target->cost);
  json["candidates"] = lap.target->candidates;
  json["solver_iterations"] = lap.target->solver_iterations;
  json["broken"] = lap.target->broken;
  json["note"] = text_or_null(lap.target->note);
  return json;
}

Json trades_json(const LapReport& lap, const Keys& keys) {
  Json list = Json::array();
  for (const TradeReport& trade : lap.trades) {
    Json json;
    json["instrument"] = trade.instrument;
    json["contracts_current"] = exact(trade.current);
    json["contracts_trade"] = exact(trade.trade);
    json["contracts_target"] = exact(trade.target);
    json["contracts_booked"] = exact(trade.booked);
    json["contracts_missing"] = exact(trade.missing);
    json["price_limit"] = exact(trade.limit);
    json["price_unit"] = trade.price_unit;
    json[keys.in_numeraire("edge")] = number(trade.edge);
    json[keys.in_numeraire("edge_gamma")] = number(trade.edge_sources.gamma);
    json[keys.in_numeraire("edge_reversion")] = number(trade.edge_sources.reversion);
    json[keys.in_numeraire("edge_funding")] = number(trade.edge_sources.funding);
    json[keys.in_numeraire("edge_basis")] = number(trade.edge_sources.basis);
    json[keys.in_numeraire("cost")] = number(trade.cost);
    json["margin_initial_marginal"] = number(trade.marginal_margin);
    json["margin_asset"] = trade.settlement;
    json[keys.in_numeraire("stress_worst_marginal")] = number(trade.marginal_risk);
    json["reasons"] = Json::array();
    for (const ReasonReport& reason : trade.reasons) {
      Json line;
      line["constraint"] = reason.constraint;
      line[keys.in_numeraire("value", "_per_contract")] = number(reason.value);
      line[keys.in_numeraire("shadow_price", "_per_unit")] = number(reason.shadow_price);
      json["reasons"].push_back(std::move(line));
    }
    list.push_back(std::move(json));
  }
  return list;
}

Json orders_json(const LapReport& lap) {
  Json list = Json::array();
  for (const OrderReport& order : lap.orders) {
    Json json;
    json["order_id"] = order.id;
    json["instrument"] = order.instrument;
    json["side"] = order.side;
    json["contracts"] = exact(order.contracts);
    json["amount"] = exact(order.amount);
    json["amount_unit"] = order.amount_unit;
    json["price_limit"] = exact(order.limit);
    json["price_unit"] = order.price_unit;
    json["time_in_force"] = order.time_in_force;
    json["target_event"] = order.target_event;
    json["approved"] = order.approved;
    json["refusal"] = text_or_null(order.refusal);
    json["contracts_filled"] = exact(order.filled);
    json["contracts_unfilled"] = exact(order.unfilled);
    list.push_back(std::move(json));
  }
  return list;
}

Json fills_json(const LapReport& lap, const Keys& keys) {
  Json list = Json::array();
  for (const FillReport& fill : lap.fills) {
    Json json;
    json["trade"] = fill.trade;
    json["order_id"] = fill.order;
    json["instrument"] = fill.instrument;
    json["side"] = fill.side;
    json["contracts"] = exact(fill.contracts);
    json["price"] = exact(fill.price);
    json["price_unit"] = fill.price_unit;
    json["mark_price"] = number(fill.mark);
    json["fee"] = exact(fill.fee);
    json["fee_asset"] = fill.fee_asset;
    json["liquidity"] = fill.liquidity;
    json[keys.in_numeraire("cost")] = number(fill.cost);
    list.push_back(std::move(json));
  }
  return list;
}

Json settlements_json(const LapReport& lap) {
  Json json;
  json["deliveries"] = Json::array();
  for (const DeliveryReport& delivery : lap.deliveries) {
    Json line;
    line["instrument"] = delivery.instrument;
    line["contracts"] = exact(delivery.position);
    line["delivery_price_usd"] = exact(delivery.price_usd);
    line["price_time"] = format_utc(delivery.price_time);
    line["approximate"] = delivery.approximate;
    line["value"] = exact(delivery.value);
    line["fee"] = exact(delivery.fee);
    line["asset"] = delivery.asset;
    json["deliveries"].push_back(std::move(line));
  }
  json["funding"] = Json::array();
  for (const FundingReport& payment : lap.funding) {
    Json line;
    line["instrument"] = payment.instrument;
    line["contracts"] = exact(payment.position);
    line["rate_8h"] = exact(payment.rate_8h);
    line["hours"] = number(payment.hours);
    line["paid"] = exact(payment.paid);
    line["asset"] = payment.asset;
    json["funding"].push_back(std::move(line));
  }
  return json;
}

Json positions_json(const LapReport& lap, const Keys& keys) {
  Json list = Json::array();
  for (const PositionReport& position : lap.positions) {
    Json json;
    json["instrument"] = position.instrument;
    json["underlying"] = position.underlying;
    json["contracts"] = exact(position.contracts);
    json["mark_price"] = number(position.mark);
    json["price_unit"] = position.price_unit;
    json["value"] = number(position.value);
    json["value_asset"] = position.settlement;
    json[keys.in_numeraire("value")] = number(position.value_in_numeraire);
    json["delta_coins"] = number(position.delta);
    json["gamma_coins_per_percent"] = number(position.gamma);
    json[keys.in_numeraire("vega", "_per_point")] = number(position.vega);
    json[keys.in_numeraire("theta", "_per_day")] = number(position.theta);
    json["margin_initial"] = number(position.initial_margin);
    json["listed"] = position.listed;
    list.push_back(std::move(json));
  }
  return list;
}

Json attribution_line_json(const AttributionLine& line, const Keys& keys) {
  Json json;
  json["item"] = line.item;
  json["asset"] = text_or_null(line.asset);
  json["bucket"] = text_or_null(line.bucket);
  json[keys.in_numeraire("amount")] = exact(line.amount);
  return json;
}

Json attribution_json(const std::optional<AttributionReport>& attribution, const Keys& keys) {
  if (!attribution) return nullptr;
  Json json;
  json["from"] = format_utc(attribution->from);
  json["to"] = format_utc(attribution->to);
  json[keys.in_numeraire("equity_from")] = exact(attribution->equity_from);
  json[keys.in_numeraire("equity_to")] = exact(attribution->equity_to);
  json[keys.in_numeraire("deposits")] = exact(attribution->deposits);
  json[keys.in_numeraire("change")] = exact(attribution->change());
  json["items"] = Json::array();
  for (const AttributionLine& line : attribution->lines) json["items"].push_back(attribution_line_json(line, keys));
  json["last_day"] = Json::array();
  for (const AttributionLine& line : attribution->last_day)
    json["last_day"].push_back(attribution_line_json(line, keys));
  json[keys.in_numeraire("residual")] = exact(attribution->residual);
  return json;
}

Json equity_change(const LapReport& lap, const LapReport* before) {
  if (before == nullptr || !lap.equity || !before->equity) return nullptr;
  return number(*lap.equity - *before->equity);
}

Json lap_document(const LapReport& lap, const LapReport* before, const Keys& keys) {
  Json json;
  json["lap"] = lap.lap;
  json["time"] = format_utc(lap.time);
  json["containment"] = lap.containment;
  json["trouble"] = text_or_null(lap.trouble);
  json["quality"] = quality_json(lap.quality);
  json["index_prices_usd"] = Json::object();
  for (const IndexPrice& index : lap.indices) json["index_prices_usd"][index.asset] = exact(index.price_usd);
  json["surfaces"] = Json::array();
  for (const SurfaceReport& surface : lap.surfaces) json["surfaces"].push_back(surface_json(surface));
  json[keys.in_numeraire("equity")] = number(lap.equity);
  json[keys.in_numeraire("equity_change")] = equity_change(lap, before);
  json["equity_by_asset"] = assets_json(lap, keys);
  json["attribution"] = attribution_json(lap.attribution, keys);
  json["attribution_missing"] = text_or_null(lap.attribution_missing);
  json["exposures"] = exposures_json(lap, keys);
  json["constraints"] = constraints_json(lap, keys);
  json["stress_worst"] = Json::array();
  for (const StressReport& row : lap.stress) {
    Json line;
    line["scenario"] = row.scenario;
    line[keys.in_numeraire("profit")] = number(row.profit);
    json["stress_worst"].push_back(std::move(line));
  }
  json["margin"] = margin_json(lap);
  json["margin_unconfirmed"] = lap.margin_unconfirmed;
  json["target"] = target_json(lap, keys);
  json["trades"] = trades_json(lap, keys);
  json["orders"] = orders_json(lap);
  json["fills"] = fills_json(lap, keys);
  json["settlements"] = settlements_json(lap);
  json["positions"] = positions_json(lap, keys);
  json["digest"] = text_or_null(lap.digest);
  json["journal_head"] = lap.journal_head ? Json(*lap.journal_head) : Json(nullptr);
  return json;
}

std::uint64_t orders_where(const LapReport& lap, bool approved) {
  return static_cast<std::uint64_t>(
      std::count_if(lap.orders.begin(), lap.orders.end(),
                    [approved](const OrderReport& order) { return order.approved == approved; }));
}

Json summary_json(std::span<const LapReport> laps, const RunSummary& run, const Keys& keys) {
  std::uint64_t trades = 0;
  std::uint64_t approved = 0;
  std::uint64_t refused = 0;
  std::uint64_t fills = 0;
  std::uint64_t broken = 0;
  for (const LapReport& lap : laps) {
    trades += lap.trades.size();
    approved += orders_where(lap, true);
    refused += orders_where(lap, false);
    fills += lap.fills.size();
    for (const ConstraintLine& line : lap.constraints) broken += line.broken() ? 1U : 0U;
  }
  Json json;
  json["laps_asked"] = run.laps_asked;
  json["laps"] = laps.size();
  json["from"] = laps.empty() ? Json(nullptr) : Json(format_utc(laps.front().time));
  json["to"] = laps.empty() ? Json(nullptr) : Json(format_utc(laps.back().time));
  json[keys.in_numeraire("equity_first")] = laps.empty() ? Json(nullptr) : number(laps.front().equity);
  json[keys.in_numeraire("equity_last")] = laps.empty() ? Json(nullptr) : number(laps.back().equity);
  json["trades"] = trades;
  json["orders_approved"] = approved;
  json["orders_refused"] = refused;
  json["fills"] = fills;
  json["constraints_broken_booked"] = broken;
  return json;
}

}  // namespace

std::string laps_json(std::span<const LapReport> laps, const RunSummary& run) {
  const std::string numeraire = laps.empty() ? "USD" : laps.front().numeraire;
  const Keys keys{numeraire};
  Json document;
  document["format"] = "gimbal-laps-1";
  document["configuration"] = Json::object();
  document["configuration"]["name"] = run.configuration;
  document["configuration"]["identity"] = run.configuration_identity;
  document["account"] = laps.empty() ? Json(nullptr) : Json(laps.front().account);
  document["numeraire"] = numeraire;
  document["summary"] = summary_json(laps, run, keys);
  document["laps"] = Json::array();
  for (std::size_t i = 0; i < laps.size(); ++i)
    document["laps"].push_back(lap_document(laps[i], i == 0 ? nullptr : &laps[i - 1], keys));
  return internal::document_text(document);
}

}  // namespace gimbal::report
