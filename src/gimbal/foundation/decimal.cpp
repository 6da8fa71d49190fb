// Exact decimal arithmetic on 128-bit coefficients.
#include "gimbal/foundation/decimal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>

namespace gimbal {
namespace {

constexpr int power_max = 38;  // 10^38 is the last power of ten below 2^127
constexpr int scale_max = power_max - 1;
constexpr int digits_read_max = 18;    // significant ones, and those on either side of the point
constexpr int exponent_read_max = 36;  // moves a point from one end of the readable range to the other
constexpr Int128 lowest = std::numeric_limits<std::int64_t>::min() * (Int128{1} << 64);

constexpr std::array<Int128, power_max + 1> powers_of_ten = [] {
  std::array<Int128, power_max + 1> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

Int128 power_of_ten(int exponent) {
  GIMBAL_ASSERT(exponent >= 0);
  GIMBAL_ASSERT(exponent <= power_max);
  return powers_of_ten[static_cast<std::size_t>(exponent)];
}

Int128 checked_product(Int128 a, Int128 b) {
  Int128 product = 0;
  const bool overflow = __builtin_mul_overflow(a, b, &product);
  GIMBAL_ASSERT(!overflow);
  return product;
}

Int128 checked_sum(Int128 a, Int128 b) {
  Int128 sum = 0;
  const bool overflow = __builtin_add_overflow(a, b, &sum);
  GIMBAL_ASSERT(!overflow);
  return sum;
}

Int128 checked_difference(Int128 a, Int128 b) {
  Int128 difference = 0;
  const bool overflow = __builtin_sub_overflow(a, b, &difference);
  GIMBAL_ASSERT(!overflow);
  return difference;
}

// The digits of one decimal number in text, before they are given a scale.
struct Digits {
  std::uint64_t coefficient = 0;  // holds one digit more than is read
  int significant = 0;
  int behind_point = 0;
  bool any = false;
};

// Consumes digits and one optional point; false when a nineteenth significant digit would be lost.
bool read_digits(std::string_view& rest, Digits& digits) {
  bool point = false;
  while (!rest.empty()) {
    const char c = rest.front();
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      digits.any = true;
      digits.coefficient = digits.coefficient * 10 + static_cast<std::uint64_t>(c - '0');
      if (digits.coefficient != 0) ++digits.significant;
      if (point) ++digits.behind_point;
      if (digits.significant > digits_read_max || digits.behind_point > 2 * digits_read_max) return false;
    } else {
      break;
    }
    rest.remove_prefix(1);
  }
  return digits.any;
}

bool read_exponent(std::string_view& rest, int& exponent) {
  if (rest.empty() || (rest.front() != 'e' && rest.front() != 'E')) return true;
  rest.remove_prefix(1);
  if (rest.size() > 1 && rest[0] == '+' && rest[1] != '-') rest.remove_prefix(1);
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), exponent);
  if (error != std::errc{} || exponent > exponent_read_max || exponent < -exponent_read_max) return false;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return true;
}

}  // namespace

Int128 divide(Int128 numerator, Int128 denominator, Rounding rounding) {
  GIMBAL_ASSERT(denominator != 0);
  GIMBAL_ASSERT(denominator != -1 || numerator != lowest);
  const Int128 quotient = numerator / denominator;
  const Int128 remainder = numerator % denominator;
  if (remainder == 0 || rounding == Rounding::down) return quotient;
  const Int128 away = ((numerator < 0) != (denominator < 0)) ? -1 : 1;
  if (rounding == Rounding::up) return quotient + away;
  const Int128 remainder_size = remainder < 0 ? -remainder : remainder;
  const Int128 left = (denominator < 0 ? -denominator : denominator) - remainder_size;
  if (remainder_size > left || (remainder_size == left && quotient % 2 != 0)) return quotient + away;
  return quotient;
}

std::string to_string(Int128 value) {
  if (value == 0) return "0";
  std::string text;
  const bool negative = value < 0;
  while (value != 0) {
    const int digit = static_cast<int>(value % 10);
    text.push_back(static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    value /= 10;
  }
  if (negative) text.push_back('-');
  std::reverse(text.begin(), text.end());
  return text;
}

Decimal::Decimal(Int128 coefficient, int scale) : coefficient_{coefficient}, scale_{scale} {
  while (scale_ > 0 && coefficient_ % 10 == 0) {
    coefficient_ /= 10;
    --scale_;
  }
  GIMBAL_ASSERT(scale_ >= 0);
  GIMBAL_ASSERT(scale_ <= scale_max);
}

Result<Decimal> Decimal::parse(std::string_view text) {
  std::string_view rest = text;
  const bool negative = !rest.empty() && rest.front() == '-';
  if (negative) rest.remove_prefix(1);
  Digits digits;
  int exponent = 0;
  if (!read_digits(rest, digits) || !read_exponent(rest, exponent) || !rest.empty())
    return fail(ErrorCode::parse, "'{}' is not a decimal number of at most {} digits", text, digits_read_max);
  int scale = digits.behind_point - exponent;
  while (scale > 0 && digits.coefficient % 10 == 0 && digits.coefficient != 0) {
    digits.coefficient /= 10;
    --digits.significant;
    --scale;
  }
  if (digits.coefficient == 0) return Decimal{};
  if (scale > digits_read_max) return fail(ErrorCode::parse, "'{}' has more than {} decimals", text, digits_read_max);
  if (digits.significant - scale > digits_read_max)
    return fail(ErrorCode::parse, "'{}' has more than {} digits before its point", text, digits_read_max);
  Int128 coefficient = digits.coefficient;
  if (scale < 0) {
    coefficient = checked_product(coefficient, power_of_ten(-scale));
    scale = 0;
  }
  return Decimal{negative ? -coefficient : coefficient, scale};
}

Decimal Decimal::of(std::string_view literal) {
  const auto parsed = parse(literal);
  GIMBAL_ASSERT(parsed.has_value());
  return *parsed;
}

double Decimal::to_double() const {
  // Where doubles hold coefficient and power exactly, their one division is rounded correctly (W. D. Clinger, "How to
  // read floating point numbers accurately", PLDI 1990).
  constexpr double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                               1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  constexpr Int128 exact_most = Int128{1} << 53;
  if (coefficient_ >= -exact_most && coefficient_ <= exact_most && scale_ < static_cast<int>(std::size(powers)))
    return static_cast<double>(static_cast<std::int64_t>(coefficient_)) / powers[scale_];
  // Through text: from_chars rounds correctly, which dividing two rounded doubles would not.
  const std::string text = gimbal::to_string(coefficient_) + "e-" + std::to_string(scale_);
  double value = 0.0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string Decimal::to_string() const { return to_fixed(scale_); }

std::string Decimal::to_fixed(int decimals) const {
  const Int128 coefficient = rescaled(decimals, Rounding::half_even);
  std::string text = gimbal::to_string(coefficient);
  if (coefficient < 0) text.erase(0, 1);  // the sign comes back in front of the padding
  if (decimals > 0) {
    const auto width = static_cast<std::size_t>(decimals);
    if (text.size() <= width) text.insert(0, width + 1 - text.size(), '0');
    text.insert(text.size() - width, ".");
  }
  return coefficient < 0 ? "-" + text : text;
}

Int128 Decimal::rescaled(int scale, Rounding rounding) const {
  if (scale >= scale_) return checked_product(coefficient_, power_of_ten(scale - scale_));
  return divide(coefficient_, power_of_ten(scale_ - scale), rounding);
}

Decimal operator+(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale_, b.scale_);
  return Decimal{checked_sum(a.rescaled(scale, Rounding::down), b.rescaled(scale, Rounding::down)), scale};
}

Decimal operator-(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale_, b.scale_);
  return Decimal{checked_difference(a.rescaled(scale, Rounding::down), b.rescaled(scale, Rounding::down)), scale};
}

Decimal operator-(const Decimal& a) { return Decimal{checked_difference(0, a.coefficient_), a.scale_}; }

Decimal operator*(const Decimal& a, const Decimal& b) {
  Int128 coefficient = checked_product(a.coefficient_, b.coefficient_);
  int scale = a.scale_ + b.scale_;
  while (scale > 0 && coefficient % 10 == 0) {
    coefficient /= 10;
    --scale;
  }
  return Decimal{coefficient, scale};
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  // Whole parts first, then what lies behind the point: at one scale the coefficients themselves might not fit.
  const int scale = std::max(a.scale_, b.scale_);
  Int128 left = a.rescaled(0, Rounding::down);
  Int128 right = b.rescaled(0, Rounding::down);
  if (left == right) {
    left = a.coefficient_ % power_of_ten(a.scale_) * power_of_ten(scale - a.scale_);
    right = b.coefficient_ % power_of_ten(b.scale_) * power_of_ten(scale - b.scale_);
  }
  if (left == right) return std::strong_ordering::equal;
  return left < right ? std::strong_ordering::less : std::strong_ordering::greater;
}

Result<std::int64_t> exact_multiple(const Decimal& value, const Decimal& step) {
  GIMBAL_ASSERT(step.coefficient() > 0);
  const int scale = std::max(value.scale(), step.scale());
  const Int128 whole = value.rescaled(scale, Rounding::down);
  const Int128 part = step.rescaled(scale, Rounding::down);
  if (whole % part != 0)
    return fail(ErrorCode::invalid_argument, "{} is not a multiple of {}", value.to_string(), step.to_string());
  const Int128 count = whole / part;
  constexpr Int128 limit = Int128{1} << 62;
  if (count >= limit || count <= -limit)
    return fail(ErrorCode::out_of_domain, "{} is too many times {}", value.to_string(), step.to_string());
  return static_cast<std::int64_t>(count);
}

std::int64_t rounded_multiple(const Decimal& value, const Decimal& step, Rounding rounding) {
  GIMBAL_ASSERT(step.coefficient() > 0);
  const int scale = std::max(value.scale(), step.scale());
  const Int128 count = divide(value.rescaled(scale, Rounding::down), step.rescaled(scale, Rounding::down), rounding);
  constexpr Int128 limit = Int128{1} << 62;
  GIMBAL_ASSERT(count < limit);
  GIMBAL_ASSERT(count > -limit);
  return static_cast<std::int64_t>(count);
}

Result<Decimal> nearest_decimal(double value, int decimals) {
  GIMBAL_ASSERT(decimals >= 0);
  GIMBAL_ASSERT(decimals <= digits_read_max);
  if (!std::isfinite(value) || std::fabs(value) >= 1e18)
    return fail(ErrorCode::out_of_domain, "{} has no decimal of {} decimals here", value, decimals);
  // fmt prints the double's exact expansion correctly rounded, which scaling by a power of ten would not.
  const std::string text = fmt::format("{:.{}f}", value, decimals);
  std::string_view rest = text;
  const bool negative = rest.front() == '-';
  if (negative) rest.remove_prefix(1);
  Int128 coefficient = 0;
  for (const char c : rest)
    if (c != '.') coefficient = coefficient * 10 + (c - '0');  // 36 digits at most
  return Decimal{negative ? -coefficient : coefficient, decimals};
}

Result<Amount> Amount::from_decimal(const Decimal& value, int scale) {
  if (value.scale() > scale)
    return fail(ErrorCode::invalid_argument, "{} has more than {} decimals", value.to_string(), scale);
  return Amount{value.rescaled(scale, Rounding::down)};
}

Amount operator+(Amount a, Amount b) { return Amount{checked_sum(a.units_, b.units_)}; }
Amount operator-(Amount a, Amount b) { return Amount{checked_difference(a.units_, b.units_)}; }

}  // namespace gimbal
