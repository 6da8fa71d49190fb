// Which of the loops run here.
#include "gimbal/pricing/internal/batches.hpp"

#include "gimbal/numerics/processor.hpp"

namespace gimbal::pricing::internal {

Batches batches_here() noexcept { return numerics::has_eight_lanes() ? batches_by_eight() : batches_by_four(); }

}  // namespace gimbal::pricing::internal
