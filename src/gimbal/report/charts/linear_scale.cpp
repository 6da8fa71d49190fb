// Scales and round steps, by arithmetic alone: no logarithm decides which step an axis gets.
#include "gimbal/report/charts/linear_scale.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report {
namespace {

// Ends of a domain are floating-point sums: a tick this share of a step outside still belongs to it.
constexpr double step_tolerance = 1e-9;

double count_inside(const Interval& domain, double step) {
  return std::floor(domain.upper / step + step_tolerance) - std::ceil(domain.lower / step - step_tolerance) + 1.0;
}

}  // namespace

Interval interval_of(std::span<const double> values, double widened_share) {
  std::optional<Interval> interval;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    if (!interval) interval = Interval{value, value};
    interval->lower = std::min(interval->lower, value);
    interval->upper = std::max(interval->upper, value);
  }
  if (!interval) return {};
  const double size = std::max(std::fabs(interval->lower), std::fabs(interval->upper));
  constexpr double width_least = 1e-9;  // relative: less is what sums of doubles lose
  if (interval->width() <= width_least * size || size == 0.0) {
    constexpr double share_around_one_value = 0.1;
    const double around = size == 0.0 ? 1.0 : share_around_one_value * size;
    return {interval->lower - around, interval->upper + around};
  }
  const double more = widened_share * interval->width();
  return {interval->lower - more, interval->upper + more};
}

LinearScale::LinearScale(const Interval& domain, const Interval& range) : domain_{domain}, range_{range} {
  GIMBAL_ASSERT(std::isfinite(domain.width()) && domain.width() > 0.0);
}

double LinearScale::at(double value) const {
  GIMBAL_ASSERT(!std::isnan(value));
  const double share = (std::clamp(value, domain_.lower, domain_.upper) - domain_.lower) / domain_.width();
  return range_.lower + share * range_.width();
}

Ticks round_ticks(const Interval& domain, int count_most) {
  GIMBAL_ASSERT(count_most >= 2);
  GIMBAL_ASSERT(std::isfinite(domain.width()) && domain.width() > 0.0);
  double decade = 1.0;
  while (decade > domain.width() / 10.0) decade /= 10.0;
  while (decade * 10.0 <= domain.width() / 10.0) decade *= 10.0;
  Ticks ticks;
  for (double step = decade;; step *= 10.0) {
    bool found = false;
    for (const double factor : {1.0, 2.0, 5.0}) {
      ticks.step = step * factor;
      found = count_inside(domain, ticks.step) <= count_most;
      if (found) break;
    }
    if (found) break;
  }
  const double first = std::ceil(domain.lower / ticks.step - step_tolerance);
  const auto count = static_cast<int>(std::max(0.0, count_inside(domain, ticks.step)));
  for (int i = 0; i < count; ++i) {
    const double value = (first + i) * ticks.step;
    ticks.values.push_back(std::clamp(value == 0.0 ? 0.0 : value, domain.lower, domain.upper));
  }
  return ticks;
}

std::string tick_text(double value, double step) {
  int decimals = 0;
  constexpr int decimals_most = 9;
  for (double size = step; size < 1.0 - step_tolerance && decimals < decimals_most; size *= 10.0) ++decimals;
  return fixed_text(value, decimals);
}

std::string Ticks::text_of(std::size_t index) const {
  return texts.empty() ? tick_text(values[index], step) : texts[index];
}

}  // namespace gimbal::report
