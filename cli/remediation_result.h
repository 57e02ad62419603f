#pragma once

// What `remediate apply` and `undo` say of a plan: what it would do, what was done, what it mended.

#include <string>
#include <string_view>
#include <vector>

#include "core/plan/plan.h"
#include "core/remediate/steps.h"

namespace ciswatch {

//   pending  all was done as planned, and AWS shows it only later
enum class Mended { fixed, pending, not_fixed, unknown };
std::string_view name_of(Mended mended);  // "not_fixed"

struct MendedFinding {
  const PlannedFinding* finding = nullptr;
  Mended mended = Mended::unknown;
  std::string why;  // what is found now, or why it is not known
};

// Of one run. The plan is the journal's.
struct RemediationResult {
  const ChangePlan* plan = nullptr;
  std::string journal;
  std::vector<ChangeStep> made, undone;  // of apply, of undo
  std::vector<MendedFinding> findings;
};

// 0: all was done, and mends what it should, or all is undone that can be; 1: a change was left out, or a
// finding is not known to be fixed; 2: a call failed, or its end is not clear; 3: none of these, and a
// finding is pending.
int exit_code(const RemediationResult& result);

std::string to_json(const RemediationResult& result);
std::string to_text(const RemediationResult& result);

// What a plan would do, for who is to approve it.
std::string in_words(const ChangePlan& plan);

// "3 done, 1 skipped".
std::string counts_in_words(const std::vector<ChangeStep>& steps);

}  // namespace ciswatch
