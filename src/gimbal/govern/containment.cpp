// The ladder's steps, by the share of its balance that maintenance margin takes in the worst pool.
#include "gimbal/govern/containment.hpp"

#include <algorithm>
#include <limits>

namespace gimbal::govern {
namespace {

// Share of the balance that maintenance margin takes in the pool where it takes most.
double maintenance_share(const risk::BookRisk& book) {
  double most = 0.0;
  for (const risk::MarginPool& pool : book.margin.pools) {
    if (pool.maintenance <= 0.0) continue;
    const double share = pool.balance > 0.0 ? pool.maintenance / pool.balance : std::numeric_limits<double>::max();
    most = std::max(most, share);
  }
  return most;
}

Containment rung_of(double share, const ContainmentSteps& steps) {
  if (share >= steps.exit) return Containment::exit;
  if (share >= steps.reduce_only) return Containment::reduce_only;
  if (share >= steps.no_new_risk) return Containment::no_new_risk;
  return Containment::normal;
}

}  // namespace

const char* to_string(Containment rung) noexcept {
  switch (rung) {
    case Containment::normal: return "normal";
    case Containment::no_new_risk: return "no new risk";
    case Containment::reduce_only: return "reduce only";
    case Containment::exit: return "exit";
  }
  return "unknown";
}

Containment contain(Containment current, const risk::BookRisk& book, const Limits& limits) {
  const double share = maintenance_share(book);
  const Containment asked = rung_of(share, limits.containment);
  if (asked >= current) return asked;
  if (current >= Containment::reduce_only) return current;  // a person's word, which is not heard here
  return rung_of(share + limits.containment.hysteresis, limits.containment) < current ? asked : current;
}

}  // namespace gimbal::govern
