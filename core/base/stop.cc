#include "core/base/stop.h"

#include <atomic>
#include <csignal>

namespace ciswatch {
namespace {

std::atomic<int> stopped_by = 0;
static_assert(std::atomic<int>::is_always_lock_free);  // so a signal handler may set it

extern "C" void on_stop_signal(int signal) {
  stopped_by = signal;
  std::signal(signal, SIG_DFL);
}

}  // namespace

void watch_signals() {
  std::signal(SIGINT, on_stop_signal);
  std::signal(SIGTERM, on_stop_signal);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGCHLD, SIG_DFL);
}

int stop_signal() { return stopped_by; }

}  // namespace ciswatch
