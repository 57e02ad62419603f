#pragma once

// The accounts of an organization, as AWS Organizations lists them.

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/aws/client.h"

namespace ciswatch {

struct MemberAccount {
  std::string id;
  std::string name;
  std::string state;  // ACTIVE, SUSPENDED, PENDING_CLOSURE, …
  std::map<std::string, std::string> tags;  // only where they are asked for

  [[nodiscard]] bool is_active() const { return state == "ACTIVE"; }
};

struct OrganizationRequest {
  std::string region;              // the partition's first
  std::vector<std::string> units;  // only accounts of these units or roots, and of all below; empty: all
  bool with_tags = false;
  std::function<bool(const std::string& id)> is_wanted;  // others are left out; empty: all are wanted
};

// The accounts in the order of their ids, each once, also those that are not active. Waits. Throws
// Error where anything of it was not answered: an account that is not in the list would be missing
// without a word.
std::vector<MemberAccount> list_organization(Client& client, const OrganizationRequest& request);

}  // namespace ciswatch
