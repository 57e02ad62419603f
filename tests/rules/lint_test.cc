// What is told of a check's SQL and of packs.

#include "rules/lint.h"

#include <gtest/gtest.h>

#include "tests/rules/rig.h"

namespace ciswatch {
namespace {

// A check whose SQL block starts in line 7, its text in column 3.
std::string with_sql(std::string_view sql, std::string_view settings = "{}") {
  std::string text = fmt::format(
      "id: c\ntitle: t\nlevel: warn\nscope: resource\nwhy: w\nsettings: {}\nsql: |\n", settings);
  std::size_t start = 0;
  while (start < sql.size()) {
    const auto end = std::min(sql.find('\n', start), sql.size());
    text += fmt::format("  {}\n", sql.substr(start, end - start));
    start = end + 1;
  }
  return text + "remediation: {text: t}\n" +
         "tests: [{name: n, given: {}, expect: [{resource: r, verdict: pass}, "
         "{resource: s, verdict: warn}, {resource: t, verdict: unknown}]}]\n";
}

std::string told(std::string_view sql, std::string_view settings = "{}") {
  const rig::Folder folder;
  const std::filesystem::path file = folder.write("c.yaml", with_sql(sql, settings));
  const auto library = rig::library(
      {}, {},
      "create view trail_home as select * from aws_cloudtrail_trail where region = home_region;");
  std::string all;
  for (const auto& d : lint(std::span(&file, 1), library)) {
    all += to_text(d).substr(file.string().size() + 1) + "\n";
  }
  return all;
}

constexpr std::string_view kHead =
    "select account_id, region, vpc_id as resource, is_default as ok, 'd' as detail";

std::string with_tail(std::string_view tail) { return fmt::format("{}\n{}", kHead, tail); }

struct Case {
  const char* name;
  std::string sql, told;
};

class LintSql : public testing::TestWithParam<Case> {};

TEST_P(LintSql, IsToldWithItsPlace) { EXPECT_EQ(told(GetParam().sql), GetParam().told); }

INSTANTIATE_TEST_SUITE_P(
    All, LintSql,
    testing::Values(
        Case{"Good", with_tail("from aws_vpc"), ""},
        Case{"ThroughAView",
             "select account_id, region, arn as resource, 1 as ok, '' as detail from trail_home",
             ""},
        Case{"NoTable", with_tail("from aws_vcp"),
             "9:8: no such table: aws_vcp, did you mean 'aws_vpc'?\n"},
        Case{"NoColumn", with_tail("from aws_vpc\nwhere is_defualt"),
             "10:9: no such column: is_defualt, did you mean 'is_default'?\n"},
        Case{"NoColumnOfAlias", with_tail("from aws_vpc v\nwhere v.is_defualt"),
             "10:11: no such column: is_defualt, did you mean 'is_default'?\n"},
        Case{"NoFunction", with_tail("from aws_vpc where any_okay(1)"),
             "9:22: no such function: any_okay, did you mean 'any_ok'?\n"},
        Case{"Syntax", with_tail("from aws_vpc\n\n  where and 1"),
             "11:11: near \"and\": syntax error\n"},
        Case{
            "MissingColumn", "select account_id, region, vpc_id as resource, 1 as ok from aws_vpc",
            "8:3: the result has no column 'detail'; a check returns account_id, region, resource, "
            "ok and detail\n"},
        Case{"ColumnTwice", with_tail(", 1 as ok from aws_vpc"),
             "8:3: two columns of the result are named 'ok'\n"},
        Case{"NoData",
             "select '' as account_id, '' as region, '' as resource, 1 as ok, '' as detail",
             "8:3: the SQL reads no table of AWS data\n"},
        Case{"Now", with_tail("from aws_vpc where unixepoch('now') > 1"),
             "9:22: a check does not know the time of day: use snapshot.collected_at, so that a "
             "snapshot gives the same report whenever it is judged\n"},
        Case{"NoTime", with_tail("from aws_vpc where unixepoch() > 1"),
             "9:22: a check does not know the time of day: use snapshot.collected_at, so that a "
             "snapshot gives the same report whenever it is judged\n"},
        Case{"TimeOfSnapshot",
             with_tail("from aws_vpc, snapshot where unixepoch(collected_at) > 1"), ""},
        Case{"UnknownSetting", with_tail("from aws_vpc where setting('x')"),
             "9:30: the check has no setting 'x'\n"},
        Case{
            "Max", with_tail("from aws_vpc where 1 = (select max(is_default) from aws_vpc)"),
            "9:34: warning: max() passes over NULL, so that what could not be read does not count; "
            "any_ok() and all_ok() keep it\n"},
        Case{"MaxOfTwo", with_tail("from aws_vpc where max(is_default, 0) = 1"), ""},
        Case{"InAComment", with_tail("from aws_vpc -- not exists, max(x)\n/* case else end */"),
             ""},
        Case{
            "NotExists",
            with_tail("from aws_vpc v where not exists (select 1 from aws_vpc_flow_log)"),
            "9:24: warning: a row that could not be read may be missed or counted by 'not exists'; "
            "'not any_ok(…)' keeps NULL\n"},
        Case{"Else", with_tail("from aws_vpc where case when 1 then 1 else 0 end"),
             "9:41: warning: 'else' also takes what could not be read (NULL); test for NULL "
             "first\n"}),
    [](const auto& c) { return c.param.name; });

TEST(Lint, TellsOfWhatARecipeCannotPutInWithItsPlace) {
  const auto told_of = [](std::string_view remediation) {
    const rig::Folder folder;
    auto text = with_sql("select account_id, region, vpc_id as resource, is_default as ok, 'd' as detail,\n"
                         "  is_default, call_id from aws_vpc");
    constexpr std::string_view kOld = "remediation: {text: t}\n";
    text.replace(text.find(kOld), kOld.size(), remediation);
    const std::filesystem::path file = folder.write("c.yaml", text);
    std::string all;
    for (const auto& d : lint(std::span(&file, 1), rig::library({}, {}, ""))) {
      all += to_text(d).substr(file.string().size() + 1) + "\n";
    }
    return all;
  };
  EXPECT_EQ(told_of("remediation:\n  text: >\n    In {{account_id}},\n    {{region}}.\n  cli: |\n"
                    "    aws {{resource}}\n    # {{is_default}} {{resolve:ssm:x}}\n"),
            "");
  EXPECT_EQ(told_of("remediation:\n  text: >\n    In {{account_id}}\n    and {{regoin}}.\n"),
            "13:9: the SQL's result has no column 'regoin' that a finding shows, did you mean 'region'?\n");
  EXPECT_EQ(told_of("remediation:\n  text: t\n  cli: |\n    aws {{call_id}}\n      {{ok}}\n"),
            "13:9: the SQL's result has no column 'call_id' that a finding shows\n"
            "14:7: the SQL's result has no column 'ok' that a finding shows\n");
  EXPECT_EQ(told_of("remediation:\n  text: \"a {{region}} {{ region }}\"\n"),
            "11:23: '{{' begins the name of a column of the SQL, as in '{{region}}'\n");
  EXPECT_EQ(told_of("remediation: {text: t, action: f, manual: m}\n"),
            "10:32: there is no fix 'f'\n10:43: what a fix mends (action) is not left to people (manual)\n");
}

TEST(Lint, WarnsOfASettingThatIsNeverAskedFor) {
  EXPECT_EQ(told(with_tail("from aws_vpc"), "{days: {default: 1}}"),
            "8:3: warning: the SQL never asks for the setting 'days'\n");
}

TEST(Lint, RefusesASettingThatReadsWhatTheSqlDoesNot) {
  const auto sql = with_tail("from aws_vpc where setting('a') = 'x'");
  const auto setting = [](std::string_view reads) {
    return fmt::format("{{a: {{default: x, values: [x, y], reads: {}}}}}", reads);
  };
  EXPECT_EQ(told(sql, setting("{aws_vpc: y}")), "");
  EXPECT_EQ(told(sql, setting("{aws_vpc_subnet: y}")),
            "8:3: the setting 'a': the SQL does not read the table 'aws_vpc_subnet'\n");
  EXPECT_EQ(told(sql, setting("{aws_vpx: y}")),
            "8:3: the setting 'a': the SQL does not read the table 'aws_vpx'\n");
  EXPECT_EQ(told(sql, setting("{aws_vpc: z}")),
            "8:3: the setting 'a': 'z' is none of its values (x, y), did you mean 'x'?\n");
}

TEST(Lint, RefusesADefaultThatIsNoneOfTheValues) {
  EXPECT_NE(told(with_tail("from aws_vpc where setting('a')"), "{a: {default: x, values: [y]}}")
                .find("the default 'x' is none of the values"),
            std::string::npos);
}

TEST(Lint, LooksAtPacksAndIds) {
  const rig::Folder folder;
  folder.write("c.yaml", with_sql(with_tail("from aws_vpc")));
  folder.write("packs/p.yaml",
               "id: p\ntitle: P\nrequirements:\n  - {number: 1, title: t, checks: [d]}\n");
  folder.write("views.sql", "create view a as select vpc_idd\nfrom aws_vpc;\n");
  auto shipped = rig::library({rig::check("c", Scope::resource, "")});
  shipped.checks[0].file = "/elsewhere/c.yaml";
  const auto& path = folder.path();
  std::string all;
  for (const auto& d : lint(std::span(&path, 1), shipped)) {
    all += to_text(d).substr(path.string().size() + 1) + "\n";
  }
  EXPECT_EQ(all,
            "c.yaml:1:1: the id 'c' is also that of /elsewhere/c.yaml\n"
            "packs/p.yaml:4:35: there is no check 'd', did you mean 'c'?\n"
            "views.sql:1:25: view a: no such column: vpc_idd, did you mean 'vpc_id'?\n");
}

TEST(Lint, RefusesViewsThatAreNone) {
  const rig::Folder folder;
  folder.write("views.sql", "create view a as select 1;\ndrop table aws_vpc;");
  const auto& path = folder.path();
  const auto found = lint(std::span(&path, 1), Library());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].line, 2);
  EXPECT_EQ(found[0].text, "a views file holds only 'create view NAME as select …;'");
}

TEST(Lint, RefusesAPathThatIsNotThere) {
  const std::filesystem::path path = "/nowhere/x.yaml";
  EXPECT_THROW(lint(std::span(&path, 1), Library()), Error);
}

TEST(Lint, FindsPlacesInABlockWithLinuxAndDosLineEnds) {
  const rig::Folder folder;
  auto text = with_sql(with_tail("from aws_vcp"));
  std::string dos;
  for (const char c : text) dos += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const std::filesystem::path file = folder.write("c.yaml", dos);
  const auto found = lint(std::span(&file, 1), Library());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].line, 9);
  EXPECT_EQ(found[0].column, 8);
}

}  // namespace
}  // namespace ciswatch
