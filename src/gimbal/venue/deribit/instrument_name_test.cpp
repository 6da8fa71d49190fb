// Names and instruments stand for each other; what is no name says why.
#include "gimbal/venue/deribit/instrument_name.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "gimbal/venue/deribit/contract_specifications.hpp"

namespace gimbal::venue::deribit {
namespace {

using market::Instrument;
using market::InstrumentKind;
using market::OptionRight;
using market::Payoff;

Instrument parsed(std::string_view name) {
  const auto instrument = parse_instrument_name(name);
  EXPECT_TRUE(instrument.has_value()) << (instrument ? "" : instrument.error().message);
  return instrument ? *instrument : Instrument{};
}

std::string refusal(std::string_view name) {
  const auto instrument = parse_instrument_name(name);
  EXPECT_FALSE(instrument.has_value()) << name;
  return instrument ? "" : instrument.error().message;
}

TEST(InstrumentName, InverseOptionHasCoinConventions) {
  const Instrument option = parsed("BTC-27DEC24-60000-C");
  EXPECT_EQ(option.name, "deribit:BTC-27DEC24-60000-C");
  EXPECT_EQ(option.venue, "deribit");
  EXPECT_EQ(option.kind, InstrumentKind::option);
  EXPECT_EQ(option.payoff, Payoff::inverse);
  EXPECT_EQ(option.underlying.view(), "BTC");
  EXPECT_EQ(option.quote.view(), "USD");
  EXPECT_EQ(option.settlement.view(), "BTC");
  EXPECT_EQ(option.right, OptionRight::call);
  EXPECT_EQ(option.strike, Decimal{60000});
  EXPECT_EQ(format_utc(*option.expiry), "2024-12-27T08:00:00Z");
  EXPECT_EQ(option.contract_size, Decimal{1});
  EXPECT_EQ(option.tick, Decimal::of("0.0001"));
  ASSERT_TRUE(option.coarse_tick.has_value());
  EXPECT_EQ(option.coarse_tick->from, Decimal::of("0.005"));
  EXPECT_EQ(option.coarse_tick->tick, Decimal::of("0.0005"));
  EXPECT_EQ(option.lot, Decimal::of("0.1"));
  EXPECT_EQ(option.minimum, Decimal::of("0.1"));
  EXPECT_EQ(option.fees.taker_rate, Decimal::of("0.0003"));
  EXPECT_EQ(option.fees.option_cap, Decimal::of("0.125"));
  EXPECT_EQ(option.fees.delivery_rate, Decimal::of("0.00015"));
  EXPECT_EQ(parsed("ETH-6FEB26-2000-P").lot, Decimal{1});
  EXPECT_EQ(parsed("ETH-6FEB26-2000-P").right, OptionRight::put);
}

TEST(InstrumentName, InverseFuturesAreWorthDollars) {
  const Instrument perpetual = parsed("BTC-PERPETUAL");
  EXPECT_EQ(perpetual.kind, InstrumentKind::perpetual);
  EXPECT_FALSE(perpetual.expiry.has_value());
  EXPECT_EQ(perpetual.contract_size, Decimal{10});
  EXPECT_EQ(perpetual.tick, Decimal::of("0.5"));
  EXPECT_EQ(perpetual.lot, Decimal{1});
  EXPECT_TRUE(perpetual.fees.delivery_rate.is_zero());
  const Instrument future = parsed("BTC-27MAR26");
  EXPECT_EQ(future.kind, InstrumentKind::future);
  EXPECT_EQ(future.tick, Decimal::of("2.5"));
  EXPECT_EQ(future.fees.delivery_rate, Decimal::of("0.00025"));
  EXPECT_EQ(parsed("ETH-PERPETUAL").contract_size, Decimal{1});
  EXPECT_EQ(parsed("ETH-PERPETUAL").tick, Decimal::of("0.05"));
  EXPECT_EQ(parsed("ETH-27MAR26").tick, Decimal::of("0.25"));
}

TEST(InstrumentName, LinearContractsSettleInTheirDollarCoin) {
  const Instrument option = parsed("XRP_USDC-30JUN23-0d625-C");
  EXPECT_EQ(option.payoff, Payoff::linear);
  EXPECT_EQ(option.strike, Decimal::of("0.625"));
  EXPECT_EQ(option.underlying.view(), "XRP");
  EXPECT_EQ(option.quote.view(), "USDC");
  EXPECT_EQ(option.settlement.view(), "USDC");
  EXPECT_EQ(option.contract_size, Decimal{1000});
  EXPECT_EQ(parsed("BTC_USDC-27DEC24-60000-C").fees.maker_rate, Decimal::of("0.0001"));
  EXPECT_EQ(parsed("BTC_USDC-PERPETUAL").kind, InstrumentKind::perpetual);
  EXPECT_EQ(parsed("BTC_USDC-6SEP26").kind, InstrumentKind::future);
  const Instrument spot = parsed("BTC_USDC");
  EXPECT_EQ(spot.kind, InstrumentKind::spot);
  EXPECT_TRUE(spot.fees.taker_rate.is_zero());
}

TEST(InstrumentName, DailiesPayNoDeliveryFeeAndWeekliesRebateTheirMaker) {
  EXPECT_EQ(expiry_cycle(*parsed("BTC-5FEB26-70000-C").expiry), ExpiryCycle::daily);
  EXPECT_EQ(expiry_cycle(*parsed("BTC-6FEB26-70000-C").expiry), ExpiryCycle::weekly);
  EXPECT_EQ(expiry_cycle(*parsed("BTC-27FEB26-70000-C").expiry), ExpiryCycle::monthly);
  EXPECT_TRUE(parsed("BTC-5FEB26-70000-C").fees.delivery_rate.is_zero());
  EXPECT_FALSE(parsed("BTC-6FEB26-70000-C").fees.delivery_rate.is_zero());
  EXPECT_EQ(parsed("ETH-20JUN25").fees.maker_rate, Decimal::of("-0.0001"));
  EXPECT_TRUE(parsed("ETH-27JUN25").fees.maker_rate.is_zero());
}

TEST(InstrumentName, EveryFormRoundTripsAndIsValid) {
  for (const std::string_view name :
       {"BTC-PERPETUAL", "ETH-PERPETUAL", "BTC-27DEC24", "ETH-1JUN21", "BTC-27DEC24-60000-C", "ETH-6FEB26-2000-P",
        "BTC_USDC-27DEC24-60000-C", "XRP_USDC-30JUN23-0d625-C", "SOL_USDC-PERPETUAL", "BTC_USDC", "ETH_USDC",
        "BTC_USDT-27DEC24"}) {
    const Instrument instrument = parsed(name);
    EXPECT_EQ(venue_name(instrument), name);
    EXPECT_TRUE(validate(instrument).has_value()) << name;
    const auto canonical = parse_canonical_name(instrument.name);
    ASSERT_TRUE(canonical.has_value());
    EXPECT_EQ(*canonical, instrument);
  }
}

RC_GTEST_PROP(InstrumentName, ComposedNamesRoundTrip, ()) {
  const auto day = *rc::gen::inRange(0, 20'000);
  const auto strike = *rc::gen::inRange(1, 2'000'000);
  const bool fraction = *rc::gen::arbitrary<bool>();
  Instrument instrument;
  instrument.kind = InstrumentKind::option;
  instrument.payoff = fraction ? Payoff::linear : Payoff::inverse;
  instrument.underlying = market::AssetCode::of(fraction ? "XRP" : "ETH");
  instrument.quote = market::AssetCode::of(fraction ? "USDC" : "USD");
  instrument.strike = fraction ? Decimal{Int128{strike}, 4} : Decimal{strike};
  const std::chrono::hours since_2000{24 * (10'957 + day) + 8};
  instrument.expiry = UtcTime{since_2000};
  const auto again = parse_instrument_name(venue_name(instrument));
  RC_ASSERT(again.has_value());
  RC_ASSERT(again->strike == instrument.strike);
  RC_ASSERT(again->expiry == instrument.expiry);
  RC_ASSERT(venue_name(*again) == venue_name(instrument));
}

TEST(InstrumentName, WhatIsNoNameSaysWhy) {
  EXPECT_EQ(refusal("BTC"), "'BTC' is not a Deribit instrument name: a currency alone is not traded");
  EXPECT_EQ(
      refusal("BTC-27DEX24"),
      "'BTC-27DEX24' is not a Deribit instrument name: '27DEX24' is neither PERPETUAL nor a date such as 27DEC24");
  EXPECT_EQ(refusal("DOGE-PERPETUAL"),
            "instrument 'DOGE-PERPETUAL': no contract specification is known for: inverse perpetual on DOGE in USD");
  EXPECT_NE(refusal("BTC-FS-27DEC24_PERP").find("combination"), std::string::npos);
  EXPECT_FALSE(parse_canonical_name("BTC-PERPETUAL").has_value());
}

TEST(InstrumentName, NearMissesAreRefused) {
  for (const std::string_view name : {"",
                                      "-",
                                      "_",
                                      "BTC-",
                                      "btc-PERPETUAL",
                                      "BTC-perpetual",
                                      "BTC-PERPETUAL-C",
                                      "BTC-PERPETUAL-60000-C",
                                      "BTC-01JUN21",
                                      "BTC-0JUN21",
                                      "BTC-31FEB24",
                                      "BTC-27DEC2",
                                      "BTC-27DEC024",
                                      "BTC-27DEC24-60000",
                                      "BTC-27DEC24-60000-X",
                                      "BTC-27DEC24-60000-C-",
                                      "BTC-27DEC24--C",
                                      "BTC-27DEC24-0-C",
                                      "BTC-27DEC24-060-C",
                                      "BTC-27DEC24-6e4-C",
                                      "BTC-27DEC24--60-C",
                                      "BTC-27DEC24-0d50-C",
                                      "BTC-27DEC24-d5-C",
                                      "BTC-27DEC24-5d-C",
                                      "BTC-27DEC24-1.5-C",
                                      "BTC_-PERPETUAL",
                                      "_USDC-PERPETUAL",
                                      "BTC_ETH-PERPETUAL",
                                      "BTC-27DEC24-"})
    EXPECT_FALSE(parse_instrument_name(name).has_value()) << name;
}

TEST(InstrumentName, EveryTruncationIsAnErrorOrAnotherName) {
  const std::string name = "XRP_USDC-30JUN23-0d625-C";
  for (std::size_t length = 0; length < name.size(); ++length) {
    const std::string cut = name.substr(0, length);
    const auto instrument = parse_instrument_name(cut);
    EXPECT_TRUE(!instrument || venue_name(*instrument) == cut) << cut;
  }
}

}  // namespace
}  // namespace gimbal::venue::deribit
