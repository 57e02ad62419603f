#pragma once

// The least that a role must be allowed, worked out from what the chosen checks read.

#include <set>
#include <span>
#include <string>
#include <string_view>

#include "core/tables/table_spec.h"

namespace ciswatch {

// The IAM actions of the calls that fill these tables.
std::set<std::string> actions_of(std::span<const TableSpec* const> tables);

// A policy that allows them and no more, as "json", "terraform" or "cloudformation".
std::string policy_text(const std::set<std::string>& actions, std::string_view format);

}  // namespace ciswatch
