#pragma once

// The hooks of findings: what is run, or would be, when a scan has written its reports.

#include <filesystem>
#include <optional>
#include <vector>

#include "core/hooks/hook.h"
#include "core/report/report.h"
#include "rules/kept.h"

namespace ciswatch {

inline constexpr std::size_t kMostHookRuns = 1000;  // of one scan

// One thread. The hooks are the caller's.
class FindingHooks {
 public:
  // Before the scan judges, as it may replace what `previous` has kept. "": everything is new.
  FindingHooks(const std::vector<Hook>& hooks, const std::filesystem::path& previous);

  // For each finding that fails and is not waived; what is wrong with a hook is told on stderr and
  // changes nothing. `for_real`: else it is told alone what would run. Throws Error where the snapshot
  // or what was kept cannot be read.
  void run(const Report& report, bool for_real);

 private:
  class Round;

  const std::vector<Hook>& hooks_;
  std::optional<KeptFindings> earlier_;
};

}  // namespace ciswatch
