#include "core/aws/quotas.h"

#include <iterator>

namespace ciswatch {
namespace {

struct Numbers {
  double rate;
  double burst;
};

// Where AWS tells requests per second and no burst, nobody knows whether it counts in a bucket or by
// the second: half at once and half coming back is within the quota in any second.
constexpr Numbers per_second(double requests) { return {requests / 2, requests / 2}; }

constexpr std::string_view kNone = "AWS publishes no number";

constexpr Quota published(std::string_view service, std::string_view operation, Numbers numbers,
                          std::string_view source) {
  return {.service = service,
          .operation = operation,
          .rate = numbers.rate,
          .burst = numbers.burst,
          .published = true,
          .source = source};
}

constexpr Quota cautious(std::string_view service, std::string_view operation, double requests,
                         std::string_view source = kNone) {
  auto quota = published(service, operation, per_second(requests), source);
  quota.published = false;
  return quota;
}

constexpr Quota each(Quota quota) {
  quota.each = true;
  return quota;
}

constexpr Quota global(Quota quota) {
  quota.global = true;
  return quota;
}

constexpr Quota in(std::string_view bucket, Quota quota) {
  quota.bucket = bucket;
  return quota;
}

constexpr Quota organizations(std::string_view operation, Numbers numbers) {
  return global(published("organizations", operation, numbers,
                          "Organizations User Guide, Quotas: throttling limits, per account"));
}

constexpr std::string_view kLogs = "CloudWatch Logs User Guide, CloudWatch Logs quotas";
constexpr std::string_view kKms = "KMS Developer Guide, Request quotas";
constexpr std::string_view kSns = "SNS API Reference, of the operation";
constexpr std::string_view kApis =
    "API Gateway Developer Guide, Quotas for creating, deploying and managing: total operations";

constexpr std::string_view kTree = "organizations:List*ForParent";
constexpr std::string_view kPolicies = "organizations:List*Polic*";

constexpr std::string_view kTrails = "cloudtrail:other";
constexpr Quota trails(std::string_view operation) {
  return in(kTrails, published("cloudtrail", operation, {1, 1},
                               "CloudTrail User Guide, Quotas: all other APIs"));
}

constexpr Quota keys(std::string_view operation, double requests) {
  return each(published("kms", operation, per_second(requests), kKms));
}
constexpr Quota alarms(std::string_view operation) {
  return each(published("cloudwatch", operation, per_second(3),
                        "CloudWatch User Guide, CloudWatch service quotas: of the operation"));
}

// Less than those that read.
constexpr Quota flow_logs(std::string_view operation) {
  return each(cautious("ec2", operation, 10, "EC2 Developer Guide, Request throttling"));
}

constexpr Quota kQuotas[] = {
    // Of the account whose credentials sign: AssumeRole counts for the caller.
    published("sts", "", per_second(600), "IAM User Guide, IAM and AWS STS quotas: STS requests"),
    cautious("sso", "", 20),
    each(published("ec2", "", {20, 100},
                   "EC2 Developer Guide, Request throttling: non-mutating actions")),
    flow_logs("CreateFlowLogs"),
    flow_logs("DeleteFlowLogs"),
    published("cloudtrail", "", per_second(10),
              "CloudTrail User Guide, Quotas: Get, Describe and List"),
    trails("CreateTrail"),
    trails("UpdateTrail"),
    trails("DeleteTrail"),
    trails("StartLogging"),
    trails("StopLogging"),
    trails("PutEventSelectors"),
    cautious("config", "", 20),

    each(published("kms", "", per_second(500), kKms)),
    each(published("kms", "DescribeKey", per_second(2000), kKms)),
    each(published("kms", "GetKeyPolicy", per_second(1000), kKms)),
    each(published("kms", "GetKeyRotationStatus", per_second(1000), kKms)),
    keys("CreateKey", 5),
    keys("CreateAlias", 5),
    keys("UpdateAlias", 5),
    keys("DeleteAlias", 15),
    keys("EnableKeyRotation", 15),
    keys("DisableKeyRotation", 5),
    keys("EnableKey", 5),
    keys("DisableKey", 5),
    keys("CancelKeyDeletion", 5),
    keys("ScheduleKeyDeletion", 15),
    keys("PutKeyPolicy", 15),
    keys("UpdateKeyDescription", 5),
    keys("TagResource", 10),
    keys("UntagResource", 5),

    // The 5,500 requests per second and prefix are those for objects.
    cautious("s3", "", 200, "AWS publishes no number for a bucket's configuration"),
    cautious("s3control", "", 20),

    each(cautious("logs", "", 5, "AWS publishes no number; 5 is the least of its neighbours'")),
    each(published("logs", "DescribeLogGroups", per_second(10), kLogs)),
    each(published("logs", "DescribeMetricFilters", per_second(5), kLogs)),
    each(published("cloudwatch", "", per_second(9),
                   "CloudWatch User Guide, CloudWatch service quotas: DescribeAlarms")),

    alarms("PutMetricAlarm"),
    alarms("DeleteAlarms"),
    alarms("EnableAlarmActions"),
    alarms("DisableAlarmActions"),

    each(cautious("sns", "", 30, "AWS publishes no number; 30 is that of its neighbours")),
    each(published("sns", "ListTopics", per_second(30), kSns)),
    each(published("sns", "ListSubscriptionsByTopic", per_second(30), kSns)),

    global(cautious("iam", "", 20, "AWS tells that there are token buckets, but no number")),

    each(organizations("", {1, 2})),  // the least of all that read
    organizations("ListRoots", {1, 2}),
    organizations("DescribeOrganization", {1, 2}),
    organizations("DescribePolicy", {2, 2}),
    organizations("ListAWSServiceAccessForOrganization", {1, 3}),
    organizations("ListAccounts", {8, 12}),
    // What stands in one line of the page is counted together.
    in(kTree, organizations("ListOrganizationalUnitsForParent", {5, 8})),
    in(kTree, organizations("ListAccountsForParent", {5, 8})),
    in(kPolicies, organizations("ListPolicies", {5, 8})),
    in(kPolicies, organizations("ListTargetsForPolicy", {5, 8})),
    organizations("ListDelegatedAdministrators", {5, 8}),

    cautious("cloudformation", "", 10),
    published("securityhub", "", {10, 30}, "Security Hub API Reference, Welcome: other operations"),
    global(cautious("cloudfront", "", 10)),
    published("elbv2", "", {10, 40},
              "Elastic Load Balancing User Guide, Request throttling: non-mutating actions"),
    published("apigateway", "", {10, 40}, kApis),
    in("apigateway", published("apigatewayv2", "", {10, 40}, kApis)),

    cautious("", "", 10),
};

}  // namespace

std::span<const Quota> quotas() { return kQuotas; }

const Quota& quota_of(std::string_view service, std::string_view operation) {
  const Quota* common = &kQuotas[std::size(kQuotas) - 1];
  for (const Quota& quota : kQuotas) {
    if (quota.service != service) continue;
    if (quota.operation == operation) return quota;
    if (quota.operation.empty()) common = &quota;
  }
  return *common;
}

std::string bucket_name(const Quota& quota, std::string_view operation) {
  if (!quota.bucket.empty()) return std::string(quota.bucket);
  std::string name(quota.service);
  if (quota.each || !quota.operation.empty()) name.append(1, ':').append(operation);
  return name;
}

}  // namespace ciswatch
