// What is told of a file that is wrong, and where.

#include <gtest/gtest.h>

#include <algorithm>

#include "core/report/frameworks.h"
#include "rules/forms.h"
#include "rules/lint.h"
#include "rules/loader.h"
#include "rules/sandbox.h"
#include "tests/rules/rig.h"

namespace ciswatch {
namespace {

constexpr std::string_view kGood = R"(id: good
title: A check
level: warn
scope: resource
why: because
settings:
  days: {default: 7, doc: how many}
sql: |
  select account_id, region, vpc_id as resource, is_default as ok,
         'found' as detail, setting('days') as days
  from aws_vpc
remediation: {text: mend it, cli: aws mend}
tests:
  - name: all of them
    given:
      aws_vpc:
        - {vpc_id: a, is_default: 1}
        - {vpc_id: b, is_default: 0}
      api_call:
        - {service: ec2, operation: DescribeVpcs, region: eu-west-1, outcome: denied}
    expect:
      - {resource: a, verdict: pass}
      - {resource: b, verdict: warn}
      - {resource: eu-west-1, verdict: unknown}
)";

std::string replaced(std::string_view from, std::string_view to) {
  std::string text(kGood);
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// The diagnostics of one file, "line:column: text" each.
std::string told(const rig::Folder& folder, std::string_view text) {
  const std::filesystem::path file = folder.write("good.yaml", text);
  std::string all;
  for (const auto& d : lint(std::span(&file, 1), Library())) {
    EXPECT_EQ(d.file, file.string());
    all += to_text(d).substr(file.string().size() + 1) + "\n";
  }
  return all;
}

TEST(Loader, ReadsEveryField) {
  const rig::Folder folder;
  const auto check = load_check(folder.write("good.yaml", kGood));
  EXPECT_EQ(check.id, "good");
  EXPECT_EQ(check.why, "because");
  EXPECT_EQ(check.scope, Scope::resource);
  ASSERT_EQ(check.settings.size(), 1U);
  EXPECT_EQ(check.settings[0].default_value, "7");
  ASSERT_EQ(check.remediation.size(), 2U);
  EXPECT_EQ(check.remediation[1], std::pair(std::string("cli"), std::string("aws mend")));
  ASSERT_EQ(check.tests.size(), 1U);
  EXPECT_EQ(check.tests[0].given.size(), 3U);
  EXPECT_EQ(check.tests[0].expect[2].verdict, Verdict::unknown);
  EXPECT_EQ(told(folder, kGood), "");
}

TEST(Loader, ReadsWhatIsRelatedInTheFrameworksOrder) {
  const rig::Folder folder;
  const auto text = replaced("why: because", "why: because\nrelated:\n  soc-2: [A1.1]\n"
                                             "  nist-800-53-r5: [AU-6(3), AU-2]");
  const auto check = load_check(folder.write("good.yaml", text));
  ASSERT_EQ(check.related.size(), 2U);
  EXPECT_EQ(check.related[0].framework, "nist-800-53-r5");
  EXPECT_EQ(check.related[0].numbers, (std::vector<std::string>{"AU-6(3)", "AU-2"}));
  EXPECT_EQ(check.related[1].framework, "soc-2");
}

TEST(Loader, KnowsEachFrameworkByAFieldOfItsOwn) {
  ASSERT_EQ(std::size(kRelatedFields), std::size(kFrameworks));
  for (std::size_t i = 0; i < std::size(kFrameworks); ++i) {
    EXPECT_EQ(kRelatedFields[i].name, kFrameworks[i].id);
    EXPECT_EQ(kRelatedFields[i].doc, kFrameworks[i].title);
  }
}

struct Mistake {
  const char* name;
  std::string_view from, to;
  std::string told;
};

class LoaderMistake : public testing::TestWithParam<Mistake> {};

TEST_P(LoaderMistake, IsToldWithItsPlace) {
  const rig::Folder folder;
  EXPECT_EQ(told(folder, replaced(GetParam().from, GetParam().to)), GetParam().told);
}

INSTANTIATE_TEST_SUITE_P(
    All, LoaderMistake,
    testing::Values(
        Mistake{"UnknownKey", "title: A check", "titel: A check\ntitle: x",
                "2:1: a check has no field 'titel', did you mean 'title'?\n"},
        Mistake{"MissingField", "why: because\n", "", "1:1: a check needs the field 'why'\n"},
        Mistake{"EmptyField", "why: because", "why: ''", "5:6: 'why' is empty\n"},
        Mistake{"WrongType", "title: A check", "title: [A]",
                "2:8: 'title' must be a text, this is a list\n"},
        Mistake{"WrongId", "id: good", "id: other",
                "1:5: the id 'other' is not the file's name 'good'\n"},
        Mistake{"StrangeId", "id: good", "id: 'a/../b'",
                "1:5: an id is made of a-z, 0-9, '-', '.' and '_'\n"},
        Mistake{"KeyTwice", "level: warn", "level: warn\nlevel: critical",
                "4:1: 'level' is here twice (first in line 3)\n"},
        Mistake{"NestedKeyTwice", "{vpc_id: a, is_default: 1}", "{vpc_id: a, vpc_id: b}",
                "17:23: 'vpc_id' is here twice (first in line 17)\n"},
        Mistake{"WrongLevel", "level: warn", "level: warning",
                "3:8: 'warning' is no level (warn, critical), did you mean 'warn'?\n"},
        Mistake{"WrongScope", "scope: resource", "scope: regoin",
                "4:8: 'regoin' is no scope (resource, region, account), did you mean 'region'?\n"},
        Mistake{"UnknownRemediation", "cli: aws mend", "clli: aws mend",
                "12:30: remediation has no field 'clli', did you mean 'cli'?\n"},
        Mistake{"UnknownFramework", "why: because", "why: because\nrelated: {soc2: [CC7.3]}",
                "6:11: related has no field 'soc2', did you mean 'soc-2'?\n"},
        Mistake{"NothingRelated", "why: because", "why: because\nrelated: {soc-2: []}",
                "6:18: name a requirement, or leave the field out\n"},
        Mistake{"RelatedTwice", "why: because", "why: because\nrelated: {soc-2: [CC7.3, CC7.3]}",
                "6:18: 'CC7.3' is here twice\n"},
        Mistake{"RelatedToWords", "why: because", "why: because\nrelated: {soc-2: [CC7.3 a]}",
                "6:18: 'CC7.3 a' is no number of a requirement\n"},
        Mistake{"UnknownTable", "aws_vpc:", "aws_vcp:",
                "16:7: there is no table 'aws_vcp', did you mean 'aws_vpc'?\n"},
        Mistake{"UnknownColumn", "{vpc_id: b, is_default: 0}", "{vpc_id: b, is_defualt: 0}",
                "18:23: aws_vpc has no column 'is_defualt', did you mean 'is_default'?\n"},
        Mistake{"WrongValue", "{vpc_id: b, is_default: 0}", "{vpc_id: b, is_default: 2}",
                "18:35: 'is_default' takes 0, 1 or null\n"},
        Mistake{"NoKey", "{vpc_id: b, is_default: 0}", "{is_default: 0}",
                "18:11: a row of aws_vpc needs its key 'vpc_id'\n"},
        Mistake{"UnknownCall", "operation: DescribeVpcs", "operation: DescribeVpc",
                "20:11: no table is filled by the call 'ec2 DescribeVpc', did you mean "
                "'ec2 DescribeVpcs'?\n"},
        Mistake{"UnknownOutcome", "outcome: denied", "outcome: refused",
                "20:11: 'refused' is no outcome (ok, absent, denied, throttled, disabled, failed, "
                "not_tried)\n"},
        Mistake{"NoPass", "verdict: pass", "verdict: warn", "14:5: no test expects a pass\n"},
        Mistake{"NoFault", "verdict: warn", "verdict: pass",
                "14:5: no test expects a fault (warn or critical)\n"},
        Mistake{"NoUnknown", "verdict: unknown", "verdict: pass",
                "14:5: no test expects an unknown: what if a call is denied?\n"},
        Mistake{"WrongVerdict", "verdict: unknown", "verdict: unknwon",
                "24:40: 'unknwon' is no verdict (pass, warn, critical, unknown, not_applicable), "
                "did you mean 'unknown'?\n"},
        Mistake{"UnknownTestSetting", "    given:\n", "    settings: {dayz: 1}\n    given:\n",
                "14:5: the check has no setting 'dayz', did you mean 'days'?\n"},
        Mistake{"FoldedSql", "sql: |", "sql: \"\n  select 1\n  \\n\"\nwhy2: |",
                "8:6: write the SQL as a block ('sql: |'), so that its lines stay lines\n"
                "8:6: the result has no column 'account_id'; a check returns account_id, region, "
                "resource, ok and detail\n"
                "8:6: warning: the SQL never asks for the setting 'days'\n"
                "11:1: a check has no field 'why2', did you mean 'why'?\n"}),
    [](const auto& mistake) { return mistake.param.name; });

TEST(Loader, RefusesWhatCouldGrow) {
  const rig::Folder folder;
  EXPECT_EQ(told(folder, "a: &x [1]\nb: *x\n"),
            "1:4: anchors (&name) are not allowed here; write the value out\n");
  EXPECT_EQ(told(folder, "a: !!binary aGk=\n").substr(0, 20), "1:4: tags such as ta");
  EXPECT_EQ(told(folder, "[[]]: 1\n"), "1:1: a key must be plain text\n");
  EXPECT_EQ(told(folder, "a: " + std::string(40, '[') + std::string(40, ']')),
            "1:35: nested deeper than 32\n");
  std::string many = "a: [";
  for (int i = 0; i < 50'001; ++i) many += "1,";
  EXPECT_NE(told(folder, many + "1]").find("more than 50000 values"), std::string::npos);
  std::string keys;
  for (int i = 0; i < 1'001; ++i) keys += fmt::format("k{}: 1\n", i);
  EXPECT_EQ(told(folder, keys), "1001:1: more than 1000 keys in one place\n");
  EXPECT_NE(told(folder, "a: " + std::string(1 << 20, 'x')).find("longer than the 1048576 bytes"),
            std::string::npos);
}

// The classic bomb: nine levels of aliases would be 10^9 values.
TEST(Loader, RefusesABombBeforeItGrows) {
  const rig::Folder folder;
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c < 'k'; ++c) bomb += fmt::format("{}: &{} [*{},*{}]\n", c, c, c - 1, c - 1);
  EXPECT_EQ(told(folder, bomb), "1:4: anchors (&name) are not allowed here; write the value out\n");
}

TEST(Loader, RefusesWhatIsNotYamlText) {
  const rig::Folder folder;
  EXPECT_EQ(told(folder, ""), "1:1: the file is empty\n");
  EXPECT_EQ(told(folder, "a: 1\n---\nb: 2\n"), "1:1: more than one YAML document\n");
  EXPECT_EQ(told(folder, "a: 1\nb: \xff\n"), "2:1: the file is not UTF-8 text\n");
  EXPECT_EQ(told(folder, std::string_view("a: 1\nb: \0\n", 10)), "2:1: the file is not UTF-8 text\n");
  EXPECT_EQ(told(folder, "a: [1\n").substr(0, 15), "2:1: not YAML: ");
  EXPECT_EQ(told(folder, "- 1\n").substr(0, 36), "1:1: a check must be a map, this is ");
}

TEST(Loader, ThrowsTheFirstFewMistakesOfALibrary) {
  const rig::Folder folder;
  for (int i = 0; i < 7; ++i) folder.write(fmt::format("x/c{}.yaml", i), "id: [\n");
  try {
    load_library(folder.path());
    FAIL() << "loaded";
  } catch (const Error& error) {
    const std::string text = error.what();
    EXPECT_EQ(text.find((folder.path() / "x/c0.yaml").string() + ":2:1: not YAML"), 0U) << text;
    EXPECT_NE(text.find("\n… and 2 more"), std::string::npos) << text;
  }
}

TEST(Loader, ReadsALibrary) {
  const rig::Folder folder;
  folder.write("vpc/good.yaml", kGood);
  folder.write("packs/p.yaml",
               "id: p\ntitle: P\nrequirements:\n"
               "  - {number: 2.10, title: t, cis_level: 2, level: critical, checks: [good]}\n");
  folder.write("views.sql", "create view v as select 1");
  folder.write("views/more.sql", "create view w as\n select 2;");
  folder.write("notes.txt", "not a check");
  const auto library = load_library(folder.path());
  ASSERT_NE(library.check("good"), nullptr);
  ASSERT_NE(library.pack("p"), nullptr);
  const auto& requirement = library.pack("p")->requirements.at(0);
  EXPECT_EQ(requirement.number, "2.10");
  EXPECT_EQ(requirement.level, Level::critical);
  const auto& views = library.views;
  EXPECT_EQ(read_views(views.sql()).size(), 2U);
  const auto second = views.at(static_cast<int>(views.sql().find("select 2")), "here");
  EXPECT_EQ(to_text(second), (folder.path() / "views/more.sql").string() + ":2:2: here");
}

// All but the tests, which may stand anywhere and be written in any way.
TEST(Loader, LeavesTestsOut) {
  const std::string_view tests = kGood.substr(kGood.find("tests:"));
  const std::string before(kGood.substr(0, kGood.size() - tests.size()));
  const rig::Folder folder;
  const auto whole = load_check(folder.write("good.yaml", kGood));
  for (const std::string& text :
       {before + std::string(tests), std::string(tests) + before,
        before + "tests:\n- name: a\n# b\n\n  given: {}\n-\n  name: tests\n",
        "tests: [{name: a,\n  given: {}}]\n" + before,
        before + "tests:\n  - no test at all: [\n"}) {
    folder.write("good.yaml", text);
    const auto library = load_library(folder.path(), Tests::leave_out);
    const auto& check = *library.check("good");
    EXPECT_TRUE(check.tests.empty()) << text;
    EXPECT_EQ(check.sql, whole.sql) << text;
    EXPECT_EQ(check.title, whole.title) << text;
    EXPECT_EQ(check.remediation, whole.remediation) << text;
    EXPECT_EQ(check.settings.size(), whole.settings.size()) << text;
    EXPECT_EQ(place_in_sql(check, 0).line,
              1 + std::count(text.begin(), text.begin() + static_cast<long>(text.find("  select")),
                             '\n')) << text;
  }
}

// Of a check that is not wanted, the id alone; where no line says it plainly, all of it.
TEST(Loader, ReadsTheChecksThatAreWanted) {
  const rig::Folder folder;
  folder.write("good.yaml", kGood);
  folder.write("bad.yaml", "id: bad # of a mind\nwhy: [\n");
  const Wanted none = [](const auto&) { return std::set<std::string, std::less<>>(); };
  EXPECT_THROW(load_library(folder.path(), Tests::leave_out, none), Error);
  folder.write("bad.yaml", "id: bad\nwhy: [\n");
  const auto library = load_library(folder.path(), Tests::leave_out, none);
  EXPECT_FALSE(library.check("good")->is_read);
  EXPECT_FALSE(library.check("bad")->is_read);
  EXPECT_EQ(library.check("good")->sql, "");
  const Wanted good = [](const auto&) { return std::set<std::string, std::less<>>{"good"}; };
  EXPECT_EQ(load_library(folder.path(), Tests::leave_out, good).check("good")->sql,
            load_check(folder.path() / "good.yaml").sql);
}

TEST(Loader, TakesForAnIdWhatIsNothingElse) {
  EXPECT_EQ(plain_id("id: a\nwhy: w\n"), "a");
  EXPECT_EQ(plain_id("why: w\nid:  a-b.c\r\n"), "a-b.c");
  for (const auto* text : {"", "why: w", "id: 'a'", "id: a b", "id: a # c", "why: \"\nid: b\nx\"\nid: a", " id: a",
                           "id:", "\"id\": a"}) {
    EXPECT_EQ(plain_id(text), std::nullopt) << text;
  }
}

TEST(Loader, StillWantsTestsThatItLeavesOut) {
  const rig::Folder folder;
  folder.write("good.yaml", kGood.substr(0, kGood.find("tests:")));
  EXPECT_THROW(load_library(folder.path(), Tests::leave_out), Error);
}

TEST(Loader, RefusesTwoChecksOfOneId) {
  const rig::Folder folder;
  folder.write("a/good.yaml", kGood);
  folder.write("b/good.yaml", kGood);
  EXPECT_THROW(load_library(folder.path()), Error);
  auto library = rig::library({rig::check("good", Scope::resource, "")});
  EXPECT_THROW(add_check(library, rig::check("good", Scope::resource, "")), Error);
  add_check(library, rig::check("a", Scope::resource, ""));
  EXPECT_EQ(library.checks.front().id, "a");
}

}  // namespace
}  // namespace ciswatch
