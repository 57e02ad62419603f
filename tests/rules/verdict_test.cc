// From the rows of a check to verdicts.

#include <gtest/gtest.h>

#include "tests/rules/rig.h"

namespace ciswatch {
namespace {

// One account with one region, one VPC, and a call that was denied.
class Verdicts : public testing::Test {
 protected:
  Verdicts() : snapshot_(make(folder_)) {}

  static Snapshot make(const rig::Folder& folder) {
    rig::Maker maker(folder.path() / "s.db");
    maker.account();
    maker.region("us-east-1");
    maker.vpc("vpc-1", "us-east-1", std::int64_t{1});
    maker.call("aws_kms_key", "us-east-1", "denied", "k");
    return maker.finish();
  }

  // The only finding of a check that selects these columns from the VPC.
  Finding judge(const std::string& columns, Scope scope = Scope::resource) const {
    const auto library = rig::library({rig::check(
        "c", scope, fmt::format("select account_id, region, {} from aws_vpc", columns))});
    const auto report = rig::judge(snapshot_, library);
    EXPECT_EQ(report.findings.size(), 1U) << columns;
    const auto findings = rig::findings_of(report);
    return findings.empty() ? Finding() : findings[0];
  }

  rig::Folder folder_;
  Snapshot snapshot_;
};

const std::string kDenied = "(select call_id from api_call where outcome = 'denied')";

struct Row {
  const char* name;
  std::string columns;
  Verdict verdict;
  std::string_view detail;
};

class VerdictOf : public Verdicts, public testing::WithParamInterface<Row> {};

TEST_P(VerdictOf, ARow) {
  const auto finding = judge(GetParam().columns);
  EXPECT_EQ(finding.verdict, GetParam().verdict);
  EXPECT_EQ(finding.detail.substr(0, GetParam().detail.size()), GetParam().detail);
}

INSTANTIATE_TEST_SUITE_P(
    All, VerdictOf,
    testing::Values(
        Row{"One", "'r' resource, 1 ok, 'd' detail", Verdict::pass, "d"},
        Row{"Zero", "'r' resource, 0 ok, 'd' detail", Verdict::warn, "d"},
        Row{"Null", "'r' resource, null ok, 'd' detail", Verdict::unknown, "d"},
        Row{"LevelOfTheRow", "'r' resource, 0 ok, '' detail, 'critical' level", Verdict::critical,
            ""},
        Row{"NoLevelOfTheRow", "'r' resource, 0 ok, '' detail, null level", Verdict::warn, ""},
        Row{"NotApplicable", "'r' resource, 0 ok, '' detail, 1 not_applicable",
            Verdict::not_applicable, ""},
        Row{"NotNotApplicable", "'r' resource, 0 ok, '' detail, 0 not_applicable", Verdict::warn,
            ""},
        Row{"ApplicableNobodyKnows", "'r' resource, 1 ok, '' detail, null not_applicable",
            Verdict::unknown, ""},
        Row{"PassOnAnAnswer", "'r' resource, 1 ok, 'd' detail, call_id", Verdict::pass, "d"},
        Row{"PassOnADenial", "'r' resource, 1 ok, 'd' detail, " + kDenied + " as key_call_id", Verdict::unknown,
            "d, as far as could be read; kms:DescribeKey of k in us-east-1 was denied "
            "(AccessDeniedException: no); grant kms:DescribeKey"},
        Row{"PassOnADenialInAList", "'r' resource, 1 ok, 'd' detail, json_array(call_id, null, " + kDenied + ") as key_call_id",
            Verdict::unknown, "d, as far as"},
        Row{"NotApplicableOnADenial",
            "'r' resource, 1 ok, '' detail, 1 not_applicable, " + kDenied + " as call_id", Verdict::unknown,
            "kms:DescribeKey of k"},
        Row{"FaultInSpiteOfADenial", "'r' resource, 0 ok, 'd' detail, " + kDenied + " as call_id", Verdict::warn,
            "d"},
        Row{"OkTwo", "'r' resource, 2 ok, '' detail", Verdict::unknown,
            "this check failed: ok is 2, not 1, 0 or NULL"},
        Row{"OkText", "'r' resource, 'yes' ok, '' detail", Verdict::unknown,
            "this check failed: ok is the text 'yes'"},
        Row{"OkReal", "'r' resource, 1.0 ok, '' detail", Verdict::unknown,
            "this check failed: ok is the text '1.0'"},
        Row{"WrongLevel", "'r' resource, 0 ok, '' detail, 'high' level", Verdict::unknown,
            "this check failed: level is neither"},
        Row{"WrongCallId", "'r' resource, 1 ok, '' detail, 'x' call_id", Verdict::unknown,
            "this check failed: call_id is neither an integer nor a JSON list"},
        Row{"NoSuchCall", "'r' resource, 1 ok, '' detail, 99 call_id", Verdict::unknown,
            "this check failed: there is no API call of the id 99"},
        Row{"SqlError", "'r' resource, json_extract('{', '$') ok, '' detail", Verdict::unknown,
            "this check failed: malformed JSON"},
        Row{"OneLine", "'r' resource, 1 ok, 'a' || char(10) || 'b' detail", Verdict::pass,
            "a\xEF\xBF\xBD"
            "b"}),
    [](const auto& row) { return row.param.name; });

TEST_F(Verdicts, NameTheResource) {
  EXPECT_EQ(judge("null resource, 1 ok, '' detail").resource, "us-east-1");
  EXPECT_EQ(judge("null resource, 1 ok, '' detail", Scope::account).resource, rig::kAccount);
  EXPECT_EQ(judge("vpc_id resource, 1 ok, '' detail").resource, "vpc-1");
}

TEST_F(Verdicts, CarryEvidenceAndCalls) {
  const auto finding = judge(
      "'r' resource, 1 ok, '' detail, 7 number, 'a\"b' words, '{\"x\": [1]}' document, '{x' "
      "broken, "
      "null none, call_id, json_array(call_id, null, call_id) as again_call_id");
  const std::vector<std::pair<std::string, std::string>> expected{{"number", "7"},
                                                                  {"words", "\"a\\\"b\""},
                                                                  {"document", "{\"x\":[1]}"},
                                                                  {"broken", "\"{x\""},
                                                                  {"none", "null"}};
  EXPECT_EQ(finding.evidence, expected);
  EXPECT_EQ(finding.call_ids.size(), 1U);  // named twice
  EXPECT_TRUE(finding.unanswered.empty());
}

// sha256("c\0111111111111\0us-east-1\0r"), the first 16 bytes: what history.db and waivers hold on
// to.
TEST_F(Verdicts, HaveAStableId) {
  EXPECT_EQ(judge("'r' resource, 1 ok, '' detail").id, "49bac201c8a1e312b350b44d6be15770");
  EXPECT_EQ(judge("'r' resource, 0 ok, 'other' detail, 5 x").id,
            "49bac201c8a1e312b350b44d6be15770");
}

TEST_F(Verdicts, RefuseTwoRowsForOneThing) {
  const auto library = rig::library({rig::check("c", Scope::resource,
                                                "select account_id, region, 'r' resource, value "
                                                "ok, '' detail from aws_vpc, json_each('[0,1]')")});
  const auto report = rig::judge(snapshot_, library);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(rig::findings_of(report)[0].detail,
            "this check failed: two rows for r in us-east-1 of account 111111111111");
}

TEST_F(Verdicts, RefuseAnAccountThatTheCheckDoesNotSee) {
  const auto library = rig::library(
      {rig::check("c", Scope::resource,
                  "select '9' account_id, region, 'r' resource, 1 ok, '' detail from aws_vpc")});
  EXPECT_EQ(rig::findings_of(rig::judge(snapshot_, library)).at(0).detail,
            "this check failed: account_id '9' is none of the accounts that the check sees");
}

// A row that could not be read flows through SQL's three-valued logic to the verdict.
TEST_F(Verdicts, ComeFromThreeValuedAggregates) {
  const auto one = [&](const std::string& expression) {
    const auto library = rig::library({rig::check(
        "c", Scope::account,
        fmt::format("select account_id, region, null resource, {} ok, '' detail from aws_account",
                    expression))});
    return rig::findings_of(rig::judge(snapshot_, library)).at(0).verdict;
  };
  const auto of = [&](std::string_view function, std::string_view values) {
    return one(fmt::format("(select {}(value) from json_each('[{}]'))", function, values));
  };
  EXPECT_EQ(of("any_ok", "0,null"), Verdict::unknown);
  EXPECT_EQ(of("any_ok", "1,null"), Verdict::pass);
  EXPECT_EQ(of("any_ok", "0,0"), Verdict::warn);
  EXPECT_EQ(of("any_ok", ""), Verdict::warn);
  EXPECT_EQ(of("all_ok", "1,null"), Verdict::unknown);
  EXPECT_EQ(of("all_ok", "0,null"), Verdict::warn);
  EXPECT_EQ(of("all_ok", "1,1"), Verdict::pass);
  EXPECT_EQ(of("all_ok", ""), Verdict::pass);
  EXPECT_EQ(of("all_ok", "2"), Verdict::unknown);
}

}  // namespace
}  // namespace ciswatch
