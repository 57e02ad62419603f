#pragma once

// Conditions of statements: IAM's user guide, "Condition operators" and "Set operators for multivalued
// context keys".

#include "core/policy/glob.h"
#include "core/policy/request.h"

namespace ciswatch {

// Whether one clause of a condition holds. An operator that is not known, and a key of which the
// request does not tell, make it unknown.
Extent holds(const Clause& clause, const Request& request, bool has_variables);

// A text of a policy with its variables in: what the context tells stands for itself, what it does not
// is kOpen. Without `has_variables` ${…} stands for itself; with `wildcards` '*' and '?' do not.
Glob expanded(std::string_view text, const Request& request, bool has_variables, bool wildcards);

}  // namespace ciswatch
