#pragma once

// Runs the program of a hook: without a shell, in a session of its own, with a document on stdin and
// no other descriptor of ours. What it does wrong is a value, never an exception.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/hooks/hook.h"

namespace ciswatch {

struct HookResult {
  enum class End { exited, signalled, timed_out, stopped, not_started };
  End end = End::not_started;
  int code = 0;        // the exit code, or the signal
  std::string why;     // it could not be started
  std::string output;  // of stdout and stderr the first kMostHookOutput bytes; hostile
  bool cut = false;    // there was more, which was read and dropped
  std::chrono::milliseconds took{0};

  [[nodiscard]] bool is_good() const { return end == End::exited && code == 0; }
};

inline constexpr std::size_t kMostHookOutput = 64 * 1024;

// What went wrong, in one line: "exit code 3: no such queue". The text after the colon is the first
// line of its output that is not empty.
std::string in_words(const HookResult& result);

// Waits until the program has ended. It is told to end (SIGTERM, after the grace SIGKILL, both to its
// process group) when its time is up, or a signal stops us. When it has ended, the rest of its group
// is killed and nothing waits for who still holds its stdout.
HookResult run_hook(const Hook& hook, std::string_view json);

// Runs one hook for many documents, at most hook.at_once at a time, on the caller's thread alone. The
// hook is the caller's.
class HookRuns {
 public:
  // Called from start and finish, once for each run, by its name.
  using Ended = std::function<void(const std::string& name, const HookResult& result)>;

  HookRuns(const Hook& hook, Ended ended);
  ~HookRuns();  // kills what still runs
  HookRuns(const HookRuns&) = delete;
  HookRuns& operator=(const HookRuns&) = delete;

  void start(std::string name, std::string_view json);  // first waits for a place
  void finish();                                         // waits for all

 private:
  class Running;
  void wait_below(std::size_t running);

  const Hook& hook_;
  Ended ended_;
  std::vector<std::unique_ptr<Running>> running_;
};

}  // namespace ciswatch
