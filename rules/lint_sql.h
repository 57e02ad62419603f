#pragma once

// What is wrong or risky in a check's SQL.

#include "rules/fields.h"
#include "rules/library.h"
#include "rules/sandbox.h"

namespace ciswatch {

// Does it compile, stay in the sandbox, return what a check returns, ask only for its settings?
// Warns of what loses NULL on the way.
void lint_sql(const Check& check, Sandbox& sandbox, Problems& problems);

// The same for the views that checks share. `sandbox` holds them.
void lint_views(const ViewsText& views, Sandbox& sandbox, std::vector<Diagnostic>& found);

}  // namespace ciswatch
