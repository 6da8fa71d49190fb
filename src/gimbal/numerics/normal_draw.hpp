// Normal draws out of a seeded generator, whose own draws are uniform.
#pragma once

#include "gimbal/foundation/random.hpp"

namespace gimbal::numerics {

/// Standard normal, by the polar method; consumes a varying number of draws, the same for the same seed.
/// Source    G. Marsaglia and T. A. Bray, "A convenient method for generating normal variables", SIAM Review 6 (1964).
[[nodiscard]] double normal_draw(SeededRandom& random);

}  // namespace gimbal::numerics
