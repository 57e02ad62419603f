#include "core/aws/operations.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/aws/services.h"
#include "core/aws/shapes/cloudformation.h"
#include "core/aws/shapes/cloudwatch.h"
#include "core/aws/shapes/ec2.h"
#include "core/aws/shapes/iam.h"
#include "core/aws/shapes/s3.h"
#include "core/aws/shapes/sns.h"
#include "core/aws/shapes/sts.h"
#include "core/aws/web_operations.h"
#include "core/aws/write_operations.h"

namespace ciswatch {
namespace {

using namespace service;

constexpr std::array<Service, 15> kServices = {
    kSts,        kSso, kEc2, kCloudtrail,    kConfig,         kKms,        kS3, kS3control, kLogs,
    kCloudwatch, kSns, kIam, kOrganizations, kCloudformation, kSecurityhub};

// Without it EC2 leaves out the regions that the account has not opted in to.
constexpr FixedParam kAllRegions[] = {{"AllRegions", "true"}};
// The most that one page may hold: fewer requests.
constexpr FixedParam kMostKeys[] = {{"Limit", "1000"}};
constexpr FixedParam kMostBuckets[] = {{"MaxBuckets", "10000"}};
constexpr FixedParam kMostLogs[] = {{"limit", "50"}};
constexpr FixedParam kMostAlarms[] = {{"MaxRecords", "100"}};
constexpr FixedParam kMostItems[] = {{"MaxItems", "1000"}};
constexpr FixedParam kMostResults[] = {{"MaxResults", "20"}};
constexpr FixedParam kControlPolicies[] = {{"Filter", "SERVICE_CONTROL_POLICY", true},
                                           {"MaxResults", "20"}};
// A key has one policy, of this name.
constexpr FixedParam kDefaultPolicy[] = {{"PolicyName", "default", true}};

constexpr Paging kNextToken = {"NextToken", "/NextToken"};
constexpr Paging kSmallNextToken = {"nextToken", "/nextToken"};
constexpr Paging kTruncated = {"Marker", "/Marker", "/IsTruncated"};
constexpr FixedParam kMostInterfaces[] = {{"MaxResults", "1000"}};

constexpr RestParam kListBuckets[] = {{"MaxBuckets", "max-buckets"},
                                      {"ContinuationToken", "continuation-token"}};
constexpr RestParam kRoleCredentials[] = {{"roleName", "role_name"},
                                          {"accountId", "account_id"},
                                          {"accessToken", "x-amz-sso_bearer_token", true}};
constexpr RestParam kAccountId[] = {{"AccountId", "x-amz-account-id", true}};

constexpr Operation bucket_read(std::string_view name, std::string_view sub_resource,
                                std::string_view root, std::span<const Field> fields,
                                std::string_view required = {}, Kind required_kind = Kind::text,
                                Answer answer = Answer::document) {
  return {.service = &kS3,
          .name = name,
          .method = "GET",
          .path = "/{Bucket}",
          .sub_resource = sub_resource,
          .answer = answer,
          .root = root,
          .fields = fields,
          .required = required,
          .required_kind = required_kind};
}

constexpr Operation json_read(const Service& service, std::string_view name,
                              std::string_view required, Kind required_kind) {
  return {.service = &service, .name = name, .required = required, .required_kind = required_kind};
}

constexpr Operation json_list(const Service& service, std::string_view name,
                              std::string_view required, std::span<const FixedParam> fixed,
                              const Paging& paging) {
  return {.service = &service,
          .name = name,
          .fixed = fixed,
          .required = required,
          .required_kind = Kind::list,
          .paging = paging};
}

struct QueryAnswer {
  std::string_view root;
  std::span<const Field> fields;
  std::string_view required;
  Kind required_kind;
};

constexpr Operation query_read(const Service& service, std::string_view name,
                               const QueryAnswer& answer, std::span<const FixedParam> fixed = {},
                               const Paging& paging = {}) {
  return {.service = &service,
          .name = name,
          .fixed = fixed,
          .root = answer.root,
          .fields = answer.fields,
          .required = answer.required,
          .required_kind = answer.required_kind,
          .paging = paging};
}

constexpr Operation kOperations[] = {
    {.service = &kSts,
     .name = "GetCallerIdentity",
     .root = "GetCallerIdentityResult",
     .fields = shapes::kCallerIdentity,
     .required = "/Account"},
    {.service = &kSts,
     .name = "AssumeRole",
     .root = "AssumeRoleResult",
     .fields = shapes::kAssumedRole,
     .required = "/Credentials",
     .required_kind = Kind::structure},

    {.service = &kSts,
     .name = "AssumeRoleWithWebIdentity",
     .root = "AssumeRoleWithWebIdentityResult",
     .fields = shapes::kAssumedRole,
     .required = "/Credentials",
     .required_kind = Kind::structure},
    {.service = &kSso,
     .name = "GetRoleCredentials",
     .method = "GET",
     .path = "/federation/credentials",
     .rest = kRoleCredentials,
     .required = "/roleCredentials",
     .required_kind = Kind::structure},

    {.service = &kEc2,
     .name = "DescribeRegions",
     .fixed = kAllRegions,
     .root = "DescribeRegionsResponse",
     .fields = shapes::kRegions,
     .required = "/Regions",
     .required_kind = Kind::list},
    {.service = &kEc2,
     .name = "DescribeVpcs",
     .root = "DescribeVpcsResponse",
     .fields = shapes::kVpcs,
     .required = "/Vpcs",
     .required_kind = Kind::list,
     .paging = {"NextToken", "/NextToken"}},
    {.service = &kEc2,
     .name = "DescribeFlowLogs",
     .root = "DescribeFlowLogsResponse",
     .fields = shapes::kFlowLogs,
     .required = "/FlowLogs",
     .required_kind = Kind::list,
     .paging = {"NextToken", "/NextToken"}},
    {.service = &kEc2,
     .name = "DescribeNetworkInterfaces",
     .fixed = kMostInterfaces,
     .root = "DescribeNetworkInterfacesResponse",
     .fields = shapes::kNetworkInterfaces,
     .required = "/NetworkInterfaces",
     .required_kind = Kind::list,
     .paging = {"NextToken", "/NextToken"}},
    {.service = &kEc2,
     .name = "DescribeSubnets",
     .root = "DescribeSubnetsResponse",
     .fields = shapes::kSubnets,
     .required = "/Subnets",
     .required_kind = Kind::list,
     .paging = {"NextToken", "/NextToken"}},

    json_read(kCloudtrail, "DescribeTrails", "/trailList", Kind::list),
    json_read(kCloudtrail, "GetTrailStatus", "/IsLogging", Kind::boolean),
    json_read(kCloudtrail, "GetEventSelectors", "/TrailARN", Kind::text),

    json_read(kConfig, "DescribeConfigurationRecorders", "/ConfigurationRecorders", Kind::list),
    json_read(kConfig, "DescribeConfigurationRecorderStatus", "/ConfigurationRecordersStatus",
              Kind::list),
    json_read(kConfig, "DescribeDeliveryChannels", "/DeliveryChannels", Kind::list),
    json_read(kConfig, "DescribeDeliveryChannelStatus", "/DeliveryChannelsStatus", Kind::list),

    {.service = &kKms,
     .name = "ListKeys",
     .fixed = kMostKeys,
     .required = "/Keys",
     .required_kind = Kind::list,
     .paging = {"Marker", "/NextMarker", "/Truncated"}},
    json_read(kKms, "DescribeKey", "/KeyMetadata", Kind::structure),
    json_read(kKms, "GetKeyRotationStatus", "/KeyRotationEnabled", Kind::boolean),
    json_list(kKms, "ListAliases", "/Aliases", kMostKeys, {"Marker", "/NextMarker", "/Truncated"}),
    {.service = &kKms, .name = "GetKeyPolicy", .fixed = kDefaultPolicy, .required = "/Policy"},

    json_list(kLogs, "DescribeLogGroups", "/logGroups", kMostLogs, kSmallNextToken),
    json_list(kLogs, "DescribeMetricFilters", "/metricFilters", kMostLogs, kSmallNextToken),
    json_list(kLogs, "DescribeDeliverySources", "/deliverySources", kMostLogs, kSmallNextToken),
    json_list(kLogs, "DescribeDeliveries", "/deliveries", kMostLogs, kSmallNextToken),

    query_read(kCloudwatch, "DescribeAlarms",
               {"DescribeAlarmsResult", shapes::kAlarms, "/MetricAlarms", Kind::list}, kMostAlarms,
               kNextToken),

    query_read(kSns, "ListTopics", {"ListTopicsResult", shapes::kTopics, "/Topics", Kind::list}, {},
               kNextToken),
    query_read(
        kSns, "ListSubscriptionsByTopic",
        {"ListSubscriptionsByTopicResult", shapes::kSubscriptions, "/Subscriptions", Kind::list},
        {}, kNextToken),
    query_read(
        kSns, "GetTopicAttributes",
        {"GetTopicAttributesResult", shapes::kTopicAttributes, "/Attributes/TopicArn", Kind::text}),

    query_read(kIam, "GetRole", {"GetRoleResult", shapes::kRole, "/Role/Arn", Kind::text}),
    query_read(kIam, "ListRolePolicies",
               {"ListRolePoliciesResult", shapes::kRolePolicies, "/PolicyNames", Kind::list},
               kMostItems, kTruncated),
    query_read(kIam, "GetRolePolicy",
               {"GetRolePolicyResult", shapes::kRolePolicy, "/PolicyDocument", Kind::text}),
    query_read(kIam, "ListAttachedRolePolicies",
               {"ListAttachedRolePoliciesResult", shapes::kAttachedPolicies, "/AttachedPolicies",
                Kind::list},
               kMostItems, kTruncated),
    query_read(kIam, "GetPolicy",
               {"GetPolicyResult", shapes::kIamPolicy, "/Policy/DefaultVersionId", Kind::text}),
    query_read(
        kIam, "GetPolicyVersion",
        {"GetPolicyVersionResult", shapes::kPolicyVersion, "/PolicyVersion/Document", Kind::text}),

    json_read(kOrganizations, "DescribeOrganization", "/Organization/Id", Kind::text),
    json_list(kOrganizations, "ListRoots", "/Roots", kMostResults, kNextToken),
    json_list(kOrganizations, "ListOrganizationalUnitsForParent", "/OrganizationalUnits",
              kMostResults, kNextToken),
    json_list(kOrganizations, "ListAccountsForParent", "/Accounts", kMostResults, kNextToken),
    json_list(kOrganizations, "ListAccounts", "/Accounts", kMostResults, kNextToken),
    json_list(kOrganizations, "ListTagsForResource", "/Tags", {}, kNextToken),
    json_list(kOrganizations, "ListPolicies", "/Policies", kControlPolicies, kNextToken),
    json_read(kOrganizations, "DescribePolicy", "/Policy/Content", Kind::text),
    json_list(kOrganizations, "ListTargetsForPolicy", "/Targets", kMostResults, kNextToken),
    json_list(kOrganizations, "ListAWSServiceAccessForOrganization", "/EnabledServicePrincipals",
              kMostResults, kNextToken),
    json_list(kOrganizations, "ListDelegatedAdministrators", "/DelegatedAdministrators",
              kMostResults, kNextToken),

    query_read(
        kCloudformation, "DescribeStackResources",
        {"DescribeStackResourcesResult", shapes::kStackResources, "/StackResources", Kind::list}),
    query_read(kCloudformation, "GetTemplate",
               {"GetTemplateResult", shapes::kTemplate, "/TemplateBody", Kind::text}),

    {.service = &kSecurityhub,
     .name = "DescribeHub",
     .method = "GET",
     .path = "/accounts",
     .required = "/HubArn"},

    {.service = &kS3,
     .name = "ListBuckets",
     .method = "GET",
     .rest = kListBuckets,
     .fixed = kMostBuckets,
     .root = "ListAllMyBucketsResult",
     .fields = shapes::kBuckets,
     .required = "/Buckets",
     .required_kind = Kind::list,
     .paging = {"ContinuationToken", "/ContinuationToken"}},
    {.service = &kS3,
     .name = "HeadBucket",
     .method = "HEAD",
     .path = "/{Bucket}",
     .answer = Answer::headers,
     .fields = shapes::kBucketHead},
    bucket_read("GetBucketAcl", "acl", "AccessControlPolicy", shapes::kBucketAcl, "/Grants",
                Kind::list),
    bucket_read("GetBucketPolicyStatus", "policyStatus", "PolicyStatus", shapes::kPolicyStatus,
                "/PolicyStatus/IsPublic", Kind::boolean, Answer::payload),
    bucket_read("GetBucketPolicy", "policy", "Policy", {}, "/Policy", Kind::text, Answer::text),
    bucket_read("GetPublicAccessBlock", "publicAccessBlock", "PublicAccessBlockConfiguration",
                shapes::kPublicAccessBlock, {}, Kind::text, Answer::payload),
    bucket_read("GetBucketOwnershipControls", "ownershipControls", "OwnershipControls",
                shapes::kOwnershipControls, "/OwnershipControls/Rules", Kind::list,
                Answer::payload),
    bucket_read("GetBucketLifecycleConfiguration", "lifecycle", "LifecycleConfiguration",
                shapes::kLifecycle, "/Rules", Kind::list),
    bucket_read("GetBucketVersioning", "versioning", "VersioningConfiguration",
                shapes::kVersioning),
    bucket_read("GetObjectLockConfiguration", "object-lock", "ObjectLockConfiguration",
                shapes::kObjectLock, {}, Kind::text, Answer::payload),
    // No LoggingEnabled in the answer means that logging is off.
    bucket_read("GetBucketLogging", "logging", "BucketLoggingStatus", shapes::kBucketLogging),

    {.service = &kS3control,
     .name = "GetPublicAccessBlock",
     .method = "GET",
     .path = "/v20180820/configuration/publicAccessBlock",
     .rest = kAccountId,
     .answer = Answer::payload,
     .root = "PublicAccessBlockConfiguration",
     .fields = shapes::kPublicAccessBlock},
};

template <typename T>
std::vector<T> joined(std::initializer_list<std::span<const T>> parts) {
  std::vector<T> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace

std::span<const Operation> operations() {
  static const auto kAll = joined<Operation>({kOperations, web_operations(), write_operations()});
  return kAll;
}

std::span<const Service> services() {
  static const auto kAll = joined<Service>({kServices, web_services()});
  return kAll;
}

const Operation* find_operation(std::string_view service, std::string_view operation) {
  const auto all = operations();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Operation& each) {
    return each.name == operation && each.service->name == service;
  });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace ciswatch
