#include "reporters/sections.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "tests/reporters/sample_report.h"

namespace ciswatch {
namespace {

// How often each finding is in the arrangement, by its id.
std::map<std::string, int> placed(const Report& report) {
  std::map<std::string, int> times;
  const Accounts accounts(report);
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const auto part = accounts.arrange(i);
    EXPECT_EQ(part.account_id, accounts.id(i));
    Tally tally;
    for (const auto& section : part.sections) {
      tally.add(tally_of(section));
      for (const auto& group : section.groups) {
        for (const auto& finding : group.findings) {
          EXPECT_EQ(finding.account_id, part.account_id);
          EXPECT_EQ(finding.check, group.id);
          ++times[finding.id];
        }
      }
    }
    EXPECT_EQ(tally.all(), accounts.tally(i).all());
  }
  return times;
}

void expect_each_once(const sample::Parts& parts) {
  const auto times = placed(parts.made());
  EXPECT_EQ(times.size(), parts.findings.size());
  for (const auto& [id, count] : times) EXPECT_EQ(count, 1) << id;
}

TEST(Sections, PlaceEveryFindingOnce) { expect_each_once(sample::parts()); }

TEST(Sections, PlaceFindingsThatTheHeadDoesNotKnow) {
  auto parts = sample::parts();
  parts.head.account_summaries.clear();
  parts.head.checks.clear();
  expect_each_once(parts);
  parts.head.requirement_texts.clear();
  expect_each_once(parts);
}

TEST(Sections, ShowAnAccountWithoutASummaryAfterTheOthers) {
  auto parts = sample::parts();
  parts.head.account_summaries.erase(parts.head.account_summaries.begin());
  const Report report = parts.made();
  const Accounts accounts(report);
  ASSERT_EQ(accounts.size(), 2u);
  EXPECT_EQ(accounts.id(0), sample::kSecond);
  EXPECT_NE(accounts.summary(0), nullptr);
  EXPECT_EQ(accounts.id(1), sample::kFirst);
  EXPECT_EQ(accounts.summary(1), nullptr);
  EXPECT_EQ(accounts.arrange(1).sections.size(), 4u);
}

TEST(Sections, PlaceFindingsInAnyOrder) {
  auto parts = sample::parts();
  std::sort(parts.findings.begin(), parts.findings.end(),
            [](const Finding& a, const Finding& b) { return a.resource < b.resource; });
  expect_each_once(parts);
}

TEST(Sections, ShowACheckOfTwoRequirementsOnceAndPointToIt) {
  auto parts = sample::parts();
  RequirementText again = parts.head.requirement_texts[3];
  again.pack = "other";
  again.number = "9.9";
  parts.head.requirement_texts.push_back(again);
  parts.head.account_summaries[0].requirements.push_back({5, Verdict::warn, 14});
  expect_each_once(parts);
  const Report report = parts.made();
  const auto part = Accounts(report).arrange(0);
  const auto& last = part.sections.back();
  EXPECT_EQ(number_of(last), "9.9");
  EXPECT_TRUE(last.groups.empty());
  EXPECT_EQ(last.shown_before, std::vector<std::string_view>{"kms-key-rotation"});
}

TEST(Sections, KeepRequirementsWithoutFindings) {
  const Report report = sample::report();
  const Accounts accounts(report);
  ASSERT_EQ(accounts.size(), 2u);
  const auto part = accounts.arrange(0);
  ASSERT_EQ(part.sections.size(), 5u);
  EXPECT_EQ(number_of(part.sections[4]), "2.9");
  EXPECT_EQ(verdict_of(part.sections[4]), Verdict::not_applicable);
  EXPECT_EQ(tally_of(part.sections[4]).all(), 0u);
}

TEST(Sections, JudgeAChecksOutsideThePacksByItsWorstFindingThatIsNotWaived) {
  std::vector<Finding> findings(3);
  findings[0].verdict = Verdict::pass;
  findings[1].verdict = Verdict::unknown;
  findings[2].verdict = Verdict::critical;
  const auto verdict = [&] {
    Report report;
    for (const auto& finding : findings) report.findings.add(finding);
    return verdict_of(Accounts(report).arrange(0).sections.at(0));
  };
  EXPECT_EQ(verdict(), Verdict::critical);
  findings[2].waived = Waiver{};
  EXPECT_EQ(verdict(), Verdict::unknown);
}

TEST(Sections, CountAccountsByVerdictForEachRequirement) {
  const auto counts = count_across(sample::parts().head);
  ASSERT_EQ(counts.size(), 5u);
  EXPECT_EQ(counts[0][Verdict::pass], 1u);
  EXPECT_EQ(counts[0][Verdict::unknown], 1u);
  EXPECT_EQ(counts[3][Verdict::warn], 2u);
}

TEST(Sections, CountNoOtherOutcomeThanOkAndAbsentAsAnAnswer) {
  SourceCall call;
  for (const auto* outcome : {"denied", "throttled", "disabled", "failed", "not_tried", ""}) {
    call.outcome = outcome;
    EXPECT_FALSE(is_answered(call)) << outcome;
  }
}

}  // namespace
}  // namespace ciswatch
