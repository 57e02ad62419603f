#include "reporters/sections.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/reporters/sample_report.h"

namespace ciswatch {
namespace {

// How often each finding is in the arrangement.
std::map<const Finding*, int> placed(const std::vector<AccountPart>& parts) {
  std::map<const Finding*, int> times;
  for (const auto& part : parts) {
    for (const auto& section : part.sections) {
      for (const auto& group : section.groups) {
        for (const auto& finding : group.findings) {
          EXPECT_EQ(finding.account_id, part.account_id);
          EXPECT_EQ(finding.check, group.id);
          ++times[&finding];
        }
      }
    }
  }
  return times;
}

void expect_each_once(const Report& report) {
  const auto times = placed(arrange(report));
  EXPECT_EQ(times.size(), report.findings.size());
  for (const auto& [finding, count] : times) EXPECT_EQ(count, 1) << finding->resource;
}

TEST(Sections, PlaceEveryFindingOnce) { expect_each_once(sample::report()); }

TEST(Sections, PlaceFindingsThatTheHeadDoesNotKnow) {
  Report report = sample::report();
  report.head.requirements.clear();
  report.head.account_summaries.clear();
  report.head.checks.clear();
  expect_each_once(report);
}

TEST(Sections, PlaceFindingsInAnyOrder) {
  Report report = sample::report();
  std::sort(report.findings.begin(), report.findings.end(),
            [](const Finding& a, const Finding& b) { return a.resource < b.resource; });
  expect_each_once(report);
}

TEST(Sections, ShowACheckOfTwoRequirementsOnceAndPointToIt) {
  Report report = sample::report();
  RequirementRow again = report.head.requirements[3];
  again.pack = "other";
  again.number = "9.9";
  report.head.requirements.push_back(again);
  expect_each_once(report);
  const auto parts = arrange(report);
  const auto& last = parts[0].sections.back();
  EXPECT_EQ(number_of(last), "9.9");
  EXPECT_TRUE(last.groups.empty());
  EXPECT_EQ(last.shown_before, std::vector<std::string_view>{"kms-key-rotation"});
}

TEST(Sections, KeepRequirementsWithoutFindings) {
  const Report report = sample::report();
  const auto parts = arrange(report);
  ASSERT_EQ(parts.size(), 2u);
  ASSERT_EQ(parts[0].sections.size(), 5u);
  EXPECT_EQ(number_of(parts[0].sections[4]), "2.9");
  EXPECT_EQ(verdict_of(parts[0].sections[4]), Verdict::not_applicable);
  EXPECT_EQ(count_findings(parts[0].sections[4]), 0u);
}

TEST(Sections, JudgeAChecksOutsideThePacksByItsWorstFindingThatIsNotWaived) {
  Report report;
  report.findings.resize(3);
  report.findings[0].verdict = Verdict::pass;
  report.findings[1].verdict = Verdict::unknown;
  report.findings[2].verdict = Verdict::critical;
  EXPECT_EQ(verdict_of(arrange(report)[0].sections[0]), Verdict::critical);
  report.findings[2].waived = Waiver{};
  EXPECT_EQ(verdict_of(arrange(report)[0].sections[0]), Verdict::unknown);
}

TEST(Sections, RoundCoverageDown) {
  EXPECT_EQ(percentage(0, 0), "–");
  EXPECT_EQ(percentage(253, 255), "99.2 %");
  EXPECT_EQ(percentage(999'999, 1'000'000), "99.9 %");
  EXPECT_EQ(percentage(5, 5), "100 %");
  EXPECT_EQ(percentage(0, 5), "0.0 %");
}

TEST(Sections, CountAbsentAsAnAnswerAndDeniedNot) {
  EXPECT_EQ(answered_calls(sample::report().head), 253u);
  SourceCall call;
  for (const auto* outcome : {"denied", "throttled", "disabled", "failed", "not_tried", ""}) {
    call.outcome = outcome;
    EXPECT_FALSE(is_answered(call)) << outcome;
  }
}

}  // namespace
}  // namespace ciswatch
