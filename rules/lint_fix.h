#pragma once

#include "rules/fields.h"
#include "rules/fixes.h"
#include "rules/views_text.h"

namespace ciswatch {

// Does its SQL compile and return what a fix returns, and do its steps name only columns, steps and
// tables that there are? `views`: that it may use; they compile.
void lint_fix(const Fix& fix, const ViewsText& views, Problems& problems);

}  // namespace ciswatch
