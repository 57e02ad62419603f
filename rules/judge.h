#pragma once

// From the rows of one check to its findings: the only place that makes verdicts.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/report/report.h"
#include "rules/compile.h"
#include "rules/evaluate.h"
#include "rules/ledger.h"

namespace ciswatch {

// One check, as it is to run.
struct Job {
  const Check* check = nullptr;
  Level level = Level::warn;  // the check's own, or a pack's
  std::map<std::string, Value> settings;
  std::vector<RequirementRef> requirements;
};

// What all checks share; constant while they run.
struct Ground {
  const SnapshotSource* source = nullptr;
  const EvaluateOptions* options = nullptr;
  std::map<std::string, std::string> accounts;  // account → the region of its account-wide calls
};

// The findings of one check, ordered by account, region and resource. A failure of the check itself
// is an unknown finding per account. Throws DatabaseError for a damaged file.
std::vector<Finding> run_check(const Job& job, const Ground& ground, Sandbox& sandbox,
                               Ledger& ledger);

// "this check …", one unknown finding per account.
std::vector<Finding> failed_check(const Job& job, const Ground& ground, const std::string& why);

}  // namespace ciswatch
