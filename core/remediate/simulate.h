#pragma once

#include <filesystem>

#include "core/plan/plan.h"
#include "core/store/snapshot.h"

namespace ciswatch {

// Writes a copy of the snapshot in which the plan's changes are done: the rows that each change names are
// as it says, decoded as the API's own answer would be, and a call that tells of a new thing is in the
// ledger. What AWS chooses, as the id of a key, is as the plan makes it up. Calls nothing. Throws Error
// for a plan of another snapshot, and for one that says what there cannot be.
void simulate(const ChangePlan& plan, const Snapshot& snapshot, const std::filesystem::path& out);

}  // namespace ciswatch
