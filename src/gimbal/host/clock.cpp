// The system's clocks, as our own types.
#include "gimbal/host/clock.hpp"

#include <chrono>

namespace gimbal::host {

MonotonicTime monotonic_now() {
  return MonotonicTime{std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

UtcTime utc_now() {
  return UtcTime{std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch())};
}

}  // namespace gimbal::host
