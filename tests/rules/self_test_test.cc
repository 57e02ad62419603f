// The tests that stand in check files.

#include "rules/self_test.h"

#include <gtest/gtest.h>

#include "tests/rules/rig.h"

namespace ciswatch {
namespace {

constexpr std::string_view kHead = R"(id: c
title: t
level: warn
scope: resource
why: w
settings:
  only: {default: any}
sql: |
  select account_id, region, arn as resource,
         iif(setting('only') = 'none', null, log_file_validation_enabled) as ok,
         format('%s of %s: %s', name, snapshot.collected_at, doc ->> '$.x') as detail, call_id
  from aws_cloudtrail_trail, snapshot
remediation: {text: t}
tests:
)";

std::vector<TestResult> run(std::string_view tests) {
  const rig::Folder folder;
  const auto check = load_check(folder.write("c.yaml", std::string(kHead) + std::string(tests)));
  return self_test(check, rig::library({check}));
}

TEST(SelfTest, PassesWhereExpectationsAreMet) {
  const auto results = run(R"(
  - name: all
    given:
      snapshot: [{collected_at: 2026-01-01T00:00:00Z}]
      aws_cloudtrail_trail:
        - {arn: a, name: n, log_file_validation_enabled: true, doc: {x: 1}}
        - {arn: b, region: eu-west-1, account_id: '2', log_file_validation_enabled: 0}
        - {arn: c, log_file_validation_enabled: null}
      api_call:
        - {service: cloudtrail, operation: DescribeTrails, region: eu-north-1, outcome: denied, code: X}
    expect:
      - {resource: eu-north-1, verdict: unknown, region: eu-north-1, detail: "(X); grant cloudtrail"}
      - {resource: c, verdict: unknown}
      - {resource: a, verdict: pass, level: warn, account_id: "111111111111", region: us-east-1,
         detail: "n of 2026-01-01T00:00:00Z: 1", waived: false}
      - {resource: b, verdict: warn, account_id: "2"}
  - name: with a setting
    settings: {only: none}
    given: {aws_cloudtrail_trail: [{arn: a, log_file_validation_enabled: 1}]}
    expect: [{resource: a, verdict: unknown}]
  - {name: nothing, given: {}, expect: []}
)");
  ASSERT_EQ(results.size(), 3U);
  for (const auto& result : results) EXPECT_TRUE(result.passed) << result.difference;
}

TEST(SelfTest, ShowsTheDifference) {
  const auto results = run(R"(
  - name: wrong
    given: {aws_cloudtrail_trail: [{arn: a, log_file_validation_enabled: 1},
                                   {arn: b, log_file_validation_enabled: 0}]}
    expect:
      - {resource: a, verdict: warn}
      - {resource: b, verdict: warn, detail: other}
)");
  ASSERT_EQ(results.size(), 1U);
  EXPECT_FALSE(results[0].passed);
  EXPECT_EQ(results[0].place.line, 16);
  EXPECT_EQ(
      results[0].difference,
      "  expected: warn a\n"
      "  expected: warn b: …other…\n"
      "  got:      pass a in us-east-1 of 111111111111 (level warn):  of 2026-11-22T00:00:00Z: \n"
      "  got:      warn b in us-east-1 of 111111111111 (level warn):  of 2026-11-22T00:00:00Z: \n");
}

// The first expectation fits both rows; it must leave the other row to the second.
TEST(SelfTest, PairsExpectationsWhateverTheirOrder) {
  const auto results = run(R"(
  - name: same name in two regions
    given: {aws_cloudtrail_trail: [{arn: a, region: eu-west-1, log_file_validation_enabled: 1},
                                   {arn: a, region: us-east-1, log_file_validation_enabled: 1}]}
    expect:
      - {resource: a, verdict: pass}
      - {resource: a, verdict: pass, region: eu-west-1}
)");
  EXPECT_TRUE(results.at(0).passed) << results.at(0).difference;
}

TEST(SelfTest, FailsForAFindingThatNobodyExpects) {
  const auto results = run(R"(
  - name: too little
    given: {aws_cloudtrail_trail: [{arn: a, log_file_validation_enabled: 1}]}
    expect: []
)");
  EXPECT_FALSE(results.at(0).passed);
}

TEST(SelfTest, TellsARowThatIsThereTwice) {
  const auto results = run(R"(
  - name: twice
    given: {aws_cloudtrail_trail: [{arn: a}, {arn: a}]}
    expect: []
)");
  EXPECT_FALSE(results.at(0).passed);
  EXPECT_NE(results.at(0).difference.find("this row of aws_cloudtrail_trail does not fit: UNIQUE"),
            std::string::npos)
      << results.at(0).difference;
}

}  // namespace
}  // namespace ciswatch
