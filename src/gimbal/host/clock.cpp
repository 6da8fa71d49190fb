// The system's steady clock, as our own type.
#include "gimbal/host/clock.hpp"

#include <chrono>

namespace gimbal::host {

MonotonicTime monotonic_now() {
  return MonotonicTime{std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

}  // namespace gimbal::host
