// The gate over a whole view of risk: what it lets through, what it refuses and in which words.
#include "gimbal/govern/gate.hpp"

#include <gtest/gtest.h>

#include "sample_desk.hpp"

namespace gimbal::govern {
namespace {

using market::OrderRequest;
using market::Side;

class GateTest : public testing::Test {
 protected:
  GateTest() {
    snapshot_ = sample::snapshot_of(sample::recorded(0, "60000"));
    auto view = risk::build_risk_view(snapshot_, sample::surfaces_of(*snapshot_), sample::configuration()->risk);
    view_ = std::make_unique<risk::RiskView>(std::move(*view));
    const auto btc = *universe().find_asset(market::AssetCode::of("BTC"));
    hold(portfolio::opening_entry({{engine::main_account, portfolio::Place::cash, btc, Amount{Int128{10'0000'0000}}}},
                                  {}, universe()));
  }

  [[nodiscard]] const market::Universe& universe() const { return *snapshot_->universe; }

  void hold(const portfolio::Entry& entry) { ASSERT_TRUE(ledger_.post(entry)); }

  void hold(const std::string& name, std::int64_t lots) {
    hold(portfolio::opening_entry(
        {}, {{engine::main_account, sample::id_of(universe(), name), QuantityLots{lots}, Decimal::of("60000")}},
        universe()));
  }

  // An order at the mark, so that only what a test is about stands in its way.
  [[nodiscard]] OrderRequest order(const std::string& name, Side side, std::int64_t lots) const {
    OrderRequest request;
    request.instrument = sample::id_of(universe(), name);
    request.side = side;
    request.quantity = QuantityLots{lots};
    const auto row = *snapshot_->row_of(request.instrument);
    request.limit = side == Side::buy ? snapshot_->ask[row] : snapshot_->bid[row];
    return request;
  }

  std::vector<Verdict> judge(const Limits& limits, const std::vector<OrderRequest>& orders,
                             Containment containment = Containment::normal, Duration age = {}) {
    const Situation situation{*view_, ledger_, engine::main_account, snapshot_->time + age, containment};
    return Gate{limits}.judge(situation, orders);
  }

  std::shared_ptr<const market::MarketSnapshot> snapshot_;
  std::unique_ptr<risk::RiskView> view_;
  portfolio::Ledger ledger_;
};

Limits delta_between(double lower, double upper) {
  Limits limits;
  limits.greeks.push_back(
      {market::AssetCode::of("BTC"), portfolio::Greek::delta, portfolio::DeltaCollateral::excluded, lower, upper});
  return limits;
}

TEST_F(GateTest, WithoutLimitsEveryOrderIsApproved) {
  const auto verdicts =
      judge({}, {order("BTC-PERPETUAL", Side::sell, 6000), order("BTC-27FEB26-60000-C", Side::buy, 5)});
  for (const Verdict& verdict : verdicts) EXPECT_TRUE(verdict.approved) << verdict.refusal;
}

TEST_F(GateTest, TwoOrdersThatTogetherPassALimitAreNotBothApproved) {
  // 6,000 contracts of 10 USD at 60,000 are one coin.
  const auto verdicts = judge(delta_between(-1.5, 1.5),
                              {order("BTC-PERPETUAL", Side::buy, 6000), order("BTC-PERPETUAL", Side::buy, 6000)});
  EXPECT_TRUE(verdicts[0].approved);
  EXPECT_FALSE(verdicts[1].approved);
  EXPECT_NE(verdicts[1].refusal.find("delta BTC"), std::string::npos) << verdicts[1].refusal;
}

TEST_F(GateTest, AnOrderIsNotExcusedByAnotherThatMayNotFill) {
  const auto verdicts = judge(delta_between(-1.5, 1.5),
                              {order("BTC-PERPETUAL", Side::sell, 6000), order("BTC-PERPETUAL", Side::buy, 12000)});
  EXPECT_TRUE(verdicts[0].approved);
  EXPECT_FALSE(verdicts[1].approved);  // alone it would carry delta to +2, whatever the sale does
}

TEST_F(GateTest, AfterAPassiveBreachOnlyOrdersTowardsTheLimitPass) {
  hold("BTC-PERPETUAL", 30000);  // five coins long against a limit of one and a half
  const auto verdicts = judge(delta_between(-1.5, 1.5),
                              {order("BTC-PERPETUAL", Side::buy, 60), order("BTC-PERPETUAL", Side::sell, 6000)});
  EXPECT_FALSE(verdicts[0].approved);
  EXPECT_TRUE(verdicts[1].approved) << verdicts[1].refusal;
}

TEST_F(GateTest, MarginIsJudgedAtTheDearestSubset) {
  Limits limits;
  limits.margin_utilisation_max = 0.5;
  // Ten coins; a short call at the money asks for about 0.15 + mark a contract, so 25 contracts for over four coins.
  const auto verdicts =
      judge(limits, {order("BTC-27FEB26-60000-C", Side::sell, 100), order("BTC-27FEB26-60000-P", Side::sell, 100),
                     order("BTC-27FEB26-57000-P", Side::sell, 100)});
  EXPECT_TRUE(verdicts[0].approved) << verdicts[0].refusal;
  EXPECT_TRUE(verdicts[1].approved) << verdicts[1].refusal;
  EXPECT_FALSE(verdicts[2].approved);
  EXPECT_NE(verdicts[2].refusal.find("initial margin in BTC"), std::string::npos) << verdicts[2].refusal;
}

TEST_F(GateTest, StressLossIsJudgedInEveryRow) {
  Limits limits;
  limits.stress_loss_max = 400'000.0;  // ten coins fall by 180,000 USD at -30 %
  const auto verdicts =
      judge(limits, {order("BTC-PERPETUAL", Side::buy, 60'000), order("BTC-PERPETUAL", Side::buy, 60'000)});
  EXPECT_TRUE(verdicts[0].approved) << verdicts[0].refusal;  // another 180,000
  EXPECT_FALSE(verdicts[1].approved);
  EXPECT_NE(verdicts[1].refusal.find("stress"), std::string::npos) << verdicts[1].refusal;
}

TEST_F(GateTest, LimitsOfASingleOrderNameWhatWasFound) {
  Limits limits;
  limits.order_notional_max = 100'000.0;
  EXPECT_FALSE(judge(limits, {order("BTC-PERPETUAL", Side::buy, 12'000)})[0].approved);
  EXPECT_TRUE(judge(limits, {order("BTC-PERPETUAL", Side::buy, 6'000)})[0].approved);

  limits = {};
  limits.price_distance_max = 0.01;
  OrderRequest far = order("BTC-PERPETUAL", Side::buy, 1);
  far.limit = PriceTicks{122'000};  // 61,000
  EXPECT_FALSE(judge(limits, {far})[0].approved);

  limits = {};
  limits.orders_per_lap_max = 1;
  const auto verdicts = judge(limits, {order("BTC-PERPETUAL", Side::buy, 1), order("BTC-PERPETUAL", Side::buy, 1)});
  EXPECT_TRUE(verdicts[0].approved);
  EXPECT_FALSE(verdicts[1].approved);

  limits = {};
  limits.data_age_max = std::chrono::seconds{5};
  EXPECT_FALSE(
      judge(limits, {order("BTC-PERPETUAL", Side::buy, 1)}, Containment::normal, std::chrono::seconds{6})[0].approved);
}

TEST_F(GateTest, ReduceOnlyLetsPositionsShrinkAndNothingElse) {
  hold("BTC-27FEB26-60000-C", -20);
  const auto verdicts = judge({},
                              {order("BTC-27FEB26-60000-C", Side::buy, 10), order("BTC-27FEB26-60000-C", Side::sell, 1),
                               order("BTC-PERPETUAL", Side::sell, 1)},
                              Containment::reduce_only);
  EXPECT_TRUE(verdicts[0].approved) << verdicts[0].refusal;
  EXPECT_FALSE(verdicts[1].approved);
  EXPECT_FALSE(verdicts[2].approved);
}

TEST_F(GateTest, NoNewRiskLetsHedgesThroughAndNothingThatDeepensTheWorstRow) {
  const auto verdicts = judge({}, {order("BTC-PERPETUAL", Side::buy, 600), order("BTC-PERPETUAL", Side::sell, 600)},
                              Containment::no_new_risk);
  EXPECT_FALSE(verdicts[0].approved);  // the account is long ten coins: its worst row is the fall
  EXPECT_TRUE(verdicts[1].approved) << verdicts[1].refusal;
}

TEST(Containment, StepsDownAtOnceAndUpWithHysteresis) {
  Limits limits;  // steps at 0.5, 0.7, 0.85, hysteresis 0.05
  const auto at = [&](Containment current, double share) {
    risk::BookRisk book;
    risk::MarginPool pool;
    pool.maintenance = share;
    pool.balance = 1.0;
    book.margin.pools.push_back(pool);
    return contain(current, book, limits);
  };
  EXPECT_EQ(at(Containment::normal, 0.49), Containment::normal);
  EXPECT_EQ(at(Containment::normal, 0.5), Containment::no_new_risk);
  EXPECT_EQ(at(Containment::normal, 0.9), Containment::exit);
  EXPECT_EQ(at(Containment::no_new_risk, 0.47), Containment::no_new_risk);  // within the hysteresis
  EXPECT_EQ(at(Containment::no_new_risk, 0.44), Containment::normal);
  EXPECT_EQ(at(Containment::reduce_only, 0.1), Containment::reduce_only);  // a person's word is needed
  EXPECT_EQ(at(Containment::exit, 0.1), Containment::exit);
}

TEST(Containment, AnAccountWithoutBalanceThatOwesMarginIsAtTheExit) {
  risk::BookRisk book;
  risk::MarginPool pool;
  pool.maintenance = 0.1;
  pool.balance = 0.0;
  book.margin.pools.push_back(pool);
  EXPECT_EQ(contain(Containment::normal, book, {}), Containment::exit);
}

}  // namespace
}  // namespace gimbal::govern
