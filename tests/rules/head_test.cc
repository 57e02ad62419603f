// Requirements, accounts and totals.

#include <gtest/gtest.h>

#include "tests/rules/rig.h"

namespace ciswatch {
namespace {

std::string always(std::string_view ok, std::string_view where = "") {
  return fmt::format(
      "select account_id, region, null as resource, {} as ok, 'd' as detail from aws_account {}",
      ok, where);
}

class Heads : public testing::Test {
 protected:
  Heads() {
    rig::Maker maker(folder_.path() / "s.db");
    maker.account("111111111111");
    maker.account("222222222222");
    maker.region("us-east-1", "111111111111");
    maker.region("us-east-1", "222222222222");
    maker.call("aws_vpc", "us-east-1", "denied");
    maker.call("aws_s3_bucket_policy_status", "us-east-1", "absent", "b");
    snapshot_.emplace(maker.finish());
    library_ = rig::library({rig::check("critical-one", Scope::account,
                                        always("account_id like '2%'"), Level::critical),
                             rig::check("nothing", Scope::resource, always("1", "where 0")),
                             rig::check("passes", Scope::account, always("1")),
                             rig::check("unknown", Scope::account, always("null")),
                             rig::check("warns", Scope::account, always("0"))},
                            {rig::pack("p", {{"1", {"critical-one", "warns"}},
                                             {"2", {"passes", "unknown"}},
                                             {"10", {"passes"}},
                                             {"11", {"nothing"}},
                                             {"12", {}}})});
  }

  Report judge(const std::vector<std::string>& packs,
               const std::vector<std::string>& checks) const {
    EvaluateOptions options;
    options.jobs = 1;
    return evaluate(*snapshot_, choose(library_, packs, checks), options);
  }

  static std::string rows(const Report& report) {
    std::string text;
    for (const auto& account : report.head.account_summaries) {
      for (const auto& row : account.requirements) {
        const auto& about = report.head.requirement_texts[row.requirement];
        text += fmt::format("{} {} {} {} {}\n", account.account_id.substr(0, 1), about.pack,
                            about.number, name_of(row.verdict), row.findings);
      }
    }
    return text;
  }

  rig::Folder folder_;
  std::optional<Snapshot> snapshot_;
  Library library_;
};

TEST_F(Heads, GiveEachRequirementItsWorstVerdict) {
  const auto report = judge({"p"}, {});
  EXPECT_EQ(rows(report),
            "1 p 1 critical 2\n1 p 2 unknown 2\n1 p 10 pass 1\n1 p 11 not_applicable 0\n"
            "1 p 12 not_applicable 0\n"
            "2 p 1 warn 2\n2 p 2 unknown 2\n2 p 10 pass 1\n2 p 11 not_applicable 0\n"
            "2 p 12 not_applicable 0\n");
  const auto& summary = report.head.summary;
  EXPECT_EQ(summary[Verdict::critical], 1U);
  EXPECT_EQ(summary[Verdict::warn], 1U);
  EXPECT_EQ(summary[Verdict::unknown], 2U);
  EXPECT_EQ(summary[Verdict::pass], 2U);
  EXPECT_EQ(summary[Verdict::not_applicable], 4U);
  ASSERT_EQ(report.head.account_summaries.size(), 2U);
  EXPECT_EQ(report.head.account_summaries[0].findings[Verdict::critical], 1U);
  EXPECT_EQ(report.head.account_summaries[1].findings[Verdict::critical], 0U);
  EXPECT_EQ(report.head.account_summaries[1].findings[Verdict::pass], 2U);
}

TEST_F(Heads, TellTheSnapshotAndTheCalls) {
  const auto head = judge({"p"}, {}).head;
  EXPECT_EQ(head.accounts, 2U);
  EXPECT_EQ(head.regions, 2U);
  EXPECT_EQ(head.calls, 6U);
  const std::vector<std::pair<std::string, std::size_t>> outcomes{
      {"ok", 4}, {"absent", 1}, {"denied", 1}};
  EXPECT_EQ(head.outcomes, outcomes);
  EXPECT_EQ(head.collected_at, "2026-11-22T00:00:00Z");
  EXPECT_EQ(head.snapshot_id, snapshot_->info().id);
  ASSERT_EQ(head.packs.size(), 1U);
}

TEST_F(Heads, OrderFindingsByAccountThenCheck) {
  std::string order;
  const auto report = judge({"p"}, {});
  for (const auto& finding : rig::findings_of(report)) {
    order += finding.account_id.substr(0, 1) + finding.check + " ";
  }
  EXPECT_EQ(order, "1critical-one 1warns 1passes 1unknown 2critical-one 2warns 2passes 2unknown ");
}

// Of a pack that was not chosen, only a requirement whose checks all ran can be judged.
TEST_F(Heads, MapChosenChecksToTheLibrarysPacks) {
  const auto report = judge({}, {"passes", "critical-one"});
  EXPECT_EQ(rows(report), "1 p 10 pass 1\n2 p 10 pass 1\n");
  EXPECT_EQ(rig::findings_of(report).at(0).check, "passes");
  EXPECT_EQ(report.check("passes")->requirements.size(), 2U);
  EXPECT_EQ(report.check("critical-one")->requirements.at(0).number, "1");
  // 10 for each account, and critical-one, which no row judges.
  EXPECT_EQ(report.head.summary[Verdict::pass], 3U);
  EXPECT_EQ(report.head.summary[Verdict::critical], 1U);
}

TEST_F(Heads, CountChecksOfNoRequirement) {
  library_.packs[0].requirements = {library_.packs[0].requirements[2]};
  const auto report = judge({"p"}, {"nothing", "warns"});
  EXPECT_EQ(rows(report), "1 p 10 pass 1\n2 p 10 pass 1\n");
  EXPECT_EQ(report.head.summary[Verdict::not_applicable], 2U);
  EXPECT_EQ(report.head.summary[Verdict::warn], 2U);
}

TEST_F(Heads, TakeThePacksLevel) {
  library_.packs[0].requirements[0].level = Level::warn;
  const auto chosen = judge({"p"}, {});
  EXPECT_EQ(rig::findings_of(chosen).at(0).verdict, Verdict::warn);
  EXPECT_EQ(rig::findings_of(chosen).at(0).level, Level::warn);
  EXPECT_EQ(rig::findings_of(judge({}, {"critical-one"})).at(0).verdict, Verdict::critical);
  library_.checks[0].sql = always("0 as x, 'critical' as level, 0");
  EXPECT_EQ(rig::findings_of(judge({"p"}, {})).at(0).verdict, Verdict::critical);
}

// A pack that says nothing of the level leaves the check its own, whatever another pack says.
TEST_F(Heads, TakeTheWorstOfThePacksLevels) {
  library_.packs.push_back(rig::pack("q", {{"1", {"critical-one"}}}));
  library_.packs[1].requirements[0].level = Level::warn;
  EXPECT_EQ(rig::findings_of(judge({"q"}, {})).at(0).verdict, Verdict::warn);
  EXPECT_EQ(rig::findings_of(judge({"q", "p"}, {})).at(0).verdict, Verdict::critical);
}

TEST_F(Heads, TakeSectionsOfAPackInThePacksOrder) {
  const auto numbers = [&](const std::vector<std::string>& packs) {
    std::string text;
    for (const auto& pack : choose(library_, packs, {}).packs) {
      text += pack.id;
      for (const auto& requirement : pack.requirements) text += " " + requirement.number;
    }
    return text;
  };
  library_.packs[0].requirements[3].number = "1.1";
  EXPECT_EQ(numbers({"p:1"}), "p 1 1.1");
  EXPECT_EQ(numbers({"p:2", "p:1"}), "p 1 2 1.1");
  EXPECT_EQ(numbers({"p:1", "p:1"}), "p 1 1.1");
  EXPECT_EQ(numbers({"p:1.1", "p"}), "p 1 2 10 1.1 12");
  const auto report = judge({"p:10"}, {});
  EXPECT_EQ(rows(report), "1 p 10 pass 1\n2 p 10 pass 1\n");
  ASSERT_EQ(report.head.checks.size(), 1U);
  EXPECT_EQ(report.check("passes")->requirements.size(), 1U);
}

TEST_F(Heads, RefuseIdsThatAreNotThere) {
  const auto message = [&](const std::vector<std::string>& packs,
                           const std::vector<std::string>& checks) {
    try {
      choose(library_, packs, checks);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message({}, {"pases"}), "there is no check 'pases', did you mean 'passes'?");
  EXPECT_EQ(message({"q"}, {}), "there is no pack 'q', did you mean 'p'?");
  EXPECT_EQ(message({"p:3"}, {}), "p has no section '3'");
  EXPECT_EQ(message({"p:"}, {}), "p has no section ''");
  library_.packs[0].requirements[0].checks = {"wurns"};
  EXPECT_EQ(message({"p"}, {}),
            "pack.yaml: requirement 1: there is no check 'wurns', did you mean 'warns'?");
}

}  // namespace
}  // namespace ciswatch
