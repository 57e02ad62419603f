// What do checks read, and what must be collected for them?

#include "rules/plan.h"

#include <gtest/gtest.h>

#include "tests/rules/rig.h"

namespace ciswatch {
namespace {

std::string required(std::vector<std::string> from) {
  std::vector<Check> checks;
  for (auto& tables : from) {
    checks.push_back(rig::check(fmt::format("c{}", checks.size()), Scope::resource,
                                "select 1 as account_id, 2 as region, 3 as resource, 4 as ok, 5 as "
                                "detail from " +
                                    tables));
  }
  const auto library = rig::library(checks, {},
                                    "create view log_bucket as select name from aws_s3_bucket_head;"
                                    "create view deep as select name from log_bucket;");
  std::string names;
  for (const auto* table : required_tables(choose(library, {}, {}))) {
    names += (names.empty() ? "" : " ") + std::string(table->name);
  }
  return names;
}

TEST(Plan, AlwaysNeedsAccountsAndRegions) {
  EXPECT_EQ(required({"aws_vpc"}), "aws_account aws_region aws_vpc");
}

TEST(Plan, FollowsParents) {
  EXPECT_EQ(required({"aws_kms_key_rotation_status"}),
            "aws_account aws_region aws_kms_key_list aws_kms_key aws_kms_key_rotation_status");
}

TEST(Plan, TakesAllParentsWhenNoneIsRead) {
  EXPECT_EQ(required({"aws_s3_bucket_acl"}),
            "aws_account aws_region aws_cloudtrail_trail aws_config_delivery_channel "
            "aws_s3_bucket_head aws_s3_bucket_logging aws_s3_bucket_acl");
}

TEST(Plan, TakesTheParentsThatAreRead) {
  EXPECT_EQ(required({"aws_cloudtrail_trail, aws_s3_bucket_acl"}),
            "aws_account aws_region aws_cloudtrail_trail aws_s3_bucket_head "
            "aws_s3_bucket_logging aws_s3_bucket_acl");
  EXPECT_EQ(required({"aws_s3_bucket_acl", "aws_config_delivery_channel"}),
            "aws_account aws_region aws_config_delivery_channel aws_s3_bucket_head "
            "aws_s3_bucket_logging aws_s3_bucket_acl");
}

TEST(Plan, LooksThroughViews) {
  EXPECT_EQ(required({"deep, aws_cloudtrail_trail"}),
            "aws_account aws_region aws_cloudtrail_trail aws_s3_bucket_head");
  EXPECT_EQ(required({"(select count(*) from deep), aws_cloudtrail_trail"}),
            "aws_account aws_region aws_cloudtrail_trail aws_s3_bucket_head");
}

TEST(Plan, ATableThatIsItsOwnParentBeginsAtAnother) {
  EXPECT_EQ(required({"aws_organizations_organizational_unit"}),
            "aws_account aws_region aws_organizations_organization aws_organizations_root "
            "aws_organizations_organizational_unit");
}

TEST(Plan, LeavesOutWhatASettingDoesNotHaveRead) {
  auto check = rig::check("c", Scope::resource,
                          "select 1 as account_id, 2 as region, 3 as resource, 4 as ok, 5 as detail "
                          "from aws_vpc, aws_vpc_subnet, aws_vpc_flow_log");
  check.settings = {{"a", "no", "", {}, {{"aws_vpc_subnet", "yes"}}},
                    {"b", "1", "", {}, {{"aws_vpc_flow_log", "2"}}}};
  const auto library = rig::library({check});
  const auto selection = choose(library, {}, {});
  const auto last = [&](const SetValues& set) { return required_tables(selection, set).back()->name; };
  EXPECT_EQ(last({}), "aws_vpc");
  EXPECT_EQ(last({{"c.b", "2"}}), "aws_vpc_flow_log");
  EXPECT_EQ(last({{"c.b", "02"}}), "aws_vpc_flow_log");
  EXPECT_EQ(last({{"c.a", "yes"}}), "aws_vpc_subnet");
  EXPECT_EQ(required_tables(selection, {}).size(), 3U);
}

}  // namespace
}  // namespace ciswatch
