// One expiry's smile: what the quotes allow, what was fitted through them, and where the account's own options stand.
#pragma once

#include <string>
#include <vector>

namespace gimbal::report {

/// Bid and ask of one option out of the money, as volatilities.
struct SmileBar {
  double moneyness = 1.0;  ///< Strike over forward.
  double bid = 0.0;        ///< Annual: 0.65 is 65 %.
  double ask = 0.0;
};

struct SmilePoint {
  double moneyness = 1.0;
  double volatility = 0.0;  ///< Annual.
};

/// A position in options of one strike, both rights apart.
struct SmileMark {
  double moneyness = 1.0;
  double volatility = 0.0;  ///< Of the curve there.
  double before = 0.0;      ///< Contracts, negative is short.
  double after = 0.0;
  std::string words;  ///< `BTC-27MAR26-80000-P: -12.5 contracts before, -10 after`
};

struct SmileChart {
  std::string name;  ///< `BTC, 27 March 2026`
  std::vector<SmileBar> bars;
  std::vector<SmilePoint> curve;  ///< In ascending order of moneyness.
  std::vector<SmileMark> marks;
};

/// The figure as SVG, 310 by 206 units. The curve and the middles of the quotes choose its range of volatility; bars
/// that reach beyond are cut at its edge. What is not finite is left out. Empty where nothing is left to show.
[[nodiscard]] std::string smile_chart(const SmileChart& chart);

}  // namespace gimbal::report
