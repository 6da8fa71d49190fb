// Printing and the progress bar.
#include "gimbal/app/terminal.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "gimbal/host/clock.hpp"

namespace gimbal::app {
namespace {

constexpr int columns_max = 100;
constexpr Duration first_draw = std::chrono::milliseconds{500};
constexpr Duration draw_interval = std::chrono::milliseconds{100};

}  // namespace

int columns_of(const host::Terminal& terminal) {
  return terminal.width > 0 ? std::min(terminal.width, columns_max) : columns_max;
}

report::TextStyle output_style() {
  const host::Terminal terminal = host::output_terminal();
  report::TextStyle style;
  style.width = static_cast<std::size_t>(columns_of(terminal));
  style.colour = terminal.interactive;
  return style;
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view harmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:+,=@%";
  if (!text.empty() && text.find_first_not_of(harmless) == std::string_view::npos) return std::string{text};
  std::string quoted = "'";
  for (const char letter : text) quoted += letter == '\'' ? std::string{"'\\''"} : std::string(1, letter);
  return quoted + "'";
}

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void print_error(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

Progress::Progress(std::string what)
    : what_{std::move(what)}, terminal_{host::error_terminal()}, begun_{host::monotonic_now()} {}

Progress::~Progress() {
  if (visible_) print_error("\r\033[K");
}

void Progress::update(std::uint64_t done, std::uint64_t total) {
  if (!terminal_.interactive || total == 0) return;
  const MonotonicTime now = host::monotonic_now();
  if (now - begun_ < first_draw || now - drawn_ < draw_interval) return;
  drawn_ = now;
  draw(done, total);
}

void Progress::draw(std::uint64_t done, std::uint64_t total) {
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const int room = std::max(10, columns_of(terminal_) - static_cast<int>(what_.size()) - 10);
  const auto filled = static_cast<std::size_t>(share * room);
  const std::string bar = std::string(filled, '#') + std::string(static_cast<std::size_t>(room) - filled, '.');
  print_error(fmt::format("\r\033[K{} [{}] {:3.0f} %", what_, bar, 100.0 * share));
  visible_ = true;
}

}  // namespace gimbal::app
