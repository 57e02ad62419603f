#pragma once

// CloudFormation of the synthetic fleet: the stacks that own a log bucket or a key.

#include <string>
#include <string_view>

#include "benchmarks/fleet/model.h"
#include "core/base/json.h"

namespace ciswatch::fleet {

// The stack in a region that owns the bucket or key of that name; "" for none.
std::string stack_of(const Model& model, std::string_view region, std::string_view resource);

Json stack_resources_answer(const Model& model, std::string_view region, std::string_view stack);
Json template_answer(const Model& model, std::string_view region, std::string_view stack);

}  // namespace ciswatch::fleet
