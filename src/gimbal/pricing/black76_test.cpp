// Black-76 against printed tables, against 60-digit references, and against its own identities.
#include "gimbal/pricing/black76.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "gimbal/foundation/random.hpp"

namespace gimbal::pricing {
namespace {

using market::OptionRight;

struct GoldenRow {
  Black76Input input;
  std::vector<double> expected;
};

std::vector<GoldenRow> golden(const std::string& path) {
  std::ifstream file{path};
  EXPECT_TRUE(file.good()) << path << " is missing; tests run in the repository's root";
  std::vector<GoldenRow> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#' || line.starts_with("right")) continue;
    std::stringstream fields{line};
    std::string field;
    std::getline(fields, field, ',');
    GoldenRow row;
    row.input.right = field == "C" ? OptionRight::call : OptionRight::put;
    std::vector<double> numbers;
    while (std::getline(fields, field, ',')) numbers.push_back(std::strtod(field.c_str(), nullptr));
    row.input.forward = numbers.at(0);
    row.input.strike = numbers.at(1);
    row.input.volatility_annual = numbers.at(2);
    row.input.expiry_years = numbers.at(3);
    row.expected.assign(numbers.begin() + 4, numbers.end());
    rows.push_back(row);
  }
  return rows;
}

double relative_error(double value, double expected) {
  return value == expected ? 0.0 : std::fabs(value - expected) / std::fabs(expected);
}

TEST(Black76, ReproducesHaugsPrintedTableOfOptionsOnFutures) {
  const auto rows = golden("tests/golden/black76_haug.csv");
  ASSERT_EQ(rows.size(), 38U);
  for (const GoldenRow& row : rows) {
    const double premium = black76_greeks_discounted(row.input, row.expected[0]).premium;
    // One unit of the last printed decimal: 1.8734 stands where 1.87334 is right.
    EXPECT_NEAR(premium, row.expected[1], 1e-4);
  }
}

TEST(Black76, ReproducesHaugsPrintedDeltas) {
  // E. G. Haug (1998), p. 11: futures price 105, strike 100, half a year, rate 10 %, volatility 36 %.
  Black76Input input{105.0, 100.0, 0.36, 0.5, OptionRight::call};
  EXPECT_NEAR(black76_greeks_discounted(input, 0.10).delta, 0.5946, 0.5001e-4);
  input.right = OptionRight::put;
  EXPECT_NEAR(black76_greeks_discounted(input, 0.10).delta, -0.3566, 0.5001e-4);
}

/// What the accuracy of a Greek is measured against: the sum of its terms' absolute values over its own.
struct Terms {
  double h;      ///< ln(F/K)/s
  double total;  ///< s
  double d1, d2;

  explicit Terms(const Black76Input& in)
      : h{0.0}, total{in.volatility_annual * std::sqrt(in.expiry_years)}, d1{0.0}, d2{0.0} {
    h = log_ratio(in.forward, in.strike) / total;
    d1 = h + 0.5 * total;
    d2 = h - 0.5 * total;
  }
  [[nodiscard]] double of_d2() const { return (std::fabs(h) + 0.5 * total) / std::fabs(d2); }
  [[nodiscard]] double of_product() const { return (h * h + 0.25 * total * total) / std::fabs(d1 * d2); }
  [[nodiscard]] double of_product_less_one() const {
    return (1.0 + h * h + 0.25 * total * total) / std::fabs(1.0 - d1 * d2);
  }
  [[nodiscard]] double of_speed() const { return (1.0 + std::fabs(h) / total + 0.5) / std::fabs(1.0 + d1 / total); }
};

struct Figure {
  const char* name;
  double value;
  double spread;        ///< The sum of its terms' absolute values over its own.
  bool is_first_order;  ///< Held to 1e-13 within eight deviations.
};

std::vector<Figure> figures_of(const Black76Input& input) {
  const Black76Greeks greeks = black76_greeks(input);
  const Terms terms{input};
  return {{"premium", greeks.premium, 1.0, true},
          {"delta", greeks.delta, 1.0, true},
          {"gamma", greeks.gamma, 1.0, true},
          {"vega", greeks.vega, 1.0, true},
          {"theta", greeks.theta, 1.0, false},
          {"rho", greeks.rho, 1.0, false},
          {"vanna", greeks.vanna, terms.of_d2(), false},
          {"volga", greeks.volga, terms.of_product(), false},
          {"charm", greeks.charm, terms.of_d2(), false},
          {"speed", greeks.speed, terms.of_speed(), false},
          {"color", greeks.color, terms.of_product_less_one(), false},
          {"zomma", greeks.zomma, terms.of_product_less_one(), false}};
}

TEST(Black76, AgreesWithSixtyDigitsToThirteenNearTheMoneyAndToTwelveDownToTheSmallest) {
  const auto rows = golden("tests/golden/black76.csv");
  ASSERT_GT(rows.size(), 2000U);
  std::map<std::string, double> worst;
  std::size_t compared = 0;
  for (const GoldenRow& row : rows) {
    const Terms terms{row.input};
    const bool is_near = std::max(std::fabs(terms.d1), std::fabs(terms.d2)) <= 8.0;
    const std::vector<Figure> figures = figures_of(row.input);
    ASSERT_EQ(row.expected.size(), figures.size());
    for (std::size_t i = 0; i < figures.size(); ++i) {
      if (std::fabs(row.expected[i]) < 1e-280) continue;
      const double error = relative_error(figures[i].value, row.expected[i]) / figures[i].spread;
      EXPECT_LT(error, is_near && figures[i].is_first_order ? 1e-13 : 1e-12)
          << figures[i].name << " of " << row.input.forward << ' ' << row.input.strike << ' '
          << row.input.volatility_annual << ' ' << row.input.expiry_years;
      if (is_near) worst[figures[i].name] = std::max(worst[figures[i].name], error);
      ++compared;
    }
  }
  EXPECT_GT(compared, 20000U);
  for (const auto& [name, error] : worst) RecordProperty(name, fmt::format("{:.2g}", error));
}

Black76Input any_option() {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  SeededRandom random{seed};
  Black76Input input;
  input.forward = 100.0 * (0.5 + random.uniform());
  input.expiry_years = 0.001 + 2.0 * random.uniform();
  input.volatility_annual = 0.05 + 1.5 * random.uniform();
  const double deviations = 6.0 * random.uniform() - 3.0;
  input.strike = input.forward * std::exp(deviations * input.volatility_annual * std::sqrt(input.expiry_years));
  input.right = random.below(2) == 0 ? OptionRight::call : OptionRight::put;
  return input;
}

Black76Input with(Black76Input input, double Black76Input::*field, double value) {
  input.*field = value;
  return input;
}

RC_GTEST_PROP(Black76, CallMinusPutEqualsForwardMinusStrike, ()) {
  Black76Input input = any_option();
  input.right = OptionRight::call;
  const double call = black76_premium(input);
  input.right = OptionRight::put;
  const double put = black76_premium(input);
  RC_ASSERT(std::fabs(call - put - (input.forward - input.strike)) <= 4e-16 * (input.forward + input.strike));
}

RC_GTEST_PROP(Black76, PremiumGrowsWithVolatilityAndTime, ()) {
  const Black76Input input = any_option();
  const double premium = black76_premium(input);
  RC_ASSERT(black76_premium(with(input, &Black76Input::volatility_annual, input.volatility_annual * 1.0001)) > premium);
  RC_ASSERT(black76_premium(with(input, &Black76Input::expiry_years, input.expiry_years * 1.0001)) > premium);
}

RC_GTEST_PROP(Black76, PremiumIsConvexAndMonotoneInStrike, ()) {
  const Black76Input input = any_option();
  const double step = 0.01 * input.strike;
  const double left = black76_premium(with(input, &Black76Input::strike, input.strike - step));
  const double centre = black76_premium(input);
  const double right = black76_premium(with(input, &Black76Input::strike, input.strike + step));
  RC_ASSERT(left - 2.0 * centre + right >= -1e-13 * input.forward);
  RC_ASSERT((input.right == OptionRight::call ? left >= right : left <= right));
}

RC_GTEST_PROP(Black76, PremiumIsHomogeneousOfDegreeOne, ()) {
  const Black76Input input = any_option();
  Black76Input doubled = input;
  doubled.forward *= 2.0;
  doubled.strike *= 2.0;
  RC_ASSERT(black76_premium(doubled) == 2.0 * black76_premium(input));
}

// Central differences of the fourth order, so that the step's error stays near 1e-9 of the value.
template <class Value>
double slope(const Black76Input& input, double Black76Input::*field, double step, Value value) {
  const auto at = [&](double shift) { return value(with(input, field, input.*field + shift)); };
  return (8.0 * (at(step) - at(-step)) - (at(2.0 * step) - at(-2.0 * step))) / (12.0 * step);
}

RC_GTEST_PROP(Black76, GreeksAreTheSlopesTheyClaimToBe, ()) {
  const Black76Input input = any_option();
  const Black76Greeks greeks = black76_greeks(input);
  const double total = input.volatility_annual * std::sqrt(input.expiry_years);
  const double df = 1e-3 * total * input.forward;
  const double dv = 1e-3 * input.volatility_annual;
  const double dt = 1e-3 * input.expiry_years;
  const auto premium = [](const Black76Input& at) { return black76_premium(at); };
  const auto delta = [](const Black76Input& at) { return black76_greeks(at).delta; };
  const auto vega = [](const Black76Input& at) { return black76_greeks(at).vega; };
  const auto gamma = [](const Black76Input& at) { return black76_greeks(at).gamma; };
  const auto near = [](double value, double expected, double scale) {
    return std::fabs(value - expected) <= 1e-7 * scale;
  };
  const double vega_scale = input.forward * std::sqrt(input.expiry_years);
  RC_ASSERT(near(slope(input, &Black76Input::forward, df, premium), greeks.delta, 1.0));
  RC_ASSERT(near(slope(input, &Black76Input::forward, df, delta), greeks.gamma, 1.0 / (input.forward * total)));
  RC_ASSERT(near(slope(input, &Black76Input::volatility_annual, dv, premium), greeks.vega, vega_scale));
  RC_ASSERT(near(-slope(input, &Black76Input::expiry_years, dt, premium), greeks.theta,
                 vega_scale * input.volatility_annual / input.expiry_years));
  RC_ASSERT(
      near(slope(input, &Black76Input::volatility_annual, dv, delta), greeks.vanna, 1.0 / input.volatility_annual));
  RC_ASSERT(near(slope(input, &Black76Input::volatility_annual, dv, vega), greeks.volga,
                 vega_scale / input.volatility_annual));
  RC_ASSERT(near(-slope(input, &Black76Input::expiry_years, dt, delta), greeks.charm, 1.0 / input.expiry_years));
  const double gamma_scale = 1.0 / (input.forward * total);
  RC_ASSERT(near(slope(input, &Black76Input::forward, df, gamma), greeks.speed, gamma_scale * gamma_scale));
  RC_ASSERT(
      near(-slope(input, &Black76Input::expiry_years, dt, gamma), greeks.color, gamma_scale / input.expiry_years));
  RC_ASSERT(near(slope(input, &Black76Input::volatility_annual, dv, gamma), greeks.zomma,
                 gamma_scale / input.volatility_annual));

  constexpr double rate = 0.07;
  const Black76Greeks discounted = black76_greeks_discounted(input, rate);
  const auto discounted_premium = [](const Black76Input& at) { return black76_greeks_discounted(at, rate).premium; };
  const auto discounted_delta = [](const Black76Input& at) { return black76_greeks_discounted(at, rate).delta; };
  const auto discounted_gamma = [](const Black76Input& at) { return black76_greeks_discounted(at, rate).gamma; };
  RC_ASSERT(near(-slope(input, &Black76Input::expiry_years, dt, discounted_premium), discounted.theta,
                 vega_scale * input.volatility_annual / input.expiry_years + input.forward));
  RC_ASSERT(near(-slope(input, &Black76Input::expiry_years, dt, discounted_delta), discounted.charm,
                 1.0 / input.expiry_years + 1.0));
  RC_ASSERT(near(-slope(input, &Black76Input::expiry_years, dt, discounted_gamma), discounted.color,
                 gamma_scale * (1.0 / input.expiry_years + 1.0)));
  const double shift = 1e-4;
  const double by_rate = (black76_greeks_discounted(input, rate + shift).premium -
                          black76_greeks_discounted(input, rate - shift).premium) /
                         (2.0 * shift);
  RC_ASSERT(near(by_rate, discounted.rho, 10.0 * (input.forward + input.strike)));
}

RC_GTEST_PROP(Black76, ColumnsGiveTheBitsOfScalars, ()) {
  constexpr std::size_t count = 33;
  std::vector<double> forward(count), strike(count), volatility(count), years(count);
  std::vector<OptionRight> right(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Black76Input input = any_option();
    forward[i] = input.forward;
    strike[i] = i == 7 ? -1.0 : input.strike;
    volatility[i] = i == 8 ? 0.0 : input.volatility_annual;
    years[i] = i == 9 ? std::numeric_limits<double>::quiet_NaN() : input.expiry_years;
    right[i] = input.right;
  }
  const Black76Columns in{forward, strike, volatility, years, right};
  std::vector<double> alone(count), premium(count), delta(count), vega(count);
  RC_ASSERT(black76_premium(in, alone) == 2U);
  RC_ASSERT(black76_greeks(in, {premium, delta, {}, vega, {}}) == 2U);
  for (std::size_t i = 0; i < count; ++i) {
    const Black76Greeks greeks = black76_greeks({forward[i], strike[i], volatility[i], years[i], right[i]});
    if (i == 7 || i == 9) {
      RC_ASSERT(std::isnan(premium[i]));
      RC_ASSERT(std::isnan(alone[i]));
      continue;
    }
    RC_ASSERT(premium[i] == greeks.premium);
    RC_ASSERT(alone[i] == greeks.premium);
    RC_ASSERT(delta[i] == greeks.delta);
    RC_ASSERT(vega[i] == greeks.vega);
  }
}

TEST(Black76, WithoutVolatilityOrTimeIsItsIntrinsicValue) {
  for (const double strike : {90.0, 100.0, 110.0}) {
    for (const auto right : {OptionRight::call, OptionRight::put}) {
      for (const auto& input :
           {Black76Input{100.0, strike, 0.0, 0.5, right}, Black76Input{100.0, strike, 0.6, 0.0, right},
            Black76Input{100.0, strike, 0.0, 0.0, right}}) {
        const Black76Greeks greeks = black76_greeks(input);
        const double side = right == OptionRight::call ? 1.0 : -1.0;
        const double gain = side * (100.0 - strike);
        EXPECT_EQ(greeks.premium, std::max(gain, 0.0));
        EXPECT_EQ(black76_premium(input), greeks.premium);
        EXPECT_EQ(greeks.delta, gain > 0.0 ? side : gain == 0.0 ? 0.5 * side : 0.0);
        EXPECT_EQ(greeks.gamma, 0.0);
        EXPECT_EQ(greeks.theta, 0.0);
        EXPECT_EQ(greeks.rho, -input.expiry_years * greeks.premium);
        EXPECT_NEAR(greeks.vega, gain == 0.0 ? 100.0 * std::sqrt(input.expiry_years) * 0.3989422804014327 : 0.0, 1e-13);
      }
    }
  }
}

TEST(Black76, KinkIsTheLimitOfSmallVolatilities) {
  for (const double strike : {99.0, 100.0, 101.0}) {
    const Black76Greeks limit = black76_greeks({100.0, strike, 0.0, 0.25, OptionRight::put});
    const Black76Greeks near = black76_greeks({100.0, strike, 1e-9, 0.25, OptionRight::put});
    EXPECT_NEAR(near.premium, limit.premium, 1e-7);
    EXPECT_NEAR(near.delta, limit.delta, 1e-8);
    EXPECT_NEAR(near.vega, limit.vega, 1e-8);
    EXPECT_NEAR(near.vanna, limit.vanna, 1e-8);
  }
}

TEST(Black76, StaysFiniteInEveryCornerOfItsDomain) {
  constexpr std::array<double, 9> prices{1e-300, 1e-9, 0.99999, 1.0, 1.0000000001, 64000.0, 1e9, 1e200, 1e300};
  constexpr std::array<double, 9> scales{0.0, 1e-300, 1e-12, 1e-4, 0.01, 0.6, 5.0, 1e3, 1e8};
  for (const double forward : prices) {
    for (const double strike : prices) {
      for (const double volatility : scales) {
        for (const double years : scales) {
          for (const auto right : {OptionRight::call, OptionRight::put}) {
            const Black76Greeks greeks = black76_greeks({forward, strike, volatility, years, right});
            EXPECT_TRUE(greeks.premium >= 0.0 &&
                        greeks.premium <= (right == OptionRight::call ? forward : strike) * (1 + 1e-15))
                << forward << ' ' << strike << ' ' << volatility << ' ' << years;
            EXPECT_LE(std::fabs(greeks.delta), 1.0);
            for (const double value : {greeks.gamma, greeks.vega, greeks.theta, greeks.vanna, greeks.volga,
                                       greeks.charm, greeks.speed, greeks.color, greeks.zomma})
              EXPECT_FALSE(std::isnan(value)) << forward << ' ' << strike << ' ' << volatility << ' ' << years;
          }
        }
      }
    }
  }
}

TEST(Black76, RefusesWhatItHasNoAnswerFor) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Black76Input good{100.0, 100.0, 0.5, 0.5, OptionRight::call};
  ASSERT_TRUE(in_domain(good));
  for (double Black76Input::*field :
       {&Black76Input::forward, &Black76Input::strike, &Black76Input::volatility_annual, &Black76Input::expiry_years}) {
    for (const double value : {nan, infinity, -1.0}) {
      const Black76Input bad = with(good, field, value);
      EXPECT_FALSE(in_domain(bad));
      EXPECT_TRUE(std::isnan(black76_premium(bad)));
      EXPECT_TRUE(std::isnan(black76_greeks(bad).delta));
    }
  }
  EXPECT_FALSE(in_domain(with(good, &Black76Input::forward, 0.0)));
  EXPECT_FALSE(in_domain(with(good, &Black76Input::strike, 0.0)));
}

}  // namespace
}  // namespace gimbal::pricing
