// The loops over eight lanes. On x86-64 this source alone is compiled for AVX-512; elsewhere the four lanes stand in.
#include "gimbal/numerics/lanes8.hpp"
#include "gimbal/numerics/lanes_twice.hpp"
#include "gimbal/pricing/internal/batch_loops.hpp"

namespace gimbal::pricing::internal {

Batches batches_by_eight() noexcept {
#if defined(__AVX512F__)
  using Lanes = numerics::TwiceLanes<numerics::Lanes8>;
  return {&premiums_in_lanes<Lanes>, &greeks_in_lanes<Lanes>, &implied_volatilities_in_lanes<Lanes>};
#else
  return batches_by_four();
#endif
}

}  // namespace gimbal::pricing::internal
