#pragma once

// What policies say to a request: IAM's user guide, "Policy evaluation logic". An explicit Deny wins; a
// Deny that might apply leaves it unknown; nothing that cannot be told is allowed.

#include <string>

#include "core/base/truth.h"
#include "core/policy/policy.h"
#include "core/policy/request.h"

namespace ciswatch {

struct Decision {
  // Where the request asks about several principals, actions or resources: about each of them, or
  // about at least one (Request::some).
  Truth allowed = Truth::no;
  Truth denied = Truth::no;  // by a Deny; what is neither allowed nor denied no statement speaks of
  std::string reason;        // which statement decides, in words
};

Decision decide(const Policies& policies, const Request& request);

}  // namespace ciswatch
