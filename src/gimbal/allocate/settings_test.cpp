// What is no setting: each refusal names the number that it does not accept, and the nearest number that it does
// passes.
#include "gimbal/allocate/settings.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace gimbal::allocate {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

struct Refused {
  std::string sentence;  ///< A part of the error.
  std::function<void(AllocationSettings&)> spoil;
};

UnderlyingRisk bitcoin(double spot, double volatility) { return {market::AssetCode::of("BTC"), spot, volatility}; }

std::vector<Refused> refusals() {
  using S = AllocationSettings;
  return {
      {"risk aversion is -0.1", [](S& s) { s.risk_aversion = -0.1; }},
      {"risk aversion is nan", [](S& s) { s.risk_aversion = nan; }},
      {"risk aversion is inf", [](S& s) { s.risk_aversion = infinite; }},
      {"needs the volatilities", [](S& s) { s.risk_aversion = 1e-6; }},
      {"spot volatility of BTC is 0", [](S& s) { s.risk.underlyings = {bitcoin(0.0, 0.8)}; }},
      {"spot volatility of BTC is inf", [](S& s) { s.risk.underlyings = {bitcoin(infinite, 0.8)}; }},
      {"volatility of volatility of BTC is -1", [](S& s) { s.risk.underlyings = {bitcoin(0.6, -1.0)}; }},
      {"volatility of volatility of BTC is nan", [](S& s) { s.risk.underlyings = {bitcoin(0.6, nan)}; }},
      {"correlation is 1.01", [](S& s) { s.risk.spot_correlation = 1.01; }},
      {"correlation is -2", [](S& s) { s.risk.spot_volatility_correlation = -2.0; }},
      {"tenor in days from 2 to 1",
       [](S& s) {
         s.holdable = {{.tenor_days = {2.0, 1.0}}};
       }},
      {"moneyness from 1.2 to 0.8",
       [](S& s) {
         s.holdable = {{}, {.moneyness = {1.2, 0.8}}};
       }},
      {"absolute delta from nan to 1",
       [](S& s) {
         s.holdable = {{.delta_absolute = {nan, 1.0}}};
       }},
      {"position limit is -1", [](S& s) { s.position_limits = {{.contracts_most = -1.0}}; }},
      {"trade limit is nan", [](S& s) { s.trade_limits = {{.contracts_most = nan}}; }},
      {"share of a quoted size is 0", [](S& s) { s.trade_size_share_most = 0.0; }},
      {"share of a quoted size is 1.5", [](S& s) { s.trade_size_share_most = 1.5; }},
      {"least value of a trade is -1", [](S& s) { s.trade_value_least = -1.0; }},
      {"least value of a trade is inf", [](S& s) { s.trade_value_least = infinite; }},
      {"most candidates are 0", [](S& s) { s.candidates_most = 0; }},
  };
}

TEST(AllocationSettings, RefusesEachNumberOutOfItsDomainByName) {
  for (const Refused& refused : refusals()) {
    AllocationSettings settings;
    refused.spoil(settings);
    const auto checked = validate(settings);
    ASSERT_FALSE(checked) << refused.sentence;
    EXPECT_EQ(checked.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(checked.error().message.find(refused.sentence), std::string::npos) << checked.error().message;
  }
}

TEST(AllocationSettings, AcceptsTheEndsOfEveryDomain) {
  AllocationSettings settings;
  EXPECT_TRUE(validate(settings));
  settings.risk_aversion = 1e-6;
  settings.risk.underlyings = {bitcoin(1e-9, 0.0)};
  settings.risk.spot_correlation = 1.0;
  settings.risk.spot_volatility_correlation = -1.0;
  settings.holdable = {{.tenor_days = {2.0, 2.0}, .moneyness = {0.8, {}}, .delta_absolute = {{}, 0.5}}};
  settings.position_limits = settings.trade_limits = {{.contracts_most = 0.0}};
  settings.trade_size_share_most = 1.0;
  settings.trade_value_least = 0.0;
  settings.candidates_most = 1;
  const auto checked = validate(settings);
  EXPECT_TRUE(checked) << checked.error().message;
}

}  // namespace
}  // namespace gimbal::allocate
