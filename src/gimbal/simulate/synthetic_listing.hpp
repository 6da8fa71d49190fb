// Which expiries and strikes a synthetic venue lists: Deribit's calendar, and strikes around the money that stay listed
// once they are.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "gimbal/foundation/time.hpp"

namespace gimbal::simulate {

/// How many expiries of each cycle are listed at once.
struct SyntheticCalendar {
  int dailies = 4;
  int weeklies = 3;
  int monthlies = 3;
  int quarterlies = 4;
};

struct SyntheticExpiry {
  UtcTime time;
  bool has_future = false;  ///< Monthlies and quarterlies have a dated future.
  friend bool operator==(const SyntheticExpiry&, const SyntheticExpiry&) = default;
};

/// The expiries listed at an instant, in order, all of them later: 08:00 UTC of the coming days, the coming Fridays,
/// the last Fridays of the coming months and quarters; a date that is several of these is listed once.
[[nodiscard]] std::vector<SyntheticExpiry> listed_expiries(UtcTime now, const SyntheticCalendar& calendar);

/// Around what strikes are put, for one expiry.
struct StrikeRange {
  double forward = 0.0;
  double deviation = 0.0;  ///< Of log-price until the expiry.
};

/// The strikes of one coin by expiry. The step is fixed when an expiry is first listed; the range follows the price.
class StrikeBoard {
 public:
  /// Lists what is missing and returns all strikes of the expiry, in dollars, in order.
  const std::set<double>& listed(UtcTime expiry, const StrikeRange& range);
  /// Forgets what has expired.
  void drop_expired(UtcTime now);

 private:
  struct Row {
    double step = 0.0;
    std::set<double> strikes;
  };
  std::map<UtcTime, Row> rows_;
};

/// The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below `wanted`. Domain: wanted > 0.
[[nodiscard]] double round_step(double wanted);

}  // namespace gimbal::simulate
