#pragma once

#include <filesystem>
#include <vector>

#include "cli/chosen.h"
#include "cli/permissions.h"

namespace ciswatch {

// What `remediate apply` and `undo` need: the calls that mend, those that take them back, and those that
// read a changed row again. Of the fixes of the chosen checks, or of one plan.
std::vector<Grant> remediation_grants(const Chosen& chosen);
std::vector<Grant> remediation_grants(const std::filesystem::path& plan);

}  // namespace ciswatch
