// What a user changes without a copy of the checks.

#include "rules/tailoring.h"

#include <gtest/gtest.h>

#include "tests/rules/rig.h"

namespace ciswatch {
namespace {

constexpr std::string_view kGood = R"(folders: [own, ../shared]
checks:
  - {check: one, level: critical}
  - check: two
    settings: {days: 30, scope: all}
requirements:
  - {pack: p, number: "1", level: warn}
  - {pack: p, number: "2", left_out: the network team keeps them}
)";

std::string replaced(std::string_view from, std::string_view to) {
  std::string text(kGood);
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string always(std::string_view ok) {
  return fmt::format(
      "select account_id, region, null as resource, {} as ok, 'd' as detail from aws_account", ok);
}

Library library() {
  auto two = rig::check("two", Scope::account, always("setting('days') = 30"));
  two.settings = {{"days", "7", "", {}}, {"scope", "trails", "", {"trails", "all"}}};
  return rig::library({rig::check("one", Scope::account, always("0")), two},
                      {rig::pack("p", {{"1", {"one"}}, {"2", {"two"}}, {"3", {"one", "two"}}})});
}

// The mistakes in the file or against the library, "line:column: text" each.
std::string told(const rig::Folder& folder, std::string_view text) {
  const auto file = folder.write("ciswatch.yaml", text);
  try {
    auto changed = library();
    tailor(changed, load_tailoring(file));
  } catch (const Error& error) {
    std::string all = error.what();
    const auto prefix = file.string() + ":";
    for (auto at = all.find(prefix); at != std::string::npos; at = all.find(prefix)) {
      all.erase(at, prefix.size());
    }
    return all;
  }
  return "";
}

TEST(Tailoring, ChangesLevelsSettingsAndRequirements) {
  const rig::Folder folder;
  auto changed = library();
  const auto tailoring = load_tailoring(folder.write("ciswatch.yaml", kGood));
  ASSERT_EQ(tailoring.folders.size(), 2U);
  EXPECT_EQ(tailoring.folders[1], folder.path() / "../shared");
  tailor(changed, tailoring);
  EXPECT_EQ(changed.check("one")->level, Level::critical);
  EXPECT_EQ(changed.check("two")->settings[0].default_value, "30");
  EXPECT_EQ(changed.check("two")->settings[1].default_value, "all");
  EXPECT_EQ(changed.pack("p")->requirements[0].level, Level::warn);
  EXPECT_EQ(changed.pack("p")->requirements[1].left_out, "the network team keeps them");
}

struct Mistake {
  const char* name;
  std::string_view from, to;
  std::string told;
};

class TailoringMistake : public testing::TestWithParam<Mistake> {};

TEST_P(TailoringMistake, IsToldWithItsPlace) {
  const rig::Folder folder;
  EXPECT_EQ(told(folder, replaced(GetParam().from, GetParam().to)), GetParam().told);
}

INSTANTIATE_TEST_SUITE_P(
    All, TailoringMistake,
    testing::Values(
        Mistake{"UnknownField", "folders:", "folder:",
                "1:1: the configuration has no field 'folder', did you mean 'folders'?"},
        Mistake{"UnknownCheck", "check: one", "check: oen",
                "3:13: there is no check 'oen', did you mean 'one'?"},
        Mistake{"UnknownLevel", "level: critical", "level: critcal",
                "3:25: 'critcal' is no level (warn, critical), did you mean 'critical'?"},
        Mistake{"UnknownSetting", "days: 30", "dais: 30",
                "5:22: two has no setting 'dais', did you mean 'days'?"},
        Mistake{"WrongNumber", "days: 30", "days: many",
                "5:22: setting days: 'many' is no integer"},
        Mistake{"WrongWord", "scope: all", "scope: al",
                "5:33: setting scope: 'al' is none of its values (trails, all), did you mean 'all'?"},
        Mistake{"ListAsSetting", "days: 30", "days: [30]", "5:22: 'days' takes one value"},
        Mistake{"UnknownPack", "pack: p, number: \"1\"", "pack: pp, number: \"1\"",
                "7:24: there is no pack 'pp', did you mean 'p'?"},
        Mistake{"UnknownRequirement", "number: \"1\"", "number: \"9\"",
                "7:23: p has no requirement '9', did you mean '1'?"},
        Mistake{"NoReason", "left_out: the network team keeps them", "left_out: ''",
                "8:38: say why the requirement is left out"},
        Mistake{"LevelOfWhatIsLeftOut", "left_out:", "level: warn, left_out:",
                "8:35: a requirement that is left out has no level"},
        Mistake{"NothingOfARequirement", ", level: warn", "",
                "7:5: this changes nothing: give a level, or left_out with the reason"},
        Mistake{"NothingOfACheck", ", level: critical", "",
                "3:5: this changes nothing: give a level or settings"},
        Mistake{"CheckTwice", "check: two", "check: one", "4:12: 'one' is here twice (first in line 3)"},
        Mistake{"RequirementTwice", "number: \"2\"", "number: \"1\"",
                "8:23: 'p 1' is here twice (first in line 7)"}),
    [](const auto& mistake) { return mistake.param.name; });

TEST(Tailoring, IsOneMapOfYaml) {
  const rig::Folder folder;
  EXPECT_EQ(told(folder, "- a\n"), "1:1: the configuration must be a map, this is a list");
  EXPECT_EQ(told(folder, "checks: [a"), "1:1: not YAML: end of sequence flow not found");
  EXPECT_EQ(told(folder, "checks:\n- a\n"), "2:3: a check's entry must be a map, this is a text");
}

class Tailored : public testing::Test {
 protected:
  Tailored() {
    rig::Maker maker(folder_.path() / "s.db");
    maker.account();
    maker.region("us-east-1");
    snapshot_.emplace(maker.finish());
  }

  Report judge(std::string_view text, const std::vector<std::string>& checks = {}) {
    library_ = library();
    tailor(library_, load_tailoring(folder_.write("ciswatch.yaml", text)));
    EvaluateOptions options;
    options.jobs = 1;
    options.settings = set_;
    const std::vector<std::string> packs(checks.empty() ? 1 : 0, "p");
    return evaluate(*snapshot_, choose(library_, packs, checks), options);
  }

  static std::string rows(const Report& report) {
    std::string text;
    for (const auto& row : report.head.account_summaries.at(0).requirements) {
      const auto& about = report.head.requirement_texts[row.requirement];
      text += fmt::format("{} {} {} {}\n", about.number, name_of(row.verdict), row.findings,
                          about.left_out);
    }
    return text;
  }

  rig::Folder folder_;
  std::optional<Snapshot> snapshot_;
  Library library_;
  std::map<std::string, std::string> set_;
};

TEST_F(Tailored, ACheckTakesTheUsersLevelWhateverPacksSay) {
  const auto report = judge(
      "checks: [{check: one, level: critical}]\n"
      "requirements: [{pack: p, number: \"1\", level: warn}]\n");
  EXPECT_EQ(rows(report), "1 critical 1 \n2 warn 1 \n3 critical 2 \n");
  EXPECT_EQ(report.check("one")->level, Level::critical);
}

TEST_F(Tailored, ARequirementTakesTheUsersLevel) {
  const auto report = judge("requirements: [{pack: p, number: \"1\", level: critical}]\n");
  EXPECT_EQ(rows(report), "1 critical 1 \n2 warn 1 \n3 critical 2 \n");
  EXPECT_EQ(report.check("one")->level, Level::critical) << "what reports show is what it fails with";
}

TEST_F(Tailored, AFlagWinsOverTheFilesSettings) {
  constexpr std::string_view kThirty = "checks: [{check: two, settings: {days: 30}}]\n";
  EXPECT_EQ(rows(judge(kThirty)), "1 warn 1 \n2 pass 1 \n3 warn 2 \n");
  set_["two.days"] = "7";
  EXPECT_EQ(rows(judge(kThirty)), "1 warn 1 \n2 warn 1 \n3 warn 2 \n");
}

TEST_F(Tailored, WhatIsLeftOutIsNeverAPassAndIsCounted) {
  const auto report = judge("requirements: [{pack: p, number: \"1\", left_out: by the team}]\n");
  // Its check runs for requirement 3.
  EXPECT_EQ(rows(report), "1 not_applicable 0 by the team\n2 warn 1 \n3 warn 2 \n");
  EXPECT_EQ(report.head.summary[Verdict::not_applicable], 1U);
  ASSERT_EQ(report.check("one")->requirements.size(), 1U);
  EXPECT_EQ(report.check("one")->requirements[0].number, "3");
}

TEST_F(Tailored, ACheckOfWhatIsLeftOutAloneDoesNotRun) {
  const auto report = judge(
      "requirements:\n- {pack: p, number: \"1\", left_out: a}\n- {pack: p, number: \"3\", left_out: b}\n");
  EXPECT_EQ(rows(report), "1 not_applicable 0 a\n2 warn 1 \n3 not_applicable 0 b\n");
  EXPECT_EQ(report.check("one"), nullptr);
  EXPECT_EQ(report.findings.size(), 1U);
}

TEST_F(Tailored, ACheckThatIsNamedRunsAlthoughItsRequirementIsLeftOut) {
  const auto report =
      judge("requirements: [{pack: p, number: \"1\", left_out: a}]\n", {"one"});
  EXPECT_EQ(rows(report), "1 not_applicable 0 a\n");
  EXPECT_EQ(rig::findings_of(report).at(0).verdict, Verdict::warn);
  EXPECT_EQ(report.head.summary[Verdict::warn], 1U) << "judged for itself";
}

constexpr std::string_view kOwn = R"(id: own
title: t
level: warn
scope: account
why: w
sql: |
  select account_id, region, null as resource, n as ok, 'd' as detail from own_view
remediation: {text: mend it}
tests: []
)";

TEST(OwnFolder, MayUseAndBeUsedBesideWhatIsThere) {
  const rig::Folder folder;
  folder.write("own.yaml", kOwn);
  folder.write("views.sql", "create view own_view as select *, n from aws_account, shared;");
  folder.write("packs/ours.yaml",
               "id: ours\ntitle: Ours\nrequirements:\n"
               "- {number: A1, title: t, checks: [one, own]}\n");
  auto all = rig::library({rig::check("one", Scope::account, always("1"))}, {},
                          "create view shared as select 1 as n;");
  add_folder(all, folder.path());
  rig::Maker maker(folder.path() / "s.db");
  maker.account();
  const auto snapshot = maker.finish();
  EvaluateOptions options;
  options.jobs = 1;
  const auto report = evaluate(snapshot, choose(all, std::vector<std::string>{"ours"}, {}), options);
  EXPECT_EQ(rig::lines(report), "pass us-east-1 111111111111\npass us-east-1 111111111111\n");
}

TEST(OwnFolder, IsRefusedForAnIdThatIsTaken) {
  const rig::Folder folder;
  folder.write("own.yaml", kOwn);
  auto all = rig::library({rig::check("own", Scope::account, always("1"))});
  try {
    add_folder(all, folder.path());
    FAIL() << "the id is taken";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              (folder.path() / "own.yaml").string() + ":1:1: the id 'own' is also that of own.yaml");
  }
}

}  // namespace
}  // namespace ciswatch
