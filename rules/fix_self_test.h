#pragma once

#include <vector>

#include "core/plan/plan.h"
#include "rules/fixes.h"
#include "rules/self_test.h"

namespace ciswatch {

// Runs the tests that stand in a fix: the rows that each gives are judged by the checks that name the
// fix, and the plan for what fails is compared. Throws Error for SQL that does not compile.
std::vector<TestResult> self_test(const Fix& fix, const Library& library);

// The plan for what is given in one of them. Throws Error as above.
ChangePlan plan_of(const Fix& fix, const FixTest& test, const Library& library);

}  // namespace ciswatch
