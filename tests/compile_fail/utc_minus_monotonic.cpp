// Two clocks with two epochs: their difference is a number without a meaning.
// error: no match for 'operator-'
// error: invalid operands to binary expression
#include "gimbal/foundation/time.hpp"

gimbal::Duration age(gimbal::UtcTime now, gimbal::MonotonicTime then, gimbal::UtcTime then_utc);
gimbal::Duration age(gimbal::UtcTime now, gimbal::MonotonicTime then, gimbal::UtcTime then_utc) {
  (void)then;
  (void)then_utc;
#ifdef MISUSE
  return now - then;
#else
  return now - then_utc;
#endif
}
