// The loops over four lanes, which every processor that Gimbal runs on can do.
#include "gimbal/pricing/internal/batch_loops.hpp"

namespace gimbal::pricing::internal {

Batches batches_by_four() noexcept {
  using numerics::Lanes4;
  return {&premiums_in_lanes<Lanes4>, &greeks_in_lanes<Lanes4>, &implied_volatilities_in_lanes<Lanes4>};
}

}  // namespace gimbal::pricing::internal
