// Exact arithmetic against Python's, against the laws of arithmetic, and at the edges of 128 bits.
#include "gimbal/foundation/decimal.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace gimbal {
namespace {

constexpr Int128 int128_max = (((Int128{1} << 126) - 1) << 1) + 1;
constexpr Int128 int128_min = -int128_max - 1;

Decimal drawn_decimal() {
  const auto coefficient = *rc::gen::inRange<std::int64_t>(-999'999'999'999'999'999, 1'000'000'000'000'000'000);
  const auto scale = *rc::gen::inRange(0, 19);
  return Decimal{Int128{coefficient}, scale};
}

std::string text_of(const Result<Decimal>& parsed) {
  return parsed.has_value() ? parsed->to_string() : to_string(parsed.error().code);
}

// The double whose eight bytes a golden table gives in hexadecimal, most significant first.
double double_of(const std::string& hexadecimal) {
  std::uint64_t bits = 0;
  std::from_chars(hexadecimal.data(), hexadecimal.data() + hexadecimal.size(), bits, 16);
  return std::bit_cast<double>(bits);
}

std::string computed(const std::string& operation, const std::string& left, const std::string& right) {
  if (operation == "nearest") return text_of(nearest_decimal(double_of(left), std::stoi(right)));
  const Decimal a = Decimal::of(left);
  if (operation == "double") return fmt::format("{:016x}", std::bit_cast<std::uint64_t>(a.to_double()));
  if (operation == "fixed") return a.to_fixed(std::stoi(right));
  const Decimal b = Decimal::of(right);
  if (operation == "sum") return (a + b).to_string();
  if (operation == "difference") return (a - b).to_string();
  if (operation == "product") return (a * b).to_string();
  if (operation == "order") return a < b ? "-1" : a > b ? "1" : "0";
  const Rounding rounding = operation == "divide_half_even" ? Rounding::half_even
                            : operation == "divide_down"    ? Rounding::down
                                                            : Rounding::up;
  return to_string(divide(a.coefficient(), b.coefficient(), rounding));
}

TEST(Decimal, AgreesWithPythonsDecimalOnEveryOperation) {
  std::ifstream table{"tests/golden/decimal_python.csv"};
  ASSERT_TRUE(table.is_open());
  std::string line;
  int rows = 0;
  while (std::getline(table, line)) {
    if (line.empty() || line.front() == '#' || line == "operation,left,right,expected") continue;
    std::istringstream cells{line};
    std::string operation;
    std::string left;
    std::string right;
    std::string expected;
    std::getline(cells, operation, ',');
    std::getline(cells, left, ',');
    std::getline(cells, right, ',');
    std::getline(cells, expected, ',');
    EXPECT_EQ(computed(operation, left, right), expected) << line;
    ++rows;
  }
  EXPECT_EQ(rows, 822);
}

TEST(Decimal, ReadsEverySpellingThatAVenueUses) {
  EXPECT_EQ(Decimal::of("-12.5").to_string(), "-12.5");
  EXPECT_EQ(Decimal::of("3e-08").to_string(), "0.00000003");
  EXPECT_EQ(Decimal::of("3E+2").to_string(), "300");
  EXPECT_EQ(Decimal::of("0").to_string(), "0");
  EXPECT_EQ(Decimal::of("-0.000").to_string(), "0");
  EXPECT_EQ(Decimal::of("007.10").to_string(), "7.1");
  EXPECT_EQ(Decimal::of(".5").to_string(), "0.5");
  EXPECT_EQ(Decimal::of("5.").to_string(), "5");
  EXPECT_EQ(Decimal::of("999999999999999999").to_string(), "999999999999999999");
  EXPECT_EQ(Decimal::of("0.000000000000000001").to_string(), "0.000000000000000001");
  EXPECT_EQ(Decimal::of("1e17").to_string(), "100000000000000000");
  EXPECT_EQ(Decimal::of("0e30").to_string(), "0");
}

TEST(Decimal, RefusesWhatIsNoNumberOrWouldLoseDigits) {
  for (const char* text : {"",
                           " ",
                           "-",
                           "+",
                           "+1",
                           ".",
                           "-.",
                           "1 ",
                           " 1",
                           "1,5",
                           "1.2.3",
                           "1e",
                           "1e+",
                           "1e-",
                           "1e+-5",
                           "1e-+5",
                           "1e++5",
                           "e5",
                           "--1",
                           "0x10",
                           "nan",
                           "inf",
                           "1e1.5",
                           "1_0",
                           "1e5x",
                           "1-",
                           "1e37",
                           "1e-37",
                           "1e18",
                           "1e-19",
                           "1e99999999999999999999",
                           "1234567890123456789",
                           "0.1234567890123456789",
                           "0.0000000000000000001",
                           "12345678901234567.89"}) {
    const auto parsed = Decimal::parse(text);
    ASSERT_FALSE(parsed.has_value()) << "'" << text << "'";
    EXPECT_EQ(parsed.error().code, ErrorCode::parse);
    EXPECT_NE(parsed.error().message.find(fmt::format("'{}'", text)), std::string::npos) << parsed.error().message;
  }
}

TEST(Decimal, EqualValuesHaveEqualRepresentations) {
  EXPECT_EQ(Decimal::of("1.50"), Decimal(Int128{15}, 1));
  EXPECT_EQ(Decimal(Int128{0}, 7), Decimal{});
  EXPECT_EQ(Decimal(Int128{1200}, 2), Decimal{12});
  EXPECT_EQ(Decimal(Int128{1200}, 2).scale(), 0);
}

TEST(Decimal, ComparesAcrossAllScalesWithoutOverflow) {
  const Decimal huge{int128_max, 0};
  const Decimal tiny{Int128{1}, 37};
  EXPECT_LT(tiny, huge);
  EXPECT_LT(-huge, -tiny);
  EXPECT_LT(-tiny, Decimal{});
  EXPECT_GT(Decimal::of("1.5"), Decimal::of("1.49999999999999999"));
  EXPECT_LT(Decimal::of("-0.5"), Decimal::of("0.3"));
  EXPECT_LT(Decimal::of("-2.5"), Decimal::of("-2.3"));
}

TEST(Decimal, PrintsTheLowestIntegerOfAll) {
  EXPECT_EQ(to_string(int128_min), "-170141183460469231731687303715884105728");
  EXPECT_EQ(to_string(int128_max), "170141183460469231731687303715884105727");
  EXPECT_EQ(Decimal(int128_min, 2).to_string(), "-1701411834604692317316873037158841057.28");
  EXPECT_EQ(Decimal(int128_min, 37).to_string(), "-17.0141183460469231731687303715884105728");
}

TEST(Decimal, RoundsToFixedDecimalsHalfEven) {
  EXPECT_EQ(Decimal::of("0.125").to_fixed(2), "0.12");
  EXPECT_EQ(Decimal::of("0.135").to_fixed(2), "0.14");
  EXPECT_EQ(Decimal::of("-0.125").to_fixed(2), "-0.12");
  EXPECT_EQ(Decimal::of("-0.004").to_fixed(2), "0.00");
  EXPECT_EQ(Decimal::of("7").to_fixed(3), "7.000");
  EXPECT_EQ(Decimal::of("0.5").to_fixed(0), "0");
  EXPECT_EQ(Decimal::of("1.5").to_fixed(0), "2");
}

RC_GTEST_PROP(Decimal, TextReadBackIsTheSameValue, ()) {
  const Decimal value = drawn_decimal();
  const auto read = Decimal::parse(value.to_string());
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == value);
}

RC_GTEST_PROP(Decimal, ArithmeticObeysItsLaws, ()) {
  const Decimal a = drawn_decimal();
  const Decimal b = drawn_decimal();
  RC_ASSERT(a + b == b + a);
  RC_ASSERT(a * b == b * a);
  RC_ASSERT((a + b) - b == a);
  RC_ASSERT(a - b == -(b - a));
  RC_ASSERT(a * Decimal{1} == a);
  RC_ASSERT((a < b) == (b > a));
  RC_ASSERT((a <=> b == 0) == (a == b));
  RC_ASSERT((a < b) == (a - b).is_negative());
}

RC_GTEST_PROP(Decimal, ProductsOfAnyTwoNumbersReadFit, ()) {
  const auto read = [] {
    const auto digits = *rc::gen::inRange(1, 19);
    const auto coefficient = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000'000'000) %
                             static_cast<std::int64_t>(std::pow(10.0, digits));
    return Decimal::parse(fmt::format("{}e{}", coefficient, *rc::gen::inRange(-18, 19)));
  };
  const auto a = read();
  const auto b = read();
  RC_PRE(a.has_value() && b.has_value());
  RC_ASSERT(((*a) * (*b)).is_zero() == (a->is_zero() || b->is_zero()));
}

RC_GTEST_PROP(Decimal, NeverReadsArbitraryTextAsAnythingButItsOwnValue, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string{"0123456789.-+eE "}));
  const auto parsed = Decimal::parse(text);
  if (!parsed.has_value()) return;
  double expected = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), expected);
  RC_ASSERT(error == std::errc{} && end == text.data() + text.size());
  RC_ASSERT(parsed->to_double() == expected);
}

TEST(Divide, RoundsTiesToEvenOnBothSidesOfZero) {
  const auto half_even = [](int a, int b) { return static_cast<int>(divide(a, b, Rounding::half_even)); };
  EXPECT_EQ(half_even(5, 2), 2);
  EXPECT_EQ(half_even(7, 2), 4);
  EXPECT_EQ(half_even(-5, 2), -2);
  EXPECT_EQ(half_even(-7, 2), -4);
  EXPECT_EQ(half_even(7, -2), -4);
  EXPECT_EQ(half_even(-7, -2), 4);
  EXPECT_EQ(half_even(1, 2), 0);
  EXPECT_EQ(half_even(-3, 2), -2);
}

RC_GTEST_PROP(Divide, IsWithinHalfAStepAndOnTheNamedSide, ()) {
  const auto numerator = static_cast<Int128>(*rc::gen::arbitrary<std::int64_t>()) * *rc::gen::inRange(1, 1'000'000);
  const auto denominator = *rc::gen::nonZero<std::int64_t>();
  const Int128 down = divide(numerator, denominator, Rounding::down);
  const Int128 up = divide(numerator, denominator, Rounding::up);
  const Int128 nearest = divide(numerator, denominator, Rounding::half_even);
  const auto size = [](Int128 value) { return value < 0 ? -value : value; };
  RC_ASSERT(size(down * denominator) <= size(numerator));
  RC_ASSERT(size(up * denominator) >= size(numerator));
  RC_ASSERT(nearest == down || nearest == up);
  RC_ASSERT(2 * size(numerator - nearest * denominator) <= size(denominator));
}

TEST(Divide, HoldsAtTheEdgesOf128Bits) {
  EXPECT_TRUE(divide(int128_min, int128_max, Rounding::half_even) == -1);
  EXPECT_TRUE(divide(int128_min, int128_min, Rounding::half_even) == 1);
  EXPECT_TRUE(divide(int128_max, 1, Rounding::up) == int128_max);
}

TEST(ExactMultiple, CountsStepsOrSaysThatThereIsARest) {
  EXPECT_EQ(*exact_multiple(Decimal::of("0.0125"), Decimal::of("0.0005")), 25);
  EXPECT_EQ(*exact_multiple(Decimal::of("-3"), Decimal::of("0.1")), -30);
  EXPECT_EQ(*exact_multiple(Decimal{}, Decimal::of("0.1")), 0);
  const auto rest = exact_multiple(Decimal::of("0.0126"), Decimal::of("0.0005"));
  ASSERT_FALSE(rest.has_value());
  EXPECT_EQ(rest.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(rest.error().message, "0.0126 is not a multiple of 0.0005");
  const auto far = exact_multiple(Decimal::of("99999999999999999"), Decimal::of("0.000000000000000001"));
  ASSERT_FALSE(far.has_value());
  EXPECT_EQ(far.error().code, ErrorCode::out_of_domain);
}

RC_GTEST_PROP(ExactMultiple, InvertsMultiplication, ()) {
  const auto count = *rc::gen::inRange<std::int64_t>(-1'000'000'000, 1'000'000'000);
  const auto step = Decimal{Int128{*rc::gen::inRange(1, 100'000)}, *rc::gen::inRange(0, 9)};
  const Decimal value = Decimal{count} * step;
  RC_ASSERT(*exact_multiple(value, step) == count);
  RC_ASSERT(rounded_multiple(value, step, Rounding::up) == count);
}

TEST(RoundedMultiple, NamesItsSide) {
  const Decimal step = Decimal::of("0.0005");
  EXPECT_EQ(rounded_multiple(Decimal::of("0.01274"), step, Rounding::down), 25);
  EXPECT_EQ(rounded_multiple(Decimal::of("0.01274"), step, Rounding::up), 26);
  EXPECT_EQ(rounded_multiple(Decimal::of("0.01275"), step, Rounding::half_even), 26);
  EXPECT_EQ(rounded_multiple(Decimal::of("0.01225"), step, Rounding::half_even), 24);
  EXPECT_EQ(rounded_multiple(Decimal::of("-0.01274"), step, Rounding::down), -25);
  EXPECT_EQ(rounded_multiple(Decimal::of("-0.01274"), step, Rounding::up), -26);
}

TEST(NearestDecimal, TakesTheDoublesExactValueNotItsShortestText) {
  EXPECT_EQ(text_of(nearest_decimal(0.125, 2)), "0.12");
  EXPECT_EQ(text_of(nearest_decimal(0.375, 2)), "0.38");
  EXPECT_EQ(text_of(nearest_decimal(1.005, 2)), "1");  // the double lies just below 1.005
  EXPECT_EQ(text_of(nearest_decimal(-2.5, 0)), "-2");
  EXPECT_EQ(text_of(nearest_decimal(-0.0, 3)), "0");
  EXPECT_EQ(text_of(nearest_decimal(5e-324, 18)), "0");
  EXPECT_EQ(text_of(nearest_decimal(999999999999999872.0, 18)), "999999999999999872");
}

TEST(NearestDecimal, RefusesWhatHasNoDecimalHere) {
  for (const double value : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::infinity(), 1e18, -1e18, 1e300})
    EXPECT_EQ(text_of(nearest_decimal(value, 2)), "out_of_domain");
}

// A double below 2^40 with at most 40 binary places is an integer over 2^40, so Divide can round it exactly.
RC_GTEST_PROP(NearestDecimal, EqualsExactIntegerRounding, ()) {
  const auto numerator = *rc::gen::inRange<std::int64_t>(-(std::int64_t{1} << 52), std::int64_t{1} << 52);
  const auto places = *rc::gen::inRange(0, 41);
  const auto decimals = *rc::gen::inRange(0, 13);
  const double value = std::ldexp(static_cast<double>(numerator), -places);
  Int128 scaled = numerator;
  for (int i = 0; i < decimals; ++i) scaled *= 10;
  const Int128 exact = divide(scaled, Int128{1} << places, Rounding::half_even);
  RC_ASSERT(*nearest_decimal(value, decimals) == Decimal(exact, decimals));
}

TEST(Count, AddsAndRefusesToWrap) {
  EXPECT_EQ((QuantityLots{5} - QuantityLots{7}).raw(), -2);
  EXPECT_EQ((-PriceTicks{3}).raw(), -3);
  EXPECT_LT(PriceTicks{1}, PriceTicks{2});
  const QuantityLots most{std::numeric_limits<std::int64_t>::max()};
  const QuantityLots least{std::numeric_limits<std::int64_t>::min()};
  EXPECT_DEATH((void)(most + QuantityLots{1}), "invariant broken");
  EXPECT_DEATH((void)(least - QuantityLots{1}), "invariant broken");
  EXPECT_DEATH((void)-least, "invariant broken");
}

TEST(Amount, ConvertsExactlyOrSaysWhyNot) {
  const auto wei = Amount::from_decimal(Decimal::of("9.3") + Decimal::of("0.000000000000000001"), 18);
  ASSERT_TRUE(wei.has_value());
  EXPECT_EQ(to_string(wei->units()), "9300000000000000001");  // 64 bits end at 9.22 ETH
  EXPECT_EQ(wei->to_decimal(18).to_string(), "9.300000000000000001");
  const auto dust = Amount::from_decimal(Decimal::of("0.000000001"), 8);
  ASSERT_FALSE(dust.has_value());
  EXPECT_EQ(dust.error().code, ErrorCode::invalid_argument);
  EXPECT_TRUE(Amount::rounded(Decimal::of("0.000000005"), 8, Rounding::half_even).is_zero());
  EXPECT_EQ(to_string(Amount::rounded(Decimal::of("0.000000005"), 8, Rounding::up).units()), "1");
  EXPECT_EQ(Amount{Int128{-150'000'000}}.to_double(8), -1.5);
}

TEST(Amount, StopsTheProcessRatherThanWrap) {
  const Amount most{int128_max};
  const Amount least{int128_min};
  EXPECT_DEATH((void)(most + Amount{1}), "invariant broken");
  EXPECT_DEATH((void)(least - Amount{1}), "invariant broken");
  EXPECT_DEATH((void)-least, "invariant broken");
  EXPECT_EQ(least - least, Amount{});
  EXPECT_EQ(most + least, Amount{-1});
  EXPECT_LT(least, most);
}

TEST(DecimalDeath, MistakesOfOursStopTheProcess) {
  EXPECT_DEATH((void)divide(1, 0, Rounding::down), "denominator != 0");
  EXPECT_DEATH((void)divide(int128_min, -1, Rounding::down), "denominator != -1");
  EXPECT_DEATH((void)Decimal::of("1,5"), "invariant broken");
  EXPECT_DEATH((void)Decimal(Int128{1}, 38), "invariant broken");
  EXPECT_DEATH((void)Decimal(Int128{1}, -1), "invariant broken");
  EXPECT_DEATH((void)(Decimal(int128_max, 0) + Decimal{1}), "invariant broken");
  EXPECT_DEATH((void)(Decimal(int128_max, 0) * Decimal{2}), "invariant broken");
  EXPECT_DEATH((void)-Decimal(int128_min, 0), "invariant broken");
  EXPECT_DEATH((void)exact_multiple(Decimal{1}, Decimal{}), "step");
  EXPECT_DEATH((void)rounded_multiple(Decimal{1}, -Decimal{1}, Rounding::down), "step");
  EXPECT_DEATH((void)nearest_decimal(1.0, 19), "decimals");
}

}  // namespace
}  // namespace gimbal
