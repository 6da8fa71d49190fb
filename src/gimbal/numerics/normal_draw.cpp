// The polar method, on draws of the uniform generator.
#include "gimbal/numerics/normal_draw.hpp"

#include <cmath>

#include "gimbal/numerics/special.hpp"

namespace gimbal::numerics {

double normal_draw(SeededRandom& random) {
  for (;;) {
    const double x = 2.0 * random.uniform() - 1.0;
    const double y = 2.0 * random.uniform() - 1.0;
    const double s = x * x + y * y;
    // The second deviate is dropped: keeping it would be state that a snapshot has to carry.
    if (s > 0.0 && s < 1.0) return x * std::sqrt(-2.0 * log(s) / s);
  }
}

}  // namespace gimbal::numerics
