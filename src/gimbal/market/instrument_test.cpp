// What no venue lists is refused, naming the field.
#include "gimbal/market/instrument.hpp"

#include <gtest/gtest.h>

#include "gimbal/market/internal/test_instruments.hpp"

namespace gimbal::market {
namespace {

using namespace internal;

template <class Change>
std::string refusal(Instrument instrument, Change change) {
  change(instrument);
  const auto valid = validate(instrument);
  EXPECT_FALSE(valid.has_value());
  return valid ? "" : valid.error().message;
}

TEST(Instrument, WhatVenuesListIsValid) {
  for (const Instrument& instrument :
       {inverse_option(), inverse_perpetual(), inverse_future(), linear_perpetual(), linear_option(), spot()})
    EXPECT_TRUE(validate(instrument).has_value()) << instrument.name;
}

TEST(Instrument, EachMissingPropertyIsNamed) {
  EXPECT_EQ(refusal(inverse_option(), [](auto& i) { i.name.clear(); }), "instrument '': name must be given");
  const std::string who = "instrument 'deribit:BTC-27MAR26-80000-C': ";
  const auto of_option = [&who](auto change) {
    const std::string message = refusal(inverse_option(), change);
    EXPECT_EQ(message.substr(0, who.size()), who);
    return message.substr(who.size());
  };
  EXPECT_EQ(of_option([](auto& i) { i.settlement = {}; }), "underlying, quote and settlement must be given");
  EXPECT_EQ(of_option([](auto& i) { i.tick = {}; }), "tick must be positive");
  EXPECT_EQ(of_option([](auto& i) { i.lot = Decimal{-1}; }), "lot must be positive");
  EXPECT_EQ(of_option([](auto& i) { i.contract_size = {}; }), "contract size must be positive");
  EXPECT_EQ(of_option([](auto& i) { i.minimum = {}; }), "minimum must be at least one lot");
  EXPECT_EQ(of_option([](auto& i) { i.coarse_tick->tick = Decimal::of("0.00015"); }),
            "coarse tick must be a multiple of the tick");
  EXPECT_EQ(of_option([](auto& i) { i.expiry.reset(); }), "expiry must be given");
  EXPECT_EQ(of_option([](auto& i) { i.strike = {}; }), "strike must be positive");
  EXPECT_EQ(of_option([](auto& i) { i.payoff = Payoff::quanto; }), "quanto payoffs are not traded");
  EXPECT_EQ(refusal(inverse_perpetual(), [](auto& i) { i.expiry = UtcTime{}; }),
            "instrument 'deribit:BTC-PERPETUAL': expiry must be absent");
}

TEST(Instrument, ExpiresAtItsExpiryAndNotBefore) {
  const Instrument option = inverse_option();
  EXPECT_FALSE(option.expired_at(*option.expiry - Duration{1}));
  EXPECT_TRUE(option.expired_at(*option.expiry));
  EXPECT_FALSE(inverse_perpetual().expired_at(*option.expiry));
}

TEST(Instrument, CoarseTickHoldsFromItsPrice) {
  const Instrument option = inverse_option();
  EXPECT_EQ(tick_at(option, Decimal::of("0.0049")), Decimal::of("0.0001"));
  EXPECT_EQ(tick_at(option, Decimal::of("0.005")), Decimal::of("0.0005"));
  EXPECT_EQ(tick_at(inverse_perpetual(), Decimal{90'000}), Decimal::of("0.5"));
}

TEST(Asset, CodesAreShortUpperCaseTexts) {
  EXPECT_EQ(AssetCode::parse("USDC")->str(), "USDC");
  EXPECT_TRUE(AssetCode::parse("1INCH_2").has_value());
  for (const char* text : {"", "btc", "BTC ", "TWELVELETTERS", "B-C"})
    EXPECT_FALSE(AssetCode::parse(text).has_value()) << text;
  EXPECT_EQ(asset_scale(AssetCode::of("USDC")), 6);
  EXPECT_EQ(asset_scale(AssetCode::of("ETH")), 8);
  EXPECT_LT(AssetCode::of("BTC"), AssetCode::of("ETH"));
}

}  // namespace
}  // namespace gimbal::market
