// The one place where a clock is read. The core never sees this: it is handed times.
#pragma once

#include "gimbal/foundation/time.hpp"

namespace gimbal::host {

/// Time that never goes back, from an arbitrary start: for pacing what a person sees.
[[nodiscard]] MonotonicTime monotonic_now();

/// What time it is, as far as this machine knows: for judging times that come from outside.
[[nodiscard]] UtcTime utc_now();

}  // namespace gimbal::host
