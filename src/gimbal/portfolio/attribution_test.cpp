// Attribution against a book worked out by hand, its exact sum, the order of what is left over, and each special case.
#include "gimbal/portfolio/attribution.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/pricing/inverse.hpp"

namespace gimbal::portfolio {
namespace {

using market::AssetCode;
using market::Instrument;
using market::InstrumentKind;
using market::Payoff;

constexpr auto account = static_cast<market::AccountId>(0);
constexpr Duration six_hours = std::chrono::hours{6};
UtcTime start() { return utc_from_milliseconds(1'770'000'000'000); }

Instrument contract(std::string name, InstrumentKind kind, Payoff payoff = Payoff::inverse) {
  Instrument made;
  made.name = std::move(name);
  made.venue = "sample";
  made.kind = kind;
  made.payoff = payoff;
  made.underlying = AssetCode::of("BTC");
  made.quote = AssetCode::of(payoff == Payoff::inverse ? "USD" : "USDC");
  made.settlement = payoff == Payoff::inverse ? made.underlying : made.quote;
  made.contract_size = Decimal{payoff == Payoff::inverse && kind != InstrumentKind::option ? 10 : 1};
  if (kind == InstrumentKind::option) made.strike = Decimal{105'000};
  if (kind == InstrumentKind::option || kind == InstrumentKind::future)
    made.expiry = start() + std::chrono::hours{24 * 30};
  made.tick = Decimal::of("0.0001");
  made.lot = made.minimum = Decimal::of("0.1");
  return made;
}

Instrument call_of(std::string name, Duration life) {
  Instrument made = contract(std::move(name), InstrumentKind::option);
  made.expiry = start() + life;
  return made;
}

const Instrument call = contract("call", InstrumentKind::option);
const Instrument future = contract("future", InstrumentKind::future);
const Instrument perpetual = contract("perpetual", InstrumentKind::perpetual);
const Instrument spot = contract("spot", InstrumentKind::spot, Payoff::linear);

// What one instrument shows at one instant; an option gives its forward and a volatility or a mark of its own.
struct Shown {
  Instrument instrument;
  double forward = 0.0;
  double volatility_annual = 0.0;
  std::optional<double> mark = {};
};

double mark_of(const Shown& shown, UtcTime time) {
  if (shown.mark) return *shown.mark;
  if (!shown.instrument.is_option()) return shown.forward;
  return pricing::inverse_premium_coin({.forward = shown.forward,
                                        .strike = shown.instrument.strike.to_double(),
                                        .volatility_annual = shown.volatility_annual,
                                        .expiry_years = years_between(time, *shown.instrument.expiry).raw(),
                                        .right = shown.instrument.right});
}

// A market at one instant, with the books that go with it.
struct Instant {
  market::MarketSnapshot snapshot;
  surface::SurfaceSet surfaces;
  MarkPrices marks;
  Ledger ledger;

  [[nodiscard]] Valuation valuation() const { return {snapshot, surfaces, marks, ledger}; }
  [[nodiscard]] market::InstrumentId id(const Instrument& instrument) const {
    return *snapshot.universe->find(instrument.name);
  }
  [[nodiscard]] market::AssetId asset(const char* code) const {
    return *snapshot.universe->find_asset(AssetCode::of(code));
  }
};

Instant instant(UtcTime time, const char* index, const std::vector<Shown>& rows,
                const std::shared_ptr<const market::Universe>& universe, const surface::SurfaceSet& surfaces = {}) {
  market::RecordedSnapshot recorded;
  recorded.time = time;
  recorded.indices.push_back({AssetCode::of("BTC"), Decimal::of(index)});
  for (const Shown& row : rows) {
    market::RecordedQuote quote;
    quote.instrument = row.instrument;
    quote.mark_price = mark_of(row, time);
    quote.forward = row.forward;
    recorded.quotes.push_back(quote);
  }
  auto built = market::build_snapshot(recorded, universe, {});
  EXPECT_TRUE(built);
  Instant made{std::move(built->snapshot), surfaces, {}, {}};
  made.marks = mark_prices(made.snapshot, made.surfaces);
  return made;
}

// Two instants six hours apart over one universe, the later one's books being the earlier one's until it is traded.
struct Interval {
  Instant before;
  Instant after;
  AccountFlows flows;

  Interval(const char* index_before, const std::vector<Shown>& rows_before, const char* index_after,
           const std::vector<Shown>& rows_after)
      : before{instant(start(), index_before, rows_before, std::make_shared<const market::Universe>())},
        after{instant(start() + six_hours, index_after, rows_after, before.snapshot.universe)} {}

  void open(const char* coins, const std::vector<std::pair<Instrument, const char*>>& positions) {
    std::vector<OpeningPosition> held;
    for (const auto& [instrument, contracts] : positions) {
      OpeningPosition position{
          account, before.id(instrument), *market::lots_of(instrument, Decimal::of(contracts)), {}};
      if (instrument.is_future())
        position.price = *nearest_decimal(before.marks[raw(before.id(instrument))].value(), 4);
      held.push_back(position);
    }
    const Amount cash = *Amount::from_decimal(Decimal::of(coins), 8);
    Entry entry = opening_entry({{account, Place::cash, before.asset("BTC"), cash}}, held, *before.snapshot.universe);
    ASSERT_TRUE(before.ledger.post(entry));
    after.ledger = before.ledger;
  }

  void post(const Entry& entry) { ASSERT_TRUE(after.ledger.post(entry)); }

  void buy(const Instrument& instrument, const char* contracts, const char* price, const char* fee) {
    market::Fill fill;
    fill.trade = flows.fills.size() + 1;
    fill.account = account;
    fill.instrument = after.id(instrument);
    fill.quantity = *market::lots_of(instrument, Decimal::of(contracts));
    fill.price = *market::ticks_of(instrument, Decimal::of(price));
    fill.fee = *Amount::from_decimal(Decimal::of(fee), market::asset_scale(instrument.settlement));
    flows.fills.push_back(fill);
    post(trade_entry(fill, *after.snapshot.universe));
  }

  void deliver(const Instrument& instrument, const char* price, const char* fee = "0") {
    market::Delivery delivery;
    delivery.account = account;
    delivery.instrument = after.id(instrument);
    delivery.position = before.ledger.position(account, delivery.instrument);
    delivery.delivery_price = Decimal::of(price);
    delivery.value = market::delivery_value(instrument, delivery.delivery_price, delivery.position);
    delivery.fee = *Amount::from_decimal(Decimal::of(fee), 8);
    flows.deliveries.push_back(delivery);
    post(delivery_entry(delivery, *after.snapshot.universe));
  }

  [[nodiscard]] Attribution attribution(const char* numeraire = "USD") const {
    auto made = attribute(before.valuation(), after.valuation(), flows, account, after.asset(numeraire));
    EXPECT_TRUE(made) << made.error().message;
    return *made;
  }
};

double amount_of(const std::vector<AttributedAmount>& amounts, AttributionItem item) {
  double sum = 0.0;
  for (const AttributedAmount& amount : amounts)
    if (amount.item == item) sum += amount.amount.to_double();
  return sum;
}

Decimal sum_of(const Attribution& attribution) {
  Decimal sum = attribution.residual;
  for (const AttributedAmount& amount : attribution.items) sum = sum + amount.amount;
  for (const AttributedAmount& amount : attribution.last_day) sum = sum + amount.amount;
  return sum;
}

// Index 100,000 to 102,000; three BTC on account, and held over six hours:
//   -5,000 perpetuals of 10 USD, mark = index;
//   +2,000 futures of 10 USD, mark 101,000 to 102,510: the basis goes from 1 % to 0.5 %;
//   -20 calls at 105,000 with 30 days to go on that forward, volatility 50 % to 48 %.
// The future: F' = 102,510/1.02 = 100,500, so carry = 2,000 x 102,000 x 10 (1/101,000 - 1/100,500) = -100.4877 and
// delta = 2,000 x 10 x 2,010/100,500 x 100,000/100,500 = 398.00995, the gamma of -size/F cancelling with the coin's.
// The perpetual: -5,000 x 10 x 2 % = -1,000, and no gamma either.
// The call's steps were differentiated numerically from Black's formula at 50 digits (mpmath), not from Greeks:
// marks 0.040589093622686426 and 0.043989871150819029 BTC. Equity before: 3 - 20 x 0.0405890936 = 2.1882181275 BTC, so
// collateral = 2.1882181275 x 2,000. Bought in the end: 5 calls at 0.0445 BTC for a fee of 0.0015 BTC, and 0.0002 BTC
// of funding received.
TEST(Attribution, ThreeContractsWorkedOutByHand) {
  Interval interval{"100000",
                    {{call, 101'000.0, 0.5}, {future, 101'000.0}, {perpetual, 100'000.0}},
                    "102000",
                    {{call, 102'510.0, 0.48}, {future, 102'510.0}, {perpetual, 102'000.0}}};
  interval.open("3", {{call, "-20"}, {future, "2000"}, {perpetual, "-5000"}});
  market::FundingPayment funding;
  funding.account = account;
  funding.instrument = interval.after.id(perpetual);
  funding.paid = -*Amount::from_decimal(Decimal::of("0.0002"), 8);
  interval.flows.funding.push_back(funding);
  interval.post(funding_entry(funding, *interval.after.snapshot.universe));
  interval.buy(call, "5", "0.0445", "0.0015");

  const Attribution found = interval.attribution();
  constexpr double satoshi = 0.001;  // in dollars; what futures were entered for is kept to one
  const auto item = [&found](AttributionItem wanted) { return amount_of(found.items, wanted); };
  EXPECT_NEAR(found.equity_before.to_double(), 218'821.8127546271, satoshi);
  EXPECT_NEAR(item(AttributionItem::trades), 5 * (0.043989871150819029 - 0.0445) * 102'000, 1e-6);
  EXPECT_NEAR(item(AttributionItem::fees), -0.0015 * 102'000, 1e-6);
  EXPECT_NEAR(item(AttributionItem::funding), 0.0002 * 102'000, 1e-6);
  EXPECT_EQ(item(AttributionItem::settlement), 0.0);
  EXPECT_NEAR(item(AttributionItem::collateral), 4'376.43625509254, satoshi);
  EXPECT_NEAR(item(AttributionItem::carry), 3'789.03231713676 - 100.487660706369, 1e-6);
  EXPECT_NEAR(item(AttributionItem::time), 477.458007831029, 1e-6);
  EXPECT_NEAR(item(AttributionItem::delta), -14'736.7954322734 + 398.009950248756 - 1'000.0, 1e-6);
  EXPECT_NEAR(item(AttributionItem::gamma), -1'087.33123410512, 1e-6);
  EXPECT_NEAR(item(AttributionItem::vega), 4'431.24715268866, 1e-6);
  EXPECT_NEAR(item(AttributionItem::vanna), 234.824310535651, 1e-6);
  EXPECT_NEAR(item(AttributionItem::volga), -7.89344695361738, 1e-6);
  EXPECT_NEAR(found.residual.to_double(), -38.1278322505227, satoshi);
  EXPECT_TRUE(found.last_day.empty());
  EXPECT_EQ(found.deposits, Decimal{});
  EXPECT_EQ(sum_of(found), found.change());
  EXPECT_EQ(found.equity_after - found.equity_before, found.change());

  ASSERT_EQ(std::count_if(found.items.begin(), found.items.end(),
                          [](const AttributedAmount& amount) { return amount.item == AttributionItem::vega; }),
            1);
  for (const AttributedAmount& amount : found.items) {
    EXPECT_EQ(amount.asset, interval.after.asset("BTC"));
    EXPECT_EQ(amount.bucket.has_value(), amount.item == AttributionItem::vega);
    EXPECT_EQ(amount.bucket.value_or(ExpiryBucket::month), ExpiryBucket::month);
  }
}

// Moves of the index, the volatility and the basis, each within what a few hours bring.
struct Move {
  double index = 0.0;
  double volatility = 0.0;
  double basis = 0.0;
};

// The book above over a move that is drawn, with trades, a deposit and both kinds of deliveries.
Interval drawn_interval(const Move& move) {
  const Instrument dying = call_of("dying", std::chrono::hours{3});
  const Instrument last = call_of("last day", std::chrono::hours{20});
  Instrument delivered = future;
  delivered.name = "delivered";
  delivered.expiry = start() + std::chrono::hours{3};
  const double index = 100'000.0 * (1.0 + move.index);
  const std::string index_text = nearest_decimal(index, 4)->to_string();
  const double forward = index * (1.01 + move.basis);
  Interval interval{"100000",
                    {{call, 101'000.0, 0.5},
                     {future, 101'000.0},
                     {perpetual, 100'010.0},
                     {dying, 100'000.0, 0.7},
                     {last, 100'000.0, 0.6},
                     {delivered, 100'020.0}},
                    index_text.c_str(),
                    {{call, forward, 0.5 + move.volatility},
                     {future, forward},
                     {perpetual, index + 7.0},
                     {last, index, 0.6 + move.volatility}}};
  interval.open(
      "3", {{call, "-20"}, {future, "2000"}, {perpetual, "-5000"}, {dying, "4"}, {last, "-2"}, {delivered, "-300"}});
  interval.deliver(dying, index_text.c_str());
  interval.deliver(delivered, index_text.c_str(), "0.00000123");
  interval.buy(call, "3.1", "0.04", "0.0009");
  interval.buy(perpetual, "77", "100013.5", "0.00000385");
  return interval;
}

RC_GTEST_PROP(Attribution, WhateverTheMarketDoesTheSumIsExact, ()) {
  const auto part = [](double most) { return *rc::gen::inRange(-1'000, 1'000) * most / 1'000.0; };
  Move move;
  move.index = part(0.1);
  move.volatility = part(0.2);
  move.basis = part(0.02);
  Interval interval = drawn_interval(move);
  const Amount brought = *Amount::from_decimal(Decimal::of("0.5"), 8);
  Entry deposit = opening_entry({{account, Place::cash, interval.after.asset("BTC"), brought}}, {},
                                *interval.after.snapshot.universe);
  RC_ASSERT(interval.after.ledger.post(deposit).has_value());
  for (const char* numeraire : {"USD", "BTC"}) {
    const Attribution found = interval.attribution(numeraire);
    RC_ASSERT(sum_of(found) == found.change());
    RC_ASSERT(found.change() == found.equity_after - found.equity_before - found.deposits);
  }
}

// Taylor terms up to the second order leave errors of the third: eight times less for half the move. A wrong term, or
// one counted twice, leaves an error of its own order.
TEST(Attribution, WhatIsLeftOverIsOfThirdOrder) {
  const auto residual = [](double scale) {
    const double index = 100'000.0 * (1.0 + 0.04 * scale);
    const std::string text = nearest_decimal(index, 6)->to_string();
    Interval interval{"100000", {{call, 101'000.0, 0.5}}, text.c_str(), {{call, index * 1.01, 0.5 + 0.03 * scale}}};
    interval.open("3", {{call, "-20000"}});
    return interval.attribution().residual.to_double();
  };
  for (const double scale : {1.0, -1.0}) {
    const double whole = residual(scale / 8.0);
    const double half = residual(scale / 16.0);
    EXPECT_NEAR(whole / half, 8.0, 0.5) << whole << " and " << half;
  }
}

TEST(Attribution, AnInverseFutureIsStraightInDollarsAndBentInCoins) {
  Interval interval{"100000", {{perpetual, 100'000.0}}, "80000", {{perpetual, 80'000.0}}};
  interval.open("0", {{perpetual, "1000"}});
  const Attribution dollars = interval.attribution("USD");
  EXPECT_NEAR(amount_of(dollars.items, AttributionItem::delta), -2'000.0, 1e-6);
  EXPECT_EQ(amount_of(dollars.items, AttributionItem::gamma), 0.0);
  EXPECT_NEAR(dollars.residual.to_double(), 0.0, 1e-3);  // the entry is kept to a satoshi
  const Attribution coins = interval.attribution("BTC");
  EXPECT_NEAR(amount_of(coins.items, AttributionItem::delta), -0.02, 1e-8);
  EXPECT_NEAR(amount_of(coins.items, AttributionItem::gamma), -0.004, 1e-8);
  EXPECT_NEAR(coins.change().to_double(), 1'000 * 10 * (1.0 / 100'000 - 1.0 / 80'000), 1e-8);
}

TEST(Attribution, CoinsAreCollateralInDollarsAndNothingInCoins) {
  Interval interval{"100000", {{perpetual, 100'000.0}}, "90000", {{perpetual, 90'000.0}}};
  interval.open("2", {});
  const Attribution dollars = interval.attribution("USD");
  ASSERT_EQ(dollars.items.size(), 1U);
  EXPECT_EQ(dollars.items[0].item, AttributionItem::collateral);
  EXPECT_EQ(dollars.items[0].amount, Decimal{-20'000});
  EXPECT_EQ(dollars.residual, Decimal{});
  EXPECT_TRUE(interval.attribution("BTC").items.empty());
}

TEST(Attribution, OptionsWithinADayOfExpiryAreKeptApart) {
  const Instrument at_the_edge = call_of("edge", std::chrono::hours{30});           // a day to go at the end
  const Instrument later = call_of("later", std::chrono::hours{30} + Duration{1});  // a nanosecond more
  Interval interval{"100000",
                    {{at_the_edge, 100'000.0, 0.6}, {later, 100'000.0, 0.6}},
                    "104000",
                    {{at_the_edge, 104'000.0, 0.7}, {later, 104'000.0, 0.7}}};
  interval.open("1", {{at_the_edge, "-10"}, {later, "-10"}});
  const Attribution found = interval.attribution();
  for (const AttributionItem item : {AttributionItem::time, AttributionItem::delta, AttributionItem::gamma,
                                     AttributionItem::vega, AttributionItem::vanna, AttributionItem::volga}) {
    EXPECT_NE(amount_of(found.last_day, item), 0.0) << to_string(item);
    EXPECT_NEAR(amount_of(found.last_day, item), amount_of(found.items, item), 1e-3) << to_string(item);
  }
  ASSERT_EQ(found.last_day.back().item, AttributionItem::residual);
  EXPECT_NEAR(found.last_day.back().amount.to_double(), found.residual.to_double(), 1e-3);
  EXPECT_GT(std::fabs(found.residual.to_double()), 1.0);
  EXPECT_EQ(sum_of(found), found.change());
}

// A call bought back by its payoff: (104,000 - 103,000)/104,000 less the mark before, at the price of the end.
TEST(Attribution, ADeliveredOptionIsSettlement) {
  Instrument dying = call_of("dying", std::chrono::hours{3});
  dying.strike = Decimal{103'000};
  Interval interval{"100000", {{dying, 100'000.0, 0.0, 0.002}}, "104000", {}};
  interval.open("1", {{dying, "-2"}});
  interval.deliver(dying, "104000", "0.0003");
  const Attribution found = interval.attribution();
  EXPECT_NEAR(amount_of(found.items, AttributionItem::settlement), -2 * (1'000.0 - 0.002 * 104'000.0), 1e-3);
  EXPECT_NEAR(amount_of(found.items, AttributionItem::fees), -0.0003 * 104'000.0, 1e-6);
  EXPECT_NEAR(amount_of(found.items, AttributionItem::collateral), (1.0 - 2 * 0.002) * 4'000.0, 1e-6);
  EXPECT_NEAR(found.residual.to_double(), 0.0, 1e-3);
  EXPECT_TRUE(found.last_day.empty());
}

TEST(Attribution, ADeliveredFutureStepsToItsPriceFirst) {
  Instrument ending = future;
  ending.expiry = start() + std::chrono::hours{3};
  Interval interval{"100000", {{ending, 100'500.0}}, "104000", {}};
  interval.open("1", {{ending, "1000"}});
  interval.deliver(ending, "104000");
  const Attribution found = interval.attribution();
  // The premium of 0.5 % goes, then 10,000 dollars of coins rise by 4 %.
  EXPECT_NEAR(amount_of(found.items, AttributionItem::carry), 104'000.0 * 10'000 * (1.0 / 100'500 - 1.0 / 100'000),
              1e-6);
  EXPECT_NEAR(amount_of(found.items, AttributionItem::delta), 400.0, 1e-6);
  EXPECT_NEAR(amount_of(found.items, AttributionItem::settlement), 0.0, 2e-3);  // satoshis of the delivery
}

TEST(Attribution, DepositsAreNoProfit) {
  Interval interval{"100000", {{perpetual, 100'000.0}}, "100000", {{perpetual, 100'000.0}}};
  interval.open("2", {});
  const Amount taken = -*Amount::from_decimal(Decimal::of("0.25"), 8);
  interval.post(opening_entry({{account, Place::cash, interval.after.asset("BTC"), taken}}, {},
                              *interval.after.snapshot.universe));
  const Attribution found = interval.attribution();
  EXPECT_EQ(found.deposits, Decimal{-25'000});
  EXPECT_EQ(found.change(), Decimal{});
  EXPECT_TRUE(found.items.empty());
}

TEST(Attribution, CoinsBoughtCountAtTheIndex) {
  Interval interval{"100000", {{spot, 100'000.0}}, "100000", {{spot, 100'000.0}}};
  interval.open("1", {});
  interval.buy(spot, "0.5", "100100", "5");
  const Attribution found = interval.attribution();
  EXPECT_NEAR(amount_of(found.items, AttributionItem::trades), -50.0, 1e-6);
  EXPECT_NEAR(amount_of(found.items, AttributionItem::fees), -5.0, 1e-6);
  EXPECT_EQ(found.residual, Decimal{});
}

// A mark at intrinsic value says nothing of volatility: the surface's stands in, and what the mark lacks is residual.
TEST(Attribution, AMarkWithoutTimeValueTakesTheSurfacesVolatility) {
  Interval interval{"100000", {{call, 150'000.0, 0.0, 0.3}}, "100000", {{call, 150'000.0, 1.0}}};
  interval.open("1", {{call, "1"}});
  const auto refused =
      attribute(interval.before.valuation(), interval.after.valuation(), {}, account, interval.after.asset("USD"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::missing_data);
  EXPECT_NE(refused.error().message.find("no volatility of call"), std::string::npos) << refused.error().message;

  surface::SurfaceSlice slice;
  slice.expiry = *call.expiry;
  slice.years = years_between(start(), slice.expiry).raw();
  slice.forward = 150'000.0;
  slice.svi = {slice.years, 0.0, 0.0, 0.0, 1.0};
  slice.volatility_atm = slice.volatility(0.0);
  interval.before.surfaces = {start(), {surface::VolSurface{interval.before.asset("BTC"), start(), {slice}}}};
  const Attribution found = interval.attribution();
  EXPECT_EQ(sum_of(found), found.change());
  EXPECT_NEAR(amount_of(found.items, AttributionItem::vega), 0.0, 1e-6);  // 100 % at both ends
  EXPECT_NEAR(found.residual.to_double(), 100'000.0 * (mark_of({call, 150'000.0, 1.0}, start()) - 0.3), 1e-3);
}

TEST(Attribution, WhatCannotBeValuedIsNamed) {
  Interval interval{"100000", {{call, 101'000.0, 0.5}}, "101000", {}};
  interval.open("1", {{call, "1"}});
  const auto found =
      attribute(interval.before.valuation(), interval.after.valuation(), {}, account, interval.after.asset("USD"));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::missing_data);
  EXPECT_NE(found.error().message.find("call"), std::string::npos) << found.error().message;
}

TEST(ExpiryBucket, UpperEndsAreIncluded) {
  EXPECT_EQ(expiry_bucket(0.0), ExpiryBucket::week);
  EXPECT_EQ(expiry_bucket(7.0), ExpiryBucket::week);
  EXPECT_EQ(expiry_bucket(7.001), ExpiryBucket::month);
  EXPECT_EQ(expiry_bucket(30.0), ExpiryBucket::month);
  EXPECT_EQ(expiry_bucket(90.0), ExpiryBucket::quarter);
  EXPECT_EQ(expiry_bucket(180.0), ExpiryBucket::half_year);
  EXPECT_EQ(expiry_bucket(181.0), ExpiryBucket::beyond);
}

}  // namespace
}  // namespace gimbal::portfolio
