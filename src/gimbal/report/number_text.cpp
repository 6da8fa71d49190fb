// Rounding, separators, and how much of a number is worth showing.
#include "gimbal/report/number_text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace gimbal::report {
namespace {

// Beyond this a double has no cents left, and a table no room.
constexpr double magnitude_plain_most = 1e15;
// Digits that an exact decimal may show before it is rounded to three: the same bound in text.
constexpr std::size_t decimal_digits_most = 20;
constexpr int decimals_limit = 9;

// Commas between the thousands of `-1234567.89`.
std::string separated(std::string text) {
  const std::size_t first = !text.empty() && text[0] == '-' ? 1 : 0;
  std::size_t end = std::min(text.find('.'), text.size());
  while (end > first + 3) {
    end -= 3;
    text.insert(end, ",");
  }
  return text;
}

// `-0.00` says that something is negative where nothing is.
std::string without_negative_zero(std::string text) {
  if (text.find_first_of("123456789") == std::string::npos && text[0] == '-') text.erase(0, 1);
  return text;
}

}  // namespace

std::string fixed_text(double value, int decimals) {
  if (!std::isfinite(value)) return text_absent;
  if (std::fabs(value) >= magnitude_plain_most) return fmt::format("{:.2e}", value);
  return separated(without_negative_zero(fmt::format("{:.{}f}", value, std::clamp(decimals, 0, decimals_limit))));
}

std::string change_text(double value, int decimals) {
  const std::string text = fixed_text(value, decimals);
  return value > 0.0 && text != text_absent ? "+" + text : text;
}

int decimals_for(double magnitude, const Precision& precision) {
  const auto [digits, decimals_most] = precision;
  if (!std::isfinite(magnitude) || magnitude == 0.0) return 0;
  int integer_digits = 0;
  double scale = 1.0;
  for (const double size = std::fabs(magnitude); size >= scale && integer_digits < digits; scale *= 10.0)
    ++integer_digits;
  if (integer_digits > 0) return std::clamp(digits - integer_digits, 0, decimals_most);
  int zeros = 0;  // between the point and the first digit
  for (double size = std::fabs(magnitude) * 10.0; size < 1.0 && zeros < decimals_most; size *= 10.0) ++zeros;
  return std::clamp(digits + zeros, 0, decimals_most);
}

std::string significant_text(double value, int digits) {
  const Precision precision{.digits = digits};
  // Less than half of the last decimal there is to show is the dust of sums, and no number.
  constexpr double dust = 0.5e-8;
  if (std::fabs(value) < dust) value = 0.0;
  return fixed_text(value, decimals_for(value, precision));
}

std::string significant_text(const std::optional<double>& value, int digits) {
  return value ? significant_text(*value, digits) : text_absent;
}

int money_decimals(double magnitude, std::string_view asset) {
  constexpr double cents_matter_below = 1000.0;
  constexpr int coin_decimals = 4;
  if (asset == "BTC" || asset == "ETH") return coin_decimals;
  return std::fabs(magnitude) < cents_matter_below ? 2 : 0;
}

std::string money_text(double value, std::string_view asset) { return fixed_text(value, money_decimals(value, asset)); }

std::string decimal_text(const Decimal& value) {
  std::string text = value.to_string();
  if (text.size() > decimal_digits_most) return significant_text(value.to_double());
  return separated(std::move(text));
}

std::string decimal_change_text(const Decimal& value) {
  const std::string text = decimal_text(value);
  return value > Decimal{} ? "+" + text : text;
}

std::string percent_text(double fraction, int decimals) {
  if (!std::isfinite(fraction)) return text_absent;
  return fixed_text(100.0 * fraction, decimals) + "%";
}

std::string percent_text(const std::optional<double>& fraction, int decimals) {
  return fraction ? percent_text(*fraction, decimals) : text_absent;
}

std::string count_text(std::uint64_t count) { return separated(std::to_string(count)); }

}  // namespace gimbal::report
