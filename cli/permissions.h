#pragma once

// The least that a role must be allowed, worked out from what the chosen checks read; and what the one
// who takes on that role in many accounts must be.

#include <set>
#include <span>
#include <string>
#include <string_view>

#include "core/tables/table_spec.h"

namespace ciswatch {

// The IAM actions of the calls that fill these tables.
std::set<std::string> actions_of(std::span<const TableSpec* const> tables);

// A statement of a policy: what it allows, and on what.
struct Grant {
  std::string sid;
  std::set<std::string> actions;
  std::string resource = "*";
};

// A policy that allows this and no more, as "json", "terraform" or "cloudformation".
std::string policy_text(std::span<const Grant> grants, std::string_view format);

}  // namespace ciswatch
