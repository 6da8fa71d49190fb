// The containment ladder: how much the engine may still do. It is stepped down at once and by itself, and up one rung
// at a time, with hysteresis; from reduce-only upwards only by a person's word.
#pragma once

#include <cstdint>

#include "gimbal/govern/limits.hpp"
#include "gimbal/risk/risk_view.hpp"

namespace gimbal::govern {

enum class Containment : std::uint8_t {
  normal,
  no_new_risk,  ///< No order may make the worst stress row worse.
  reduce_only,  ///< Orders may only bring positions nearer to zero.
  exit,         ///< The same, with everything to be closed.
};
[[nodiscard]] const char* to_string(Containment rung) noexcept;

/// The rung that a book's maintenance margin asks for, given the one that holds.
[[nodiscard]] Containment contain(Containment current, const risk::BookRisk& book, const Limits& limits);

}  // namespace gimbal::govern
