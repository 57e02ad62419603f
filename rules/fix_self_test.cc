#include "rules/fix_self_test.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/json.h"
#include "core/plan/members.h"
#include "rules/compile.h"
#include "rules/given.h"
#include "rules/planner.h"

namespace ciswatch {
namespace {

bool equal(const std::string& one, const std::string& other) {
  return has_members(one, other) && has_members(other, one);
}

bool is_undo(const std::string& expected, const Change& change) {
  return expected.empty() || (change.undo && equal(expected, change.undo->params));
}

bool matches(const ExpectedCall& expected, const Change& change) {
  const auto wanted = [](const std::string& text, const std::string& own) {
    return text.empty() || text == own;
  };
  return expected.call == change.service + ' ' + change.operation &&
         wanted(expected.account_id, change.account_id) && wanted(expected.region, change.region) &&
         (expected.params.empty() || equal(expected.params, change.params)) &&
         is_undo(expected.undo, change);
}

std::string describe(const Change& change) {
  return fmt::format("{} {} in {} of {} {} undo {}", change.service, change.operation, change.region,
                     change.account_id, change.params, change.undo ? change.undo->params : "none");
}

std::string describe(const ExpectedCall& call) {
  return fmt::format("{} {} {} {} undo {}", call.call, call.region, call.account_id, call.params,
                     call.undo);
}

std::string difference(const FixTest& test, const ChangePlan& plan) {
  std::string text;
  for (std::size_t i = 0; i < std::max(test.calls.size(), plan.changes.size()); ++i) {
    const auto* call = i < test.calls.size() ? &test.calls[i] : nullptr;
    const auto* change = i < plan.changes.size() ? &plan.changes[i] : nullptr;
    if (call != nullptr && change != nullptr && matches(*call, *change)) continue;
    if (call != nullptr) text += "  expected: " + describe(*call) + "\n";
    if (change != nullptr) text += "  got:      " + describe(*change) + "\n";
  }
  std::vector<std::string> reasons;
  for (const auto& each : plan.unplanned) reasons.push_back(each.why);
  for (const auto& part : test.unplanned) {
    const auto found = std::find_if(reasons.begin(), reasons.end(), [&](const std::string& why) {
      return why.find(part) != std::string::npos;
    });
    if (found == reasons.end()) {
      text += "  expected unplanned: " + part + "\n";
    } else {
      reasons.erase(found);
    }
  }
  for (const auto& why : reasons) text += "  got unplanned:      " + why + "\n";
  return text;
}

Selection checks_for(const Fix& fix, const Library& library) {
  Selection selection;
  selection.library = &library;
  selection.checks = checks_of(fix, library);
  return selection;
}

SnapshotSource source_for(const FixTest& test) {
  return {"the test's snapshot", "", given_info(test.given), [](std::string_view) { return true; },
          [&test] { return given_database(test.given); }};
}

Report judged(const SnapshotSource& source, const Selection& selection, const Compiled& compiled) {
  EvaluateOptions options;
  options.jobs = 1;
  options.compiled = &compiled;
  return evaluate_source(source, selection, options);
}

PlanOptions options_for(const Fix& fix, const FixTest& test) {
  PlanOptions planning;
  for (const auto& [name, value] : test.given.settings) {
    planning.settings[fix.id + '.' + name] = value;
  }
  return planning;
}

ChangePlan plan_for(const Fix& fix, const Selection& selection, const Compiled& compiled,
                    const FixTest& test) {
  const auto source = source_for(test);
  return plan_changes(source, judged(source, selection, compiled), *selection.library, {fix},
                      options_for(fix, test));
}

TestResult run_test(const Fix& fix, const Selection& selection, const Compiled& compiled,
                    const FixTest& test) {
  TestResult result{fix.id, test.given.name, test.given.place, false, ""};
  try {
    const auto plan = plan_for(fix, selection, compiled, test);
    // What is written must be what can be read.
    parse_plan(to_json(plan), "the plan");
    result.difference = difference(test, plan);
  } catch (const Error& error) {
    result.difference = fmt::format("  {}\n", error.what());
  }
  result.passed = result.difference.empty();
  return result;
}

}  // namespace

std::vector<TestResult> self_test(const Fix& fix, const Library& library) {
  const auto selection = checks_for(fix, library);
  const auto compiled = compile(selection.checks, library);
  std::vector<TestResult> results;
  for (const auto& test : fix.tests) results.push_back(run_test(fix, selection, compiled, test));
  return results;
}

ChangePlan plan_of(const Fix& fix, const FixTest& test, const Library& library) {
  const auto selection = checks_for(fix, library);
  return plan_for(fix, selection, compile(selection.checks, library), test);
}

FixBench::FixBench(const Fix& fix, const FixTest& test, const Library& library)
    : fix_(fix),
      test_(test),
      library_(library),
      source_(source_for(test)),
      options_(options_for(fix, test)) {
  const auto selection = checks_for(fix, library);
  report_ = judged(source_, selection, compile(selection.checks, library));
}

std::string FixBench::unexpected(const std::string& sql) const {
  auto other = fix_;
  other.sql = sql;
  return difference(test_, plan_changes(source_, report_, library_, {other}, options_));
}

}  // namespace ciswatch
