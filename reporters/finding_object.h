#pragma once

// A finding as the JSON report has it: for that report, and for who is told of one finding alone.

#include <string>
#include <string_view>

#include "core/report/recipes.h"
#include "core/report/report.h"
#include "reporters/calls.h"
#include "reporters/finding_json.h"

namespace ciswatch {

// One thread. The report stays the caller's, and must stay.
class FindingObject {
 public:
  explicit FindingObject(const Report& report);

  // The findings that follow are of this range.
  void enter(const FindingRange& range);

  // Appends the object. Throws Error where the ledger cannot be read.
  void append(std::string& out, const Finding& finding);

 private:
  void append_remediation(std::string& out, const Finding& finding) const;
  void append_calls(std::string& out, const Finding& finding);

  FindingJson json_;
  AnsweredCalls calls_;
  RecipeBook recipes_;
  std::string title_;                 // the member, of the range's check
  const Recipes* fitting_ = nullptr;  // of that check
};

}  // namespace ciswatch
