#include "recorded_account.h"

namespace ciswatch {
namespace {

using CollectorTest = RecordedAccount;

constexpr const char* kTrail =
    R"({"trailList":[{"TrailARN":"arn:aws:cloudtrail:us-east-1:111111111111:trail/t","Name":"t",
        "HomeRegion":"us-east-1","S3BucketName":"logs","IsMultiRegionTrail":true}]})";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

TEST_F(CollectorTest, AsksEnabledRegionsOnly) {
  answer_basics();
  import();
  EXPECT_EQ(ledger("DescribeVpcs"), (Rows{"eu-west-1 not_tried ", "us-east-1 not_tried "}));
}

TEST_F(CollectorTest, ARegionThatWasNotChosenIsNotTriedAndSaysSo) {
  answer_basics();
  answer("us-east-1", "ec2", "DescribeVpcs", "{}", R"({"Vpcs":[]})");
  import({"us-east-1"});
  EXPECT_EQ(rows("select region, outcome, code from api_call where operation = 'DescribeVpcs'"
                 " order by 1"),
            (Rows{"eu-west-1|not_tried|RegionNotChosen", "us-east-1|ok|"}));
}

TEST_F(CollectorTest, WithoutTheListOfRegionsEveryTableHasAnUnreadRest) {
  refuse("us-east-1", "ec2", "DescribeRegions", "{}", "UnauthorizedOperation");
  answer("eu-west-1", "ec2", "DescribeVpcs", "{}", R"({"Vpcs":[]})");
  import();
  EXPECT_EQ(ledger("DescribeVpcs"), (Rows{"* not_tried ", "eu-west-1 ok "}));
  EXPECT_EQ(ledger("DescribeTrails"), (Rows{"* not_tried ", "eu-west-1 not_tried "}));
}

TEST_F(CollectorTest, AsksATrailOnceInItsHomeRegionAlthoughEveryRegionShowsIt) {
  answer_basics();
  answer("us-east-1", "cloudtrail", "DescribeTrails", "{}", kTrail);
  answer("eu-west-1", "cloudtrail", "DescribeTrails", "{}", kTrail);
  import();
  EXPECT_EQ(rows("select region from aws_cloudtrail_trail order by 1"),
            (Rows{"eu-west-1", "us-east-1"}));
  EXPECT_EQ(ledger("GetTrailStatus"),
            (Rows{"us-east-1 not_tried arn:aws:cloudtrail:us-east-1:111111111111:trail/t"}));
}

TEST_F(CollectorTest, AsksABucketInItsOwnRegionAndOnlyLogBuckets) {
  answer_basics();
  answer("us-east-1", "cloudtrail", "DescribeTrails", "{}", kTrail);
  answer("us-east-1", "s3", "ListBuckets", "{}", R"({"Buckets":[{"Name":"logs"},{"Name":"x"}]})");
  answer("eu-west-1", "s3", "HeadBucket", R"({"Bucket":"logs"})", R"({"BucketRegion":"eu-west-1"})");
  answer("eu-west-1", "s3", "GetBucketLogging", R"({"Bucket":"logs"})", "{}");
  answer("eu-west-1", "s3", "GetBucketLogging", R"({"Bucket":"x"})", "{}");
  import();
  EXPECT_EQ(ledger("HeadBucket"), (Rows{"eu-west-1 ok logs"}));
  EXPECT_EQ(ledger("GetBucketLogging"), (Rows{"eu-west-1 ok logs"}));
  EXPECT_EQ(ledger("GetBucketAcl"), (Rows{"eu-west-1 not_tried logs"}));
  EXPECT_EQ(rows("select region, target_bucket from aws_s3_bucket_logging"), (Rows{"eu-west-1|"}));
}

// A log archive whose own trails name nothing, before and after the account that names its bucket.
class ArchiveTest : public CollectorTest, public testing::WithParamInterface<const char*> {};

INSTANTIATE_TEST_SUITE_P(All, ArchiveTest, testing::Values("000000000000", "222222222222"));

TEST_P(ArchiveTest, IsAskedAboutTheBucketsThatItListsAndAnotherAccountNames) {
  answer_basics();
  answer("us-east-1", "s3", "ListBuckets", "{}", R"({"Buckets":[{"Name":"logs"},{"Name":"x"}]})");
  for (const std::string name : {"logs", "x", "other"}) {
    const auto params = fmt::format(R"({{"Bucket":"{}"}})", name);
    answer("eu-west-1", "s3", "HeadBucket", params, R"({"BucketRegion":"eu-west-1"})");
    answer("eu-west-1", "s3", "GetBucketLogging", params, "{}");
  }
  auto archive = replaced(lines_, "111111111111", GetParam());
  lines_.clear();
  answer_basics();
  answer("us-east-1", "cloudtrail", "DescribeTrails", "{}", kTrail);
  answer("eu-west-1", "cloudtrail", "DescribeTrails", "{}", replaced(kTrail, "logs", "other"));
  refuse("us-east-1", "s3", "HeadBucket", R"({"Bucket":"logs"})", "403");
  lines_ += archive;
  import();
  EXPECT_EQ(rows("select name, region from aws_s3_bucket_logging"), (Rows{"logs|eu-west-1"}));
  EXPECT_EQ(rows(fmt::format("select distinct target from api_call where service = 's3'"
                             " and account_id = '{}' order by 1",
                             GetParam())),
            (Rows{"", "logs"}));
}

TEST_F(CollectorTest, ABucketOfItsOwnTrailIsAskedAboutInTheTrailsHomeRegionThoughAnotherNamesIt) {
  answer_basics();
  answer("us-east-1", "s3", "ListBuckets", "{}", R"({"Buckets":[{"Name":"logs"}]})");
  answer("eu-west-1", "cloudtrail", "DescribeTrails", "{}",
         replaced(kTrail, "us-east-1", "eu-west-1"));
  lines_ += replaced(lines_, "111111111111", "000000000000");
  import();
  EXPECT_EQ(rows("select account_id, region from api_call where operation = 'HeadBucket' order by 1"),
            (Rows{"000000000000|eu-west-1", "111111111111|eu-west-1"}));
}

TEST_F(CollectorTest, AMissingBucketIsARowAndIsAskedNothingMore) {
  answer_basics();
  answer("us-east-1", "cloudtrail", "DescribeTrails", "{}", kTrail);
  refuse("us-east-1", "s3", "HeadBucket", R"({"Bucket":"logs"})", "404");
  import();
  EXPECT_EQ(rows("select name, bucket_exists from aws_s3_bucket_head"), (Rows{"logs|0"}));
  EXPECT_EQ(ledger("GetBucketAcl"), Rows{});
}

TEST_F(CollectorTest, ABucketThatHidesFromHeadIsAskedAllTheSame) {
  answer_basics();
  answer("us-east-1", "cloudtrail", "DescribeTrails", "{}", kTrail);
  refuse("us-east-1", "s3", "HeadBucket", R"({"Bucket":"logs"})", "403");
  import();
  EXPECT_EQ(ledger("HeadBucket"), (Rows{"us-east-1 denied logs"}));
  EXPECT_EQ(rows("select * from aws_s3_bucket_head"), Rows{});
  EXPECT_EQ(ledger("GetBucketAcl").size(), 1u);
}

TEST_F(CollectorTest, AsksForTheRotationOfKeysThatCanRotate) {
  answer_basics();
  answer("us-east-1", "kms", "ListKeys", "{}",
         R"({"Keys":[{"KeyId":"good"},{"KeyId":"rsa"},{"KeyId":"aws"},{"KeyId":"off"}]})");
  const auto describe = [&](const std::string& id, const std::string& manager,
                            const std::string& spec, const std::string& state) {
    answer("us-east-1", "kms", "DescribeKey", fmt::format(R"({{"KeyId":"{}"}})", id),
           fmt::format(R"({{"KeyMetadata":{{"KeyId":"{}","KeyManager":"{}","KeySpec":"{}",
               "KeyUsage":"ENCRYPT_DECRYPT","Origin":"AWS_KMS","KeyState":"{}"}}}})",
                       id, manager, spec, state));
  };
  describe("good", "CUSTOMER", "SYMMETRIC_DEFAULT", "Enabled");
  describe("rsa", "CUSTOMER", "RSA_2048", "Enabled");
  describe("aws", "AWS", "SYMMETRIC_DEFAULT", "Enabled");
  describe("off", "CUSTOMER", "SYMMETRIC_DEFAULT", "Disabled");
  import();
  EXPECT_EQ(ledger("GetKeyRotationStatus"), (Rows{"us-east-1 not_tried good"}));
}

TEST_F(CollectorTest, AnErrorThatIsAnAnswerIsStoredAndADenialIsNot) {
  answer_basics();
  answer("us-east-1", "cloudtrail", "DescribeTrails", "{}", kTrail);
  answer("us-east-1", "s3", "HeadBucket", R"({"Bucket":"logs"})", "{}");
  refuse("us-east-1", "s3", "GetBucketPolicyStatus", R"({"Bucket":"logs"})", "NoSuchBucketPolicy");
  refuse("us-east-1", "s3", "GetBucketAcl", R"({"Bucket":"logs"})", "AccessDenied");
  import();
  EXPECT_EQ(rows("select name, is_public from aws_s3_bucket_policy_status"), (Rows{"logs|0"}));
  EXPECT_EQ(ledger("GetBucketPolicyStatus"), (Rows{"us-east-1 absent logs"}));
  EXPECT_EQ(rows("select * from aws_s3_bucket_acl"), Rows{});
  EXPECT_EQ(ledger("GetBucketAcl"), (Rows{"us-east-1 denied logs"}));
}

// --- roles: global, with a second key

// A trail of the name in the region, which delivers with the role.
std::string trail_with_role(const std::string& region, const std::string& role_arn) {
  return fmt::format(
      R"({{"trailList":[{{"TrailARN":"arn:aws:cloudtrail:{0}:111111111111:trail/t","Name":"t",
          "HomeRegion":"{0}","S3BucketName":"","CloudWatchLogsRoleArn":"{1}"}}]}})",
      region, role_arn);
}

constexpr const char* kRole = "arn:aws:iam::111111111111:role/service/deliver";

TEST_F(CollectorTest, AGlobalServiceIsAskedOnceInThePartitionsFirstRegion) {
  answer_basics();
  answer("us-east-1", "cloudtrail", "DescribeTrails", "{}", trail_with_role("us-east-1", kRole));
  answer("eu-west-1", "cloudtrail", "DescribeTrails", "{}", trail_with_role("eu-west-1", kRole));
  answer("us-east-1", "iam", "GetRole", R"({"RoleName":"deliver"})", R"({"Role":{"Arn":"x"}})");
  import();
  EXPECT_EQ(ledger("GetRole"), (Rows{fmt::format("us-east-1 ok {}", kRole)}));
  EXPECT_EQ(rows("select region, arn, name from aws_iam_role"),
            (Rows{fmt::format("us-east-1|{}|deliver", kRole)}));
}

TEST_F(CollectorTest, InAnotherPartitionTheFirstRegionIsThatPartitions) {
  answer("us-east-1", "sts", "GetCallerIdentity", "{}",
         R"({"Account":"111111111111","Arn":"arn:aws-cn:iam::111111111111:user/a"})");
  answer("cn-north-1", "ec2", "DescribeRegions", "{}", R"({"Regions":[{"RegionName":"cn-north-1"}]})");
  const std::string role = "arn:aws-cn:iam::111111111111:role/deliver";
  answer("cn-north-1", "cloudtrail", "DescribeTrails", "{}", trail_with_role("cn-north-1", role));
  import();
  EXPECT_EQ(ledger("GetRole"), (Rows{"cn-north-1 not_tried " + role}));
}

TEST_F(CollectorTest, ARoleOfAnotherAccountIsNotAskedFor) {
  answer_basics();
  for (const char* role : {"arn:aws:iam::222222222222:role/deliver", "deliver", "",
                           "arn:aws:iam::222222222222:role/111111111111:x"}) {
    answer("us-east-1", "cloudtrail", "DescribeTrails", "{}", trail_with_role("us-east-1", role));
    import();
    EXPECT_EQ(ledger("GetRole"), Rows{}) << role;
    lines_.resize(lines_.rfind('\n', lines_.size() - 2) + 1);
  }
}

TEST_F(CollectorTest, ACallWithTwoKeysIsMadeForEachPair) {
  answer_basics();
  answer("us-east-1", "cloudtrail", "DescribeTrails", "{}", trail_with_role("us-east-1", kRole));
  answer("us-east-1", "iam", "ListRolePolicies", R"({"RoleName":"deliver"})",
         R"({"PolicyNames":["first","second","third"],"IsTruncated":false})");
  for (const char* name : {"first", "second"}) {
    answer("us-east-1", "iam", "GetRolePolicy",
           fmt::format(R"({{"RoleName":"deliver","PolicyName":"{}"}})", name),
           fmt::format(R"({{"RoleName":"deliver","PolicyName":"{0}","PolicyDocument":"of {0}"}})",
                       name));
  }
  import();
  EXPECT_EQ(rows("select role_arn = '" + std::string(kRole) +
                 "', role_name, policy_name, policy from aws_iam_role_inline_policy"),
            (Rows{"1|deliver|first|of first", "1|deliver|second|of second"}));
  EXPECT_EQ(ledger("GetRolePolicy"), (Rows{fmt::format("us-east-1 not_tried {} third", kRole),
                                           fmt::format("us-east-1 ok {} first", kRole),
                                           fmt::format("us-east-1 ok {} second", kRole)}));
}

TEST_F(CollectorTest, ThereIsNoRoleIsARowAndNoListOfPolicies) {
  answer_basics();
  answer("us-east-1", "cloudtrail", "DescribeTrails", "{}", trail_with_role("us-east-1", kRole));
  for (const char* operation : {"GetRole", "ListRolePolicies", "ListAttachedRolePolicies"}) {
    refuse("us-east-1", "iam", operation, R"({"RoleName":"deliver"})", "NoSuchEntity");
  }
  import();
  EXPECT_EQ(rows("select role_exists, assume_role_policy from aws_iam_role"), (Rows{"0|null"}));
  EXPECT_EQ(rows("select * from aws_iam_role_inline_policy_list"), Rows{});
  EXPECT_EQ(ledger("ListAttachedRolePolicies"), (Rows{fmt::format("us-east-1 absent {}", kRole)}));
}

// --- the organization: a tree, and only the management account's

class OrganizationTest : public RecordedAccount {
 protected:
  void answer_organization(const std::string& management_id) {
    answer_basics();
    answer("us-east-1", "organizations", "DescribeOrganization", "{}",
           fmt::format(R"({{"Organization":{{"Id":"o-1","MasterAccountId":"{}"}}}})",
                       management_id));
    answer("us-east-1", "organizations", "ListRoots", "{}", R"({"Roots":[{"Id":"r-1"}]})");
  }
  void answer_units(const std::string& parent, const std::string& child) {
    answer("us-east-1", "organizations", "ListOrganizationalUnitsForParent",
           fmt::format(R"({{"ParentId":"{}"}})", parent),
           fmt::format(R"({{"OrganizationalUnits":[{{"Id":"{}"}}]}})", child));
  }
};

TEST_F(OrganizationTest, IsToldByTheManagementAccountOnly) {
  answer_organization("222222222222");
  import();
  EXPECT_EQ(rows("select id, in_organization from aws_organizations_organization"),
            (Rows{"o-1|1"}));
  EXPECT_EQ(ledger("ListRoots"), Rows{});
  EXPECT_EQ(ledger("ListPolicies"), Rows{});
}

TEST_F(OrganizationTest, IsReadFromItsRootToTheDepthThatAwsAllows) {
  answer_organization("111111111111");
  answer_units("r-1", "ou-1");
  for (int level = 1; level < 9; ++level) {
    answer_units(fmt::format("ou-{}", level), fmt::format("ou-{}", level + 1));
  }
  import();
  EXPECT_EQ(rows("select parent_id, id from aws_organizations_organizational_unit order by id"),
            (Rows{"r-1|ou-1", "ou-1|ou-2", "ou-2|ou-3", "ou-3|ou-4", "ou-4|ou-5", "ou-5|ou-6"}));
  EXPECT_EQ(rows("select outcome, code, target from api_call where target = 'ou-6'"
                 " and operation = 'ListOrganizationalUnitsForParent'"),
            (Rows{"not_tried|TooDeep|ou-6"}));
  EXPECT_EQ(ledger("ListAccountsForParent").size(), 7U);
}

TEST_F(OrganizationTest, ThatContainsItselfIsReadToAnEnd) {
  answer_organization("111111111111");
  answer_units("r-1", "ou-1");
  answer_units("ou-1", "ou-2");
  answer_units("ou-2", "ou-1");
  import();
  EXPECT_EQ(ledger("ListOrganizationalUnitsForParent"),
            (Rows{"us-east-1 ok ou-1", "us-east-1 ok ou-2", "us-east-1 ok r-1"}));
}

TEST_F(OrganizationTest, ThatAnAccountIsNotInIsAnAnswer) {
  answer_basics();
  refuse("us-east-1", "organizations", "DescribeOrganization", "{}",
         "AWSOrganizationsNotInUseException");
  import();
  EXPECT_EQ(rows("select in_organization, id, master_account_id from aws_organizations_organization"),
            (Rows{"0||"}));
}

// --- stacks: an answer about another resource is none

TEST_F(CollectorTest, AStacksOtherResourcesAreNoRowsAndTheAskedOneMustBeThere) {
  answer_basics();
  answer("us-east-1", "cloudtrail", "DescribeTrails", "{}", kTrail);
  answer("us-east-1", "s3", "HeadBucket", R"({"Bucket":"logs"})", R"({"BucketRegion":"us-east-1"})");
  const auto resource = [](const char* id) {
    return fmt::format(R"({{"StackName":"s","LogicalResourceId":"L","PhysicalResourceId":"{}"}})", id);
  };
  const std::string asked = R"({"PhysicalResourceId":"logs"})";
  const std::string before = lines_;
  answer("us-east-1", "cloudformation", "DescribeStackResources", asked,
         fmt::format(R"({{"StackResources":[{},{}]}})", resource("other"), resource("logs")));
  import();
  EXPECT_EQ(rows("select physical_resource_id, stack_name from aws_cloudformation_stack_resource"),
            (Rows{"logs|s"}));
  EXPECT_EQ(ledger("GetTemplate"), (Rows{"us-east-1 not_tried s"}));
  lines_ = before;
  answer("us-east-1", "cloudformation", "DescribeStackResources", asked,
         fmt::format(R"({{"StackResources":[{}]}})", resource("other")));
  import();
  EXPECT_EQ(rows("select * from aws_cloudformation_stack_resource"), Rows{});
  EXPECT_EQ(ledger("DescribeStackResources"), (Rows{"us-east-1 failed logs"}));
}

TEST_F(CollectorTest, CredentialsRefusedInOneRegionMeanThatItIsSwitchedOff) {
  answer_basics();
  refuse("eu-west-1", "kms", "ListKeys", "{}", "UnrecognizedClientException");
  import();
  EXPECT_EQ(ledger("ListKeys"), (Rows{"eu-west-1 disabled ", "us-east-1 not_tried "}));
}

TEST_F(CollectorTest, ASessionThatRanOutIsARefusalAndNotARegionSwitchedOff) {
  answer_basics();
  refuse("eu-west-1", "kms", "ListKeys", "{}", "ExpiredTokenException");
  import();
  EXPECT_EQ(ledger("ListKeys"), (Rows{"eu-west-1 denied ", "us-east-1 not_tried "}));
}

TEST_F(CollectorTest, HalfAnAnswerIsAFailedCallWithoutRows) {
  answer_basics();
  answer("us-east-1", "ec2", "DescribeVpcs", "{}", R"({"Vpcs":[{"VpcId":"vpc-1"},{"OwnerId":"1"}]})");
  answer("eu-west-1", "ec2", "DescribeVpcs", "{}", "{}");
  import();
  EXPECT_EQ(ledger("DescribeVpcs"), (Rows{"eu-west-1 failed ", "us-east-1 failed "}));
  EXPECT_EQ(rows("select * from aws_vpc"), Rows{});
}

TEST_F(CollectorTest, WithoutAnIdentityTheAccountOfTheLinesCounts) {
  answer("us-east-1", "ec2", "DescribeRegions", "{}", R"({"Regions":[{"RegionName":"us-east-1"}]})");
  import();
  EXPECT_EQ(ledger("GetCallerIdentity"), (Rows{"us-east-1 not_tried "}));
  EXPECT_EQ(rows("select distinct account_id from api_call"), (Rows{"111111111111"}));
}

TEST_F(CollectorTest, TheSameAnswersInAnotherOrderMakeTheSameSnapshotId) {
  answer_basics();
  answer("us-east-1", "ec2", "DescribeVpcs", "{}", R"({"Vpcs":[]})");
  import();
  const auto first = rows("select id from snapshot");
  const auto half = lines_.find('\n') + 1;
  lines_ = lines_.substr(half) + lines_.substr(0, half);
  import();
  EXPECT_EQ(rows("select id from snapshot"), first);
}

}  // namespace
}  // namespace ciswatch
