#pragma once

// A program that a configuration names for an event. Plain values; read by rules/hook_loader.

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ciswatch {

enum class HookEvent { on_finding, on_new_critical, before_apply, after_apply };
inline constexpr std::string_view kHookEvents[] = {"on_finding", "on_new_critical", "before_apply",
                                                   "after_apply"};  // by HookEvent

inline std::string_view name_of(HookEvent event) {
  return kHookEvents[static_cast<std::size_t>(event)];
}

struct Hook {
  HookEvent event = HookEvent::on_finding;
  std::vector<std::string> run;       // the program, then its arguments: no shell reads them
  std::vector<std::string> checks;    // only what these have found; none: any
  std::filesystem::path folder;       // the configuration's; "": the working directory
  std::filesystem::path directory;    // where it runs; "" or relative: in `folder`
  std::vector<std::string> environment;  // names passed on beside kHookEnvironment
  std::chrono::milliseconds limit{30'000};
  std::chrono::milliseconds grace{2'000};  // from SIGTERM to SIGKILL
  std::size_t at_once = 4;                 // so many of it at a time

  [[nodiscard]] bool is_of(std::string_view check) const {
    for (const auto& each : checks) {
      if (each == check) return true;
    }
    return checks.empty();
  }
};

// What every hook gets of our environment, as far as it is there. No credentials.
inline constexpr const char* kHookEnvironment[] = {"PATH", "LANG", "LC_ALL", "TZ", "TMPDIR"};

}  // namespace ciswatch
