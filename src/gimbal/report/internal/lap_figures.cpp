// Sums and words over the parts of a lap.
#include "gimbal/report/internal/lap_figures.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "gimbal/report/number_text.hpp"

namespace gimbal::report::internal {

std::optional<double> cost_of_fills(const LapReport& lap) {
  double cost = 0.0;
  for (const FillReport& fill : lap.fills) {
    if (!fill.cost) return std::nullopt;
    cost += *fill.cost;
  }
  return cost;
}

std::size_t orders_missing(const LapReport& lap) {
  return static_cast<std::size_t>(std::count_if(lap.orders.begin(), lap.orders.end(), [](const OrderReport& order) {
    return !order.approved || !order.unfilled.is_zero();
  }));
}

std::optional<double> utilisation_most(const LapReport& lap) {
  std::optional<double> most;
  for (const MarginReport& pool : lap.margin)
    if (pool.utilisation && (!most || *pool.utilisation > *most)) most = pool.utilisation;
  return most;
}

bool is_outside(const portfolio::ConstraintReport& constraint, double value) {
  constexpr double tolerance_relative = 1e-9;
  const double tolerance = tolerance_relative * std::max(1.0, std::fabs(value));
  return (constraint.lower && value < *constraint.lower - tolerance) ||
         (constraint.upper && value > *constraint.upper + tolerance);
}

std::string without_venue(const std::string& name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string::npos) return name;
  const std::size_t space = name.rfind(' ', colon);
  return (space == std::string::npos ? std::string{} : name.substr(0, space + 1)) + name.substr(colon + 1);
}

std::string counted(std::size_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count_text(count), count == 1 ? one : many);
}

std::string optional_text(const std::optional<double>& value, int decimals) {
  return value ? fixed_text(*value, decimals) : text_absent;
}

}  // namespace gimbal::report::internal
