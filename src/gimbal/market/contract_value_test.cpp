// The arithmetic of trades against the venue's own worked examples and against small sums done by hand.
#include "gimbal/market/contract_value.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "gimbal/market/internal/test_instruments.hpp"

namespace gimbal::market {
namespace {

using namespace internal;

constexpr int coin_scale = 8;
constexpr int dollar_scale = 6;

std::string coin(Amount amount) { return amount.to_decimal(coin_scale).to_string(); }
std::string dollars(Amount amount) { return amount.to_decimal(dollar_scale).to_string(); }
Decimal price(const char* text) { return Decimal::of(text); }

// Fees: support.deribit.com, "Fees", with the page's examples.
TEST(TradeFee, OptionPaysThreeHundredthsOfAPercentUpToAnEighthOfItsPremium) {
  const Decimal index{100'000};
  const QuantityLots one_coin{10};
  EXPECT_EQ(coin(trade_fee(inverse_option(), price("0.0001"), index, one_coin, Liquidity::taker)), "0.0000125");
  EXPECT_EQ(coin(trade_fee(inverse_option(), price("0.05"), index, one_coin, Liquidity::taker)), "0.0003");
  EXPECT_EQ(coin(trade_fee(inverse_option(), price("0.0024"), index, one_coin, Liquidity::taker)), "0.0003");
  EXPECT_EQ(coin(trade_fee(inverse_option(), price("0.05"), index, QuantityLots{-10}, Liquidity::maker)), "0.0003");
}

TEST(TradeFee, InverseFuturesPayOnTheirCoinNotional) {
  EXPECT_EQ(coin(trade_fee(inverse_perpetual(), price("100000"), {}, QuantityLots{5'000}, Liquidity::taker)),
            "0.00025");
  EXPECT_EQ(coin(trade_fee(inverse_perpetual(), price("100000"), {}, QuantityLots{5'000}, Liquidity::maker)), "0");
  const Instrument eth = inverse_perpetual("ETH", "1", "0.05");
  EXPECT_EQ(coin(trade_fee(eth, price("4000"), {}, QuantityLots{20'000}, Liquidity::taker)), "0.0025");
}

TEST(TradeFee, WeeklyFutureRebatesItsMaker) {
  Instrument weekly = inverse_future();
  weekly.fees.maker_rate = Decimal::of("-0.0001");
  EXPECT_EQ(coin(trade_fee(weekly, price("100000"), {}, QuantityLots{1'000}, Liquidity::taker)), "0.00005");
  EXPECT_EQ(coin(trade_fee(weekly, price("100000"), {}, QuantityLots{1'000}, Liquidity::maker)), "-0.00001");
}

TEST(TradeFee, IsWhatTheVenueChargedOnARecordedTrade) {
  // 21 USD of ETH at 202.8 at the taker's 0.075 % of 2020: 7.766e-05 ETH.
  Instrument eth = inverse_perpetual("ETH", "1", "0.05");
  eth.fees.taker_rate = Decimal::of("0.00075");
  EXPECT_EQ(coin(trade_fee(eth, price("202.8"), {}, QuantityLots{21}, Liquidity::taker)), "0.00007766");
}

TEST(TradeFee, LinearContractsPayInTheirDollarCoin) {
  EXPECT_EQ(dollars(trade_fee(linear_perpetual(), price("200"), {}, QuantityLots{100}, Liquidity::taker)), "1");
  // Ten SOL a contract: 0.05 % of the index, or an eighth of a premium of 10 USDC a coin.
  EXPECT_EQ(dollars(trade_fee(linear_option(), price("10"), price("240"), QuantityLots{1}, Liquidity::taker)), "1.2");
  EXPECT_EQ(dollars(trade_fee(linear_option(), price("0.1"), price("240"), QuantityLots{1}, Liquidity::taker)),
            "0.125");
  EXPECT_EQ(dollars(trade_fee(spot(), price("90000"), {}, QuantityLots{1'000}, Liquidity::taker)), "0");
}

RC_GTEST_PROP(TradeFee, NeverExceedsTheCapAndGrowsWithTheSize, (std::uint16_t ticks, std::uint16_t size)) {
  const Instrument option = inverse_option();
  const Decimal premium = price_of(option, PriceTicks{ticks});
  const QuantityLots lots{size};
  const Amount fee = trade_fee(option, premium, Decimal{90'000}, lots, Liquidity::taker);
  RC_ASSERT(fee >= Amount{});
  // Both sides round, by less than one unit together.
  const Amount cap =
      Amount::rounded(Decimal::of("0.125") * premium * contracts_of(option, lots), coin_scale, Rounding::up);
  RC_ASSERT(fee <= cap);
  RC_ASSERT(trade_fee(option, premium, Decimal{90'000}, QuantityLots{size + 1}, Liquidity::taker) >= fee);
  RC_ASSERT(trade_fee(option, premium, Decimal{90'000}, -lots, Liquidity::taker) == fee);
}

TEST(PositionValue, InverseFutureGainsAsThePriceRises) {
  // 1,000 USD long from 80,000 to 100,000: 1000/80000 - 1000/100000 = 0.0025 coin.
  const QuantityLots lots{100};
  const Amount gain = position_value(inverse_perpetual(), price("100000"), lots) -
                      position_value(inverse_perpetual(), price("80000"), lots);
  EXPECT_EQ(coin(gain), "0.0025");
}

TEST(PositionValue, OptionsAndLinearContractsMultiplyOut) {
  EXPECT_EQ(coin(position_value(inverse_option(), price("0.0415"), QuantityLots{25})), "0.10375");
  EXPECT_EQ(coin(position_value(inverse_option(), price("0.0415"), QuantityLots{-25})), "-0.10375");
  EXPECT_EQ(dollars(position_value(linear_option(), price("10.05"), QuantityLots{2})), "201");
  EXPECT_EQ(dollars(position_value(spot(), price("93000"), QuantityLots{12'345})), "114808.5");
}

RC_GTEST_PROP(PositionValue, LongAndShortAreEachOthersNegative, (std::uint32_t size)) {
  const auto ticks = *rc::gen::inRange<std::int64_t>(1, 10'000'000);
  for (const Instrument& instrument : {inverse_perpetual(), inverse_future(), linear_perpetual(), inverse_option()}) {
    const Decimal at = price_of(instrument, PriceTicks{ticks});
    RC_ASSERT(position_value(instrument, at, QuantityLots{size}) ==
              -position_value(instrument, at, -QuantityLots{size}));
  }
}

TEST(Delivery, OptionsPayTheirIntrinsicValueInCoin) {
  // The venue's example: a call struck at 100,000 delivered at 125,000 pays 25,000 USD, which is 0.2 coin.
  const Instrument call = inverse_option("deribit:BTC-27MAR26-100000-C", "100000");
  const Instrument put = inverse_option("deribit:BTC-27MAR26-100000-P", "100000", OptionRight::put);
  EXPECT_EQ(coin(delivery_value(call, price("125000"), QuantityLots{10})), "0.2");
  EXPECT_EQ(coin(delivery_value(call, price("125000"), QuantityLots{-10})), "-0.2");
  EXPECT_EQ(coin(delivery_value(call, price("100000"), QuantityLots{10})), "0");
  EXPECT_EQ(coin(delivery_value(put, price("80000"), QuantityLots{10})), "0.25");
  EXPECT_EQ(coin(delivery_value(put, price("125000"), QuantityLots{10})), "0");
  EXPECT_EQ(dollars(delivery_value(linear_option(), price("275"), QuantityLots{1})), "250");
}

TEST(Delivery, FeeIsHalfTheTakersUpToAnEighthOfThePayoff) {
  const Instrument call = inverse_option("deribit:BTC-27MAR26-100000-C", "100000");
  EXPECT_EQ(coin(delivery_fee(call, price("125000"), QuantityLots{10})), "0.00015");
  EXPECT_EQ(coin(delivery_fee(call, price("125000"), QuantityLots{-10})), "0.00015");
  EXPECT_EQ(coin(delivery_fee(call, price("90000"), QuantityLots{10})), "0");
  // 100,050 pays 0.00049975 coin; an eighth of that is less than 0.00015.
  EXPECT_EQ(coin(delivery_fee(call, price("100050"), QuantityLots{10})), "0.00006247");
  EXPECT_EQ(coin(delivery_fee(inverse_future(), price("100000"), QuantityLots{1'000})), "0.000025");
  EXPECT_EQ(coin(delivery_fee(inverse_perpetual(), price("100000"), QuantityLots{1'000})), "0");
}

TEST(Funding, LongsPayThePositiveRateOverTheTimeElapsed) {
  // 100,000 USD at an index of 10,000 for an hour at 0.075 % in eight hours: 10 coins x 0.00075 / 8.
  const QuantityLots long_position{10'000};
  const Decimal rate = Decimal::of("0.00075");
  const auto paid = [&](QuantityLots lots, Duration elapsed) {
    return coin(funding_payment(inverse_perpetual(), price("10000"), lots, rate, elapsed));
  };
  EXPECT_EQ(paid(long_position, std::chrono::hours{1}), "0.0009375");
  EXPECT_EQ(paid(-long_position, std::chrono::hours{1}), "-0.0009375");
  EXPECT_EQ(paid(long_position, std::chrono::hours{8}), "0.0075");
  EXPECT_EQ(paid(long_position, Duration{}), "0");
  EXPECT_EQ(dollars(funding_payment(linear_perpetual(), price("200"), QuantityLots{100}, rate, std::chrono::hours{8})),
            "1.5");
}

TEST(Ticks, PricesAreMultiplesOfTheStepThatHoldsThere) {
  const Instrument option = inverse_option();
  EXPECT_EQ(ticks_of(option, price("0.0049"))->raw(), 49);
  EXPECT_EQ(ticks_of(option, price("0.005"))->raw(), 50);
  EXPECT_EQ(ticks_of(option, price("0.0225"))->raw(), 225);
  EXPECT_FALSE(ticks_of(option, price("0.0051")).has_value());
  EXPECT_FALSE(ticks_of(option, price("0.00005")).has_value());
  EXPECT_EQ(ticks_of(option, price("0.0226")).error().message,
            "price of deribit:BTC-27MAR26-80000-C: 0.0226 is not a multiple of 0.0005");
  EXPECT_EQ(lots_of(option, price("12.3"))->raw(), 123);
  EXPECT_FALSE(lots_of(option, price("0.05")).has_value());
}

}  // namespace
}  // namespace gimbal::market
