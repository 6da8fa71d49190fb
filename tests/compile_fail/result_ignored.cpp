// A failure that nobody looks at has not been handled.
// error: ignoring returned value
// error: ignoring return value
#include "gimbal/foundation/result.hpp"

gimbal::Result<int> read_count();
bool counted();
bool counted() {
#ifdef MISUSE
  read_count();
  return true;
#else
  return read_count().has_value();
#endif
}
