// Configured volatility forecasts: interpolation, both kinds of point, and what is refused.
#include "gimbal/forecast/volatility_forecast.hpp"

#include <gtest/gtest.h>

namespace gimbal::forecast {
namespace {

using Kind = ForecastPoint::Kind;

const market::AssetCode btc = market::AssetCode::of("BTC");
const market::AssetCode eth = market::AssetCode::of("ETH");

VolatilityForecast forecast_of(std::vector<ForecastPoint> points) {
  auto forecast = VolatilityForecast::create({{btc, std::move(points)}});
  EXPECT_TRUE(forecast) << forecast.error().message;
  return *std::move(forecast);
}

std::string refusal(std::vector<UnderlyingForecast> forecasts) {
  const auto forecast = VolatilityForecast::create(std::move(forecasts));
  EXPECT_FALSE(forecast);
  return forecast ? "" : forecast.error().message;
}

TEST(VolatilityForecast, WithoutOpinionExpectsWhatTheMarketDoes) {
  EXPECT_EQ(VolatilityForecast{}.at_the_money(btc, 0.1, 0.61), 0.61);
  EXPECT_EQ(forecast_of({{0.1, Kind::absolute, 0.5}}).at_the_money(eth, 0.1, 0.61), 0.61);
}

TEST(VolatilityForecast, AbsolutePointsIgnoreTheMarketAndRelativeOnesScaleIt) {
  EXPECT_EQ(forecast_of({{0.1, Kind::absolute, 0.55}}).at_the_money(btc, 3.0, 0.8), 0.55);
  EXPECT_DOUBLE_EQ(forecast_of({{0.1, Kind::relative, 0.93}}).at_the_money(btc, 3.0, 0.8), 0.93 * 0.8);
}

TEST(VolatilityForecast, IsLinearBetweenTenorsAndFlatOutside) {
  const auto forecast = forecast_of({{0.5, Kind::absolute, 0.7}, {0.1, Kind::absolute, 0.5}});
  EXPECT_DOUBLE_EQ(forecast.at_the_money(btc, 0.0, 0.6), 0.5);
  EXPECT_DOUBLE_EQ(forecast.at_the_money(btc, 0.1, 0.6), 0.5);
  EXPECT_DOUBLE_EQ(forecast.at_the_money(btc, 0.2, 0.6), 0.55);
  EXPECT_DOUBLE_EQ(forecast.at_the_money(btc, 0.5, 0.6), 0.7);
  EXPECT_DOUBLE_EQ(forecast.at_the_money(btc, 2.0, 0.6), 0.7);
}

TEST(VolatilityForecast, InterpolatesBetweenAnAbsoluteAndARelativePointInVolatility) {
  const auto forecast = forecast_of({{0.0, Kind::absolute, 0.4}, {1.0, Kind::relative, 1.5}});
  EXPECT_DOUBLE_EQ(forecast.at_the_money(btc, 0.25, 0.6), 0.75 * 0.4 + 0.25 * 0.9);
}

TEST(VolatilityForecast, DoesNotDependOnTheOrderItWasGivenIn) {
  const UnderlyingForecast first{btc, {{0.1, Kind::relative, 0.9}, {0.5, Kind::relative, 1.1}}};
  const UnderlyingForecast second{eth, {{0.2, Kind::absolute, 0.7}}};
  const UnderlyingForecast first_reversed{btc, {{0.5, Kind::relative, 1.1}, {0.1, Kind::relative, 0.9}}};
  EXPECT_EQ(*VolatilityForecast::create({first, second}), *VolatilityForecast::create({second, first_reversed}));
}

TEST(VolatilityForecast, RefusesWhatCannotBeMeant) {
  EXPECT_NE(refusal({{btc, {}}}).find("BTC has no points"), std::string::npos);
  EXPECT_NE(refusal({{btc, {{-0.1, Kind::absolute, 0.5}}}}).find("-0.1"), std::string::npos);
  EXPECT_NE(refusal({{btc, {{0.1, Kind::absolute, 0.0}}}}).find("positive"), std::string::npos);
  EXPECT_NE(refusal({{btc, {{0.1, Kind::absolute, 0.5}, {0.1, Kind::relative, 1.0}}}}).find("twice"),
            std::string::npos);
  EXPECT_NE(refusal({{btc, {{0.1, Kind::absolute, 0.5}}}, {btc, {{0.1, Kind::absolute, 0.5}}}}).find("two forecasts"),
            std::string::npos);
}

}  // namespace
}  // namespace gimbal::forecast
