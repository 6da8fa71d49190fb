// What is written to the terminal: plain text, and a progress bar while work goes on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gimbal/foundation/time.hpp"
#include "gimbal/host/terminal.hpp"
#include "gimbal/report/table.hpp"

namespace gimbal::app {

/// Columns that tables use: the terminal's, at most 100; 100 where nobody watches.
[[nodiscard]] int columns_of(const host::Terminal& terminal);

/// How text for standard output is laid out.
[[nodiscard]] report::TextStyle output_style();

/// A word as a shell reads it back: quoted where it has to be.
[[nodiscard]] std::string shell_word(std::string_view text);

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
  host::Terminal terminal_;
  MonotonicTime begun_;
  MonotonicTime drawn_;
  bool visible_ = false;
};

}  // namespace gimbal::app
