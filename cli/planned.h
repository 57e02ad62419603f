#pragma once

#include "cli/commands.h"
#include "core/plan/plan.h"
#include "core/store/snapshot.h"

namespace ciswatch {

// The plan for what the flags choose of the snapshot's findings. Throws Error.
ChangePlan planned(const RemediationPlanFlags& flags, const Snapshot& snapshot);

// Tells on stderr how much of what was found is planned for, and why the rest is not.
void say(const ChangePlan& plan);

}  // namespace ciswatch
