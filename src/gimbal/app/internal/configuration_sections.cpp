// Target surface, allocation settings, forecast and limits out of their tables.
#include "gimbal/app/internal/configuration_sections.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace gimbal::app::internal {
namespace {

portfolio::Greek read_greek(ConfigTable& table) {
  if (!table.text("greek")) table.refuse("greek", "missing", "one of 'delta' 'gamma' 'vega' 'theta'");
  return static_cast<portfolio::Greek>(table.choice("greek", {"delta", "gamma", "vega", "theta"}, 0));
}

portfolio::DeltaCollateral read_collateral(ConfigTable& table) {
  return table.choice("collateral", {"included", "excluded"}, 0) == 0 ? portfolio::DeltaCollateral::included
                                                                      : portfolio::DeltaCollateral::excluded;
}

portfolio::Firmness read_firmness(ConfigTable& table) {
  return table.choice("firmness", {"hard", "soft"}, 0) == 0 ? portfolio::Firmness::hard : portfolio::Firmness::soft;
}

portfolio::Priority read_priority(ConfigTable& table, portfolio::Priority otherwise) {
  return static_cast<portfolio::Priority>(table.integer_or("priority", otherwise, {.at_least = 1.0, .at_most = 100.0}));
}

double read_weight(ConfigTable& table) { return table.number_or("weight", 0.0, {.at_least = 0.0}); }

void refuse_crossed(ConfigTable& table, const std::optional<double>& lower, const std::optional<double>& upper) {
  if (lower && upper && *lower > *upper)
    table.refuse("lower", fmt::format("{}", *lower), fmt::format("at most upper, which is {}", *upper));
}

portfolio::GreekTarget read_greek_target(ConfigTable table) {
  portfolio::GreekTarget target;
  target.underlying = read_code(table, "underlying");
  target.greek = read_greek(table);
  target.collateral = read_collateral(table);
  target.bound.lower = table.number("lower");
  target.bound.upper = table.number("upper");
  refuse_crossed(table, target.bound.lower, target.bound.upper);
  target.bound.firmness = read_firmness(table);
  target.bound.priority = read_priority(table, 1);
  target.desired = table.number("desired");
  target.weight = read_weight(table);
  target.bound.name = table.text_or("name", fmt::format("{} {}", to_string(target.greek), target.underlying.view()));
  if (target.desired && target.weight <= 0.0)
    table.refuse("weight", "missing or zero", "a positive weight for 'desired'");
  if (!target.bound.lower && !target.bound.upper && !target.desired)
    table.refuse("lower", "missing, and so are upper and desired", "at least one of the three");
  table.finish();
  return target;
}

std::vector<market::InstrumentKind> read_kinds(ConfigTable& table) {
  const std::map<std::string, market::InstrumentKind> known = {{"spot", market::InstrumentKind::spot},
                                                               {"perpetual", market::InstrumentKind::perpetual},
                                                               {"future", market::InstrumentKind::future},
                                                               {"option", market::InstrumentKind::option}};
  std::vector<market::InstrumentKind> kinds;
  for (const std::string& word : table.texts("kinds")) {
    const auto found = known.find(word);
    if (found == known.end()) {
      table.refuse("kinds", "a list with '" + word + "'", "words out of 'spot' 'perpetual' 'future' 'option'");
      return {};
    }
    kinds.push_back(found->second);
  }
  return kinds;
}

std::vector<market::AssetCode> read_codes(ConfigTable& table, std::string_view key) {
  std::vector<market::AssetCode> codes;
  for (const std::string& word : table.texts(key)) {
    const auto code = market::AssetCode::parse(word);
    if (!code) {
      table.refuse(key, "a list with '" + word + "'", "asset codes such as BTC");
      return {};
    }
    codes.push_back(*code);
  }
  return codes;
}

// A pair of numbers; an end that is left open is written as inf or -inf.
allocate::Range read_range(ConfigTable& table, std::string_view least_key, std::string_view most_key) {
  allocate::Range range;
  range.least = table.number(least_key);
  range.most = table.number(most_key);
  if (range.least && range.most && *range.least > *range.most)
    table.refuse(least_key, fmt::format("{}", *range.least), fmt::format("at most {}, {}", most_key, *range.most));
  return range;
}

allocate::Selector read_holdable(ConfigTable table) {
  allocate::Selector selector;
  selector.kinds = read_kinds(table);
  selector.underlyings = read_codes(table, "underlyings");
  if (const auto right = table.text("right"))
    selector.right =
        table.choice("right", {"call", "put"}, 0) == 0 ? market::OptionRight::call : market::OptionRight::put;
  selector.tenor_days = read_range(table, "tenor_days_least", "tenor_days_most");
  selector.moneyness = read_range(table, "moneyness_least", "moneyness_most");
  selector.delta_absolute = read_range(table, "delta_least", "delta_most");
  selector.names = table.texts("names");
  table.finish();
  return selector;
}

allocate::ContractLimit read_contract_limit(ConfigTable table) {
  allocate::ContractLimit limit;
  limit.kinds = read_kinds(table);
  limit.underlyings = read_codes(table, "underlyings");
  limit.contracts_most = table.required_number("contracts_most", {.at_least = 0.0});
  table.finish();
  return limit;
}

allocate::RiskModel read_risk_model(ConfigTable table) {
  allocate::RiskModel model;
  model.spot_correlation =
      table.number_or("spot_correlation", model.spot_correlation, {.at_least = -0.99, .at_most = 0.99});
  model.spot_volatility_correlation = table.number_or("spot_volatility_correlation", model.spot_volatility_correlation,
                                                      {.at_least = -0.99, .at_most = 0.99});
  for (ConfigTable& nested : table.tables("underlying")) {
    allocate::UnderlyingRisk underlying;
    underlying.underlying = read_code(nested, "underlying");
    underlying.spot_volatility_annual =
        nested.number_or("spot_volatility_annual", underlying.spot_volatility_annual, {.above = 0.0});
    underlying.volatility_of_volatility_annual =
        nested.number_or("volatility_of_volatility_annual", underlying.volatility_of_volatility_annual, {.above = 0.0});
    nested.finish();
    model.underlyings.push_back(underlying);
  }
  table.finish();
  return model;
}

govern::ContainmentSteps read_containment(ConfigTable table) {
  govern::ContainmentSteps steps;
  const NumberRange share{.above = 0.0, .at_most = 1.0};
  steps.no_new_risk = table.number_or("no_new_risk", steps.no_new_risk, share);
  steps.reduce_only = table.number_or("reduce_only", steps.reduce_only, share);
  steps.exit = table.number_or("exit", steps.exit, share);
  steps.hysteresis = table.number_or("hysteresis", steps.hysteresis, {.at_least = 0.0, .at_most = 0.5});
  if (steps.no_new_risk > steps.reduce_only || steps.reduce_only > steps.exit)
    table.refuse("reduce_only", fmt::format("{}", steps.reduce_only), "between no_new_risk and exit");
  table.finish();
  return steps;
}

govern::GreekLimit read_greek_limit(ConfigTable table) {
  govern::GreekLimit limit;
  limit.underlying = read_code(table, "underlying");
  limit.greek = read_greek(table);
  limit.collateral = read_collateral(table);
  limit.lower = table.required_number("lower");
  limit.upper = table.required_number("upper");
  refuse_crossed(table, limit.lower, limit.upper);
  table.finish();
  return limit;
}

}  // namespace

market::AssetCode read_code(ConfigTable& table, std::string_view key) {
  const std::string text = table.required_text(key);
  const auto code = market::AssetCode::parse(text);
  if (!code) table.refuse(key, "'" + text + "'", "an asset code such as BTC");
  return code ? *code : market::AssetCode{};
}

portfolio::TargetSurface read_target(ConfigTable table) {
  portfolio::TargetSurface target;
  for (ConfigTable& greek : table.tables("greek")) target.greeks.push_back(read_greek_target(greek));
  if (ConfigTable stress = table.table("stress"); stress.present()) {
    portfolio::StressTarget floor;
    floor.loss_limit = stress.required_number("loss_limit", {.above = 0.0});
    floor.firmness = read_firmness(stress);
    floor.priority = read_priority(stress, floor.priority);
    floor.weight = read_weight(stress);
    stress.finish();
    target.stress = floor;
  }
  if (ConfigTable margin = table.table("margin"); margin.present()) {
    portfolio::MarginTarget ceiling;
    ceiling.ceiling = margin.required_number("ceiling", {.above = 0.0, .at_most = 1.0});
    ceiling.firmness = read_firmness(margin);
    ceiling.priority = read_priority(margin, ceiling.priority);
    ceiling.weight = read_weight(margin);
    margin.finish();
    target.margin = ceiling;
  }
  if (ConfigTable liquidation = table.table("liquidation"); liquidation.present()) {
    portfolio::LiquidationTarget distance;
    distance.room = liquidation.required_number("room", {.at_least = 0.0, .below = 1.0});
    distance.firmness = read_firmness(liquidation);
    distance.priority = read_priority(liquidation, distance.priority);
    distance.weight = read_weight(liquidation);
    liquidation.finish();
    target.liquidation = distance;
  }
  table.finish();
  return target;
}

allocate::AllocationSettings read_allocation(ConfigTable table) {
  allocate::AllocationSettings settings;
  settings.edge.horizon_days = table.number_or("horizon_days", settings.edge.horizon_days, {.above = 0.0});
  settings.edge.reversion_rate_daily =
      table.number_or("reversion_rate_daily", settings.edge.reversion_rate_daily, {.at_least = 0.0});
  settings.edge.funding_rate_8h_long_run =
      table.number_or("funding_rate_8h_long_run", settings.edge.funding_rate_8h_long_run);
  settings.edge.funding_reversion_daily =
      table.number_or("funding_reversion_daily", settings.edge.funding_reversion_daily, {.at_least = 0.0});
  settings.risk_aversion = table.number_or("risk_aversion", settings.risk_aversion, {.at_least = 0.0});
  settings.trade_size_share_most =
      table.number_or("trade_size_share_most", settings.trade_size_share_most, {.above = 0.0, .at_most = 1.0});
  settings.trade_value_least = table.number_or("trade_value_least", settings.trade_value_least, {.at_least = 0.0});
  if (const auto lines = table.integer("lines_most", {.at_least = 1.0, .at_most = 100'000.0}))
    settings.lines_most = static_cast<std::uint32_t>(*lines);
  settings.candidates_most = static_cast<std::uint32_t>(
      table.integer_or("candidates_most", settings.candidates_most, {.at_least = 1.0, .at_most = 10'000.0}));
  settings.risk = read_risk_model(table.table("risk"));
  for (ConfigTable& hold : table.tables("hold")) settings.holdable.push_back(read_holdable(hold));
  for (ConfigTable& limit : table.tables("position_limit"))
    settings.position_limits.push_back(read_contract_limit(limit));
  for (ConfigTable& limit : table.tables("trade_limit")) settings.trade_limits.push_back(read_contract_limit(limit));
  table.finish();
  return settings;
}

forecast::VolatilityForecast read_forecast(ConfigTable table) {
  std::vector<forecast::UnderlyingForecast> forecasts;
  for (ConfigTable& nested : table.tables("volatility")) {
    const market::AssetCode underlying = read_code(nested, "underlying");
    forecast::ForecastPoint point;
    point.tenor_years = nested.required_number("tenor_days", {.at_least = 0.0}) / 365.0;
    const auto absolute = nested.number("absolute", {.above = 0.0});
    const auto relative = nested.number("relative", {.above = 0.0});
    if (absolute.has_value() == relative.has_value())
      nested.refuse("relative", absolute ? "given beside absolute" : "missing, and so is absolute", "one of the two");
    point.kind = absolute ? forecast::ForecastPoint::Kind::absolute : forecast::ForecastPoint::Kind::relative;
    point.value = absolute ? *absolute : relative.value_or(1.0);
    nested.finish();
    auto known = std::find_if(forecasts.begin(), forecasts.end(),
                              [&underlying](const auto& other) { return other.underlying == underlying; });
    if (known == forecasts.end()) known = forecasts.insert(forecasts.end(), {underlying, {}});
    known->points.push_back(point);
  }
  auto created = forecast::VolatilityForecast::create(std::move(forecasts));
  if (!created) table.refuse("volatility", "unusable: " + created.error().message, "a forecast by tenor");
  table.finish();
  return created ? std::move(*created) : forecast::VolatilityForecast{};
}

govern::Limits read_limits(ConfigTable table) {
  govern::Limits limits;
  for (ConfigTable& greek : table.tables("greek")) limits.greeks.push_back(read_greek_limit(greek));
  limits.stress_loss_max = table.number("stress_loss_max", {.above = 0.0});
  limits.margin_utilisation_max = table.number("margin_utilisation_max", {.above = 0.0, .at_most = 1.0});
  limits.order_notional_max = table.number("order_notional_max", {.above = 0.0});
  limits.price_distance_max = table.number("price_distance_max", {.above = 0.0});
  if (const auto orders = table.integer("orders_per_lap_max", {.at_least = 0.0, .at_most = 1e6}))
    limits.orders_per_lap_max = static_cast<std::uint32_t>(*orders);
  if (const auto seconds = table.number("data_age_max_seconds", {.above = 0.0, .at_most = 1e9}))
    limits.data_age_max = Duration{std::llround(*seconds * 1e9)};
  limits.containment = read_containment(table.table("containment"));
  table.finish();
  return limits;
}

}  // namespace gimbal::app::internal
