#include "recorded_account.h"

namespace ciswatch {
namespace {

using CollectorTest = RecordedAccount;

constexpr const char* kTrail =
    R"({"trailList":[{"TrailARN":"arn:aws:cloudtrail:us-east-1:111111111111:trail/t","Name":"t",
        "HomeRegion":"us-east-1","S3BucketName":"logs","IsMultiRegionTrail":true}]})";

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
