// Marks with their substitutes, and accounts added up by hand.
#include "gimbal/portfolio/valuation.hpp"

#include <gtest/gtest.h>

#include "gimbal/market/contract_value.hpp"
#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/pricing/inverse.hpp"

namespace gimbal::portfolio {
namespace {

using market::AssetCode;
using market::Instrument;
using market::InstrumentKind;
using market::Payoff;

constexpr auto account = static_cast<market::AccountId>(0);
constexpr Duration week = std::chrono::hours{24 * 7};
UtcTime instant() { return utc_from_milliseconds(1'770'000'000'000); }

Instrument contract(std::string name, InstrumentKind kind, Payoff payoff) {
  Instrument made;
  made.name = std::move(name);
  made.venue = "sample";
  made.kind = kind;
  made.payoff = payoff;
  made.underlying = AssetCode::of("BTC");
  made.quote = AssetCode::of(payoff == Payoff::inverse ? "USD" : "USDC");
  made.settlement = payoff == Payoff::inverse ? made.underlying : made.quote;
  made.contract_size = Decimal{payoff == Payoff::inverse && kind != InstrumentKind::option ? 10 : 1};
  if (kind == InstrumentKind::option) made.strike = Decimal{60000};
  if (kind == InstrumentKind::option || kind == InstrumentKind::future) made.expiry = instant() + week;
  made.tick = made.lot = made.minimum = Decimal::of("0.1");
  return made;
}

const Instrument option = contract("option", InstrumentKind::option, Payoff::inverse);
const Instrument linear_option = contract("linear option", InstrumentKind::option, Payoff::linear);
const Instrument future = contract("future", InstrumentKind::future, Payoff::inverse);
const Instrument perpetual = contract("perpetual", InstrumentKind::perpetual, Payoff::inverse);
const Instrument linear_perpetual = contract("linear perpetual", InstrumentKind::perpetual, Payoff::linear);
const Instrument spot = contract("spot", InstrumentKind::spot, Payoff::linear);

struct Row {
  Instrument instrument;
  std::optional<double> mark = std::nullopt;
  std::optional<double> forward = std::nullopt;
};

market::MarketSnapshot snapshot_of(const std::vector<Row>& rows) {
  market::RecordedSnapshot recorded;
  recorded.time = instant();
  recorded.indices.push_back({AssetCode::of("BTC"), Decimal{60000}});
  for (const Row& row : rows) {
    market::RecordedQuote quote;
    quote.instrument = row.instrument;
    quote.mark_price = row.mark;
    quote.forward = row.forward;
    recorded.quotes.push_back(quote);
  }
  const auto built = market::build_snapshot(recorded, std::make_shared<const market::Universe>(), {});
  EXPECT_TRUE(built);
  return built->snapshot;
}

// A flat smile of 50 % around a forward of 60,300.
surface::SurfaceSet surfaces_of(const market::MarketSnapshot& snapshot) {
  surface::SurfaceSlice slice;
  slice.expiry = instant() + week;
  slice.years = years_between(instant(), slice.expiry).raw();
  slice.forward = 60300.0;
  slice.svi = {0.25 * slice.years, 0.0, 0.0, 0.0, 1.0};
  slice.volatility_atm = slice.volatility(0.0);
  return {instant(), {surface::VolSurface{*snapshot.universe->find_asset(AssetCode::of("BTC")), instant(), {slice}}}};
}

market::InstrumentId id_of(const market::MarketSnapshot& snapshot, const Instrument& instrument) {
  return *snapshot.universe->find(instrument.name);
}
std::optional<double> mark_of(const market::MarketSnapshot& snapshot, const surface::SurfaceSet& surfaces,
                              const Instrument& instrument) {
  return mark_prices(snapshot, surfaces)[market::raw(id_of(snapshot, instrument))];
}

TEST(MarkPrices, TheVenuesMarkComesFirst) {
  const auto snapshot = snapshot_of({{option, 0.031, 60100.0}, {future, 60200.0, 60100.0}, {perpetual, 59990.0}});
  const auto surfaces = surfaces_of(snapshot);
  EXPECT_EQ(mark_of(snapshot, surfaces, option), 0.031);
  EXPECT_EQ(mark_of(snapshot, surfaces, future), 60200.0);
  EXPECT_EQ(mark_of(snapshot, surfaces, perpetual), 59990.0);
}

TEST(MarkPrices, AnOptionWithoutAMarkTakesTheSurfaceAtItsOwnForward) {
  const auto snapshot = snapshot_of({{option, std::nullopt, 60100.0}, {linear_option}});
  const auto surfaces = surfaces_of(snapshot);
  const pricing::Black76Input own{60100.0, 60000.0, 0.5, years_between(instant(), instant() + week).raw()};
  EXPECT_NEAR(*mark_of(snapshot, surfaces, option), pricing::inverse_premium_coin(own), 1e-15);
  const pricing::Black76Input expirys{60300.0, 60000.0, 0.5, own.expiry_years};
  EXPECT_NEAR(*mark_of(snapshot, surfaces, linear_option), pricing::black76_premium(expirys), 1e-9);
}

TEST(MarkPrices, FuturesWithoutAMarkTakeForwardSurfaceOrIndex) {
  auto snapshot = snapshot_of({{future, std::nullopt, 60100.0}, {perpetual}, {spot}});
  const auto surfaces = surfaces_of(snapshot);
  EXPECT_EQ(mark_of(snapshot, surfaces, future), 60100.0);
  EXPECT_EQ(mark_of(snapshot, surfaces, perpetual), 60000.0);
  EXPECT_EQ(mark_of(snapshot, surfaces, spot), 60000.0);
  snapshot = snapshot_of({{future}});
  EXPECT_EQ(mark_of(snapshot, surfaces_of(snapshot), future), 60300.0);
  EXPECT_EQ(mark_of(snapshot, surface::SurfaceSet{}, future), std::nullopt);
}

TEST(MarkPrices, AnInstrumentThatLeftTheSnapshotIsStillPricedUntilItExpires) {
  market::MarketSnapshot snapshot = snapshot_of({{option, 0.031, 60100.0}, {perpetual, 60000.0}});
  const auto surfaces = surfaces_of(snapshot);
  // Without its first row.
  snapshot.instrument.erase(snapshot.instrument.begin());
  snapshot.flags.erase(snapshot.flags.begin());
  snapshot.mark_price.erase(snapshot.mark_price.begin());
  snapshot.forward.erase(snapshot.forward.begin());
  EXPECT_TRUE(mark_of(snapshot, surfaces, option).has_value());
  snapshot.time = instant() + week;
  EXPECT_EQ(mark_of(snapshot, surfaces, option), std::nullopt);
}

struct Holding {
  Instrument instrument;
  std::int64_t contracts = 0;
  std::string price = "60000";
};

Ledger ledger_of(const market::MarketSnapshot& snapshot, const std::vector<Holding>& holdings) {
  const market::Universe& universe = *snapshot.universe;
  const auto btc = *universe.find_asset(AssetCode::of("BTC"));
  std::vector<OpeningPosition> positions;
  for (const Holding& held : holdings) {
    const auto lots = market::lots_of(held.instrument, Decimal{held.contracts});
    positions.push_back({account, id_of(snapshot, held.instrument), *lots, Decimal::of(held.price)});
  }
  Ledger ledger;
  EXPECT_TRUE(ledger.post(
      opening_entry({{account, Place::cash, btc, *Amount::from_decimal(Decimal::of("2"), 8)}}, positions, universe)));
  return ledger;
}

TEST(ValueAccounts, AddsCashFuturesGainsAndOptions) {
  const auto snapshot = snapshot_of({{option, 0.03}, {perpetual, 60000.0}, {linear_perpetual, 60000.0}});
  const auto marks = mark_prices(snapshot, {});
  const Ledger ledger = ledger_of(snapshot, {{option, -5}, {perpetual, 6000, "50000"}, {linear_perpetual, 3, "58000"}});
  const auto values = value_accounts(ledger, *snapshot.universe, marks);
  ASSERT_TRUE(values);
  ASSERT_EQ(values->size(), 2U);
  const AccountValue& btc =
      (*values)[0].asset == *snapshot.universe->find_asset(AssetCode::of("BTC")) ? (*values)[0] : (*values)[1];
  const AccountValue& usdc = &btc == &(*values)[0] ? (*values)[1] : (*values)[0];
  EXPECT_EQ(btc.cash, 2.0);
  EXPECT_NEAR(btc.options, -0.15, 1e-15);
  // 60,000 USD bought at 50,000: 1.2 coins of entry against 1.0 now.
  EXPECT_NEAR(btc.unsettled, 0.2, 1e-8);
  EXPECT_NEAR(usdc.unsettled, 6000.0, 1e-6);
  EXPECT_NEAR(btc.equity(), 2.05, 1e-8);
  EXPECT_NEAR(*equity_usd(*values, snapshot), 2.05 * 60000.0 + 6000.0, 1e-3);
}

TEST(ValueAccounts, APositionWithoutAMarkIsAnErrorThatNamesIt) {
  const auto snapshot = snapshot_of({{option}});
  const auto values = value_accounts(ledger_of(snapshot, {{option, 3}}), *snapshot.universe, mark_prices(snapshot, {}));
  ASSERT_FALSE(values);
  EXPECT_EQ(values.error().code, ErrorCode::missing_data);
  EXPECT_EQ(values.error().message, "no price for option, of which account 0 holds 3 contracts");
}

TEST(ValueAccounts, ASpotPairIsNoPosition) {
  const auto snapshot = snapshot_of({{spot, 60000.0}});
  EXPECT_FALSE(value_accounts(ledger_of(snapshot, {{spot, 1}}), *snapshot.universe, mark_prices(snapshot, {})));
}

TEST(EquityUsd, ACoinWithoutAnIndexIsAnError) {
  auto snapshot = snapshot_of({{perpetual, 60000.0}});
  const auto values = value_accounts(ledger_of(snapshot, {}), *snapshot.universe, mark_prices(snapshot, {}));
  ASSERT_TRUE(values);
  snapshot.index_price[market::raw((*values)[0].asset)] = std::nullopt;
  EXPECT_FALSE(equity_usd(*values, snapshot));
}

}  // namespace
}  // namespace gimbal::portfolio
