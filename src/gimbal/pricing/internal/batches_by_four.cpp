// The loops over four lanes, which every processor that Gimbal runs on can do.
#include "gimbal/numerics/lanes_twice.hpp"
#include "gimbal/pricing/internal/batch_loops.hpp"

namespace gimbal::pricing::internal {

Batches batches_by_four() noexcept {
  using Lanes = numerics::TwiceLanes<numerics::Lanes4>;
  return {&premiums_in_lanes<Lanes>, &greeks_in_lanes<Lanes>, &implied_volatilities_in_lanes<Lanes>};
}

}  // namespace gimbal::pricing::internal
