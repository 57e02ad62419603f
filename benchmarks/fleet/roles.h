#pragma once

// IAM of the synthetic fleet: the roles with which trails and flow logs are delivered.

#include <optional>
#include <string>
#include <string_view>

#include "benchmarks/fleet/account.h"
#include "core/base/json.h"

namespace ciswatch::fleet {

enum class Grant { inline_policy, managed_policy, nothing };

struct Role {
  std::string name, service, group;  // group: the log group that it delivers to
  Dice dice;
  Grant grant = Grant::inline_policy;
  bool has_boundary = false;
};

// Nothing where there is no such role.
std::optional<Role> role_of(const Account& account, std::string_view name);

Json role_answer(const Role& role, const Account& account);
Json inline_list_answer(const Role& role);
Json inline_answer(const Role& role, const Account& account);
Json attached_answer(const Role& role, const Account& account);
Json managed_answer(const Account& account, std::string_view arn);
Json managed_version_answer(const Account& account, std::string_view arn, std::string_view version);

}  // namespace ciswatch::fleet
