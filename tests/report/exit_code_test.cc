#include <gtest/gtest.h>

#include "core/report/report.h"

namespace ciswatch {
namespace {

Finding finding(Verdict verdict, Level level, bool waived = false) {
  Finding made;
  made.verdict = verdict;
  made.level = level;
  if (waived) made.waived = Waiver{"owner", "reason", "", "2027-01-01"};
  return made;
}

int code(std::vector<Finding> findings, FailOn fail_on, bool allow_unknown = false) {
  Report report;
  for (const auto& each : findings) report.findings.add(each);
  return exit_code(report, {fail_on, allow_unknown});
}

// What one finding that is not waived makes of the exit code, without --allow-unknown.
struct Case {
  FailOn fail_on;
  Verdict verdict;
  int level_warn, level_critical;
};

constexpr Case kCases[] = {
    {FailOn::critical, Verdict::critical, 1, 1},
    {FailOn::critical, Verdict::warn, 0, 0},
    {FailOn::critical, Verdict::unknown, 0, 3},
    {FailOn::critical, Verdict::pass, 0, 0},
    {FailOn::critical, Verdict::not_applicable, 0, 0},
    {FailOn::warn, Verdict::critical, 1, 1},
    {FailOn::warn, Verdict::warn, 1, 1},
    {FailOn::warn, Verdict::unknown, 3, 3},
    {FailOn::warn, Verdict::pass, 0, 0},
    {FailOn::warn, Verdict::not_applicable, 0, 0},
    {FailOn::unknown, Verdict::critical, 1, 1},
    {FailOn::unknown, Verdict::warn, 1, 1},
    {FailOn::unknown, Verdict::unknown, 1, 1},
    {FailOn::unknown, Verdict::pass, 0, 0},
    {FailOn::unknown, Verdict::not_applicable, 0, 0},
    {FailOn::none, Verdict::critical, 0, 0},
    {FailOn::none, Verdict::warn, 0, 0},
    {FailOn::none, Verdict::unknown, 0, 0},
    {FailOn::none, Verdict::pass, 0, 0},
    {FailOn::none, Verdict::not_applicable, 0, 0},
};

TEST(ExitCode, FollowsTheTableForEveryVerdictLevelAndGate) {
  for (const auto& row : kCases) {
    for (const auto level : {Level::warn, Level::critical}) {
      const int expected = level == Level::warn ? row.level_warn : row.level_critical;
      SCOPED_TRACE(testing::Message() << "fail_on " << static_cast<int>(row.fail_on) << ", "
                                      << name_of(row.verdict) << ", level " << name_of(level));
      const auto one = finding(row.verdict, level);
      EXPECT_EQ(code({one}, row.fail_on), expected);
      // --allow-unknown forgives missing evidence and nothing else.
      EXPECT_EQ(code({one}, row.fail_on, true), expected == 3 ? 0 : expected);
    }
  }
}

TEST(ExitCode, LeavesWaivedFindingsOut) {
  for (const auto& row : kCases) {
    for (const auto level : {Level::warn, Level::critical}) {
      for (const bool allow_unknown : {false, true}) {
        EXPECT_EQ(code({finding(row.verdict, level, true)}, row.fail_on, allow_unknown), 0)
            << name_of(row.verdict);
      }
    }
  }
}

TEST(ExitCode, PutsAProvenFaultBeforeMissingEvidence) {
  const auto unread = finding(Verdict::unknown, Level::critical);
  const auto wrong = finding(Verdict::critical, Level::critical);
  EXPECT_EQ(code({unread, wrong}, FailOn::critical), 1);
  EXPECT_EQ(code({wrong, unread}, FailOn::critical), 1);
  EXPECT_EQ(code({wrong, unread}, FailOn::critical, true), 1);
}

TEST(ExitCode, IsNotBoughtByOtherFindingsThatPass) {
  const auto good = finding(Verdict::pass, Level::critical);
  EXPECT_EQ(code({good, finding(Verdict::unknown, Level::critical), good}, FailOn::critical), 3);
  EXPECT_EQ(code({good, finding(Verdict::warn, Level::warn), good}, FailOn::warn), 1);
}

TEST(ExitCode, Is3WhereLessWasReadThanAskedWhateverElseIsAllowed) {
  for (const auto fail_on : {FailOn::critical, FailOn::warn, FailOn::unknown, FailOn::none}) {
    for (const bool allow_unknown : {false, true}) {
      Report report;
      report.findings.add(finding(Verdict::pass, Level::critical));
      report.head.outcomes = {{"ok", 98}, {"denied", 2}};
      EXPECT_EQ(exit_code(report, {fail_on, allow_unknown, LeastCoverage(98)}), 0);
      EXPECT_EQ(exit_code(report, {fail_on, allow_unknown, LeastCoverage(98.1)}), 3);
      report.findings.add(finding(Verdict::critical, Level::critical));
      EXPECT_EQ(exit_code(report, {fail_on, allow_unknown, LeastCoverage(98.1)}),
                fail_on == FailOn::none ? 3 : 1);
    }
  }
}

TEST(ExitCode, IsZeroWithoutFindings) { EXPECT_EQ(code({}, FailOn::unknown), 0); }

TEST(Report, FindsItsChecksById) {
  Report report;
  report.head.checks = {{"a", "A", "", Level::warn, {}, {}, {}},
                        {"b", "B", "", Level::critical, {}, {}, {}}};
  ASSERT_NE(report.check("b"), nullptr);
  EXPECT_EQ(report.check("b")->title, "B");
  EXPECT_EQ(report.check("c"), nullptr);
}

TEST(Report, NamesVerdictsAndLevelsAsTheJsonReportDoes) {
  EXPECT_EQ(name_of(Verdict::pass), "pass");
  EXPECT_EQ(name_of(Verdict::warn), "warn");
  EXPECT_EQ(name_of(Verdict::critical), "critical");
  EXPECT_EQ(name_of(Verdict::unknown), "unknown");
  EXPECT_EQ(name_of(Verdict::not_applicable), "not_applicable");
  EXPECT_EQ(name_of(Level::warn), "warn");
  EXPECT_EQ(name_of(Level::critical), "critical");
}

}  // namespace
}  // namespace ciswatch
