// Asking the system for a terminal's presence and width.
#include "gimbal/host/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace gimbal::host {
namespace {

Terminal terminal_of(int descriptor) {
  Terminal terminal;
  terminal.interactive = isatty(descriptor) == 1;
  winsize size{};
  if (terminal.interactive && ioctl(descriptor, TIOCGWINSZ, &size) == 0) terminal.width = size.ws_col;
  return terminal;
}

}  // namespace

Terminal output_terminal() { return terminal_of(STDOUT_FILENO); }
Terminal error_terminal() { return terminal_of(STDERR_FILENO); }

}  // namespace gimbal::host
