// What was not read is said, also where a check's SQL does not carry it.

#include <gtest/gtest.h>

#include "tests/rules/rig.h"

namespace ciswatch {
namespace {

using namespace std::string_literals;

const std::string kPerVpc =
    "select account_id, region, vpc_id as resource, is_default as ok, 'd' as detail from aws_vpc"
    " where vpc_id is not null";  // drops the rows that stand for unanswered calls

Report judged(rig::Maker& maker, Scope scope, const std::string& sql,
              EvaluateOptions options = {}) {
  const auto snapshot = maker.finish();
  return rig::judge(snapshot, rig::library({rig::check("c", scope, sql)}), std::move(options));
}

class TheNet : public testing::Test {
 protected:
  TheNet() : maker(folder_.path() / "s.db") {
    maker.account();
    maker.region("eu-west-1");
    maker.region("us-east-1");
  }
  rig::Folder folder_;

 public:
  rig::Maker maker;
};

TEST_F(TheNet, AddsARegionThatWasNotRead) {
  maker.vpc("vpc-1", "us-east-1", std::int64_t{1});
  maker.call("aws_vpc", "eu-west-1", "denied");
  const auto report = judged(maker, Scope::resource, kPerVpc);
  EXPECT_EQ(rig::lines(report), "unknown eu-west-1 eu-west-1\npass us-east-1 vpc-1\n");
  EXPECT_EQ(rig::findings_of(report).at(0).detail,
            "this region could not be read; ec2:DescribeVpcs in eu-west-1 was denied "
            "(AccessDeniedException: no); grant ec2:DescribeVpcs");
  ASSERT_EQ(rig::findings_of(report).at(0).unanswered.size(), 1U);
  EXPECT_EQ(rig::findings_of(report).at(0).unanswered[0].outcome, "denied");
}

TEST_F(TheNet, AddsNothingWhereTheCheckSaysItself) {
  maker.call("aws_vpc", "eu-west-1", "denied");
  const auto report = judged(maker, Scope::resource,
                             "select account_id, region, vpc_id as resource, is_default as ok, 'd' "
                             "as detail from aws_vpc");
  EXPECT_EQ(rig::lines(report), "unknown eu-west-1 eu-west-1\n");
  EXPECT_EQ(rig::findings_of(report).at(0).detail.substr(0, 22), "d; ec2:DescribeVpcs in");
}

TEST_F(TheNet, AddsOneRowForSeveralCalls) {
  maker.call("aws_vpc", "eu-west-1", "denied");
  maker.call("aws_vpc_flow_log", "eu-west-1", "throttled");
  const auto report = judged(maker, Scope::resource,
                             kPerVpc + " and vpc_id in (select resource_id from aws_vpc_flow_log)");
  EXPECT_EQ(rig::lines(report), "unknown eu-west-1 eu-west-1\n");
  EXPECT_EQ(rig::findings_of(report).at(0).unanswered.size(), 2U);
  EXPECT_NE(rig::findings_of(report).at(0).detail.find("grant ec2:DescribeVpcs; and 1 more"),
            std::string::npos);
}

TEST_F(TheNet, KeepsAFaultBesideTheUnknown) {
  maker.vpc("vpc-1", "eu-west-1", std::int64_t{0});
  maker.call("aws_vpc_flow_log", "eu-west-1", "failed");
  const auto report =
      judged(maker, Scope::resource, kPerVpc + " and (select count(*) from aws_vpc_flow_log) < 9");
  EXPECT_EQ(rig::lines(report), "unknown eu-west-1 eu-west-1\nwarn eu-west-1 vpc-1\n");
}

// A row about the region itself would be there twice.
TEST_F(TheNet, TurnsAPassOfTheRegionItselfIntoUnknown) {
  maker.call("aws_vpc", "eu-west-1", "denied");
  const auto report = judged(maker, Scope::region,
                             "select account_id, name as region, name as resource,"
                             " name in (select region from aws_vpc) as ok, 'd' as detail"
                             " from aws_region where name is not null");
  EXPECT_EQ(rig::lines(report), "unknown eu-west-1 eu-west-1\nwarn us-east-1 us-east-1\n");
  EXPECT_EQ(rig::findings_of(report).at(0).detail.substr(0, 27), "d, as far as could be read;");
}

TEST_F(TheNet, LeavesAFaultOfTheRegionItself) {
  maker.call("aws_vpc", "eu-west-1", "denied");
  const auto report = judged(maker, Scope::region,
                             "select account_id, region, region as resource, 0 as ok, 'd' as detail"
                             " from aws_vpc");
  EXPECT_EQ(rig::lines(report), "warn eu-west-1 eu-west-1\n");
}

TEST_F(TheNet, KnowsRegionsThatCouldNotBeListed) {
  maker.call("aws_region", "us-east-1", "denied");
  maker.call("aws_vpc", "*", "not_tried");
  const auto report = judged(maker, Scope::resource, kPerVpc);
  EXPECT_EQ(rig::lines(report), "unknown * *\n");
  EXPECT_EQ(
      rig::findings_of(report).at(0).detail,
      "the account's regions could not be read; ec2:DescribeVpcs in every region was not tried");
}

TEST_F(TheNet, KnowsTablesThatTheSnapshotDoesNotHold) {
  maker.vpc("vpc-1", "us-east-1", std::int64_t{1});
  maker.without("aws_vpc_flow_log");
  const auto report =
      judged(maker, Scope::resource, kPerVpc + " and (select count(*) from aws_vpc_flow_log) < 9");
  EXPECT_EQ(rig::lines(report),
            "unknown eu-west-1 eu-west-1\nunknown us-east-1 us-east-1\npass us-east-1 vpc-1\n");
  EXPECT_NE(
      rig::findings_of(report).at(0).detail.find("was not tried (this snapshot was collected without it)"),
      std::string::npos);
}

TEST_F(TheNet, IgnoresCallsPerResourceAndTablesThatAreNotRead) {
  maker.call("aws_kms_key", "eu-west-1", "denied", "k");
  maker.call("aws_vpc_flow_log", "eu-west-1", "denied");
  const auto report =
      judged(maker, Scope::resource, kPerVpc + " and (select count(*) from aws_kms_key) < 9");
  EXPECT_EQ(rig::lines(report), "");
}

TEST_F(TheNet, TellsAnAccountOfWhichTheCheckSaysNothing) {
  maker.account("222222222222");
  const auto report = judged(maker, Scope::account,
                             "select account_id, region, null as resource, 1 as ok, 'd' as detail"
                             " from aws_account where account_id like '1%'");
  EXPECT_EQ(rig::lines(report), "pass us-east-1 111111111111\nunknown us-east-1 222222222222\n");
  EXPECT_EQ(rig::findings_of(report).at(1).detail, "the check told nothing of this account");
}

TEST_F(TheNet, DoesNotDoubtAnAccountsVerdictForARegion) {
  maker.vpc("vpc-1", "us-east-1", std::int64_t{1});
  maker.call("aws_vpc", "eu-west-1", "denied");
  const auto report = judged(maker, Scope::account,
                             "select a.account_id, a.region, null as resource,"
                             " (select any_ok(is_default) from aws_vpc) as ok, 'd' as detail"
                             " from aws_account a");
  EXPECT_EQ(rig::lines(report), "pass us-east-1 111111111111\n");
}

TEST_F(TheNet, NamesTheCallBehindAnUnknownWithoutProvenance) {
  maker.call("aws_vpc", "eu-west-1", "denied");
  maker.call("aws_kms_key", "us-east-1", "denied", "k1");
  maker.call("aws_kms_key", "us-east-1", "failed", "k2");
  const auto account = judged(maker, Scope::account,
                              "select a.account_id, a.region, null as resource,"
                              " (select any_ok(is_default) from aws_vpc) as ok, 'd' as detail"
                              " from aws_account a");
  EXPECT_EQ(rig::findings_of(account).at(0).detail.substr(0, 35), "d; ec2:DescribeVpcs in eu-west-1 wa");
  const auto keys = rig::judge(
      Snapshot(folder_.path() / "s.db"),
      rig::library({rig::check("k", Scope::resource,
                               "select account_id, region, id as resource, key_state = 'x' as ok,"
                               " '' as detail from aws_kms_key")}));
  ASSERT_EQ(rig::lines(keys), "unknown us-east-1 k1\nunknown us-east-1 k2\n");
  EXPECT_EQ(rig::findings_of(keys).at(1).detail, "kms:DescribeKey of k2 in us-east-1 failed");
  EXPECT_EQ(rig::findings_of(keys).at(1).unanswered.size(), 1U);
}

TEST_F(TheNet, BoundsWhatItNames) {
  for (int i = 0; i < 9; ++i) maker.call("aws_vpc", fmt::format("r{}", i), "denied");
  const auto report = judged(maker, Scope::account,
                             "select a.account_id, a.region, null as resource,"
                             " (select any_ok(is_default) from aws_vpc) as ok, 'd' as detail"
                             " from aws_account a");
  EXPECT_EQ(rig::findings_of(report).at(0).unanswered.size(), 5U);
  EXPECT_NE(rig::findings_of(report).at(0).detail.find("; and 4 more"), std::string::npos);
}

TEST_F(TheNet, TakesClosedRegionsAsNotApplicable) {
  maker.vpc("vpc-0", "eu-west-1", std::int64_t{0});
  maker.vpc("vpc-1", "us-east-1", std::int64_t{1});
  maker.call("aws_vpc_flow_log", "eu-west-1", "denied");
  maker.call("aws_vpc_flow_log", "us-east-1", "denied");
  EvaluateOptions options;
  options.closed_regions = {"eu-west-1"};
  const auto report = judged(maker, Scope::resource,
                             kPerVpc + " and (select count(*) from aws_vpc_flow_log) < 9", options);
  EXPECT_EQ(rig::lines(report),
            "not_applicable eu-west-1 eu-west-1\nwarn eu-west-1 vpc-0\n"
            "unknown us-east-1 us-east-1\npass us-east-1 vpc-1\n");
  EXPECT_EQ(rig::findings_of(report).at(0).detail, "region closed by policy, as set");
}

TEST_F(TheNet, TakesUnansweredCallsToClosedRegionsFromTheCoverageAndNoOther) {
  maker.call("aws_vpc", "eu-west-1", "ok");
  maker.call("aws_vpc", "us-east-1", "denied");
  maker.call("aws_vpc_flow_log", "eu-west-1", "denied");
  maker.call("aws_s3_bucket_list", "eu-west-1", "denied");
  const auto snapshot = maker.finish();
  const auto library = rig::library({rig::check("c", Scope::resource, kPerVpc)});
  const auto before = coverage_of(rig::judge(snapshot, library).head);
  EvaluateOptions options;
  options.closed_regions = {"eu-west-1"};
  const auto after = coverage_of(rig::judge(snapshot, library, options).head);
  EXPECT_EQ(after.reads, before.reads - 1);
  EXPECT_EQ(after.answered, before.answered);
}

// Its region is where the account's own calls are made; closing that says nothing of the account.
TEST_F(TheNet, ClosesNoAccount) {
  EvaluateOptions options;
  options.closed_regions = {"us-east-1"};
  const auto report =
      judged(maker, Scope::account,
             "select account_id, region, null as resource, null as ok, 'd' as detail"
             " from aws_account",
             options);
  EXPECT_EQ(rig::lines(report), "unknown us-east-1 111111111111\n");
}

TEST_F(TheNet, ClosesNoCheckThatFailed) {
  EvaluateOptions options;
  options.closed_regions = {"us-east-1"};
  const auto report = judged(maker, Scope::resource,
                             "select account_id, region, 'r' as resource, 7 as ok, 'd' as detail"
                             " from aws_account",
                             options);
  EXPECT_EQ(rig::lines(report), "unknown us-east-1 111111111111\n");
}

}  // namespace
}  // namespace ciswatch
