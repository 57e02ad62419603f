#pragma once

// Mutants of the SQL of fixes, which the fixes' own tests are to notice.

#include "rules/fixes.h"
#include "tests/proof/mutants.h"

namespace ciswatch::proof {

// Throws Error for a fix whose tests fail as it is.
Score try_fix(const Fix& fix, const Library& library, Share share);

}  // namespace ciswatch::proof
