// What the command tells the shell.
#pragma once

namespace gimbal::app {

enum class ExitStatus : int {
  done = 0,
  answer_is_no = 1,  ///< Done, and the answer is no: verification failed, infeasible, a bound broken.
  bad_input = 2,     ///< Input or environment: one clear line says what.
  own_fault = 3,     ///< A broken invariant of ours.
};

}  // namespace gimbal::app
