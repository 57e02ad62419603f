#include "core/aws/operations.h"

#include <algorithm>
#include <array>

#include "core/aws/shapes.h"

namespace ciswatch {
namespace {

constexpr Service kSts{.name = "sts",
                       .protocol = Protocol::query,
                       .host = "sts",
                       .signing_name = "sts",
                       .version = "2011-06-15"};
constexpr Service kEc2{.name = "ec2",
                       .protocol = Protocol::ec2,
                       .host = "ec2",
                       .signing_name = "ec2",
                       .version = "2016-11-15"};
constexpr Service kCloudtrail{
    .name = "cloudtrail",
    .protocol = Protocol::json_1_1,
    .host = "cloudtrail",
    .signing_name = "cloudtrail",
    .target_prefix = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"};
constexpr Service kConfig{.name = "config",
                          .protocol = Protocol::json_1_1,
                          .host = "config",
                          .signing_name = "config",
                          .target_prefix = "StarlingDoveService"};
constexpr Service kKms{.name = "kms",
                       .protocol = Protocol::json_1_1,
                       .host = "kms",
                       .signing_name = "kms",
                       .target_prefix = "TrentService"};
constexpr Service kS3{
    .name = "s3", .protocol = Protocol::rest_xml, .host = "s3", .signing_name = "s3"};
constexpr Service kS3control{.name = "s3control",
                             .protocol = Protocol::rest_xml,
                             .host = "s3-control",
                             .signing_name = "s3"};

constexpr std::array<Service, 7> kServices = {kSts, kEc2, kCloudtrail, kConfig,
                                              kKms, kS3,  kS3control};

// Without it EC2 leaves out the regions that the account has not opted in to.
constexpr FixedParam kAllRegions[] = {{"AllRegions", "true"}};
// The most that one page may hold: fewer requests.
constexpr FixedParam kMostKeys[] = {{"Limit", "1000"}};
constexpr FixedParam kMostBuckets[] = {{"MaxBuckets", "10000"}};
constexpr FixedParam kMostInterfaces[] = {{"MaxResults", "1000"}};

constexpr RestParam kListBuckets[] = {{"MaxBuckets", "max-buckets"},
                                      {"ContinuationToken", "continuation-token"}};
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

}  // namespace

std::span<const Operation> operations() { return kOperations; }
std::span<const Service> services() { return kServices; }

const Operation* find_operation(std::string_view service, std::string_view operation) {
  const auto* found =
      std::find_if(std::begin(kOperations), std::end(kOperations), [&](const Operation& each) {
        return each.name == operation && each.service->name == service;
      });
  return found == std::end(kOperations) ? nullptr : found;
}

}  // namespace ciswatch
