#pragma once

#include <span>
#include <string>
#include <vector>

#include "rules/library.h"

namespace ciswatch {

struct TestResult {
  std::string check, test;
  Place place;  // of the test in the check's file
  bool passed = false;
  std::string difference;  // what was expected and not found, and the other way round; "" if passed
};

// What of the expected findings was not found, and what was found beside them; "" if all fits.
std::string difference(const std::vector<ExpectedFinding>& expected,
                       const std::vector<Finding>& found);

// Runs the tests that stand in the check's file, each on a snapshot in memory with the rows it
// gives. Throws Error for SQL that does not compile.
std::vector<TestResult> self_test(const Check& check, const Library& library);

}  // namespace ciswatch
