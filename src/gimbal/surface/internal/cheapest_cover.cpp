// A monotone chain, cut back to where its slopes are within the limits at its ends.
//
// Source    A. M. Andrew, "Another efficient algorithm for convex hulls in two dimensions", Information Processing
//           Letters 9 (1979) 216-219.
#include "gimbal/surface/internal/cheapest_cover.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace gimbal::surface::internal {
namespace {

/// Whether b lies on or above the segment from a to c, so that the hull does without it.
bool is_above(const CoverPoint& a, const CoverPoint& b, const CoverPoint& c) {
  return (b.cost - a.cost) * (c.place - b.place) >= (c.cost - b.cost) * (b.place - a.place);
}

std::vector<CoverPoint> lower_hull(const std::vector<CoverPoint>& ascending) {
  std::vector<CoverPoint> hull;
  for (const CoverPoint& point : ascending) {
    // Of one place the first is the cheapest.
    if (!hull.empty() && hull.back().place == point.place) continue;
    while (hull.size() >= 2 && is_above(hull[hull.size() - 2], hull.back(), point)) hull.pop_back();
    hull.push_back(point);
  }
  return hull;
}

/// Drops the ends that an inner point covers for less at the slope of cash.
void cut_back(std::vector<CoverPoint>& hull, const CoverLimits& limits) {
  const auto rise = [](const CoverPoint& a, const CoverPoint& b) { return b.cost - a.cost; };
  const auto run = [](const CoverPoint& a, const CoverPoint& b) { return b.place - a.place; };
  if (limits.slope_right)
    while (hull.size() >= 2) {
      const CoverPoint& inner = hull[hull.size() - 2];
      if (rise(inner, hull.back()) < *limits.slope_right * run(inner, hull.back())) break;
      hull.pop_back();
    }
  if (limits.slope_left) {
    std::size_t first = 0;
    while (first + 1 < hull.size() &&
           rise(hull[first], hull[first + 1]) <= *limits.slope_left * run(hull[first], hull[first + 1]))
      ++first;
    hull.erase(hull.begin(), hull.begin() + static_cast<std::ptrdiff_t>(first));
  }
}

void add(Cover& cover, const CoverPoint& point, double weight) {
  cover.cost += weight * point.cost;
  if (point.source)
    cover.wings.push_back({*point.source, weight});
  else
    cover.cash += weight * point.cost;
}

/// One option, and cash for the distance to it.
Cover beyond(const CoverPoint& end, double cash) {
  Cover cover;
  add(cover, end, 1.0);
  cover.cash += cash;
  cover.cost += cash;
  return cover;
}

}  // namespace

CheapestCover::CheapestCover(std::vector<CoverPoint> points, const CoverLimits& limits) : limits_{limits} {
  if (limits.cost_at_zero) points.push_back({0.0, *limits.cost_at_zero, std::nullopt});
  std::sort(points.begin(), points.end(), [](const CoverPoint& a, const CoverPoint& b) {
    return std::tie(a.place, a.cost, a.source) < std::tie(b.place, b.cost, b.source);
  });
  hull_ = lower_hull(points);
  cut_back(hull_, limits_);
}

std::optional<Cover> CheapestCover::at(double place) const {
  if (hull_.empty()) return std::nullopt;
  const auto right = std::lower_bound(hull_.begin(), hull_.end(), place,
                                      [](const CoverPoint& point, double at) { return point.place < at; });
  if (right == hull_.end()) {
    if (!limits_.slope_right) return std::nullopt;
    return beyond(hull_.back(), *limits_.slope_right * (place - hull_.back().place));
  }
  if (right->place == place) return beyond(*right, 0.0);
  if (right == hull_.begin()) {
    if (!limits_.slope_left) return std::nullopt;
    return beyond(hull_.front(), *limits_.slope_left * (place - hull_.front().place));
  }
  const CoverPoint& left = *std::prev(right);
  const double weight = (right->place - place) / (right->place - left.place);
  Cover cover;
  add(cover, left, weight);
  add(cover, *right, 1.0 - weight);
  return cover;
}

}  // namespace gimbal::surface::internal
