// The `gimbal` command's door to the operating system: what nobody else caught ends here, with status 3.
#include <csignal>
#include <cstdlib>
#include <exception>

#include "gimbal/app/command_line.hpp"
#include "gimbal/app/exit_status.hpp"
#include "gimbal/app/terminal.hpp"
#include "gimbal/numerics/processor.hpp"

namespace {

// A broken invariant aborts; the shell is told that it was our fault.
extern "C" void exit_for_own_fault(int) { std::_Exit(static_cast<int>(gimbal::app::ExitStatus::own_fault)); }

}  // namespace

int main(int argc, char** argv) {
  if (!gimbal::numerics::has_what_is_compiled_in()) {
    gimbal::app::print_error("gimbal: built for x86-64-v3, and this processor lacks AVX2, FMA or BMI2\n");
    return static_cast<int>(gimbal::app::ExitStatus::bad_input);
  }
  std::signal(SIGABRT, exit_for_own_fault);
  // A closed pipe and a full quota are errors of a write, to be reported, not reasons to die.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return gimbal::app::run_command_line(argc, argv);
  } catch (const std::exception& fault) {
    gimbal::app::print_error("gimbal: a fault of its own: ");
    gimbal::app::print_error(fault.what());
    gimbal::app::print_error("\nplease report it with the command that led here\n");
    return static_cast<int>(gimbal::app::ExitStatus::own_fault);
  }
}
