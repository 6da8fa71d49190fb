// Terminal width, printing and the progress bar. The clock read here only paces the drawing.
#include "gimbal/app/terminal.hpp"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

namespace gimbal::app {
namespace {

constexpr int width_max = 100;
constexpr std::int64_t first_draw_ns = 500'000'000;
constexpr std::int64_t draw_interval_ns = 100'000'000;

Terminal terminal_of(int descriptor) {
  Terminal terminal;
  terminal.interactive = isatty(descriptor) == 1;
  winsize size{};
  if (terminal.interactive && ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    terminal.width = std::min<int>(size.ws_col, width_max);
  return terminal;
}

std::int64_t pacing_now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Terminal output_terminal() { return terminal_of(STDOUT_FILENO); }
Terminal error_terminal() { return terminal_of(STDERR_FILENO); }

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void print_error(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

Progress::Progress(std::string what)
    : what_{std::move(what)}, terminal_{error_terminal()}, begun_ns_{pacing_now_ns()} {}

Progress::~Progress() {
  if (visible_) print_error("\r\033[K");
}

void Progress::update(std::uint64_t done, std::uint64_t total) {
  if (!terminal_.interactive || total == 0) return;
  const std::int64_t now_ns = pacing_now_ns();
  if (now_ns - begun_ns_ < first_draw_ns || now_ns - drawn_ns_ < draw_interval_ns) return;
  drawn_ns_ = now_ns;
  draw(done, total);
}

void Progress::draw(std::uint64_t done, std::uint64_t total) {
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const int room = std::max(10, terminal_.width - static_cast<int>(what_.size()) - 10);
  const auto filled = static_cast<std::size_t>(share * room);
  const std::string bar = std::string(filled, '#') + std::string(static_cast<std::size_t>(room) - filled, '.');
  print_error(fmt::format("\r\033[K{} [{}] {:3.0f} %", what_, bar, 100.0 * share));
  visible_ = true;
}

}  // namespace gimbal::app
