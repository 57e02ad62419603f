// What a check sees of a table: its rows, and a row of NULLs for each call that was not answered.

#include <gtest/gtest.h>

#include <set>

#include "core/store/schema.h"
#include "tests/store/store_rig.h"

namespace ciswatch {
namespace {

class SliceView : public testing::Test {
 protected:
  SliceView() : writer_(folder_ / "s.db") {
    for (const auto* table : tables()) stored_.insert(table->name);
  }

  void row(const std::string& table, const std::string& region, const std::string& key,
           std::vector<std::pair<std::string, Value>> more = {}) {
    const auto* spec = find_table(table);
    std::vector<Value> values(spec->columns.size());
    const auto set = [&](std::string_view name, Value value) {
      for (std::size_t i = 0; i < spec->columns.size(); ++i) {
        if (spec->columns[i].name == name) values[i] = value;
      }
    };
    if (!spec->key.empty()) set(spec->key, key);
    for (auto& [name, value] : more) set(name, value);
    const auto call = writer_.add_call(ledger_row(table, region, "ok", ""));
    writer_.add_row(*spec, "111111111111", region, values, "{}", call);
  }

  std::string seen(const std::string& sql) {
    for (const auto name : stored_) writer_.add_collected(*find_table(name));
    SnapshotInfo info;
    writer_.finish(info);
    const Snapshot snapshot(folder_ / "s.db");
    auto database = snapshot.open();
    make_views(database, [&](std::string_view table) { return snapshot.holds(table); }, Slice::any);
    return rows_of(database, sql);
  }

  StoreFolder folder_;
  SnapshotWriter writer_;
  std::set<std::string_view> stored_;
};

TEST_F(SliceView, ShowsUnansweredCallsAsRowsOfNull) {
  row("aws_vpc", "us-east-1", "vpc-1", {{"is_default", std::int64_t{0}}});
  const auto denied = writer_.add_call(ledger_row("aws_vpc", "eu-west-1", "denied"));
  writer_.add_call(ledger_row("aws_vpc", "eu-west-2", "ok"));
  writer_.add_call(ledger_row("aws_vpc_flow_log", "eu-west-3", "denied"));
  EXPECT_EQ(seen(fmt::format("select account_id, region, vpc_id, is_default, doc, call_id = {}"
                             " from aws_vpc order by 2",
                             denied)),
            "111111111111|eu-west-1|NULL|NULL|NULL|1\n111111111111|us-east-1|vpc-1|0|{}|0\n");
}

TEST_F(SliceView, KeepsTheResourceOfAnUnansweredCall) {
  writer_.add_call(ledger_row("aws_kms_key", "us-east-1", "throttled", "key-1"));
  writer_.add_call(ledger_row("aws_s3_bucket_policy_status", "us-east-1", "absent", "b"));
  EXPECT_EQ(seen("select region, id, key_state from aws_kms_key"), "us-east-1|key-1|NULL\n");
}

TEST_F(SliceView, CountsEveryOutcomeButOkAndAbsentAsUnanswered) {
  for (const auto* outcome :
       {"ok", "absent", "denied", "throttled", "disabled", "failed", "not_tried"}) {
    writer_.add_call(ledger_row("aws_vpc", outcome, outcome));
  }
  EXPECT_EQ(seen("select region from aws_vpc order by 1"),
            "denied\ndisabled\nfailed\nnot_tried\nthrottled\n");
}

TEST_F(SliceView, KeepsServicesWithOneOperationApart) {
  writer_.add_call(ledger_row("aws_s3_account_settings", "us-east-1", "denied"));
  EXPECT_EQ(seen("select count(*), (select count(*) from aws_s3_account_settings)"
                 " from aws_s3_bucket_public_access_block"),
            "0|1\n");
}

TEST_F(SliceView, ShowsATableThatIsNotStoredPerEnabledRegion) {
  row("aws_account", "us-east-1", "");
  row("aws_region", "us-east-1", "us-east-1",
      {{"opt_in_status", std::string("opt-in-not-required")}});
  row("aws_region", "me-south-1", "me-south-1", {{"opt_in_status", std::string("not-opted-in")}});
  row("aws_region", "af-south-1", "af-south-1", {{"opt_in_status", std::string("opted-in")}});
  stored_.erase("aws_vpc");
  EXPECT_EQ(seen("select account_id, region, vpc_id, call_id from aws_vpc order by 2"),
            "111111111111|af-south-1|NULL|NULL\n111111111111|us-east-1|NULL|NULL\n");
}

TEST_F(SliceView, ShowsATableThatIsNotStoredPerResource) {
  row("aws_account", "us-east-1", "");
  row("aws_kms_key_list", "us-east-1", "key-1");
  stored_.erase("aws_kms_key");
  EXPECT_EQ(seen("select region, id, key_state, call_id from aws_kms_key"),
            "us-east-1|key-1|NULL|NULL\n");
}

TEST_F(SliceView, ShowsATableThatIsNotStoredPerAccount) {
  row("aws_account", "us-east-1", "");
  stored_.erase("aws_s3_bucket_list");
  EXPECT_EQ(seen("select account_id, name from aws_s3_bucket_list"), "111111111111|NULL\n");
}

TEST_F(SliceView, ShowsAnAccountWhereNotEvenTheParentIsStored) {
  row("aws_account", "us-east-1", "");
  stored_.erase("aws_kms_key_list");
  stored_.erase("aws_kms_key");
  EXPECT_EQ(seen("select account_id, region, id from aws_kms_key"),
            "111111111111|us-east-1|NULL\n");
}

constexpr const char* kRole = "arn:aws:iam::111111111111:role/path/deliver";

TEST_F(SliceView, KeepsBothKeysOfAnUnansweredCall) {
  const auto& inline_policy = *find_table("aws_iam_role_inline_policy");
  writer_.add_call(ledger_row("aws_iam_role_inline_policy", "us-east-1", "denied",
                              target_text(inline_policy, kRole, "a policy")));
  writer_.add_call(ledger_row("aws_iam_role_inline_policy_list", "us-east-1", "denied", kRole));
  EXPECT_EQ(seen("select role_arn, role_name, policy_name, policy from aws_iam_role_inline_policy"
                 " union all select role_arn, role_name, policy_name, 0"
                 " from aws_iam_role_inline_policy_list"),
            fmt::format("{0}|deliver|a policy|NULL\n{0}|deliver|NULL|0\n", kRole));
}

TEST_F(SliceView, ShowsATableOfTwoKeysThatIsNotStoredPerPair) {
  row("aws_account", "us-east-1", "");
  row("aws_iam_role_inline_policy_list", "us-east-1", kRole,
      {{"policy_name", std::string("p")}, {"role_name", std::string("deliver")}});
  stored_.erase("aws_iam_role_inline_policy");
  EXPECT_EQ(seen("select role_arn, role_name, policy_name, policy from aws_iam_role_inline_policy"),
            fmt::format("{}|deliver|p|NULL\n", kRole));
}

// The same as the collector would have asked for.
TEST_F(SliceView, ShowsATableThatIsNotStoredForOwnRolesAndTheManagementAccountOnly) {
  row("aws_account", "us-east-1", "");
  row("aws_organizations_organization", "us-east-1", "",
      {{"id", std::string("o-1")}, {"master_account_id", std::string("222222222222")}});
  row("aws_cloudtrail_trail", "us-east-1", "t1",
      {{"cloudwatch_logs_role_arn", std::string("arn:aws:iam::222222222222:role/r")}});
  row("aws_cloudtrail_trail", "us-east-1", "t2",
      {{"cloudwatch_logs_role_arn", std::string(kRole)}});
  stored_.erase("aws_iam_role");
  stored_.erase("aws_organizations_root");
  EXPECT_EQ(seen("select arn, role_exists from aws_iam_role"
                 " union all select 'roots', count(*) from aws_organizations_root"),
            fmt::format("{}|NULL\nroots|0\n", kRole));
}

TEST_F(SliceView, ServesEveryTable) {
  std::string sql;
  for (const auto* table : tables()) {
    sql += fmt::format("{} select count(*) from {}", sql.empty() ? "" : " union", table->name);
  }
  EXPECT_EQ(seen(sql), "0\n");
}

}  // namespace
}  // namespace ciswatch
