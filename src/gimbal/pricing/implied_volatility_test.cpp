// The 50-digit table, round trips through Black-76, and the refusals.
#include "gimbal/pricing/implied_volatility.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "gimbal/foundation/random.hpp"
#include "gimbal/pricing/black76.hpp"

namespace gimbal::pricing {
namespace {

using market::OptionRight;

constexpr double epsilon = std::numeric_limits<double>::epsilon();

// |d ln sigma / d ln premium|: by how much a relative error of the premium itself shows in the volatility.
double conditioning(const Black76Input& input) {
  const Black76Greeks greeks = black76_greeks(input);
  return greeks.premium / (greeks.vega * input.volatility_annual);
}

RC_GTEST_PROP(ImpliedVolatility, InvertsThePremium, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  Black76Input input;
  input.forward = 50000.0 * (0.5 + random.uniform());
  input.expiry_years = std::exp(std::log(1e-4) + 9.5 * random.uniform());
  input.volatility_annual = std::exp(std::log(0.01) + 6.0 * random.uniform());
  const double deviations = 12.0 * random.uniform() - 6.0;
  input.strike = input.forward * std::exp(deviations * input.volatility_annual * std::sqrt(input.expiry_years));
  input.right = random.below(2) == 0 ? OptionRight::call : OptionRight::put;
  const double premium = black76_premium(input);
  const ImpliedVolatility answer =
      implied_volatility({premium, input.forward, input.strike, input.expiry_years, input.right});
  const double digits_left = conditioning(input);
  if (!answer.ok()) {
    // Only where the premium no longer knows its volatility: time value drowned, or the maximum reached.
    RC_ASSERT(answer.status == ImpliedVolatilityStatus::no_time_value ||
              answer.status == ImpliedVolatilityStatus::above_maximum ||
              answer.status == ImpliedVolatilityStatus::below_intrinsic);
    RC_ASSERT(digits_left * epsilon > 1e-3);
    return;
  }
  const double error = std::fabs(answer.volatility_annual / input.volatility_annual - 1.0);
  RC_ASSERT(error <= 1e-12 + 8.0 * epsilon * digits_left);
}

struct GoldenPremium {
  ImpliedVolatilityInput input;
  double volatility = 0.0;
  double elasticity = 0.0;
};

std::vector<GoldenPremium> golden() {
  std::ifstream table{"tests/golden/implied_volatility.csv"};
  EXPECT_TRUE(table.good()) << "tests run in the repository's root";
  std::vector<GoldenPremium> rows;
  for (std::string line; std::getline(table, line);) {
    if (line.empty() || line[0] == '#' || line.starts_with("right")) continue;
    std::stringstream fields{line};
    std::string field;
    std::getline(fields, field, ',');
    GoldenPremium row;
    row.input.right = field == "C" ? OptionRight::call : OptionRight::put;
    row.input.expiry_years = 1.0;
    for (double* number :
         {&row.input.forward, &row.input.strike, &row.input.premium, &row.volatility, &row.elasticity}) {
      std::getline(fields, field, ',');
      *number = std::strtod(field.c_str(), nullptr);
    }
    rows.push_back(row);
  }
  return rows;
}

TEST(ImpliedVolatility, AgreesWithFiftyDigitsAsFarAsThePremiumKnowsItsVolatility) {
  const std::vector<GoldenPremium> rows = golden();
  ASSERT_GT(rows.size(), 2000U);
  std::vector<double> ulps;
  double worst = 0.0;
  for (const GoldenPremium& row : rows) {
    const ImpliedVolatility answer = implied_volatility(row.input);
    ASSERT_TRUE(answer.ok()) << row.input.forward << ' ' << row.input.strike << ' ' << row.input.premium << ' '
                             << to_string(answer.status);
    const double error = std::fabs(answer.volatility_annual - row.volatility) / row.volatility;
    const double promised = 4e-16 * std::max(8.0, row.elasticity);
    EXPECT_LE(error, promised) << row.input.forward << ' ' << row.input.strike << ' ' << row.input.premium;
    worst = std::max(worst, error / promised);
    ulps.push_back(std::fabs(answer.volatility_annual - row.volatility) /
                   (std::nextafter(row.volatility, 100.0) - row.volatility));
  }
  std::nth_element(ulps.begin(), ulps.begin() + static_cast<std::ptrdiff_t>(ulps.size() / 2), ulps.end());
  EXPECT_LE(ulps[ulps.size() / 2], 1.0);
  RecordProperty("worst_share_of_the_promise", fmt::format("{:.3f}", worst));
  RecordProperty("median_ulps", fmt::format("{:.2f}", ulps[ulps.size() / 2]));
}

TEST(ImpliedVolatility, HoldsBeyondFortyFoldsOfMoneynessToo) {
  for (const double x : {41.0, 80.0, 200.0, 400.0, 650.0}) {
    for (double s = 0.5; s < 60.0; s *= 1.03) {
      const Black76Input input{1.0, std::exp(x), s, 1.0, OptionRight::call};
      const double premium = black76_premium(input);
      if (premium < 1e-300 || conditioning(input) > 1e3) continue;
      const ImpliedVolatility answer = implied_volatility({premium, 1.0, input.strike, 1.0, OptionRight::call});
      ASSERT_TRUE(answer.ok());
      EXPECT_NEAR(answer.volatility_annual / s, 1.0, 4e-15 * std::max(1.0, conditioning(input))) << x << ' ' << s;
    }
  }
}

TEST(ImpliedVolatility, InvertsFromTheThinnestWingsToTheMaximum) {
  double worst = 0.0;
  std::size_t solved = 0;
  for (const double x : {0.0, 1e-12, 1e-6, 1e-3, 0.05, 0.4, 2.0, 10.0, 40.0}) {
    for (double s = 1e-6; s < 20.0; s *= 1.4) {
      const Black76Input input{1.0, std::exp(x), s, 1.0, OptionRight::call};
      const double premium = black76_premium(input);
      if (premium < 1e-300 || premium >= 1.0) continue;
      const ImpliedVolatility answer = implied_volatility({premium, 1.0, input.strike, 1.0, OptionRight::call});
      ASSERT_TRUE(answer.ok()) << x << ' ' << s << ' ' << premium;
      const double digits_left = conditioning(input);
      if (digits_left > 1e10) continue;  // The premium is its maximum up to rounding.
      const double error = std::fabs(answer.volatility_annual / s - 1.0);
      // Far wings: a premium with relative error of e d^2 determines s to e d^2 times the conditioning, 1/d^2.
      EXPECT_LE(error, 2e-13 + 8.0 * epsilon * digits_left) << x << ' ' << s << ' ' << premium;
      worst = std::max(worst, error / std::max(1.0, digits_left));
      ++solved;
    }
  }
  EXPECT_GT(solved, 200U);
  EXPECT_LT(worst, 1e-12);
}

TEST(ImpliedVolatility, GivesAStatusAndNoNumberWhereThereIsNone) {
  const auto ask = [](double premium, double strike, OptionRight right) {
    const ImpliedVolatility answer = implied_volatility({premium, 100.0, strike, 0.25, right});
    EXPECT_EQ(answer.ok(), answer.volatility_annual > 0.0);
    return answer.status;
  };
  using enum ImpliedVolatilityStatus;
  EXPECT_EQ(ask(20.0, 80.0, OptionRight::call), no_time_value);
  EXPECT_EQ(ask(19.999, 80.0, OptionRight::call), below_intrinsic);
  EXPECT_EQ(ask(20.001, 80.0, OptionRight::call), ok);
  EXPECT_EQ(ask(0.0, 120.0, OptionRight::call), no_time_value);
  EXPECT_EQ(ask(-0.1, 120.0, OptionRight::call), below_intrinsic);
  EXPECT_EQ(ask(100.0, 80.0, OptionRight::call), above_maximum);
  EXPECT_EQ(ask(80.0, 80.0, OptionRight::put), above_maximum);
  EXPECT_EQ(ask(79.0, 80.0, OptionRight::put), ok);
  EXPECT_EQ(ask(5.0, -80.0, OptionRight::put), invalid_input);
  EXPECT_EQ(ask(std::numeric_limits<double>::quiet_NaN(), 80.0, OptionRight::put), invalid_input);
  EXPECT_EQ(implied_volatility({5.0, 100.0, 100.0, 0.0, OptionRight::put}).status, invalid_input);
}

TEST(ImpliedVolatility, InTheMoneyGivesTheVolatilityOfTheOtherRight) {
  const Black76Input put{100.0, 90.0, 0.63, 0.1, OptionRight::put};
  const Black76Input call{100.0, 90.0, 0.63, 0.1, OptionRight::call};
  const ImpliedVolatility from_put = implied_volatility({black76_premium(put), 100.0, 90.0, 0.1, OptionRight::put});
  const ImpliedVolatility from_call = implied_volatility({black76_premium(call), 100.0, 90.0, 0.1, OptionRight::call});
  ASSERT_TRUE(from_put.ok() && from_call.ok());
  EXPECT_NEAR(from_put.volatility_annual, from_call.volatility_annual, 1e-14);
}

TEST(ImpliedVolatility, ColumnsGiveTheBitsOfScalars) {
  const std::vector<double> premium{5.0, 25.0, -1.0, 3.0};
  const std::vector<double> forward(4, 100.0);
  const std::vector<double> strike{100.0, 80.0, 100.0, 120.0};
  const std::vector<double> years(4, 0.3);
  const std::vector<OptionRight> right{OptionRight::call, OptionRight::call, OptionRight::put, OptionRight::call};
  std::vector<double> volatility(4);
  std::vector<ImpliedVolatilityStatus> status(4);
  EXPECT_EQ(implied_volatility({premium, forward, strike, years, right}, volatility, status), 1U);
  for (std::size_t i = 0; i < 4; ++i) {
    const ImpliedVolatility alone = implied_volatility({premium[i], forward[i], strike[i], years[i], right[i]});
    EXPECT_EQ(volatility[i], alone.volatility_annual);
    EXPECT_EQ(status[i], alone.status);
  }
}

}  // namespace
}  // namespace gimbal::pricing
