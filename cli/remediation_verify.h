#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/chosen.h"
#include "cli/commands.h"
#include "cli/remediation_result.h"
#include "core/remediate/journal.h"

namespace ciswatch {

// The checks of a plan's findings, with which the accounts are judged again.
struct Verification {
  Chosen chosen;
  std::map<std::string, std::string> settings;
};

// Throws Error for a check that the library does not have, and for a wrong setting.
Verification prepare_verification(const ChangePlan& plan, const RemediationApplyFlags& flags);

// Collects the accounts of the changes and findings of the journal's plan again into `snapshot` and says of each of its
// findings what has become of it. Without a role that could be taken on in others, only accounts with changes are
// collected. Where they cannot be collected all is unknown, with the reason.
std::vector<MendedFinding> verify(const Journal& journal, const Verification& with, LiveFlags reader,
                                  const std::filesystem::path& snapshot);

// All of them unknown, for this reason.
std::vector<MendedFinding> not_verified(const ChangePlan& plan, const std::string& why);

// The accounts in which the plan changes something.
std::vector<std::string> accounts_of(const ChangePlan& plan);

}  // namespace ciswatch
