#include "rules/self_test.h"

#include <fmt/format.h>

#include "rules/compile.h"
#include "rules/given.h"
#include "rules/source.h"

namespace ciswatch {
namespace {

bool matches(const ExpectedFinding& expected, const Finding& finding) {
  return expected.resource == finding.resource && expected.verdict == finding.verdict &&
         expected.account_id.value_or(finding.account_id) == finding.account_id &&
         expected.region.value_or(finding.region) == finding.region &&
         expected.level.value_or(finding.level) == finding.level &&
         expected.waived.value_or(finding.waived.has_value()) == finding.waived.has_value() &&
         finding.detail.find(expected.detail.value_or("")) != std::string::npos;
}

// Pairs each expectation with a finding of its own. An expectation that leaves out the region may
// fit several, so a pair is given up where that frees a finding (augmenting paths).
class Pairing {
 public:
  Pairing(const std::vector<ExpectedFinding>& expected, const std::vector<Finding>& findings)
      : expected_(expected), findings_(findings), taken_by_(findings.size(), kNobody) {
    for (std::size_t i = 0; i < expected.size(); ++i) {
      std::vector<bool> tried(findings.size());
      if (!place(i, tried)) unmet_.push_back(i);
    }
  }

  [[nodiscard]] std::string difference() const {
    std::string text;
    for (const auto i : unmet_) text += "  expected: " + describe(expected_[i]) + "\n";
    for (std::size_t i = 0; i < findings_.size(); ++i) {
      if (taken_by_[i] == kNobody) text += "  got:      " + describe(findings_[i]) + "\n";
    }
    return text;
  }

 private:
  static constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

  bool place(std::size_t wish, std::vector<bool>& tried) {
    for (std::size_t i = 0; i < findings_.size(); ++i) {
      if (tried[i] || !matches(expected_[wish], findings_[i])) continue;
      tried[i] = true;
      if (taken_by_[i] != kNobody && !place(taken_by_[i], tried)) continue;
      taken_by_[i] = wish;
      return true;
    }
    return false;
  }

  static std::string describe(const ExpectedFinding& expected) {
    auto text = fmt::format("{} {}", name_of(expected.verdict), expected.resource);
    if (expected.region) text += " in " + *expected.region;
    if (expected.account_id) text += " of " + *expected.account_id;
    if (expected.level) text += fmt::format(" (level {})", name_of(*expected.level));
    if (expected.detail) text += fmt::format(": …{}…", *expected.detail);
    return text;
  }

  static std::string describe(const Finding& finding) {
    return fmt::format("{} {} in {} of {} (level {}): {}", name_of(finding.verdict),
                       finding.resource, finding.region, finding.account_id,
                       name_of(finding.level), finding.detail);
  }

  const std::vector<ExpectedFinding>& expected_;
  const std::vector<Finding>& findings_;
  std::vector<std::size_t> taken_by_;
  std::vector<std::size_t> unmet_;
};

TestResult run_test(const Check& check, const Selection& selection, const CheckTest& test,
                    const Compiled& compiled) {
  TestResult result{check.id, test.name, test.place, false, ""};
  EvaluateOptions options;
  options.jobs = 1;
  options.verify_calls = true;
  options.retry_accounts = false;
  options.compiled = &compiled;
  for (const auto& [name, value] : test.settings) options.settings[check.id + '.' + name] = value;
  try {
    const SnapshotSource source{"the test's snapshot", "", given_info(test),
                        [](std::string_view) { return true; },
                        [&] { return given_database(test, compiled.shown.tables); }};
    const auto report = evaluate_source(source, selection, options);
    std::vector<Finding> findings;
    for (const auto& range : report.findings.ranges()) {
      findings.insert(findings.end(), range.begin(), range.end());
    }
    result.difference = difference(test.expect, findings);
  } catch (const Error& error) {
    result.difference = fmt::format("  {}\n", error.what());
  }
  result.passed = result.difference.empty();
  return result;
}

}  // namespace

std::string difference(const std::vector<ExpectedFinding>& expected,
                       const std::vector<Finding>& found) {
  return Pairing(expected, found).difference();
}

std::vector<TestResult> self_test(const Check& check, const Library& library) {
  Library alone;
  alone.checks = {check};
  alone.views = library.views;
  Selection selection;
  selection.library = &alone;
  selection.checks = {&alone.checks.front()};
  const auto compiled = compile(selection.checks, alone);
  std::vector<TestResult> results;
  for (const auto& test : check.tests) results.push_back(run_test(check, selection, test, compiled));
  return results;
}

}  // namespace ciswatch
