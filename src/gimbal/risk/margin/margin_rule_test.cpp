// What all rules share, by hand: pools, bounds, and books after trades.
#include "gimbal/risk/margin/margin_rule.hpp"

#include <gtest/gtest.h>

#include "gimbal/risk/internal/sample_market.hpp"

namespace gimbal::risk {
namespace {

using market::InstrumentId;

TEST(MarginPool, UtilisationSaysNothingOfABalanceThatIsNotThere) {
  EXPECT_EQ(MarginPool{}.utilisation(), 0.0);
  EXPECT_EQ((MarginPool{.initial = 1.0, .balance = 4.0}.utilisation()), 0.25);
  EXPECT_EQ((MarginPool{.initial = 1.0, .balance = 0.0}.utilisation()), std::nullopt);
  EXPECT_EQ(MarginPool{}.room(), 1.0);
  EXPECT_EQ((MarginPool{.maintenance = 1.0, .balance = 4.0}.room()), 0.75);
  EXPECT_EQ((MarginPool{.maintenance = 5.0, .balance = 4.0}.room()), -0.25);
  EXPECT_EQ((MarginPool{.maintenance = 1.0, .balance = 0.0}.room()), std::nullopt);
  EXPECT_TRUE((MarginPool{.maintenance = 1.0, .balance = 0.5}.liquidatable()));
}

TEST(PoolBound, FacesAddTheHighestOfThem) {
  PoolBound bound;
  const auto id = static_cast<InstrumentId>(3);
  bound.positions = {{id, {{0.0, 0.0}, {-2.0, 0.0}}}};
  bound.faces = {{{{id, 1.0}}, 0.5}, {{{id, -1.0}}, 0.25}};
  const std::vector<MarginPosition> book = {{id, -1.0}};
  EXPECT_EQ(bound.at(book), 2.0 + 1.25);
}

// A perpetual of 10 USD, a call and the pair itself, all on BTC at 60,000.
struct Sample {
  market::Instrument perpetual = internal::future({});
  market::Instrument call = internal::option({});
  market::Instrument spot = internal::spot("BTC");
  std::shared_ptr<const market::MarketSnapshot> snapshot = internal::sample_snapshot(
      {{perpetual, std::nullopt, 60000.0}, {call, std::nullopt, 0.05}, {spot, std::nullopt, 60000.0}},
      {{"BTC", "60000"}});
  portfolio::MarkPrices marks = portfolio::mark_prices(*snapshot, {});

  [[nodiscard]] MarginMarket market() const { return {*snapshot, marks}; }
  [[nodiscard]] MarginTrade trade(const market::Instrument& instrument, double contracts, double price) const {
    return {*snapshot->universe->find(instrument.name), contracts, price, 0.0};
  }
  [[nodiscard]] portfolio::AccountValue value(const MarginBook& book, std::string_view asset) const {
    for (const portfolio::AccountValue& each : book.values)
      if (each.asset == *snapshot->universe->find_asset(internal::code(asset))) return each;
    return {};
  }
};

TEST(BookAfter, APremiumTurnsCashIntoOptionValue) {
  const Sample sample;
  const std::vector<MarginTrade> trades = {sample.trade(sample.call, 2.0, 0.051)};
  const auto after = book_after(sample.market(), {}, trades);
  ASSERT_TRUE(after);
  EXPECT_EQ(sample.value(*after, "BTC").cash, -0.102);
  EXPECT_EQ(sample.value(*after, "BTC").options, 0.1);
  ASSERT_EQ(after->positions.size(), 1U);
}

TEST(BookAfter, AFutureGainsWhatItsPriceWasBetterThanTheMark) {
  const Sample sample;
  const std::vector<MarginTrade> trades = {sample.trade(sample.perpetual, 6000.0, 59400.0)};
  const auto after = book_after(sample.market(), {}, trades);
  ASSERT_TRUE(after);
  EXPECT_NEAR(sample.value(*after, "BTC").unsettled, 60000.0 / 59400.0 - 1.0, 1e-12);
  EXPECT_EQ(sample.value(*after, "BTC").cash, 0.0);
}

TEST(BookAfter, SpotChangesOneBalanceIntoAnotherAndIsNoPosition) {
  const Sample sample;
  const std::vector<MarginTrade> trades = {sample.trade(sample.spot, 0.5, 60100.0)};
  const auto after = book_after(sample.market(), {}, trades);
  ASSERT_TRUE(after);
  EXPECT_EQ(sample.value(*after, "BTC").cash, 0.5);
  EXPECT_EQ(sample.value(*after, "USDC").cash, -30050.0);
  EXPECT_TRUE(after->positions.empty());
}

TEST(BookAfter, ATradeWithoutAMarkIsAnError) {
  Sample sample;
  const std::vector<MarginTrade> trades = {sample.trade(sample.call, 2.0, 0.051)};
  sample.marks.assign(sample.marks.size(), std::nullopt);
  EXPECT_EQ(book_after(sample.market(), {}, trades).error().code, ErrorCode::missing_data);
}

}  // namespace
}  // namespace gimbal::risk
