// From findings to changes, by a fix of the test's own.

#include "rules/planner.h"

#include <gtest/gtest.h>

#include "core/base/files.h"
#include "rules/fix_self_test.h"
#include "rules/lint_fix.h"
#include "tests/rules/rig.h"

namespace ciswatch {
namespace {

constexpr std::string_view kCheck = R"(id: c
title: t
level: warn
scope: resource
why: w
sql: |
  select account_id, region, arn as resource, log_file_validation_enabled as ok, name as detail, call_id
  from aws_cloudtrail_trail
remediation: {text: t, action: f}
tests: []
)";

constexpr std::string_view kFix = R"(id: f
title: t
cost: none
risk: none
settings:
  group: {default: g}
sql: |
  select f.id as finding, t.account_id, t.region, t.arn, t.name, setting('group') as group_name,
    t.name = 'both' as both, iif(t.name = 'no', 'it is of no use', null) as blocked,
    json_array('user of ' || t.name) as touches
  from finding f join aws_cloudtrail_trail t
    on t.account_id = f.account_id and t.region = f.region and t.arn = f.resource
steps:
  - id: group
    when: both
    call: logs CreateLogGroup
    params: {logGroupName: "{{group_name}}"}
    permissions: [logs:CreateLogGroup]
    rows:
      - {table: aws_cloudwatch_log_group, key: "{{group_name}}", item: {logGroupName: "{{group_name}}"}}
    no_undo: it may hold events by then
  - id: update
    call: cloudtrail UpdateTrail
    params: {Name: "{{arn}}", EnableLogFileValidation: true}
    permissions: [cloudtrail:UpdateTrail]
    rows:
      - {table: aws_cloudtrail_trail, key: "{{arn}}", set: {LogFileValidationEnabled: true}}
    undo:
      call: cloudtrail UpdateTrail
      params: {Name: "{{arn}}", EnableLogFileValidation: false}
      permissions: [cloudtrail:StopLogging]
tests:
)";

std::string failures(std::string_view tests) {
  const rig::Folder folder;
  Library library = rig::library({load_check(folder.write("c.yaml", std::string(kCheck)))});
  std::vector<Diagnostic> diagnostics;
  const auto file = folder.write("f.yaml", std::string(kFix) + std::string(tests));
  const auto fix = read_fix(file, read_file(file, 1 << 20), diagnostics);
  std::string text;
  for (const auto& diagnostic : diagnostics) text += to_text(diagnostic) + "\n";
  if (!fix) return text;
  for (const auto& result : self_test(*fix, library)) {
    if (!result.passed) text += result.test + ":\n" + result.difference;
  }
  return text;
}

TEST(Planner, PlansEachRowOnceAndSharesEqualCalls) {
  EXPECT_EQ(failures(R"(
  - name: two trails share the group
    given:
      aws_cloudtrail_trail:
        - {arn: a, name: both, log_file_validation_enabled: 0, doc: {LogFileValidationEnabled: false}}
        - {arn: b, name: both, log_file_validation_enabled: 0, doc: {LogFileValidationEnabled: false}}
        - {arn: good, name: both, log_file_validation_enabled: 1, doc: {}}
    expect:
      - {call: logs CreateLogGroup, region: us-east-1, params: {logGroupName: g}}
      - {call: cloudtrail UpdateTrail, params: {Name: a, EnableLogFileValidation: true},
         undo: {Name: a, EnableLogFileValidation: false}}
      - {call: cloudtrail UpdateTrail, params: {Name: b, EnableLogFileValidation: true}}
)"), "");
}

TEST(Planner, SaysOfEachChangeThatItSettlesLater) {
  const rig::Folder folder;
  const auto library = rig::library({load_check(folder.write("c.yaml", std::string(kCheck)))});
  const std::string tests = R"(
  - name: one
    given: {aws_cloudtrail_trail: [{arn: a, name: both, log_file_validation_enabled: 0, doc: {}}]}
    expect: []
)";
  for (const auto& [minutes, fault] : {std::pair{"30", ""}, {"0", "'minutes'"}, {"1441", "'minutes'"}}) {
    const auto settles = fmt::format("settles: {{minutes: {}, what: events arrive}}\n", minutes);
    std::vector<Diagnostic> diagnostics;
    const auto fix = read_fix("f.yaml", settles + std::string(kFix) + tests, diagnostics);
    std::string text;
    for (const auto& diagnostic : diagnostics) text += to_text(diagnostic);
    EXPECT_EQ(text.empty(), *fault == '\0') << text;
    EXPECT_NE(text.find(fault), std::string::npos) << text;
    if (!text.empty()) continue;
    for (const auto& change : plan_of(*fix, fix->tests.front(), library).changes) {
      ASSERT_TRUE(change.settles) << change.id;
      EXPECT_EQ(change.settles->minutes, 30);
    }
  }
}

TEST(Planner, LeavesOutWhatIsSoAlreadyAndSaysWhatItCannotPlan) {
  EXPECT_EQ(failures(R"(
  - name: the group is there, one is blocked, one is so already
    settings: {group: there}
    given:
      aws_cloudwatch_log_group: [{name: there, arn: x, doc: {logGroupName: there, more: 1}}]
      aws_cloudtrail_trail:
        - {arn: a, name: both, log_file_validation_enabled: 0, doc: {LogFileValidationEnabled: false}}
        - {arn: b, name: no, log_file_validation_enabled: 0, doc: {}}
        - {arn: c, name: c, log_file_validation_enabled: 0, doc: {LogFileValidationEnabled: true}}
    expect:
      - {call: cloudtrail UpdateTrail, params: {Name: a, EnableLogFileValidation: true}}
    unplanned: [it is of no use, collect it again]
)"), "");
}

TEST(Planner, DoesNotTakeTheNameOfSomethingElse) {
  EXPECT_EQ(failures(R"(
  - name: the group is another thing
    settings: {group: there}
    given:
      aws_cloudwatch_log_group: [{name: there, arn: x, doc: {logGroupName: other}}]
      aws_cloudtrail_trail:
        - {arn: a, name: both, log_file_validation_enabled: 0, doc: {LogFileValidationEnabled: false}}
    expect: []
    unplanned: [is there already]
)"), "");
}

TEST(Planner, PlansNothingOnAnAnswerThatWasNotGiven) {
  EXPECT_EQ(failures(R"(
  - name: groups were not read
    given:
      aws_cloudtrail_trail:
        - {arn: a, name: both, log_file_validation_enabled: 0, doc: {LogFileValidationEnabled: false}}
      api_call:
        - {service: logs, operation: DescribeLogGroups, region: us-east-1, outcome: denied, code: AccessDenied}
    expect: []
    unplanned: ["logs:DescribeLogGroups in us-east-1 could not be read (denied: AccessDenied"]
)"), "");
}

TEST(Planner, ShowsATestThatDiffers) {
  const auto text = failures(R"(
  - name: wrong
    given:
      aws_cloudtrail_trail:
        - {arn: a, name: a, log_file_validation_enabled: 0, doc: {LogFileValidationEnabled: false}}
    expect:
      - {call: cloudtrail UpdateTrail, params: {Name: other, EnableLogFileValidation: true}}
    unplanned: [never said]
)");
  EXPECT_NE(text.find("expected: cloudtrail UpdateTrail"), std::string::npos) << text;
  EXPECT_NE(text.find("got:      cloudtrail UpdateTrail in us-east-1"), std::string::npos) << text;
  EXPECT_NE(text.find("expected unplanned: never said"), std::string::npos) << text;
}

// A group a region, one role, and a trail that wants both: what the plan's changes wait for.
TEST(Planner, LetsAStepWaitForAllOfItsRowAlsoWhatItSharesWithAnother) {
  constexpr std::string_view kShared = R"(id: f
title: t
cost: none
risk: none
sql: |
  select f.id as finding, t.account_id, t.region, t.arn, 'us-east-1' as home
  from finding f join aws_cloudtrail_trail t
    on t.account_id = f.account_id and t.region = f.region and t.arn = f.resource
  order by t.arn
steps:
  - id: group
    call: logs CreateLogGroup
    params: {logGroupName: g}
    permissions: []
    rows: [{table: aws_cloudwatch_log_group, key: g, item: {logGroupName: g, storedBytes: 0}}]
    no_undo: none
  - id: retention
    call: logs PutRetentionPolicy
    params: {logGroupName: g, retentionInDays: 1}
    permissions: []
    rows: [{table: aws_cloudwatch_log_group, key: g, set: {storedBytes: 1}}]
    no_undo: none
  - id: role
    call: iam CreateRole
    region: "{{home}}"
    params: {RoleName: r}
    permissions: []
    rows: []
    no_undo: none
  - id: update
    call: cloudtrail UpdateTrail
    params: {Name: "{{arn}}"}
    permissions: []
    rows: []
    no_undo: none
tests:
  - name: two regions
    given:
      aws_cloudtrail_trail:
        - {region: eu-west-1, arn: a, log_file_validation_enabled: 0}
        - {region: us-west-2, arn: b, log_file_validation_enabled: 0}
    expect: []
)";
  const rig::Folder folder;
  const auto library = rig::library({load_check(folder.write("c.yaml", std::string(kCheck)))});
  std::vector<Diagnostic> diagnostics;
  const auto fix = read_fix("f.yaml", std::string(kShared), diagnostics);
  ASSERT_TRUE(fix && diagnostics.empty());
  std::string needs;
  for (const auto& change : plan_of(*fix, fix->tests.front(), library).changes) {
    needs += fmt::format("{} {} {} <- {}\n", change.id, change.operation, change.region,
                         fmt::join(change.needs, " "));
  }
  EXPECT_EQ(needs,
            "c1 CreateLogGroup eu-west-1 <- \n"
            "c2 PutRetentionPolicy eu-west-1 <- c1\n"
            "c3 CreateRole us-east-1 <- c2\n"
            "c4 UpdateTrail eu-west-1 <- c3\n"
            "c5 CreateLogGroup us-west-2 <- \n"
            "c6 PutRetentionPolicy us-west-2 <- c5\n"
            "c7 UpdateTrail us-west-2 <- c6 c3\n");
}

// A fix of one step with these lines: what reading and linting it say, or its plan's filled_in.
std::string with_step(const std::string& lines) {
  const auto text = fmt::format(R"(id: f
title: t
cost: none
risk: none
sql: select f.id as finding, f.account_id, f.region, f.resource as arn from finding f
steps:
  - id: start
    call: cloudtrail StartLogging
    params: {{Name: "{{{{arn}}}}"}}
    permissions: []
    no_undo: none
{}
tests:
  - name: one
    given: {{aws_cloudtrail_trail: [{{arn: a, log_file_validation_enabled: 0, doc: {{}}}}]}}
    expect: []
)", lines);
  std::vector<Diagnostic> diagnostics;
  const auto fix = read_fix("f.yaml", text, diagnostics);
  if (fix && diagnostics.empty()) {
    Problems problems("f.yaml", diagnostics);
    lint_fix(*fix, {}, problems);
  }
  if (!diagnostics.empty()) return diagnostics.front().text;
  const rig::Folder folder;
  const auto library = rig::library({load_check(folder.write("c.yaml", std::string(kCheck)))});
  const auto plan = plan_of(*fix, fix->tests.front(), library);
  std::string told;
  for (const auto& row : plan.changes.at(0).filled_in) {
    told += fmt::format("{} {} {} {} {}\n", row.table, row.region, row.target, row.key, row.members);
  }
  return told + fmt::format("{} rows", plan.changes.at(0).rows.size());
}

TEST(Planner, TellsWhatAwsFillsInAndPlansNoRowOfIt) {
  EXPECT_EQ(with_step(R"(    rows: []
    filled_in:
      - {table: aws_cloudtrail_trail_status, target: "{{arn}}", members: {Since: "{{arn}}"}}
      - {table: aws_cloudtrail_trail, region: eu-west-1, key: "{{arn}}", members: {}})"),
            "aws_cloudtrail_trail_status us-east-1 a  {\"Since\":\"a\"}\n"
            "aws_cloudtrail_trail eu-west-1  a {}\n0 rows");
}

TEST(Planner, RefusesRowsThatTheTablesDoNotHave) {
  const auto filled = [](const std::string& row) { return with_step("    rows: []\n    filled_in: [" + row + "]"); };
  EXPECT_EQ(filled("{table: aws_cloudtrail_trail, members: {}}"), "aws_cloudtrail_trail has several rows: say which (key)");
  EXPECT_EQ(filled("{table: aws_cloudtrail_trial, key: k, members: {}}"),
            "there is no table 'aws_cloudtrail_trial', did you mean 'aws_cloudtrail_trail'?");
  EXPECT_EQ(filled("{table: aws_cloudtrail_trail, key: '{{name}}', members: {}}"), "the SQL has no column 'name'");
  EXPECT_EQ(filled("{table: aws_cloudtrail_trail, key: k, members: {A: '{{name}}'}}"), "the SQL has no column 'name'");
  EXPECT_NE(filled("{table: aws_cloudtrail_trail, key: k}").find("members"), std::string::npos);
  EXPECT_EQ(with_step("    rows: [{table: aws_cloudtrail_trail, key: k, item: {A: 1}, every_region: true}]"),
            "a new row is shown by its own call: leave out every_region");
}

}  // namespace
}  // namespace ciswatch
