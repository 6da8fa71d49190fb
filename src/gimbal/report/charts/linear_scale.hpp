// From values to places on a figure, and the round numbers that an axis shows.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace gimbal::report {

struct Interval {
  double lower = 0.0;
  double upper = 1.0;

  [[nodiscard]] double width() const { return upper - lower; }
  friend bool operator==(const Interval&, const Interval&) = default;
};

/// The least interval that holds every finite value, widened on both sides by a share of its width. One value, or
/// equal ones, get an interval around them; none at all give 0 to 1.
[[nodiscard]] Interval interval_of(std::span<const double> values, double widened_share = 0.0);

/// Linear between the ends of `domain` and of `range`; values outside of the domain are shown at its nearer end, so
/// that nothing leaves a figure. Domain: finite and of positive width.
class LinearScale {
 public:
  LinearScale(const Interval& domain, const Interval& range);
  /// Value: not NaN.
  [[nodiscard]] double at(double value) const;
  [[nodiscard]] const Interval& domain() const { return domain_; }
  [[nodiscard]] const Interval& range() const { return range_; }

 private:
  Interval domain_;
  Interval range_;
};

struct Ticks {
  double step = 1.0;  ///< 1, 2 or 5 times a power of ten.
  std::vector<double> values;
  std::vector<std::string> texts;  ///< Of the values, where an axis is not of what it shows; else empty.

  [[nodiscard]] std::string text_of(std::size_t index) const;
};

/// Multiples of a round step inside the domain: as many as there can be, at most `count_most`, which is 2 or more.
[[nodiscard]] Ticks round_ticks(const Interval& domain, int count_most);

/// A tick with as many decimals as its step has, thousands separated.
[[nodiscard]] std::string tick_text(double value, double step);

}  // namespace gimbal::report
