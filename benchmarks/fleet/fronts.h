#pragma once

// Web front ends of the synthetic fleet: distributions, load balancers, APIs, and what delivers their
// access logs.

#include <optional>

#include "benchmarks/fleet/account.h"
#include "core/aws/call.h"

namespace ciswatch::fleet {

// nullopt for a call that is about something else.
std::optional<Json> front_answer(const Account& account, const ApiCall& call);

}  // namespace ciswatch::fleet
