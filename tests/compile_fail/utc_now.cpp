// The core cannot ask what time it is: its clock has an epoch and no hands.
// error: 'now' is not a member of
// error: no member named 'now'
#include "gimbal/foundation/time.hpp"

gimbal::UtcTime started(gimbal::UtcTime at);
gimbal::UtcTime started(gimbal::UtcTime at) {
#ifdef MISUSE
  (void)at;
  return gimbal::UtcTime::clock::now();
#else
  return at;
#endif
}
