#pragma once

// What is asked of a policy: may who do what to what?

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/policy.h"

namespace ciswatch {

struct Request {
  // Who asks; nobody where the policy is an identity's own, or a service control policy. `anyone`
  // asks about each and every principal.
  std::optional<Principal> principal;
  std::string action;                   // '*' and '?': each action that they stand for
  std::optional<std::string> resource;  // likewise; not asked of a trust policy
  // The values of condition keys, whose names are in lower case. No values: the request is known to
  // be without the key. A key that is not here is not known.
  std::map<std::string, std::vector<std::string>> context;
  // Keys that are not in `context` are not unknown, but asked about for each value that they can have.
  bool every = false;
  // Not about each of what is asked about, but about at least one.
  bool some = false;
  // An Allow for an account leaves it to the account which of its identities may: unknown for one of
  // them, and no where only what names the principal itself counts.
  bool by_name = false;
};

// Reads {"principal": "*" or {"AWS"|"Service"|…: id}, "action": text, "resource": text,
// "context": {key: text, number, boolean, list or null}, "every", "some", "by_name": boolean}. Throws
// PolicyError for another shape, for texts longer than an ARN can be and for more than 100 keys.
Request parse_request(std::string_view json);

}  // namespace ciswatch
