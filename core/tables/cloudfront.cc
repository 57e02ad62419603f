#include "core/tables/services.h"

namespace ciswatch {
namespace {

constexpr Column kDistribution[] = {
    {"id", Type::text, "/Id", "Id of the distribution"},
    {"arn", Type::text, "/ARN", "ARN of the distribution"},
    {"domain_name", Type::text, "/DomainName", "CloudFront's name for it"},
    {"status", Type::text, "/Status", "Deployed, or InProgress"},
    {"enabled", Type::boolean, "/Enabled", "0: it answers no request"},
    {"staging", Type::boolean, "/Staging", "Whether it only tries out changes of another one"},
    {"last_modified_time", Type::timestamp, "/LastModifiedTime", "When it was last changed"},
};

// A distribution that is made without Logging has none.
constexpr Column kConfig[] = {
    {"id", Type::text, kTarget, "Id of the distribution"},
    {"enabled", Type::boolean, "/DistributionConfig/Enabled", "0: it answers no request"},
    {"logging_enabled", Type::boolean, "/DistributionConfig/Logging/Enabled",
     "Standard logging (legacy), to S3; version 2 is a delivery source of CloudWatch Logs", "0"},
    {"logging_bucket", Type::text, "/DistributionConfig/Logging/Bucket",
     "Where these logs go, as BUCKET.s3.amazonaws.com; '' for none", ""},
    {"logging_prefix", Type::text, "/DistributionConfig/Logging/Prefix", "Prefix of the logs", ""},
    {"realtime_log_config_arn", Type::text,
     "/DistributionConfig/DefaultCacheBehavior/RealtimeLogConfigArn",
     "Real-time logs of what no other cache behavior takes; '' for none", ""},
};

constexpr Parent kPerDistribution[] = {{.table = "aws_cloudfront_distribution", .key = "id"}};

constexpr TableSpec kTables[] = {
    {.name = "aws_cloudfront_distribution",
     .doc = "CloudFront distributions of an account",
     .service = "cloudfront",
     .operation = "ListDistributions",
     .permission = "cloudfront:ListDistributions",
     .scope = Scope::account,
     .items = "/DistributionList/Items",
     .count = "/DistributionList/Quantity",
     .key = "id",
     .columns = kDistribution},
    {.name = "aws_cloudfront_distribution_config",
     .doc = "What a CloudFront distribution logs by itself",
     .service = "cloudfront",
     .operation = "GetDistributionConfig",
     .permission = "cloudfront:GetDistributionConfig",
     .scope = Scope::resource,
     .parents = kPerDistribution,
     .parameter = "Id",
     .key = "id",
     .global = true,
     .columns = kConfig},
};

}  // namespace

std::span<const TableSpec> cloudfront_tables() { return kTables; }

}  // namespace ciswatch
