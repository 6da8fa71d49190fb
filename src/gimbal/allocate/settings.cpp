// Checks of allocation settings, one sentence each.
#include "gimbal/allocate/settings.hpp"

#include <cmath>

namespace gimbal::allocate {
namespace {

Result<void> check_range(const Range& range, const char* name) {
  if (range.least && range.most && !(*range.least <= *range.most))
    return fail(ErrorCode::invalid_argument, "{} from {} to {}: the lower end is above the upper", name, *range.least,
                *range.most);
  return {};
}

Result<void> check_selector(const Selector& selector) {
  if (const auto tenor = check_range(selector.tenor_days, "tenor in days"); !tenor) return tenor;
  if (const auto moneyness = check_range(selector.moneyness, "moneyness"); !moneyness) return moneyness;
  return check_range(selector.delta_absolute, "absolute delta");
}

Result<void> check_limits(const std::vector<ContractLimit>& limits, const char* name) {
  for (const ContractLimit& limit : limits)
    if (!(limit.contracts_most >= 0.0))
      return fail(ErrorCode::invalid_argument, "a {} limit is {} contracts, expected 0 or more", name,
                  limit.contracts_most);
  return {};
}

Result<void> check_risk(const RiskModel& model) {
  for (const UnderlyingRisk& underlying : model.underlyings) {
    if (!(underlying.spot_volatility_annual > 0.0) || !std::isfinite(underlying.spot_volatility_annual))
      return fail(ErrorCode::invalid_argument, "the spot volatility of {} is {}, expected a positive number",
                  underlying.underlying.view(), underlying.spot_volatility_annual);
    if (!(underlying.volatility_of_volatility_annual >= 0.0) ||
        !std::isfinite(underlying.volatility_of_volatility_annual))
      return fail(ErrorCode::invalid_argument, "the volatility of volatility of {} is {}, expected 0 or more",
                  underlying.underlying.view(), underlying.volatility_of_volatility_annual);
  }
  for (const double correlation : {model.spot_correlation, model.spot_volatility_correlation})
    if (!(std::fabs(correlation) <= 1.0))
      return fail(ErrorCode::invalid_argument, "a correlation is {}, expected -1 to 1", correlation);
  return {};
}

}  // namespace

Result<void> validate(const AllocationSettings& settings) {
  if (const auto edge = validate(settings.edge); !edge) return edge;
  if (!(settings.risk_aversion >= 0.0) || !std::isfinite(settings.risk_aversion))
    return fail(ErrorCode::invalid_argument, "the risk aversion is {}, expected 0 or more", settings.risk_aversion);
  if (settings.risk_aversion > 0.0 && settings.risk.underlyings.empty())
    return fail(ErrorCode::invalid_argument, "a risk aversion of {} needs the volatilities of at least one underlying",
                settings.risk_aversion);
  if (const auto risk = check_risk(settings.risk); !risk) return risk;
  for (const Selector& selector : settings.holdable)
    if (const auto checked = check_selector(selector); !checked) return checked;
  if (const auto position = check_limits(settings.position_limits, "position"); !position) return position;
  if (const auto trade = check_limits(settings.trade_limits, "trade"); !trade) return trade;
  if (!(settings.trade_size_share_most > 0.0 && settings.trade_size_share_most <= 1.0))
    return fail(ErrorCode::invalid_argument, "the share of a quoted size is {}, expected above 0 and at most 1",
                settings.trade_size_share_most);
  if (!(settings.trade_value_least >= 0.0) || !std::isfinite(settings.trade_value_least))
    return fail(ErrorCode::invalid_argument, "the least value of a trade is {}, expected 0 or more",
                settings.trade_value_least);
  if (settings.candidates_most == 0)
    return fail(ErrorCode::invalid_argument, "the most candidates are 0, expected at least 1");
  return {};
}

}  // namespace gimbal::allocate
