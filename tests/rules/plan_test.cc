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

}  // namespace
}  // namespace ciswatch
