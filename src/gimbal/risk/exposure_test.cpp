// Rows over a book: constants and coefficients by hand, and Greek rows against differences of stress rows.
#include "gimbal/risk/exposure.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "gimbal/risk/internal/sample_market.hpp"

namespace gimbal::risk {
namespace {

using internal::future;
using internal::option;
using market::OptionRight;
using market::Payoff;
using portfolio::DeltaCollateral;
using portfolio::Greek;

constexpr Duration day = std::chrono::hours{24};

// Options and perpetuals on two coins; rows move one coin at a time by +-h, then both.
constexpr double h = 1e-4;
RiskView two_coins(std::string_view numeraire) {
  std::vector<internal::SampleQuote> quotes;
  for (const OptionRight right : {OptionRight::call, OptionRight::put}) {
    quotes.push_back({option({.right = right, .strike = "65000", .life = 7 * day}), 60300.0, 0.02});
    quotes.push_back({option({.underlying = "ETH", .right = right, .strike = "2800", .life = 30 * day}), 3030.0, 0.06});
    quotes.push_back(
        {option({.payoff = Payoff::linear, .right = right, .strike = "58000", .life = 30 * day}), 60900.0, 2500.0});
  }
  quotes.push_back({future({}), std::nullopt, 60000.0});
  quotes.push_back({future({.underlying = "ETH", .contract_size = "1"}), std::nullopt, 3000.0});
  const auto snapshot = internal::sample_snapshot(quotes, {{"BTC", "60000"}, {"ETH", "3000"}});
  const auto surfaces = internal::sample_surfaces(
      *snapshot, {{.underlying = "BTC"}, {.underlying = "ETH", .volatility = 0.7, .forward = 3000.0}},
      {7 * day, 30 * day});
  ScenarioSet scenarios =
      internal::sample_scenarios({"BTC", "ETH"}, {{}, {}, {}, {}, {.spot = -0.3, .volatility = 0.4}});
  scenarios.rows[0].moves = {{h, 0.0}, {0.0, 0.0}};
  scenarios.rows[1].moves = {{-h, 0.0}, {0.0, 0.0}};
  scenarios.rows[2].moves = {{0.0, 0.0}, {h, 0.0}};
  scenarios.rows[3].moves = {{0.0, 0.0}, {-h, 0.0}};
  return internal::sample_view(snapshot, surfaces, scenarios, numeraire);
}

// 10 BTC, 50 ETH and 100,000 USDC of equity.
std::vector<double> some_equity(const RiskView& view) {
  std::vector<double> equity(view.universe().asset_count(), 0.0);
  const auto set = [&](std::string_view asset, double amount) {
    equity[market::raw(*view.universe().find_asset(internal::code(asset)))] = amount;
  };
  set("BTC", 10.0);
  set("ETH", 50.0);
  set("USDC", 100'000.0);
  return equity;
}

std::vector<double> some_book(const RiskView& view) {
  std::vector<double> contracts(view.columns.size());
  for (std::size_t i = 0; i < contracts.size(); ++i)
    contracts[i] = (i % 3 == 0 ? -1.5 : 2.0) * static_cast<double>(i + 1);
  return contracts;
}

TEST(Exposure, GreekRowsAreDifferencesOfStressRowsInEveryNumeraire) {
  for (const std::string numeraire : {"USD", "BTC", "ETH"}) {
    const RiskView view = two_coins(numeraire);
    const auto equity = some_equity(view);
    const auto contracts = some_book(view);
    const ExposureInputs in = view.exposure_inputs(equity);
    const double price_numeraire = view.matrix.price_origin_usd[market::raw(view.numeraire)];
    struct Coin {
      std::string code;
      double price;
      std::size_t up;
    };
    for (const Coin& coin : {Coin{"BTC", 60000.0, 0}, Coin{"ETH", 3000.0, 2}}) {
      const double up = evaluate(stress_row(in, coin.up), contracts);
      const double down = evaluate(stress_row(in, coin.up + 1), contracts);
      const auto value = [&](Greek greek) {
        return evaluate(*greek_row(in, internal::code(coin.code), greek, DeltaCollateral::included), contracts);
      };
      const double delta = price_numeraire * (up - down) / (2.0 * h * coin.price);
      EXPECT_NEAR(value(Greek::delta), delta, 1e-6 * std::fabs(delta) + 1e-6) << numeraire << coin.code;
      const double gamma = 0.01 * price_numeraire * (up + down) / (h * h * coin.price);
      EXPECT_NEAR(value(Greek::gamma), gamma, 1e-4 * std::fabs(gamma) + 1e-6) << numeraire << coin.code;
    }
  }
}

TEST(Exposure, DeltaCountsCoinsHeldUnlessExcluded) {
  const RiskView view = two_coins("USD");
  const auto equity = some_equity(view);
  const ExposureInputs in = view.exposure_inputs(equity);
  const auto included = greek_row(in, internal::code("ETH"), Greek::delta, DeltaCollateral::included);
  const auto excluded = greek_row(in, internal::code("ETH"), Greek::delta, DeltaCollateral::excluded);
  ASSERT_TRUE(included);
  EXPECT_EQ(included->name, "delta ETH");
  EXPECT_EQ(included->unit, "ETH");
  EXPECT_EQ(included->constant, 50.0);
  EXPECT_EQ(excluded->constant, 0.0);
  EXPECT_EQ(included->coefficients, excluded->coefficients);
}

TEST(Exposure, InCoinACoinItselfIsNoRisk) {
  // All equity is BTC and so is the numeraire: nothing to gain or lose from its price.
  const RiskView view = two_coins("BTC");
  std::vector<double> equity(view.universe().asset_count(), 0.0);
  equity[market::raw(view.numeraire)] = 7.0;
  const ExposureInputs in = view.exposure_inputs(equity);
  const std::vector<double> none(view.columns.size(), 0.0);
  for (const Greek greek : {Greek::delta, Greek::gamma})
    EXPECT_EQ(evaluate(*greek_row(in, internal::code("BTC"), greek, DeltaCollateral::included), none), 0.0);
  for (const double profit : scenario_profits(in, none)) EXPECT_EQ(profit, 0.0);
}

TEST(Exposure, UnitsNameTheNumeraire) {
  const RiskView view = two_coins("ETH");
  const auto equity = some_equity(view);
  const ExposureInputs in = view.exposure_inputs(equity);
  const auto unit = [&](Greek greek) {
    return greek_row(in, internal::code("BTC"), greek, DeltaCollateral::included)->unit;
  };
  EXPECT_EQ(unit(Greek::gamma), "BTC per 1%");
  EXPECT_EQ(unit(Greek::vega), "ETH per point");
  EXPECT_EQ(unit(Greek::theta), "ETH per day");
  EXPECT_EQ(stress_row(in, 4).unit, "ETH");
}

TEST(Exposure, ProfitsInOnePassAreTheRowsOneByOne) {
  const RiskView view = two_coins("BTC");
  const auto equity = some_equity(view);
  const auto contracts = some_book(view);
  const ExposureInputs in = view.exposure_inputs(equity);
  const auto profits = scenario_profits(in, contracts);
  ASSERT_EQ(profits.size(), 5U);
  for (std::size_t s = 0; s < profits.size(); ++s) {
    const double alone = evaluate(stress_row(in, s), contracts);
    EXPECT_NEAR(profits[s], alone, 1e-12 * (1.0 + std::fabs(alone)));
  }
}

TEST(Exposure, ATargetNamesItsRow) {
  const RiskView view = two_coins("USD");
  const auto equity = some_equity(view);
  portfolio::GreekTarget target;
  target.underlying = internal::code("BTC");
  target.greek = Greek::vega;
  target.bound.name = "vega of bitcoin";
  EXPECT_EQ(greek_row(view.exposure_inputs(equity), target)->name, "vega of bitcoin");
  target.underlying = internal::code("DOGE");
  EXPECT_EQ(greek_row(view.exposure_inputs(equity), target).error().code, ErrorCode::missing_data);
}

}  // namespace
}  // namespace gimbal::risk
