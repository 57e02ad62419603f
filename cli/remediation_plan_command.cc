#include <fmt/format.h>

#include <cstdio>

#include "cli/planned.h"
#include "core/base/files.h"

namespace ciswatch {

int remediation_plan_command(const RemediationPlanFlags& flags) {
  const std::string out = flags.out.empty() ? "-" : flags.out.string();
  AsideFile file(out);
  const auto plan = planned(flags, Snapshot(flags.snapshot), choose_checks(flags.selection));
  file.write(to_json(plan));
  file.commit();
  say(plan);
  if (!plan.changes.empty()) {
    fmt::print(stderr, "ciswatch: read {0}, then: ciswatch remediate apply {0} --approve {1}\n",
               out == "-" ? "it" : out, plan_hash(plan));
  }
  return 0;
}

}  // namespace ciswatch
