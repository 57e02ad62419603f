#pragma once

#include <map>
#include <string>

#include "core/base/time.h"
#include "core/remediate/journal.h"

namespace ciswatch {

// Findings, by id, of which all that the plan has for them is done and was read back as planned, while AWS
// still may need its time to show these changes (Change::settles); what it is, in words. One whose
// time is over is not among them.
std::map<std::string, std::string> settling_findings(const Journal& journal, UnixSeconds now);

}  // namespace ciswatch
