// Calendar of expiries, steps of strikes.
#include "gimbal/simulate/synthetic_listing.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "gimbal/numerics/special.hpp"

namespace gimbal::simulate {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month;

constexpr std::chrono::hours expiry_hour{8};

UtcTime at_expiry_hour(sys_days date) { return UtcTime{Duration{date.time_since_epoch()} + expiry_hour}; }

sys_days last_friday(year_month month) { return sys_days{month / std::chrono::weekday_last{std::chrono::Friday}}; }

// The next `count` last Fridays of months that satisfy `counts`, from the month of `now` on.
template <class Predicate>
void add_last_fridays(UtcTime now, int count, Predicate counts, std::map<UtcTime, bool>& expiries) {
  const CivilDate today = civil_date(now);
  year_month month{std::chrono::year{today.year}, std::chrono::month{today.month}};
  for (int found = 0; found < count; month += std::chrono::months{1}) {
    if (!counts(static_cast<unsigned>(month.month()))) continue;
    const UtcTime expiry = at_expiry_hour(last_friday(month));
    if (expiry <= now) continue;
    expiries[expiry] = true;
    ++found;
  }
}

}  // namespace

std::vector<SyntheticExpiry> listed_expiries(UtcTime now, const SyntheticCalendar& calendar) {
  std::map<UtcTime, bool> expiries;  // and whether a future is listed
  const sys_days today{std::chrono::floor<days>(now.time_since_epoch())};
  sys_days date = today;
  for (int dailies = 0; dailies < calendar.dailies; date += days{1}) {
    if (at_expiry_hour(date) <= now) continue;
    expiries.emplace(at_expiry_hour(date), false);
    ++dailies;
  }
  date = today;
  for (int fridays = 0; fridays < calendar.weeklies; date += days{1}) {
    if (std::chrono::weekday{date} != std::chrono::Friday || at_expiry_hour(date) <= now) continue;
    expiries.emplace(at_expiry_hour(date), false);
    ++fridays;
  }
  add_last_fridays(
      now, calendar.monthlies, [](unsigned) { return true; }, expiries);
  add_last_fridays(
      now, calendar.quarterlies, [](unsigned month) { return month % 3 == 0; }, expiries);
  std::vector<SyntheticExpiry> listed;
  for (const auto& [time, has_future] : expiries) listed.push_back(SyntheticExpiry{time, has_future});
  return listed;
}

const std::set<double>& StrikeBoard::listed(UtcTime expiry, const StrikeRange& range) {
  constexpr double step_deviations = 0.32;
  constexpr double below_deviations = 2.2;
  constexpr double above_deviations = 2.5;
  Row& row = rows_[expiry];
  if (row.strikes.empty()) row.step = round_step(step_deviations * range.deviation * range.forward);
  const double lowest = range.forward * numerics::exp(-below_deviations * range.deviation);
  const double highest = range.forward * numerics::exp(above_deviations * range.deviation);
  const auto first = std::max(1.0, std::ceil(lowest / row.step));
  const auto last = std::floor(highest / row.step);
  for (double count = first; count <= last; count += 1.0) row.strikes.insert(count * row.step);
  return row.strikes;
}

void StrikeBoard::drop_expired(UtcTime now) { rows_.erase(rows_.begin(), rows_.upper_bound(now)); }

double round_step(double wanted) {
  GIMBAL_ASSERT(wanted > 0.0);
  constexpr std::array<double, 4> steps{1.0, 2.0, 2.5, 5.0};
  double scale = 1.0;
  while (scale > wanted) scale /= 10.0;
  while (scale * 10.0 <= wanted) scale *= 10.0;
  for (const double step : steps)
    if (step * scale >= wanted) return step * scale;
  return 10.0 * scale;
}

}  // namespace gimbal::simulate
