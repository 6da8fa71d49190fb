// Exact decimals, and the integers that prices, sizes and balances become once their step is known. Money owed is
// counted here; money estimated is a double (real.hpp); the bridges are the functions below that name their rounding.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "gimbal/foundation/result.hpp"

namespace gimbal {

__extension__ typedef __int128 Int128;  // NOLINT(modernize-use-using): the only spelling -Wpedantic lets pass

enum class Rounding {
  half_even,  ///< To the nearest, ties to the even neighbour: what Gimbal assumes of a venue that does not say.
  down,       ///< Towards zero.
  up,         ///< Away from zero.
};

/// numerator / denominator as an integer. Stops the process if the denominator is zero or the quotient leaves 128 bits.
[[nodiscard]] Int128 divide(Int128 numerator, Int128 denominator, Rounding rounding);

/// Decimal digits of a 128-bit integer with a sign where negative.
[[nodiscard]] std::string to_string(Int128 value);

/// An exact decimal: coefficient / 10^scale, in lowest terms, so that equal values have equal representations.
///
/// Text read from outside has at most 18 digits before its point, 18 behind it and 18 significant ones, so that the
/// product of two such values never overflows; arithmetic past 128 bits is a mistake of ours and stops the process.
/// Comparing never overflows.
class Decimal {
 public:
  constexpr Decimal() = default;
  explicit Decimal(std::int64_t value) : Decimal{Int128{value}, 0} {}
  /// coefficient / 10^scale, 0 <= scale <= 37.
  Decimal(Int128 coefficient, int scale);

  /// Reads `-12.5`, `3e-08`, `0`; nothing else may stand before or behind.
  /// Errors    parse, with what was found.
  [[nodiscard]] static Result<Decimal> parse(std::string_view text);
  /// A literal of ours: parse that stops the process on a mistake.
  [[nodiscard]] static Decimal of(std::string_view literal);

  [[nodiscard]] constexpr Int128 coefficient() const { return coefficient_; }
  [[nodiscard]] constexpr int scale() const { return scale_; }
  [[nodiscard]] bool is_zero() const { return coefficient_ == 0; }
  [[nodiscard]] bool is_negative() const { return coefficient_ < 0; }

  /// The nearest double.
  [[nodiscard]] double to_double() const;
  /// Plain notation without exponent or trailing zeros: `-12.5`, `0.00000003`.
  [[nodiscard]] std::string to_string() const;
  /// Exactly `decimals` decimals, padded with zeros, rounded half even.
  [[nodiscard]] std::string to_fixed(int decimals) const;

  /// The coefficient at another scale: round(value * 10^scale).
  [[nodiscard]] Int128 rescaled(int scale, Rounding rounding) const;

  friend Decimal operator+(const Decimal& a, const Decimal& b);
  friend Decimal operator-(const Decimal& a, const Decimal& b);
  friend Decimal operator*(const Decimal& a, const Decimal& b);
  friend Decimal operator-(const Decimal& a);
  friend bool operator==(const Decimal& a, const Decimal& b) = default;
  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);

 private:
  Int128 coefficient_ = 0;
  int scale_ = 0;
};

/// How many times `step` goes into `value`, exactly.
/// Errors    invalid_argument when it does not, out_of_domain when the count leaves 62 bits.
[[nodiscard]] Result<std::int64_t> exact_multiple(const Decimal& value, const Decimal& step);

/// The multiple of `step` next to `value`. Stops the process when step <= 0 or the count leaves 62 bits.
[[nodiscard]] std::int64_t rounded_multiple(const Decimal& value, const Decimal& step, Rounding rounding);

/// The decimal with `decimals` decimals nearest to a double, ties to even.
/// Domain    0 <= decimals <= 18.
/// Errors    out_of_domain for NaN, infinities and magnitudes of 1e18 and more.
[[nodiscard]] Result<Decimal> nearest_decimal(double value, int decimals);

/// A count of something with a step of its own. Adding past 64 bits stops the process.
template <class Unit>
class Count {
 public:
  constexpr Count() = default;
  constexpr explicit Count(std::int64_t value) : value_{value} {}
  [[nodiscard]] constexpr std::int64_t raw() const { return value_; }

  friend Count operator+(Count a, Count b) {
    std::int64_t sum = 0;
    const bool overflow = __builtin_add_overflow(a.value_, b.value_, &sum);
    GIMBAL_ASSERT(!overflow);
    return Count{sum};
  }
  friend Count operator-(Count a, Count b) {
    std::int64_t difference = 0;
    const bool overflow = __builtin_sub_overflow(a.value_, b.value_, &difference);
    GIMBAL_ASSERT(!overflow);
    return Count{difference};
  }
  friend Count operator-(Count a) { return Count{} - a; }
  friend constexpr auto operator<=>(Count, Count) = default;

 private:
  std::int64_t value_ = 0;
};

/// Prices, in the instrument's tick.
using PriceTicks = Count<struct PriceTicksUnit>;
/// Positions and trades, in the instrument's lot; negative is short.
using QuantityLots = Count<struct QuantityLotsUnit>;

/// Money owed: an integer count of an asset's smallest unit at that asset's own scale (BTC 8, USDC 6, ETH on chain 18).
/// 128 bits, since 64 end at 9.2 ETH. Adding past them stops the process.
class Amount {
 public:
  constexpr Amount() = default;
  constexpr explicit Amount(Int128 units) : units_{units} {}
  /// Exact conversion. Errors: invalid_argument when the value has more decimals than the asset.
  [[nodiscard]] static Result<Amount> from_decimal(const Decimal& value, int scale);
  [[nodiscard]] static Amount rounded(const Decimal& value, int scale, Rounding rounding) {
    return Amount{value.rescaled(scale, rounding)};
  }

  [[nodiscard]] constexpr Int128 units() const { return units_; }
  [[nodiscard]] bool is_zero() const { return units_ == 0; }
  [[nodiscard]] Decimal to_decimal(int scale) const { return Decimal{units_, scale}; }
  [[nodiscard]] double to_double(int scale) const { return to_decimal(scale).to_double(); }

  friend Amount operator+(Amount a, Amount b);
  friend Amount operator-(Amount a, Amount b);
  friend Amount operator-(Amount a) { return Amount{} - a; }
  friend constexpr bool operator==(Amount, Amount) = default;
  friend constexpr std::strong_ordering operator<=>(Amount a, Amount b) {
    return a.units_ < b.units_   ? std::strong_ordering::less
           : a.units_ > b.units_ ? std::strong_ordering::greater
                                 : std::strong_ordering::equal;
  }

 private:
  Int128 units_ = 0;
};

}  // namespace gimbal
