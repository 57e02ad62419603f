#pragma once

// Whom a statement speaks of: IAM's user guide, "Principal" and "NotPrincipal".

#include "core/policy/glob.h"
#include "core/policy/request.h"

namespace ciswatch {

// Whether it speaks of the one who asks. An Allow for an account leaves to the account which of its
// identities may: unknown for one of them. A Deny for an account is for all of them.
Extent principal_extent(const PolicyStatement& statement, const Request& request);

}  // namespace ciswatch
