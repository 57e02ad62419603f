#pragma once

#include <vector>

#include "core/plan/plan.h"
#include "core/report/report.h"
#include "rules/fixes.h"
#include "rules/planner.h"
#include "rules/self_test.h"
#include "rules/source.h"

namespace ciswatch {

// Runs the tests that stand in a fix: the rows that each gives are judged by the checks that name the
// fix, and the plan for what fails is compared. Throws Error for SQL that does not compile.
std::vector<TestResult> self_test(const Fix& fix, const Library& library);

// The plan for what is given in one of them. Throws Error as above.
ChangePlan plan_of(const Fix& fix, const FixTest& test, const Library& library);

// One of the tests, of which the rows are judged once, while what is planned for them may be asked of one
// SQL after the other. The fix, its test and the library outlive it. One thread.
class FixBench {
 public:
  FixBench(const Fix& fix, const FixTest& test, const Library& library);

  // What of the plan by this SQL is not as the test expects; "" for nothing. Throws Error for SQL that
  // does not run.
  std::string unexpected(const std::string& sql) const;

 private:
  Fix fix_;
  const FixTest& test_;
  const Library& library_;
  SnapshotSource source_;
  PlanOptions options_;
  Report report_;
};

}  // namespace ciswatch
