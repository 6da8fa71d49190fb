// The paper venue: fills only what crosses and stands there, and settles by the book. Orders reach it through the gate,
// since nothing else can make an approved one.
#include "gimbal/simulate/paper_venue.hpp"

#include <gtest/gtest.h>

#include "gimbal/govern/gate.hpp"
#include "sample_desk.hpp"

namespace gimbal::simulate {
namespace {

using market::Side;

class PaperVenueTest : public testing::Test {
 protected:
  PaperVenueTest() : snapshot_{sample::snapshot_of(sample::recorded(0, "60000"))} {
    view_ = std::make_unique<risk::RiskView>(
        *risk::build_risk_view(snapshot_, sample::surfaces_of(*snapshot_), sample::configuration()->risk));
    EXPECT_TRUE(venue_.advance(snapshot_));
  }

  market::Approved<market::OrderRequest> order(const std::string& name, Side side, std::int64_t lots,
                                               std::int64_t ticks_beyond = 0) {
    market::OrderRequest request;
    request.id.bytes[0] = ++orders_;
    request.instrument = sample::id_of(*snapshot_->universe, name);
    request.side = side;
    request.quantity = QuantityLots{lots};
    const auto row = *snapshot_->row_of(request.instrument);
    request.limit = side == Side::buy ? snapshot_->ask[row] + PriceTicks{ticks_beyond}
                                      : snapshot_->bid[row] - PriceTicks{ticks_beyond};
    const govern::Situation situation{*view_, ledger_, engine::main_account, snapshot_->time,
                                      govern::Containment::normal};
    const govern::Limits none;
    return *govern::Gate{none}.judge(situation, std::vector{request}).at(0).approved;
  }

  std::shared_ptr<const market::MarketSnapshot> snapshot_;
  std::unique_ptr<risk::RiskView> view_;
  portfolio::Ledger ledger_;
  PaperVenue venue_;
  std::uint8_t orders_ = 0;
};

TEST_F(PaperVenueTest, FillsUpToTheSizeShownAndCancelsTheRest) {
  const auto events = venue_.submit(order("BTC-27FEB26-60000-C", Side::buy, 130));  // 10 contracts are 100 lots
  ASSERT_EQ(events.size(), 2U);
  const auto& fill = std::get<market::Fill>(events[0]);
  EXPECT_EQ(fill.quantity, QuantityLots{100});
  EXPECT_EQ(fill.price, snapshot_->ask[*snapshot_->row_of(fill.instrument)]);
  EXPECT_EQ(fill.fee, Amount{Int128{300'000}});  // 10 contracts at 0.0003
  EXPECT_EQ(std::get<market::OrderClosed>(events[1]).unfilled, QuantityLots{30});
}

TEST_F(PaperVenueTest, ASecondOrderFindsWhatTheFirstLeft) {
  (void)venue_.submit(order("BTC-27FEB26-60000-C", Side::buy, 80));
  const auto events = venue_.submit(order("BTC-27FEB26-60000-C", Side::buy, 80));
  EXPECT_EQ(std::get<market::Fill>(events[0]).quantity, QuantityLots{20});
}

TEST_F(PaperVenueTest, AnOrderThatDoesNotCrossIsClosedUnfilled) {
  const auto events = venue_.submit(order("BTC-27FEB26-60000-C", Side::buy, 10, -1));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(std::get<market::OrderClosed>(events[0]).unfilled, QuantityLots{10});
}

TEST_F(PaperVenueTest, ABetterLimitStillTradesAtTheQuote) {
  const auto events = venue_.submit(order("BTC-PERPETUAL", Side::sell, 100, 50));
  const auto& fill = std::get<market::Fill>(events[0]);
  EXPECT_EQ(fill.price, snapshot_->bid[*snapshot_->row_of(fill.instrument)]);
}

TEST_F(PaperVenueTest, DeliversEachExpiredPositionOnceAtTheFirstIndexAfter) {
  (void)venue_.submit(order("BTC-1FEB26-63000-P", Side::sell, 20));
  auto built = market::build_snapshot(sample::recorded(6, "62000"), snapshot_->universe, {});
  const auto next = std::make_shared<const market::MarketSnapshot>(std::move(built->snapshot));
  const auto events = venue_.advance(next);
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 1U);
  const auto& delivery = std::get<market::Delivery>(events->at(0));
  EXPECT_EQ(delivery.delivery_price, Decimal::of("62000"));
  EXPECT_EQ(delivery.price_time, next->time);
  // Two contracts short: pays 2 x 1,000 / 62,000 coin.
  EXPECT_EQ(delivery.value, Amount{-divide(Int128{2} * 1000 * 100'000'000, 62000, Rounding::half_even)});
  EXPECT_TRUE(venue_.advance(next)->empty());
}

TEST_F(PaperVenueTest, LongsPayPositiveFundingAndShortsReceiveIt) {
  (void)venue_.submit(order("BTC-PERPETUAL", Side::buy, 6000));
  auto built = market::build_snapshot(sample::recorded(1, "50000"), snapshot_->universe, {});
  const auto events = venue_.advance(std::make_shared<const market::MarketSnapshot>(std::move(built->snapshot)));
  ASSERT_EQ(events->size(), 1U);
  // 60,000 USD x 0.0001 x 1/8 at the index of the interval's start: 60,000.
  EXPECT_EQ(std::get<market::FundingPayment>(events->at(0)).paid, Amount{Int128{1250}});
}

}  // namespace
}  // namespace gimbal::simulate
