#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace ciswatch {
namespace {

using namespace std::chrono_literals;

constexpr auto kBarEvery = 100ms;
constexpr auto kLineEvery = 5s;
constexpr std::size_t kBarWidth = 30;

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool dumb_terminal() {
  const char* term = std::getenv("TERM");
  return term == nullptr || std::string_view(term) == "dumb";
}

}  // namespace

Progress::Progress(std::string what)
    : what_(std::move(what)), terminal_(::isatty(STDERR_FILENO) == 1 && !dumb_terminal()) {}

Progress::~Progress() { clear(); }

void Progress::show(std::size_t done, std::size_t total, std::string_view note) {
  const auto now = Clock::now();
  const auto pause = terminal_ ? Clock::duration(kBarEvery) : Clock::duration(kLineEvery);
  if (now - shown_ < pause) return;
  shown_ = now;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - started_).count();
  std::string line;
  if (terminal_) {
    const std::size_t filled = total == 0 ? 0 : std::min(kBarWidth, kBarWidth * done / total);
    line = fmt::format("\r\x1b[K{} [{:=<{}}{: <{}}] {}/{}  {} s {}", what_, "", filled, "",
                       kBarWidth - filled, done, total, seconds, note);
    drawn_ = true;
  } else {
    line = fmt::format("ciswatch: {} {} of {} so far, {} s {}\n", what_, done, total, seconds, note);
  }
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
}

void Progress::clear() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", stderr);
  drawn_ = false;
}

bool colour_wanted() {
  if (is_set("NO_COLOR")) return false;
  if (is_set("CLICOLOR_FORCE")) return true;
  return ::isatty(STDOUT_FILENO) == 1 && !dumb_terminal();
}

}  // namespace ciswatch
