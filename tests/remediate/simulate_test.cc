// What a plan makes of a copy of the snapshot: beside the loops from outside, what those do not come to.

#include "core/remediate/simulate.h"

#include <gtest/gtest.h>

#include "tests/store/store_rig.h"

namespace ciswatch {
namespace {

constexpr std::string_view kOwner = "111111111111", kMember = "222222222222";
constexpr const char* kArn = "arn:aws:cloudtrail:us-east-1:111111111111:trail/o";

class Simulate : public ::testing::Test {
 protected:
  // A trail that two regions of its account show, and another account.
  void SetUp() override {
    SnapshotWriter writer(folder_ / "before.db");
    add_row(writer, "aws_cloudtrail_trail", kOwner, "us-east-1", kArn);
    add_row(writer, "aws_cloudtrail_trail", kOwner, "eu-west-1", kArn);
    add_row(writer, "aws_cloudtrail_trail", kMember, "eu-west-1", kArn);
    for (const auto account : {kOwner, kMember}) add_row(writer, "aws_cloudwatch_log_group", account, "us-east-1", "g");
    for (const auto* name : {"aws_cloudtrail_trail", "aws_cloudwatch_log_group", "aws_s3_bucket_policy_status"}) {
      writer.add_collected(*find_table(name));
    }
    SnapshotInfo info;
    info.collected_at = info.started_at = "2026-11-22T00:00:00Z";
    info.source = "recording";
    writer.finish(info);
    change_.id = "c1";
    change_.account_id = kOwner;
    change_.region = "us-east-1";
  }

  static void add_row(SnapshotWriter& writer, const std::string& name, std::string_view account,
                      const std::string& region, std::string_view key) {
    const auto& table = *find_table(name);
    auto call = ledger_row(name, region, "ok");
    call.account_id = account;
    std::vector<Value> values(table.columns.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (table.columns[i].name == table.key) values[i] = std::string(key);
    }
    const auto doc = name == "aws_cloudtrail_trail" ? fmt::format(R"({{"TrailARN":"{}"}})", key)
                                                    : fmt::format(R"({{"logGroupName":"{}"}})", key);
    writer.add_row(table, account, region, values, doc, writer.add_call(call));
  }

  std::string simulated(const std::string& sql) {
    const Snapshot before(folder_ / "before.db");
    ChangePlan plan;
    plan.snapshot_id = before.info().id;
    plan.changes = {change_};
    simulate(plan, before, folder_ / "after.db");
    const Snapshot after(folder_ / "after.db");
    auto database = after.open();
    return rows_of(database, sql);
  }

  StoreFolder folder_;
  Change change_;
};

TEST_F(Simulate, ChangesATrailInAllRegionsAndAccountsThatShowIt) {
  change_.rows = {{"aws_cloudtrail_trail", "us-east-1", "", kArn, true, R"({"KmsKeyId":null})", R"({"KmsKeyId":"k"})"}};
  EXPECT_EQ(simulated("select account_id, region, kms_key_id from main.aws_cloudtrail_trail order by 1, 2"),
            "111111111111|eu-west-1|k\n111111111111|us-east-1|k\n222222222222|eu-west-1|k\n");
}

TEST_F(Simulate, ChangesTheOwnRowAloneWhereNoOthersAreSaidToShowIt) {
  change_.rows = {{"aws_cloudtrail_trail", "us-east-1", "", kArn, false, R"({"KmsKeyId":null})", R"({"KmsKeyId":"k"})"}};
  EXPECT_EQ(simulated("select region from main.aws_cloudtrail_trail where kms_key_id = 'k'"), "us-east-1\n");
}

TEST_F(Simulate, TakesNoRowOfAnotherAccountForTheSameByAName) {
  change_.rows = {{"aws_cloudwatch_log_group", "us-east-1", "", "g", true, "{}", R"({"retentionInDays":7})"}};
  EXPECT_EQ(simulated("select account_id from main.aws_cloudwatch_log_group where retention_in_days = 7"),
            "111111111111\n");
}

TEST_F(Simulate, TakesWhatAwsFillsInAsGivenInARowThatIsNewOrThere) {
  change_.filled_in = {
      {"aws_s3_bucket_policy_status", "us-east-1", "b", "", R"({"PolicyStatus":{"IsPublic":false}})"},
      {"aws_cloudwatch_log_group", "us-east-1", "", "g", R"({"retentionInDays":7})"},
      {"aws_kms_key", "us-east-1", "k", "", "{}"}};  // a table that the snapshot does not hold
  EXPECT_EQ(simulated("select name, is_public, outcome, operation from main.aws_s3_bucket_policy_status"
                      " join main.api_call using (call_id)"),
            "b|0|ok|GetBucketPolicyStatus\n");
  EXPECT_EQ(simulated("select account_id from main.aws_cloudwatch_log_group where retention_in_days = 7"),
            "111111111111\n");
}

TEST_F(Simulate, ForgetsWhatIsGone) {
  change_.rows = {{"aws_cloudtrail_trail", "us-east-1", "", kArn, true, "{}", ""}};
  EXPECT_EQ(simulated("select 1 from main.aws_cloudtrail_trail"), "");
}

}  // namespace
}  // namespace ciswatch
