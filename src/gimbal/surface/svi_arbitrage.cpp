// Minima on a grid and then to their last digits; crossings by the quartic.
#include "gimbal/surface/svi_arbitrage.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

#include "gimbal/numerics/lanes.hpp"
#include "gimbal/numerics/polynomial_roots.hpp"
#include "gimbal/numerics/special.hpp"
#include "gimbal/surface/internal/stretched_axis.hpp"

namespace gimbal::surface {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

using Lanes = numerics::Lanes4;
constexpr std::size_t lanes = numerics::lane_count<Lanes>;

/// Points over the quotes and well beyond them, and those that follow each wing further out.
constexpr std::size_t inner_points = 2001;
constexpr std::size_t outer_points = 160;
constexpr double outer_stretch = 16.0;  // The last of them lie e^16 times as far out as the quotes.
/// Fewer do for a gap, whose signs the quartic knows: they only have to tell its minima apart.
constexpr std::size_t gap_points_inner = 160;
constexpr std::size_t gap_points_outer = 40;

struct Place {
  double at;
  double value;
};

/// The least of a smooth function in [low, high], which brackets one minimum: golden sections, to the last digits that
/// a minimum has.
template <class Function>
Place least_between(double low, double high, const Function& function) {
  constexpr double golden = 0.61803398874989484820;
  double left = high - golden * (high - low);
  double right = low + golden * (high - low);
  double at_left = function(left);
  double at_right = function(right);
  for (int step = 0; step < 60; ++step) {
    if (at_left < at_right) {
      high = right;
      right = left;
      at_right = at_left;
      left = high - golden * (high - low);
      at_left = function(left);
    } else {
      low = left;
      left = right;
      at_left = at_right;
      right = low + golden * (high - low);
      at_right = function(right);
    }
  }
  return at_left < at_right ? Place{left, at_left} : Place{right, at_right};
}

/// Where a function that is negative at one end only changes its sign.
template <class Function>
double sign_change(double low, double high, const Function& function) {
  const bool falls = function(low) >= 0.0;
  for (;;) {
    const double middle = 0.5 * (low + high);
    if (!(middle > low && middle < high)) return middle;
    ((function(middle) >= 0.0) == falls ? low : high) = middle;
  }
}

/// The stretches in which a function sampled at ascending points is negative, after each dip between samples has been
/// followed to its bottom. `limits` are its values at both infinities.
template <class Function>
std::vector<Violation> negative_stretches(std::vector<Place> places, std::array<double, 2> limits,
                                          const Function& function, Place& least) {
  const std::size_t sampled = places.size();
  for (std::size_t i = 1; i + 1 < sampled; ++i) {
    if (places[i].value <= places[i - 1].value && places[i].value <= places[i + 1].value)
      places.push_back(least_between(places[i - 1].at, places[i + 1].at, function));
  }
  for (const Place& place : places)
    if (place.value < least.value) least = place;
  if (least.value >= 0.0) return {};
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.at < b.at; });

  std::vector<Violation> found;
  const auto open = [&found](double from) { found.push_back({from, infinity, 0.0, 0.0}); };
  if (limits[0] < 0.0) {
    open(-infinity);
    found.back().worst_at = -infinity;
    found.back().worst = limits[0];
  }
  bool is_negative = limits[0] < 0.0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const bool now = places[i].value < 0.0;
    if (now != is_negative) {
      const double edge = i == 0 ? places[i].at : sign_change(places[i - 1].at, places[i].at, function);
      if (now)
        open(edge);
      else
        found.back().to = edge;
      is_negative = now;
    }
    if (now && places[i].value < found.back().worst) {
      found.back().worst = places[i].value;
      found.back().worst_at = places[i].at;
    }
  }
  if (limits[1] < 0.0) {
    if (!is_negative) open(places.back().at);
    if (limits[1] < found.back().worst) {
      found.back().worst = limits[1];
      found.back().worst_at = infinity;
    }
  } else if (is_negative) {
    found.back().to = infinity;
  }
  return found;
}

/// Where a slice is looked at: even steps of u = asinh((k - m)/sigma), dense where the slice bends and over the quotes,
/// and on into both wings for `outer` steps each.
struct StretchedSteps {
  double first;  ///< u of the first point.
  double inner;  ///< Step over the quotes.
  double outer;  ///< Step in the wings.
  std::size_t inner_count;
  std::size_t outer_count;

  StretchedSteps(const SviSlice& slice, std::size_t points_inner, std::size_t points_outer)
      : inner_count{points_inner}, outer_count{points_outer} {
    const double w_atm = std::max(svi_variance(slice, 0.0), 0.0);
    const double reach = std::max(2.5, 8.0 * std::sqrt(w_atm));
    const double low = internal::inverse_hyperbolic_sine((-reach - slice.m) / slice.sigma);
    const double high = internal::inverse_hyperbolic_sine((reach - slice.m) / slice.sigma);
    inner = (high - low) / static_cast<double>(points_inner - 1);
    outer = outer_stretch / static_cast<double>(points_outer);
    first = low - outer_stretch;
  }
};

/// Calls `visit` with e^u of four points at a time, then of what is left over with repetitions of the last: powers of
/// e^step by multiplication, since where exactly a point lies does not matter.
template <class Visit>
void for_each_exponential(const StretchedSteps& steps, const Visit& visit) {
  double at = numerics::exp(steps.first);
  const auto run = [&](double step, std::size_t count) {
    const double ratio = numerics::exp(step);
    const double square = ratio * ratio;
    for (std::size_t i = 0; i < count; i += lanes) {
      const std::array<double, lanes> four{at, at * ratio, at * square, at * (square * ratio)};
      visit(numerics::load<Lanes>(four.data()), std::min(lanes, count - i));
      at *= square * square;
    }
  };
  run(steps.outer, steps.outer_count);
  at = numerics::exp(steps.first + outer_stretch);
  run(steps.inner, steps.inner_count);
  at = numerics::exp(steps.first + outer_stretch + steps.inner * static_cast<double>(steps.inner_count - 1) +
                     steps.outer);
  run(steps.outer, steps.outer_count);
}

/// g of a slice at its steps.
std::vector<Place> densities(const SviSlice& slice) {
  std::vector<Place> places;
  places.reserve(inner_points + 2 * outer_points);
  const Lanes half{0.5};
  for_each_exponential({slice, inner_points, outer_points}, [&](Lanes e, std::size_t count) {
    const Lanes over = Lanes{1.0} / e;
    const Lanes y = half * Lanes{slice.sigma} * (e - over);
    const Lanes root = half * Lanes{slice.sigma} * (e + over);
    const Lanes over_root = Lanes{1.0} / root;
    const Lanes k = y + Lanes{slice.m};
    const Lanes w = Lanes{slice.a} + Lanes{slice.b} * (Lanes{slice.rho} * y + root);
    const Lanes slope = Lanes{slice.b} * (Lanes{slice.rho} + y * over_root);
    const Lanes curvature = Lanes{slice.b * slice.sigma * slice.sigma} * over_root * over_root * over_root;
    const Lanes over_w = Lanes{1.0} / w;
    const Lanes lean = Lanes{1.0} - half * k * slope * over_w;
    const Lanes g = lean * lean - Lanes{0.25} * slope * slope * (over_w + Lanes{0.25}) + half * curvature;
    std::array<double, lanes> at{};
    std::array<double, lanes> value{};
    store(k, at.data());
    store(g, value.data());
    // A variance that rounding takes to zero has no density, which is no proof of a good one.
    for (std::size_t i = 0; i < count; ++i) places.push_back({at[i], std::isnan(value[i]) ? -infinity : value[i]});
  });
  return places;
}

/// Coefficients, lowest first, of (L^2 + B - A)^2 - 4 L^2 B: zero wherever L + sqrt(B) = sqrt(A), with L linear and A,
/// B quadratic.
std::array<double, 5> crossing_quartic(const SviSlice& earlier, const SviSlice& later) {
  using Quadratic = std::array<double, 3>;
  const auto squared_root = [](const SviSlice& s) {
    const double square = s.b * s.b;
    return Quadratic{square * (s.m * s.m + s.sigma * s.sigma), -2.0 * square * s.m, square};
  };
  const double l0 = later.a - earlier.a - later.b * later.rho * later.m + earlier.b * earlier.rho * earlier.m;
  const double l1 = later.b * later.rho - earlier.b * earlier.rho;
  const Quadratic l{l0 * l0, 2.0 * l0 * l1, l1 * l1};
  const Quadratic a = squared_root(earlier);
  const Quadratic b = squared_root(later);
  std::array<double, 5> quartic{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      const double left = l[i] + b[i] - a[i];
      const double right = l[j] + b[j] - a[j];
      quartic[i + j] += left * right - 4.0 * l[i] * b[j];
    }
  }
  return quartic;
}

/// A slice seen from one wing: w = constant + slope k + bend, where the bend dies away.
struct Wing {
  double constant, slope, bend;
};
Wing wing_of(const SviSlice& s, double k, double side) {
  const double y = k - s.m;
  const double root = std::sqrt(y * y + s.sigma * s.sigma);
  return {s.a - s.b * (s.rho + side) * s.m, s.b * (s.rho + side), s.b * s.sigma * s.sigma / (std::fabs(y) + root)};
}

/// Later less earlier total variance. In the wings the large parts of both are taken off each other first, for two
/// slices may run side by side as far as anyone looks.
double gap_between(const SviSlice& earlier, const SviSlice& later, double k) {
  const double side = k < 0.0 ? -1.0 : 1.0;
  if ((k - earlier.m) * side <= 0.0 || (k - later.m) * side <= 0.0)
    return svi_variance(later, k) - svi_variance(earlier, k);
  const Wing from = wing_of(earlier, k, side);
  const Wing to = wing_of(later, k, side);
  return (to.constant - from.constant) + (to.slope - from.slope) * k + (to.bend - from.bend);
}

/// Its limit at an end of the axis: the sign is that of the slopes' difference, or of the constants' where the slopes
/// are the same.
double gap_limit(const SviSlice& earlier, const SviSlice& later, double side) {
  const Wing from = wing_of(earlier, 0.0, side);
  const Wing to = wing_of(later, 0.0, side);
  const double widening = side * (to.slope - from.slope);
  if (widening != 0.0) return widening > 0.0 ? infinity : -infinity;
  return to.constant - from.constant;
}

}  // namespace

ButterflyReport butterfly_report(const SviSlice& slice) {
  ButterflyReport report;
  report.wings = svi_wing_slopes(slice);
  report.variance_least = svi_variance_least(slice);
  if (!(report.variance_least > 0.0)) return report;
  // A variance that rounding takes to zero has no density, which is no proof of a good one.
  const auto density = [&slice](double k) {
    const double g = butterfly_density(slice, k);
    return std::isnan(g) ? -infinity : g;
  };
  std::vector<Place> places = densities(slice);
  // g tends to 1/4 - slope^2/16 in a wing that rises, to 1 in a flat one.
  const auto limit = [](double slope) { return slope > 0.0 ? 0.25 - slope * slope / 16.0 : 1.0; };
  const std::array<double, 2> limits{limit(report.wings.left), limit(report.wings.right)};
  Place least = limits[0] < limits[1] ? Place{-infinity, limits[0]} : Place{infinity, limits[1]};
  report.violations = negative_stretches(std::move(places), limits, density, least);
  report.density_least = least.value;
  report.density_least_at = least.at;
  return report;
}

CalendarReport calendar_report(const SviSlice& earlier, const SviSlice& later) {
  const auto gap = [&](double k) { return gap_between(earlier, later, k); };
  // Between two neighbours of these the gap keeps its sign, so that no crossing hides between the points of the grid.
  std::vector<double> points = numerics::real_roots(crossing_quartic(earlier, later));
  const std::size_t crossings = points.size();
  for (std::size_t i = 0; i + 1 < crossings; ++i) points.push_back(0.5 * (points[i] + points[i + 1]));
  if (crossings > 0) {
    const double first = points.front();
    const double last = points[crossings - 1];
    points.push_back(first - 1.0 - std::fabs(first));
    points.push_back(last + 1.0 + std::fabs(last));
  }
  const auto merge_in = [&points](std::size_t sorted) {
    std::inplace_merge(points.begin(), points.begin() + static_cast<std::ptrdiff_t>(sorted), points.end());
  };
  std::sort(points.begin(), points.end());
  for (const SviSlice& slice : {earlier, later}) {
    const std::size_t before = points.size();
    for_each_exponential({slice, gap_points_inner, gap_points_outer}, [&](Lanes e, std::size_t count) {
      std::array<double, lanes> at{};
      store(Lanes{slice.m} + Lanes{0.5 * slice.sigma} * (e - Lanes{1.0} / e), at.data());
      points.insert(points.end(), at.begin(), at.begin() + static_cast<std::ptrdiff_t>(count));
    });
    merge_in(before);
  }
  points.erase(std::unique(points.begin(), points.end()), points.end());
  std::vector<Place> places;
  for (const double k : points) places.push_back({k, gap(k)});
  const std::array<double, 2> limits{gap_limit(earlier, later, -1.0), gap_limit(earlier, later, 1.0)};
  Place least = limits[0] < limits[1] ? Place{-infinity, limits[0]} : Place{infinity, limits[1]};
  CalendarReport report;
  report.violations = negative_stretches(std::move(places), limits, gap, least);
  report.gap_least = least.value;
  report.gap_least_at = least.at;
  return report;
}

SviSlice svi_of_ssvi(double theta, double rho, double phi) noexcept {
  const double rest = (1.0 - rho) * (1.0 + rho);
  return {0.5 * theta * rest, 0.5 * theta * phi, rho, -rho / phi, std::sqrt(rest) / phi};
}

}  // namespace gimbal::surface
