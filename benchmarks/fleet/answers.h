#pragma once

#include <string>
#include <variant>

#include "benchmarks/fleet/model.h"
#include "core/aws/call.h"
#include "core/base/json.h"

namespace ciswatch::fleet {

// What AWS says: the answer, or that it is not there.
using Reply = std::variant<Json, ApiError>;

// What the account answers to a call, faults of reading it aside. Throws Error for a call that the
// fleet does not know.
Reply reply(const Model& model, const ApiCall& call);

// The parameter of that place; "" for none.
const std::string& param(const ApiCall& call, std::size_t place = 0);

}  // namespace ciswatch::fleet
