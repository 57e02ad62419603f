#pragma once

// From the failing findings of a report to the plan that mends them.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/plan/plan.h"
#include "core/store/snapshot.h"
#include "rules/fixes.h"
#include "rules/source.h"
#include "rules/sql_text.h"

namespace ciswatch {

struct PlanOptions {
  std::map<std::string, std::string> settings;  // "fix-id.name" → value
  std::function<bool(const Finding&)> wanted;   // empty: every failing finding
};

// The shared views and beside them `finding`: of the list of rows, as JSON, that setting('findings') has.
std::vector<SharedView> views_with_findings(const ViewsText& views);
std::string finding_row(const PlannedFinding& finding);

// For each finding that fails and is not waived: the calls of its check's fix, or why there are none.
// Equal calls are one change. A row that another change of the plan has set already is planned as that
// leaves it; two that contradict each other are not both planned. Throws Error for a fix whose SQL
// does not compile, for a wrong setting and for a damaged snapshot.
ChangePlan plan_changes(const SnapshotSource& source, const Report& report, const Library& library,
                        const std::vector<Fix>& fixes, const PlanOptions& options = {});
ChangePlan plan_changes(const Snapshot& snapshot, const Report& report, const Library& library,
                        const std::vector<Fix>& fixes, const PlanOptions& options = {});

}  // namespace ciswatch
