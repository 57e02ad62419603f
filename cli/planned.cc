#include "cli/planned.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <vector>

#include "core/base/text.h"
#include "rules/evaluate.h"
#include "rules/planner.h"
#include "rules/settings.h"

namespace ciswatch {
namespace {

constexpr std::size_t kMostReasons = 20;  // that are printed

}  // namespace

void say(const ChangePlan& plan) {
  std::set<std::string> accounts;
  for (const auto& change : plan.changes) accounts.insert(change.account_id);
  fmt::print(stderr, "ciswatch: {} in {} for {} of {}\n", counted(plan.changes.size(), "change"),
             counted(accounts.size(), "account"), plan.findings.size() - plan.unplanned.size(),
             counted(plan.findings.size(), "finding"));
  std::map<std::string, std::vector<std::string>> by_reason;
  std::map<std::string_view, const PlannedFinding*> findings;
  for (const auto& finding : plan.findings) findings[finding.id] = &finding;
  for (const auto& each : plan.unplanned) {
    const auto& finding = *findings.at(each.finding);
    by_reason[finding.check + ": " + printable(each.why)].push_back(printable(finding.resource));
  }
  // Those of most findings first.
  std::vector<std::pair<std::string, std::vector<std::string>>> reasons(by_reason.begin(),
                                                                        by_reason.end());
  std::stable_sort(reasons.begin(), reasons.end(), [](const auto& one, const auto& other) {
    return one.second.size() > other.second.size();
  });
  for (std::size_t i = 0; i < std::min(reasons.size(), kMostReasons); ++i) {
    const auto& [reason, resources] = reasons[i];
    fmt::print(stderr, "  not planned: {} ({}{})\n", reason, resources.front(),
               resources.size() == 1 ? "" : fmt::format(" and {} more", resources.size() - 1));
  }
  if (reasons.size() > kMostReasons) {
    fmt::print(stderr, "  … and {} more reasons, in the plan's list 'unplanned'\n",
               reasons.size() - kMostReasons);
  }
}

ChangePlan planned(const RemediationPlanFlags& flags, const Snapshot& snapshot, const Chosen& chosen) {
  const auto fixes = load_fixes(*chosen.library);
  PlanOptions planning;
  planning.settings = values_set(flags.settings, "FIX");
  refuse_wrong_settings(fixes, planning.settings);
  if (!flags.accounts.empty()) {
    planning.wanted = [&](const Finding& finding) {
      return std::find(flags.accounts.begin(), flags.accounts.end(), finding.account_id) !=
             flags.accounts.end();
    };
  }
  EvaluateOptions options;
  options.waivers = load_waivers(flags.waivers, *chosen.library);
  const Report report = evaluate(snapshot, chosen.selection, options);
  return plan_changes(snapshot, report, *chosen.library, fixes, planning);
}

}  // namespace ciswatch
