// Words of the command line to commands.
#pragma once

namespace gimbal::app {

/// Parses, runs, prints errors. Returns the exit status.
[[nodiscard]] int run_command_line(int argc, const char* const* argv);

}  // namespace gimbal::app
