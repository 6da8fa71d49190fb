// What standard output and standard error are connected to.
#pragma once

namespace gimbal::host {

struct Terminal {
  bool interactive = false;  ///< Somebody looks at it: colour and progress bars make sense.
  int width = 0;             ///< Columns; 0 where nobody says.
};

[[nodiscard]] Terminal output_terminal();
[[nodiscard]] Terminal error_terminal();

}  // namespace gimbal::host
