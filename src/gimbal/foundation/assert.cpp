// Where a broken invariant ends the process; the only printing below `app`.
#include "gimbal/foundation/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace gimbal {

void assertion_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "%s:%d: invariant broken: %s\n", file, line, condition);
  std::abort();
}

}  // namespace gimbal
