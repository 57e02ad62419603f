#pragma once

// Whom a statement speaks of: IAM's user guide, "Principal" and "NotPrincipal".

#include "core/policy/glob.h"
#include "core/policy/request.h"

namespace ciswatch {

// Whether it speaks of the one who asks. A Deny for an account is for all of its identities; of an Allow
// see Request::by_name.
Extent principal_extent(const PolicyStatement& statement, const Request& request);

}  // namespace ciswatch
