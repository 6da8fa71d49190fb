// Small books worked out by hand, seen through a whole view.
#include "gimbal/risk/risk_view.hpp"

#include <gtest/gtest.h>

#include "gimbal/risk/internal/sample_market.hpp"

namespace gimbal::risk {
namespace {

using internal::future;
using internal::option;
using internal::sample_account;
using market::OptionRight;
using market::Payoff;

constexpr Duration day = std::chrono::hours{24};

const std::vector<internal::SampleShock> shocks = {{},
                                                   {.spot = -0.5, .volatility = 0.6},
                                                   {.spot = -0.2},
                                                   {.spot = 0.3, .volatility = -0.25},
                                                   {.spot = 1.5, .step = 2 * day}};

RiskView view_of(const std::vector<internal::SampleQuote>& quotes, std::string_view numeraire = "USD") {
  const auto snapshot = internal::sample_snapshot(quotes, {{"BTC", "60000"}});
  const auto surfaces = internal::sample_surfaces(*snapshot, {{.underlying = "BTC"}}, {7 * day, 30 * day});
  return internal::sample_view(snapshot, surfaces, internal::sample_scenarios({"BTC"}, shocks), numeraire);
}

const market::Instrument perpetual = future({});
const market::Instrument call = option({.strike = "66000", .life = 30 * day});
const market::Instrument put = option({.right = OptionRight::put, .strike = "66000", .life = 30 * day});

std::vector<internal::SampleQuote> usual_quotes() {
  return {{perpetual, std::nullopt, 60000.0}, {call, 60000.0, 0.02}, {put, 60000.0, 0.12}};
}

TEST(RiskView, AShortInversePerpetualOfTheCollateralsSizeIsFlatInDollarsInEveryRow) {
  const RiskView view = view_of(usual_quotes());
  // 2 BTC at 60,000 are 120,000 USD: 12,000 contracts of 10 USD.
  const auto ledger = internal::sample_ledger(view.universe(), {{"BTC", "2"}}, {{perpetual.name, -12000.0}});
  const auto risk = evaluate_book(view, ledger, sample_account);
  ASSERT_TRUE(risk);
  EXPECT_EQ(risk->equity, 120'000.0);
  for (const double profit : risk->profits) EXPECT_NEAR(profit, 0.0, 1e-9);
  ASSERT_EQ(risk->greeks.size(), 1U);
  EXPECT_NEAR(risk->greeks[0].delta, 0.0, 1e-12);
  EXPECT_NEAR(risk->greeks[0].delta_excluded, -2.0, 1e-12);
  EXPECT_NEAR(risk->greeks[0].gamma, 0.0, 1e-12);
}

TEST(RiskView, CoinCollateralAloneFallsWithItsPrice) {
  const RiskView view = view_of(usual_quotes());
  const auto ledger = internal::sample_ledger(view.universe(), {{"BTC", "2"}}, {});
  const auto risk = evaluate_book(view, ledger, sample_account);
  ASSERT_TRUE(risk);
  EXPECT_NEAR(risk->profits[1], -60'000.0, 1e-9);
  EXPECT_NEAR(risk->profits[4], 180'000.0, 1e-9);
  EXPECT_EQ(risk->worst_stress->scenario, 1U);
  EXPECT_NEAR(risk->worst_stress->profit, -60'000.0, 1e-9);
  EXPECT_EQ(risk->greeks[0].delta, 2.0);
}

TEST(RiskView, ASyntheticForwardOnDollarsIsAStraightLine) {
  // Long call, short put, one strike: in USD its value is (F - K), whatever volatility does. The coins that its premium
  // took from collateral are made good by a balance of the same size.
  const RiskView view = view_of(usual_quotes());
  BookState book;
  book.account = sample_account;
  book.contracts.assign(view.columns.size(), 0.0);
  book.contracts[*view.columns.column_of(*view.universe().find(call.name))] = 1.0;
  book.contracts[*view.columns.column_of(*view.universe().find(put.name))] = -1.0;
  book.equity.assign(view.universe().asset_count(), 0.0);
  // Its model value today, in coin.
  book.equity[market::raw(*view.universe().find_asset(internal::code("BTC")))] = 1.0 - 66000.0 / 60000.0;
  const auto risk = evaluate_book(view, book);
  ASSERT_TRUE(risk);
  EXPECT_NEAR(risk->profits[1], -30'000.0, 1e-9);
  EXPECT_NEAR(risk->profits[2], -12'000.0, 1e-9);
  EXPECT_NEAR(risk->profits[3], 18'000.0, 1e-9);
  EXPECT_NEAR(risk->profits[4], 90'000.0, 1e-9);
  EXPECT_NEAR(risk->greeks[0].delta, 1.0, 1e-12);
  EXPECT_NEAR(risk->greeks[0].vega, 0.0, 1e-9);
}

TEST(RiskView, MarginComparesWithEquityLessOptions) {
  const RiskView view = view_of(usual_quotes());
  const auto ledger = internal::sample_ledger(view.universe(), {{"BTC", "2"}},
                                              {{perpetual.name, 6000.0, "50000"}, {call.name, -3.0}, {put.name, 1.0}});
  const auto risk = evaluate_book(view, ledger, sample_account);
  ASSERT_TRUE(risk);
  ASSERT_EQ(risk->margin.pools.size(), 1U);
  const MarginPool& pool = risk->margin.pools[0];
  // The perpetual has gained 60,000 USD x (1/50,000 - 1/60,000).
  EXPECT_NEAR(pool.balance, 2.0 + 60000.0 * (1.0 / 50000.0 - 1.0 / 60000.0), 1e-8);
  // 1 BTC long: 2 % + 0.005 %. Three calls 10 % out of the money: 0.10 + 0.02 each, maintenance 0.095.
  EXPECT_NEAR(pool.initial, 0.02005 + 3.0 * 0.12, 1e-12);
  EXPECT_NEAR(pool.maintenance, 0.01005 + 3.0 * 0.095, 1e-12);
  EXPECT_NEAR(risk->equity, 60000.0 * (pool.balance - 3.0 * 0.02 + 0.12), 1e-6);
  EXPECT_NEAR(*pool.utilisation(), pool.initial / pool.balance, 1e-15);
}

TEST(RiskView, APositionThatTheVenueNoLongerListsIsCarriedAtTheSurface) {
  const RiskView listed = view_of(usual_quotes());
  const auto ledger = internal::sample_ledger(listed.universe(), {{"BTC", "2"}}, {{call.name, -3.0}});
  // The next snapshot knows the instrument but has no row of it.
  auto thinner = std::make_shared<market::MarketSnapshot>(*listed.snapshot);
  const std::size_t row = *thinner->row_of(*listed.universe().find(call.name));
  const auto at = static_cast<std::ptrdiff_t>(row);
  thinner->instrument.erase(thinner->instrument.begin() + at);
  thinner->flags.erase(thinner->flags.begin() + at);
  thinner->mark_price.erase(thinner->mark_price.begin() + at);
  thinner->forward.erase(thinner->forward.begin() + at);
  const auto view = build_risk_view(thinner, listed.surfaces, listed.settings);
  ASSERT_TRUE(view);
  const auto risk = evaluate_book(*view, ledger, sample_account);
  ASSERT_TRUE(risk);
  ASSERT_EQ(risk->book.unlisted.size(), 1U);
  const std::size_t column = *view->columns.column_of(risk->book.unlisted[0]);
  EXPECT_EQ(*view->marks[market::raw(risk->book.unlisted[0])], view->matrix.value_origin[column]);
  EXPECT_GT(risk->margin.pools[0].initial, 0.3);
}

TEST(RiskView, APositionThatNothingCanPriceIsAnErrorThatNamesIt) {
  const auto gone = future({.life = 3 * day});
  auto quotes = usual_quotes();
  quotes.push_back({gone, std::nullopt, std::nullopt});
  const auto snapshot = internal::sample_snapshot(quotes, {{"BTC", "60000"}});
  const auto no_surfaces = std::make_shared<const surface::SurfaceSet>();
  const RiskView view = internal::sample_view(snapshot, no_surfaces, internal::sample_scenarios({"BTC"}, shocks));
  const auto ledger = internal::sample_ledger(view.universe(), {{"BTC", "2"}}, {{gone.name, 10.0}});
  const auto risk = evaluate_book(view, ledger, sample_account);
  ASSERT_FALSE(risk);
  EXPECT_EQ(risk.error().code, ErrorCode::missing_data);
  EXPECT_NE(risk.error().message.find(gone.name), std::string::npos);
}

TEST(RiskView, AMarkedPositionWithoutAScenarioIsAnErrorThatNamesIt) {
  const RiskView view = view_of(usual_quotes());
  RiskSettings settings = *view.settings;
  settings.scenarios = internal::sample_scenarios({"ETH"}, shocks);
  const auto blind = build_risk_view(view.snapshot, view.surfaces, std::make_shared<const RiskSettings>(settings));
  ASSERT_TRUE(blind);
  const auto ledger = internal::sample_ledger(view.universe(), {{"BTC", "2"}}, {{call.name, 10.0}});
  const auto risk = evaluate_book(*blind, ledger, sample_account);
  ASSERT_FALSE(risk);
  EXPECT_NE(risk.error().message.find(call.name), std::string::npos);
  EXPECT_NE(risk.error().message.find("its underlying is in no scenario"), std::string::npos);
}

TEST(RiskView, AnUnknownNumeraireIsRefused) {
  const RiskView view = view_of(usual_quotes());
  RiskSettings settings = *view.settings;
  settings.numeraire = internal::code("DOGE");
  EXPECT_FALSE(build_risk_view(view.snapshot, view.surfaces, std::make_shared<const RiskSettings>(settings)));
}

TEST(RiskView, InCoinTheHedgedBookLosesWhenTheCoinRises) {
  // Flat in USD is short in BTC: 120,000 USD buy fewer coins at a higher price.
  const RiskView view = view_of(usual_quotes(), "BTC");
  const auto ledger = internal::sample_ledger(view.universe(), {{"BTC", "2"}}, {{perpetual.name, -12000.0}});
  const auto risk = evaluate_book(view, ledger, sample_account);
  ASSERT_TRUE(risk);
  EXPECT_EQ(risk->equity, 2.0);
  EXPECT_NEAR(risk->profits[1], 2.0, 1e-12);
  EXPECT_NEAR(risk->profits[4], 120000.0 / 150000.0 - 2.0, 1e-12);
  EXPECT_NEAR(risk->greeks[0].delta, -2.0, 1e-12);
}

}  // namespace
}  // namespace gimbal::risk
