// The one assert of the tree. It guards our own invariants, in release builds too: a wrong position is worse than no
// process. It never guards user input; that is what Result is for.
#pragma once

namespace gimbal {

/// Writes "file:line: invariant broken: condition" to standard error and aborts.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace gimbal

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): the condition's text and place are only known to the preprocessor.
#define GIMBAL_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::gimbal::assertion_failed(#condition, __FILE__, __LINE__))
