// What `gimbal svi` says of a set of smiles: which leave room for arbitrage, where, and how much.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "gimbal/report/table.hpp"
#include "gimbal/surface/svi_arbitrage.hpp"

namespace gimbal::report {

struct NamedSlice {
  std::string name;
  double years = 0.0;
  surface::SviSlice svi;
};

/// Every slice by itself, and every slice against the next.
struct SviCheck {
  std::vector<NamedSlice> slices;
  std::vector<surface::ButterflyReport> butterflies;  ///< One a slice.
  std::vector<surface::CalendarReport> calendars;     ///< One less.
  [[nodiscard]] bool is_free() const;
};
/// Slices ascend by years.
[[nodiscard]] SviCheck check_smiles(std::vector<NamedSlice> slices);

/// A line a slice, then a line a violation.
[[nodiscard]] std::string svi_check_table(const SviCheck& check, const TextStyle& style);
[[nodiscard]] std::string svi_check_json(const SviCheck& check);

}  // namespace gimbal::report
