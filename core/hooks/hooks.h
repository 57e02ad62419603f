#pragma once

// The hooks of changes, as who applies a plan calls them.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/hooks/hook_run.h"
#include "core/plan/plan.h"

namespace ciswatch {

// Blocks while a program runs, for minutes it may be (ApplyOptions::side_by_side). One thread. The plan is the caller's, and must stay.
class Hooks {
 public:
  Hooks(std::vector<Hook> hooks, const ChangePlan& plan);

  // Whether there is one of before_apply or after_apply.
  [[nodiscard]] bool is_any() const;

  // Asks the hooks of before_apply in their order. Why the change must not be made, as told by the first
  // that ends otherwise than with exit code 0, in time; nullopt where none objects.
  [[nodiscard]] std::optional<std::string> veto(const Change& change) const;

  // Tells the hooks of after_apply what has become of the change (the journal's word) and, if it was
  // not done, why. A line for each that failed.
  [[nodiscard]] std::vector<std::string> tell(const Change& change, std::string_view outcome,
                                              std::string_view why) const;

 private:
  [[nodiscard]] std::vector<const Hook*> hooks_of(HookEvent event, const Change& change) const;
  [[nodiscard]] std::string members_of(const Change& change) const;

  std::vector<Hook> hooks_;
  std::string plan_hash_;
  std::map<std::string_view, std::string_view> checks_;  // by the id of a finding
};

bool has_event(const std::vector<Hook>& hooks, HookEvent event);

// What a hook gets on stdin: {"schema_version":1,"event":…,"tool":{…},<members>} and a
// line feed; `members` is JSON as it stands within an object.
std::string hook_document(HookEvent event, std::string_view members);

// As people are told of it: the program as it was configured.
std::string shown_program(const Hook& hook);

}  // namespace ciswatch
