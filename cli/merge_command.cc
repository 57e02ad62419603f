#include <fmt/format.h>

#include <cstdio>

#include "cli/commands.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/store/merge.h"

namespace ciswatch {

int merge_command(const MergeFlags& flags) {
  const auto merged = merge_snapshots(
      {flags.snapshots, flags.out, flags.force, flags.allow_missing, flags.jobs});
  fmt::print(stderr, "ciswatch: {} of {} in {}\n", counted(merged.accounts, "account"),
             counted(flags.snapshots.size(), "snapshot"), flags.out.string());
  if (!merged.missing.empty()) {
    warn(in_words(merged.missing) + " missing: nothing is known of their accounts");
  }
  fmt::print(stderr, "  (judge it with: ciswatch scan --snapshot {})\n", flags.out.string());
  return 0;
}

}  // namespace ciswatch
