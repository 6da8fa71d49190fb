// Claims about the special functions: 60-digit references, identities that hold on their whole domain, the ends of
// their domains, and printed values.
#include "gimbal/numerics/special.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <string>

#include "gimbal/numerics/elementary.hpp"
#include "gimbal/numerics/mills_ratio.hpp"

namespace gimbal::numerics {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double quiet_nan = std::numeric_limits<double>::quiet_NaN();

/// How far `value` is from the decimal number `expected`, in units of the last place of the double next to that.
double ulps_off(double value, const std::string& expected) {
  const double nearest = std::strtod(expected.c_str(), nullptr);
  const double unit = std::nextafter(std::fabs(nearest), infinity) - std::fabs(nearest);
  // The reference has more digits than a double: what they add is the rounding of `nearest`.
  const long double exact = std::strtold(expected.c_str(), nullptr);
  return static_cast<double>(std::fabs(static_cast<long double>(value) - exact)) / unit;
}

double mills(double z) {
  const MillsRatio<double> ratio = mills_ratio(z);
  return ratio.upper / ratio.lower;
}

double mills_rest(double z) {
  const MillsRatio<double> ratio = mills_ratio(z);
  return ratio.rest / ratio.lower;
}

/// The most units in the last place that a function's docstring allows.
double promised_of(const std::string& name, double argument) {
  if (name == "pow") return 2.0;
  if (name.starts_with("mills")) return argument < 0.0 ? 16.0 : 4.0;
  return name.starts_with("erf") || name.starts_with("normal") ? 4.0 : 1.0;
}

TEST(Special, AgreesWithSixtyDigitsToTheUnitsPromised) {
  using OneArgument = double (*)(double);
  const std::map<std::string, OneArgument> functions{{"exp", &exp},
                                                     {"expm1", &expm1},
                                                     {"log", &log},
                                                     {"log1p", &log1p},
                                                     {"erf", &erf},
                                                     {"erfc", &erfc},
                                                     {"erfcx", &erfcx},
                                                     {"normal_cdf", &normal_cdf},
                                                     {"normal_density", &normal_density},
                                                     {"mills", &mills},
                                                     {"mills_rest", &mills_rest}};
  std::ifstream table{"tests/golden/special.csv"};
  ASSERT_TRUE(table.good()) << "tests run in the repository's root";
  std::map<std::string, double> worst;
  std::size_t rows = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.empty() || line[0] == '#' || line.starts_with("function")) continue;
    std::stringstream fields{line};
    std::string name, argument, second, expected;
    std::getline(fields, name, ',');
    std::getline(fields, argument, ',');
    std::getline(fields, second, ',');
    std::getline(fields, expected, ',');
    const double x = std::strtod(argument.c_str(), nullptr);
    const double value = name == "pow" ? pow(x, std::strtod(second.c_str(), nullptr)) : functions.at(name)(x);
    const double off = ulps_off(value, expected);
    EXPECT_LE(off, promised_of(name, x)) << line << " gave " << value;
    worst[name] = std::max(worst[name], off);
    ++rows;
  }
  EXPECT_GT(rows, 1200U);
  for (const auto& [name, off] : worst) RecordProperty(name, std::to_string(off));
}

TEST(Special, LogarithmsInTwoPartsKnowMoreThanOne) {
  for (double x = 0x1p-60; x < 0x1p60; x *= 1.37) {
    const LogarithmParts<double> parts = log_quotient(x, 1.0);
    const long double exact = std::log(static_cast<long double>(x));
    const long double found = static_cast<long double>(parts.upper) + static_cast<long double>(parts.lower);
    EXPECT_LT(std::fabs(found - exact), 0x1p-58L * std::fabs(exact)) << x;
  }
}

TEST(Special, EndsOfTheDomains) {
  EXPECT_EQ(exp(0.0), 1.0);
  EXPECT_EQ(exp(710.0), infinity);
  EXPECT_EQ(exp(-746.0), 0.0);
  EXPECT_EQ(exp(-745.1), 0x1p-1074);
  EXPECT_EQ(exp(infinity), infinity);
  EXPECT_EQ(exp(-infinity), 0.0);
  EXPECT_EQ(expm1(0.0), 0.0);
  EXPECT_EQ(expm1(-50.0), -1.0);
  EXPECT_EQ(expm1(710.0), infinity);
  EXPECT_EQ(log(1.0), 0.0);
  EXPECT_EQ(log(0.0), -infinity);
  EXPECT_EQ(log(infinity), infinity);
  EXPECT_TRUE(std::isnan(log(-1.0)));
  EXPECT_EQ(log(0x1p-1074), -1074.0 * 0.69314718055994530942);
  EXPECT_EQ(log1p(0.0), 0.0);
  EXPECT_EQ(log1p(-1.0), -infinity);
  EXPECT_TRUE(std::isnan(log1p(-1.5)));
  EXPECT_EQ(pow(0.0, 0.0), 1.0);
  EXPECT_EQ(pow(0.0, 2.0), 0.0);
  EXPECT_EQ(pow(0.0, -2.0), infinity);
  EXPECT_EQ(pow(2.0, 10.0), 1024.0);
  EXPECT_EQ(pow(10.0, 400.0), infinity);
  EXPECT_EQ(pow(10.0, -400.0), 0.0);
  EXPECT_TRUE(std::isnan(pow(-2.0, 2.0)));
  EXPECT_EQ(erfc(30.0), 0.0);
  EXPECT_EQ(erfc(-30.0), 2.0);
  EXPECT_EQ(erf(infinity), 1.0);
  EXPECT_EQ(erfcx(-27.0), infinity);
  EXPECT_NEAR(erfcx(1e200) * 1e200, 0.56418958354775628695, 1e-15);
  EXPECT_EQ(normal_cdf(-40.0), 0.0);
  EXPECT_EQ(normal_cdf(infinity), 1.0);
  for (const auto function : {&exp, &expm1, &log, &log1p, &erf, &erfc, &erfcx, &normal_cdf, &normal_density})
    EXPECT_TRUE(std::isnan(function(quiet_nan)));
}

TEST(Special, ErrorFunctionsAddUpToOne) {
  for (double x = -6.0; x <= 6.0; x += 0.03125) EXPECT_NEAR(erf(x) + erfc(x), 1.0, 4.5e-16) << x;
}

TEST(ScaledErfc, EqualsItsDefinitionWhereTheDefinitionIsRepresentable) {
  for (double x = -5.0; x <= 5.0; x += 0.01) EXPECT_NEAR(erfcx(x) / (std::exp(x * x) * std::erfc(x)), 1.0, 2e-14) << x;
}

TEST(ScaledErfc, FollowsItsContinuedFractionInTheFarTail) {
  // erfcx(x) sqrt(pi) = 1 / (x + (1/2) / (x + 1 / (x + (3/2) / (x + ...)))), DLMF 7.9.1.
  for (double x = 4.5; x < 1e6; x *= 1.7) {
    double fraction = x;
    for (int k = 80; k >= 1; --k) fraction = x + 0.5 * k / fraction;
    EXPECT_NEAR(erfcx(x) * fraction * std::sqrt(std::acos(-1.0)), 1.0, 1e-15) << x;
  }
}

TEST(NormalDistribution, CdfOfMinusXIsOneMinusCdfOfX) {
  for (double x = -8.0; x <= 8.0; x += 0.125) EXPECT_NEAR(normal_cdf(x) + normal_cdf(-x), 1.0, 1e-15);
}

TEST(NormalDistribution, PrintedValues) {
  // Abramowitz and Stegun, "Handbook of Mathematical Functions", table 26.1.
  EXPECT_NEAR(normal_cdf(1.0), 0.841344746068543, 1e-15);
  EXPECT_NEAR(normal_cdf(2.0), 0.977249868051821, 1e-15);
  EXPECT_NEAR(normal_density(1.0), 0.241970724519143, 1e-15);
}

TEST(NormalDistribution, QuantileInvertsTheCdf) {
  for (double x = -37.0; x <= 5.0; x += 0.0625) {
    const double back = normal_quantile(normal_cdf(x));
    // Above zero the probability itself, close to one, carries only so many digits of x.
    const double spacing = x > 0.0 ? 2.3e-16 / normal_density(x) : 0.0;
    EXPECT_NEAR(back, x, 1e-14 * (1.0 + std::fabs(x)) + spacing);
  }
  EXPECT_EQ(normal_quantile(0.0), -infinity);
  EXPECT_EQ(normal_quantile(1.0), infinity);
  EXPECT_TRUE(std::isnan(normal_quantile(-0.1)));
  EXPECT_TRUE(std::isnan(normal_quantile(quiet_nan)));
}

}  // namespace
}  // namespace gimbal::numerics
