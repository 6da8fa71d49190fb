// What the terminal is, and the two things that are written to it while work goes on: progress, and plain lines when
// nobody watches.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gimbal::app {

struct Terminal {
  bool interactive = false;  ///< Somebody looks at it: colour and progress bars make sense.
  int width = 100;           ///< Columns to use, 100 at most.
};

/// Of standard output and of standard error.
[[nodiscard]] Terminal output_terminal();
[[nodiscard]] Terminal error_terminal();

void print(std::string_view text);        ///< To standard output.
void print_error(std::string_view text);  ///< To standard error.

/// A bar on standard error for work that may take over a second: drawn at most ten times a second, only on a terminal
/// and only once the work has lasted long enough to be worth it. Erased at the end.
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(std::uint64_t done, std::uint64_t total);

 private:
  void draw(std::uint64_t done, std::uint64_t total);

  std::string what_;
  Terminal terminal_;
  std::int64_t begun_ns_ = 0;
  std::int64_t drawn_ns_ = 0;
  bool visible_ = false;
};

}  // namespace gimbal::app
