#pragma once

#include "cli/chosen.h"
#include "cli/commands.h"
#include "core/plan/plan.h"
#include "core/store/snapshot.h"

namespace ciswatch {

// The plan for what the flags choose of the snapshot's findings, by the checks that `flags.selection` has
// chosen. Throws Error.
ChangePlan planned(const RemediationPlanFlags& flags, const Snapshot& snapshot, const Chosen& chosen);

// Tells on stderr how much of what was found is planned for, and why the rest is not.
void say(const ChangePlan& plan);

}  // namespace ciswatch
