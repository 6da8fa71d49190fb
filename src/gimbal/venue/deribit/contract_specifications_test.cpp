// The table is whole: every family of every underlying makes a valid instrument, and what it does not hold is refused.
#include "gimbal/venue/deribit/contract_specifications.hpp"

#include <gtest/gtest.h>

#include "gimbal/venue/deribit/instrument_name.hpp"

namespace gimbal::venue::deribit {
namespace {

TEST(ContractSpecifications, EveryRowMakesValidInstruments) {
  for (const char* underlying : {"BTC", "ETH"})
    for (const char* form : {"-PERPETUAL", "-27MAR26", "-27MAR26-1000-C"}) {
      const auto instrument = parse_instrument_name(std::string{underlying} + form);
      ASSERT_TRUE(instrument.has_value()) << instrument.error().message;
      EXPECT_TRUE(validate(*instrument).has_value());
    }
  for (const char* underlying : {"BTC", "ETH", "SOL", "XRP"})
    for (const char* quote : {"_USDC", "_USDT"})
      for (const char* form : {"", "-PERPETUAL", "-27MAR26", "-27MAR26-1000-C"}) {
        const auto instrument = parse_instrument_name(std::string{underlying} + quote + form);
        ASSERT_TRUE(instrument.has_value()) << instrument.error().message;
        EXPECT_TRUE(validate(*instrument).has_value());
      }
}

TEST(ContractSpecifications, WhatTheTableDoesNotHoldIsUnsupported) {
  ContractFamily family;
  family.kind = market::InstrumentKind::perpetual;
  family.payoff = market::Payoff::inverse;
  family.underlying = market::AssetCode::of("SOL");
  family.quote = market::usd();
  EXPECT_EQ(contract_specification(family).error().code, ErrorCode::unsupported);
  family.payoff = market::Payoff::linear;
  family.quote = market::AssetCode::of("BTC");
  EXPECT_EQ(contract_specification(family).error().code, ErrorCode::unsupported);
}

TEST(ContractSpecifications, CycleOfADateIsItsWeekdayAndPlaceInTheMonth) {
  const auto cycle = [](std::string_view date) { return expiry_cycle(*parse_utc(date) + std::chrono::hours{8}); };
  EXPECT_EQ(cycle("2026-02-26"), ExpiryCycle::daily);
  EXPECT_EQ(cycle("2026-02-20"), ExpiryCycle::weekly);
  EXPECT_EQ(cycle("2026-02-27"), ExpiryCycle::monthly);
  EXPECT_EQ(cycle("2026-12-25"), ExpiryCycle::monthly);
  EXPECT_EQ(cycle("2027-01-01"), ExpiryCycle::weekly);
}

}  // namespace
}  // namespace gimbal::venue::deribit
