// Entries of every kind worked by hand, and the two laws that hold after any sequence of them: debits equal credits in
// every unit, and positions are the fold of what was traded and delivered.
#include "gimbal/portfolio/ledger.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "gimbal/market/contract_value.hpp"

namespace gimbal::portfolio {
namespace {

using market::AccountId;
using market::AssetCode;
using market::AssetId;
using market::Instrument;
using market::InstrumentId;
using market::InstrumentKind;
using market::Payoff;
using market::Side;
using market::Universe;

constexpr auto account = static_cast<AccountId>(0);
constexpr auto other_account = static_cast<AccountId>(1);

enum Listed : std::uint32_t { call, put, perpetual, future, linear_call, linear_perpetual, spot, listed_count };
constexpr InstrumentId id(std::uint32_t listed) { return static_cast<InstrumentId>(listed); }

Instrument instrument(const char* name, InstrumentKind kind, Payoff payoff, const char* tick, const char* lot) {
  Instrument made;
  made.name = fmt::format("sample:{}", name);
  made.venue = "sample";
  made.kind = kind;
  made.payoff = payoff;
  made.underlying = AssetCode::of("BTC");
  made.quote = AssetCode::of(payoff == Payoff::inverse ? "USD" : "USDC");
  made.settlement = payoff == Payoff::inverse ? made.underlying : made.quote;
  made.contract_size = Decimal{payoff == Payoff::inverse && kind != InstrumentKind::option ? 10 : 1};
  if (kind == InstrumentKind::option) made.strike = Decimal{60000};
  if (kind == InstrumentKind::option || kind == InstrumentKind::future)
    made.expiry = utc_from_milliseconds(1'772'179'200'000);
  made.tick = Decimal::of(tick);
  made.lot = made.minimum = Decimal::of(lot);
  return made;
}

std::shared_ptr<const Universe> listing() {
  std::vector<Instrument> all = {
      instrument("CALL", InstrumentKind::option, Payoff::inverse, "0.0001", "0.1"),
      instrument("PUT", InstrumentKind::option, Payoff::inverse, "0.0001", "0.1"),
      instrument("PERPETUAL", InstrumentKind::perpetual, Payoff::inverse, "0.5", "1"),
      instrument("FUTURE", InstrumentKind::future, Payoff::inverse, "0.5", "1"),
      instrument("CALL_USDC", InstrumentKind::option, Payoff::linear, "5", "0.01"),
      instrument("PERPETUAL_USDC", InstrumentKind::perpetual, Payoff::linear, "0.1", "0.001"),
      instrument("SPOT", InstrumentKind::spot, Payoff::linear, "0.1", "0.0001"),
  };
  all[put].right = market::OptionRight::put;
  return *Universe{}.extended(all);
}

const std::shared_ptr<const Universe> universe = listing();
const AssetId btc = *universe->find_asset(AssetCode::of("BTC"));
const AssetId usdc = *universe->find_asset(AssetCode::of("USDC"));

// An amount of an asset, written as people write it.
Int128 units(AssetId asset, const char* decimal) {
  return Amount::from_decimal(Decimal::of(decimal), universe->asset(asset).scale)->units();
}

market::Fill fill(Listed what, Side side, const char* contracts, const char* price, const char* fee) {
  const Instrument& traded = (*universe)[id(what)];
  market::Fill made;
  made.account = account;
  made.instrument = id(what);
  made.side = side;
  made.quantity = *market::lots_of(traded, Decimal::of(contracts));
  made.price = *market::ticks_of(traded, Decimal::of(price));
  made.fee = *Amount::from_decimal(Decimal::of(fee), market::asset_scale(traded.settlement));
  return made;
}

Ledger posted(const std::vector<Entry>& entries) {
  Ledger ledger;
  for (const Entry& entry : entries) {
    const Result<void> done = ledger.post(entry);
    EXPECT_TRUE(done.has_value()) << done.error().message;
  }
  return ledger;
}

std::map<Unit, Int128> sums_of(const Ledger& ledger) {
  std::map<Unit, Int128> sums;
  for (const auto& [key, amount] : ledger.balances()) sums[key.unit] += amount;
  return sums;
}

bool balanced(const Ledger& ledger) {
  const auto sums = sums_of(ledger);
  return std::all_of(sums.begin(), sums.end(), [](const auto& sum) { return sum.second == 0; });
}

TEST(LedgerEntry, APurchaseOfAnOptionPaysPremiumAndFeeInCoin) {
  // 2.5 contracts at 0.0345 BTC are 0.08625 BTC.
  const Ledger ledger = posted({trade_entry(fill(call, Side::buy, "2.5", "0.0345", "0.00075"), *universe)});
  EXPECT_EQ(ledger.cash(account, btc).units(), units(btc, "-0.087"));
  EXPECT_EQ(ledger.position(account, id(call)).raw(), 25);
  EXPECT_EQ(ledger.balance(account, Place::fees, Unit::of(btc)), units(btc, "0.00075"));
  EXPECT_EQ(ledger.balance(account, Place::venue, Unit::of(btc)), units(btc, "0.08625"));
  EXPECT_EQ(ledger.balance(account, Place::venue, Unit::of(id(call))), -25);
  EXPECT_TRUE(balanced(ledger));
}

TEST(LedgerEntry, ASaleOfAnOptionIsThePurchaseTurnedRound) {
  Ledger ledger = posted({trade_entry(fill(put, Side::buy, "1", "0.02", "0"), *universe),
                          trade_entry(fill(put, Side::sell, "1", "0.02", "0"), *universe)});
  EXPECT_TRUE(ledger.balances().empty());
  EXPECT_EQ(ledger.entries(), 2U);
}

TEST(LedgerEntry, AnInverseFutureMovesNoCashAndGainsTheDifferenceOfInverses) {
  // 6400 contracts of 10 USD: 64000 / 64000 = 1 BTC in, 64000 / 80000 = 0.8 BTC out: a gain of 0.2 BTC.
  const Ledger bought = posted({trade_entry(fill(future, Side::buy, "6400", "64000", "0.0005"), *universe)});
  EXPECT_EQ(bought.cash(account, btc).units(), units(btc, "-0.0005"));
  EXPECT_EQ(bought.variation(account, btc).units(), units(btc, "1"));
  const Ledger closed = posted({trade_entry(fill(future, Side::buy, "6400", "64000", "0"), *universe),
                                trade_entry(fill(future, Side::sell, "6400", "80000", "0"), *universe)});
  EXPECT_EQ(closed.variation(account, btc).units(), units(btc, "0.2"));
  EXPECT_TRUE(closed.positions().empty());
  EXPECT_TRUE(balanced(closed));
}

TEST(LedgerEntry, ALinearPerpetualGainsThePriceDifference) {
  const Ledger ledger = posted({trade_entry(fill(linear_perpetual, Side::sell, "0.5", "64000", "0"), *universe),
                                trade_entry(fill(linear_perpetual, Side::buy, "0.5", "63000.5", "16"), *universe)});
  EXPECT_EQ(ledger.variation(account, usdc).units(), units(usdc, "499.75"));
  EXPECT_EQ(ledger.cash(account, usdc).units(), units(usdc, "-16"));
  EXPECT_TRUE(ledger.positions().empty());
}

TEST(LedgerEntry, SpotChangesOneAssetIntoAnother) {
  const Ledger ledger = posted({trade_entry(fill(spot, Side::buy, "0.25", "64000.4", "1.6"), *universe)});
  EXPECT_EQ(ledger.cash(account, btc).units(), units(btc, "0.25"));
  EXPECT_EQ(ledger.cash(account, usdc).units(), units(usdc, "-16001.7"));
  EXPECT_TRUE(ledger.positions().empty()) << "coins are cash, not contracts";
  EXPECT_TRUE(balanced(ledger));
}

TEST(LedgerEntry, FundingIsPaidOutOfCash) {
  market::FundingPayment payment;
  payment.account = account;
  payment.instrument = id(perpetual);
  payment.paid = Amount{units(btc, "0.00012345")};
  const Entry entry = funding_entry(payment, *universe);
  EXPECT_EQ(entry.kind, EntryKind::funding);
  EXPECT_EQ(entry.reference, "sample:PERPETUAL");
  const Ledger ledger = posted({entry});
  EXPECT_EQ(ledger.cash(account, btc).units(), units(btc, "-0.00012345"));
  EXPECT_EQ(ledger.balance(account, Place::funding, Unit::of(btc)), units(btc, "0.00012345"));
}

market::Delivery delivery(Listed what, std::int64_t position, const char* value, const char* fee) {
  market::Delivery made;
  made.account = account;
  made.instrument = id(what);
  made.position = QuantityLots{position};
  made.value = Amount{units(btc, value)};
  made.fee = Amount{units(btc, fee)};
  return made;
}

TEST(LedgerEntry, DeliveryPaysAnOptionInCashAndTakesTheContractsAway) {
  Ledger ledger = posted({trade_entry(fill(call, Side::sell, "2", "0.03", "0"), *universe)});
  ASSERT_TRUE(ledger.post(delivery_entry(delivery(call, -20, "-0.125", "0.0003"), *universe)).has_value());
  EXPECT_EQ(ledger.cash(account, btc).units(), units(btc, "-0.0653"));
  EXPECT_TRUE(ledger.positions().empty());
  EXPECT_TRUE(balanced(ledger));
}

TEST(LedgerEntry, DeliverySettlesAFutureAgainstWhatItWasEnteredFor) {
  Ledger ledger = posted({trade_entry(fill(future, Side::buy, "6400", "64000", "0"), *universe)});
  ASSERT_TRUE(ledger.post(delivery_entry(delivery(future, 6400, "-0.8", "0"), *universe)).has_value());
  EXPECT_EQ(ledger.variation(account, btc).units(), units(btc, "0.2"));
  EXPECT_TRUE(ledger.positions().empty());
}

TEST(LedgerEntry, OpeningComesOutOfTheOwnersCapital) {
  const std::vector<OpeningBalance> balances = {{account, Place::cash, btc, Amount{units(btc, "3")}},
                                                {other_account, Place::cash, usdc, Amount{}}};
  const std::vector<OpeningPosition> positions = {{account, id(call), QuantityLots{-50}, std::nullopt},
                                                  {account, id(future), QuantityLots{6400}, Decimal{64000}}};
  const Ledger ledger = posted({opening_entry(balances, positions, *universe)});
  EXPECT_EQ(ledger.cash(account, btc).units(), units(btc, "3"));
  EXPECT_EQ(ledger.variation(account, btc).units(), units(btc, "1"));
  EXPECT_EQ(ledger.balance(account, Place::capital, Unit::of(btc)), units(btc, "-4"));
  EXPECT_EQ(ledger.positions(),
            (std::vector<Position>{{account, id(call), QuantityLots{-50}}, {account, id(future), QuantityLots{6400}}}));
  EXPECT_TRUE(balanced(ledger));
}

TEST(LedgerEntry, AFutureMayOpenWithItsVariationGivenAsABalance) {
  const std::vector<OpeningBalance> balances = {{account, Place::variation, btc, Amount{units(btc, "1")}}};
  const std::vector<OpeningPosition> positions = {{account, id(future), QuantityLots{6400}, std::nullopt}};
  const Ledger ledger = posted({opening_entry(balances, positions, *universe)});
  EXPECT_EQ(ledger.variation(account, btc).units(), units(btc, "1"));
  EXPECT_EQ(ledger.cash(account, btc).units(), 0);
  EXPECT_TRUE(balanced(ledger));
}

TEST(Ledger, AnEntryThatDoesNotBalanceIsRefusedAndChangesNothing) {
  Ledger ledger = posted({trade_entry(fill(call, Side::buy, "1", "0.03", "0.0003"), *universe)});
  const auto before = ledger.balances();
  Entry bad = trade_entry(fill(put, Side::buy, "1", "0.03", "0.0003"), *universe);
  bad.event = 17;
  bad.postings.back().amount += 1;
  const Result<void> refused = ledger.post(bad);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::corrupt);
  EXPECT_NE(refused.error().message.find("event 17"), std::string::npos);
  EXPECT_EQ(ledger.balances(), before);
  EXPECT_EQ(ledger.entries(), 1U);
}

TEST(Ledger, AccountsAreKeptApart) {
  market::Fill there = fill(call, Side::buy, "1", "0.03", "0");
  there.account = other_account;
  const Ledger ledger = posted({trade_entry(fill(call, Side::buy, "1", "0.03", "0"), *universe),
                                trade_entry(there, *universe), trade_entry(there, *universe)});
  EXPECT_EQ(ledger.position(account, id(call)).raw(), 10);
  EXPECT_EQ(ledger.position(other_account, id(call)).raw(), 20);
}

// ------------------------------------------------------------------------------------------------- any sequence at all

struct Happening {
  Entry entry;
  AccountId account{};
  InstrumentId instrument{};
  std::int64_t lots = 0;  // by which the position changes, spot excepted
};

// A fill of any instrument, funding, or the delivery of all that is held of a contract.
Happening drawn(const std::map<std::pair<AccountId, InstrumentId>, std::int64_t>& held) {
  Happening made;
  made.account = *rc::gen::element(account, other_account);
  const auto kind = *rc::gen::weightedElement<int>({{8, 0}, {1, 1}, {2, 2}});
  if (kind == 1) {
    market::FundingPayment payment;
    payment.account = made.account;
    payment.instrument = made.instrument = id(*rc::gen::element<std::uint32_t>(perpetual, linear_perpetual));
    payment.paid = Amount{*rc::gen::inRange<std::int64_t>(-1'000'000'000'000, 1'000'000'000'000)};
    made.entry = funding_entry(payment, *universe);
    return made;
  }
  made.instrument = id(*rc::gen::inRange<std::uint32_t>(0, listed_count));
  const Instrument& what = (*universe)[made.instrument];
  const auto found = held.find({made.account, made.instrument});
  if (kind == 2 && what.expiry && found != held.end()) {
    market::Delivery paid;
    paid.account = made.account;
    paid.instrument = made.instrument;
    paid.position = QuantityLots{found->second};
    const Decimal price{*rc::gen::inRange<std::int64_t>(1, 1'000'000)};
    paid.value = market::delivery_value(what, price, paid.position);
    paid.fee = market::delivery_fee(what, price, paid.position);
    made.lots = -found->second;
    made.entry = delivery_entry(paid, *universe);
    return made;
  }
  market::Fill traded;
  traded.account = made.account;
  traded.instrument = made.instrument;
  traded.side = *rc::gen::element(Side::buy, Side::sell);
  traded.quantity = QuantityLots{*rc::gen::inRange<std::int64_t>(1, 1'000'000'000)};
  traded.price = PriceTicks{*rc::gen::inRange<std::int64_t>(1, 1'000'000)};
  traded.fee = Amount{*rc::gen::inRange<std::int64_t>(-1'000'000, 1'000'000'000)};
  if (what.kind != InstrumentKind::spot) made.lots = market::signed_lots(traded.side, traded.quantity).raw();
  made.entry = trade_entry(traded, *universe);
  return made;
}

RC_GTEST_PROP(Ledger, DebitsEqualCreditsAndPositionsAreTheFoldAfterAnySequence, ()) {
  Ledger ledger;
  std::map<std::pair<AccountId, InstrumentId>, std::int64_t> held;
  const auto steps = *rc::gen::inRange(1, 60);
  for (int step = 0; step < steps; ++step) {
    const Happening next = drawn(held);
    RC_ASSERT(ledger.post(next.entry).has_value());
    std::int64_t& lots = held[{next.account, next.instrument}];
    lots += next.lots;
    if (lots == 0) held.erase({next.account, next.instrument});
    RC_ASSERT(balanced(ledger));
    std::vector<Position> expected;
    for (const auto& [key, amount] : held) expected.push_back({key.first, key.second, QuantityLots{amount}});
    RC_ASSERT(ledger.positions() == expected);
  }
}

RC_GTEST_PROP(Ledger, TheOrderOfEntriesDoesNotChangeBalancesOrBytes, ()) {
  std::vector<Entry> entries;
  const auto count = *rc::gen::inRange(1, 20);
  for (int i = 0; i < count; ++i) entries.push_back(drawn({}).entry);
  const Ledger forwards = posted(entries);
  std::reverse(entries.begin(), entries.end());
  const Ledger backwards = posted(entries);
  ByteWriter one;
  encode(forwards, one);
  ByteWriter two;
  encode(backwards, two);
  RC_ASSERT(forwards.balances() == backwards.balances());
  RC_ASSERT(one.bytes() == two.bytes());
}

}  // namespace
}  // namespace gimbal::portfolio
