#include "core/tables/services.h"

namespace ciswatch {
namespace {

constexpr Column kTrail[] = {
    {"arn", Type::text, "/TrailARN", "ARN of the trail"},
    {"name", Type::text, "/Name", "Name of the trail"},
    {"home_region", Type::text, "/HomeRegion", "The region in which the trail was made"},
    {"is_multi_region_trail", Type::boolean, "/IsMultiRegionTrail",
     "Whether it records every region"},
    {"is_organization_trail", Type::boolean, "/IsOrganizationTrail",
     "Whether it records every account of the organization"},
    {"include_global_service_events", Type::boolean, "/IncludeGlobalServiceEvents",
     "Whether events of global services such as IAM are delivered"},
    {"log_file_validation_enabled", Type::boolean, "/LogFileValidationEnabled",
     "Whether digest files prove that logs are unaltered"},
    {"s3_bucket_name", Type::text, "/S3BucketName", "The bucket that gets the logs"},
    {"s3_key_prefix", Type::text, "/S3KeyPrefix", "Prefix in front of AWSLogs/; '' for none", ""},
    {"sns_topic_arn", Type::text, "/SnsTopicARN", "Topic told of each delivery; '' for none", ""},
    {"kms_key_id", Type::text, "/KmsKeyId", "ARN of the key that encrypts the logs; '' for none",
     ""},
    {"log_group_arn", Type::text, "/CloudWatchLogsLogGroupArn",
     "CloudWatch Logs group that gets the events; '' for none", ""},
    {"cloudwatch_logs_role_arn", Type::text, "/CloudWatchLogsRoleArn",
     "Role with which CloudTrail writes to the log group; '' for none", ""},
    {"has_custom_event_selectors", Type::boolean, "/HasCustomEventSelectors",
     "0: the default selector, all management events"},
    {"has_insight_selectors", Type::boolean, "/HasInsightSelectors",
     "Whether unusual activity is recorded"},
};

constexpr Column kStatus[] = {
    {"arn", Type::text, kTarget, "ARN of the trail"},
    {"is_logging", Type::boolean, "/IsLogging", "Whether the trail records now"},
    {"start_logging_time", Type::timestamp, "/StartLoggingTime", "When it was last started"},
    {"stop_logging_time", Type::timestamp, "/StopLoggingTime", "When it was last stopped"},
    {"latest_delivery_time", Type::timestamp, "/LatestDeliveryTime", "Last delivery to S3"},
    {"latest_delivery_error", Type::text, "/LatestDeliveryError",
     "S3's error at the last delivery; '' for none", ""},
    {"latest_cloudwatch_logs_delivery_time", Type::timestamp, "/LatestCloudWatchLogsDeliveryTime",
     "Last delivery to CloudWatch Logs"},
    {"latest_cloudwatch_logs_delivery_error", Type::text, "/LatestCloudWatchLogsDeliveryError",
     "CloudWatch Logs' error at the last delivery; '' for none", ""},
    {"latest_digest_delivery_time", Type::timestamp, "/LatestDigestDeliveryTime",
     "Last digest file"},
    {"latest_digest_delivery_error", Type::text, "/LatestDigestDeliveryError",
     "S3's error at the last digest file; '' for none", ""},
    {"latest_notification_time", Type::timestamp, "/LatestNotificationTime",
     "Last message to the topic"},
    {"latest_notification_error", Type::text, "/LatestNotificationError",
     "SNS's error at the last message; '' for none", ""},
};

constexpr Column kSelector[] = {
    {"arn", Type::text, kTarget, "ARN of the trail"},
    {"event_selectors", Type::json, "/EventSelectors", "Classic selectors; [] for none", "[]"},
    {"advanced_event_selectors", Type::json, "/AdvancedEventSelectors",
     "Advanced selectors; [] for none", "[]"},
};

constexpr Parent kPerTrail[] = {
    {.table = "aws_cloudtrail_trail", .key = "arn", .region_column = "home_region"}};

constexpr std::string_view kNoTrail[] = {"TrailNotFoundException"};

constexpr TableSpec kTables[] = {
    {.name = "aws_cloudtrail_trail",
     .doc = "Trails as each region shows them: a multi-region or organization trail appears in "
            "every region (its shadows); aws_cloudtrail_trail_home has each once",
     .service = "cloudtrail",
     .operation = "DescribeTrails",
     .permission = "cloudtrail:DescribeTrails",
     .scope = Scope::region,
     .items = "/trailList",
     .key = "arn",
     .columns = kTrail},
    {.name = "aws_cloudtrail_trail_status",
     .doc = "Is the trail recording, and did its last deliveries succeed? Asked by ARN in the home "
            "region",
     .service = "cloudtrail",
     .operation = "GetTrailStatus",
     .permission = "cloudtrail:GetTrailStatus",
     .scope = Scope::resource,
     .parents = kPerTrail,
     .parameter = "Name",
     .key = "arn",
     .absent = kNoTrail,
     .columns = kStatus},
    {.name = "aws_cloudtrail_trail_event_selector",
     .doc = "Which events the trail records. Asked by ARN in the home region",
     .service = "cloudtrail",
     .operation = "GetEventSelectors",
     .permission = "cloudtrail:GetEventSelectors",
     .scope = Scope::resource,
     .parents = kPerTrail,
     .parameter = "TrailName",
     .key = "arn",
     .absent = kNoTrail,
     .columns = kSelector},
};

}  // namespace

std::span<const TableSpec> cloudtrail_tables() { return kTables; }

}  // namespace ciswatch
