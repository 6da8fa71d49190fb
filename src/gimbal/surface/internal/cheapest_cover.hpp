// The cheapest way to cover an option that is sold, out of options of one expiry and the same right that can be bought:
// the lower convex hull of what they cost over the strike, with what cash does at its ends. No market in it: places,
// costs and weights.
//
// Why       The payoff of an option is a convex function of its strike, so one half of strikes 90 and 110 each never
//           pays less than strike 100. Of all pairs of wings around a place the cheapest is the segment of the lower
//           hull above it, so one hull answers for every option sold.
// Limits    Past the outermost strikes a single option and cash may still cover. Strike zero may be worth a known
//           amount of cash (`cost_at_zero`). And an option may be covered by one of another strike and at most `slope`
//           of cash per unit of strike between the two: to the left of all strikes by a call, to the right by a put;
//           a call covers everything to its right for nothing, so its slope there is zero.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace gimbal::surface::internal {

struct CoverPoint {
  double place = 0.0;                 ///< Strike, or strike over forward; positive but for cash at zero.
  double cost = 0.0;                  ///< Of buying one.
  std::optional<std::size_t> source;  ///< Whose it is, in the caller's numbering; none is cash.
};

struct CoverLimits {
  std::optional<double> cost_at_zero;  ///< What strike zero costs in cash.
  std::optional<double> slope_left;    ///< Not positive: how steeply cover rises to the left of the hull.
  std::optional<double> slope_right;   ///< Not negative: to the right.
};

struct CoverWing {
  std::size_t source = 0;
  double weight = 0.0;
};

/// Wings by ascending place, and cash to be set aside.
struct Cover {
  double cost = 0.0;  ///< All of it, per option sold.
  std::vector<CoverWing> wings;
  double cash = 0.0;
};

class CheapestCover {
 public:
  /// The hull of points in any order, of which a place may have several. Cost: sorting them.
  CheapestCover(std::vector<CoverPoint> points, const CoverLimits& limits);

  /// The cheapest cover of an option at `place`, or nothing past the ends of what can be bought. Logarithmic.
  [[nodiscard]] std::optional<Cover> at(double place) const;

 private:
  std::vector<CoverPoint> hull_;  ///< Ascending places, ascending slopes.
  CoverLimits limits_;
};

}  // namespace gimbal::surface::internal
