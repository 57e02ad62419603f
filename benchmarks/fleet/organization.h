#pragma once

// AWS Organizations in the synthetic fleet: asked of every account, answered in full by the
// management account. An organization has its accounts whether or not the fleet goes so far.

#include <string>
#include <string_view>

#include "benchmarks/fleet/account.h"
#include "core/base/json.h"

namespace ciswatch::fleet {

std::string organization_id(const Organization& organization);

Json organization_answer(const Account& account);
Json roots_answer(const Account& account);
Json units_answer(const Account& account, std::string_view parent);
Json accounts_answer(const Account& account, std::string_view parent);
Json policies_answer(const Account& account);
Json policy_answer(const Account& account, std::string_view id);
Json policy_targets_answer(const Account& account, std::string_view id);
Json service_access_answer(const Account& account);
Json delegated_answer(const Account& account);

}  // namespace ciswatch::fleet
