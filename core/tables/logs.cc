#include "core/tables/services.h"

namespace ciswatch {
namespace {

constexpr Column kLogGroup[] = {
    {"name", Type::text, "/logGroupName", "Name of the log group"},
    {"arn", Type::text, "/arn", "ARN of the log group with ':*' at its end, as trails name it"},
    {"retention_in_days", Type::integer, "/retentionInDays",
     "Days that events are kept; 0: for ever, which the API tells by leaving it out", "0"},
    {"kms_key_id", Type::text, "/kmsKeyId", "ARN of the key that encrypts it; '' for none", ""},
    {"log_group_class", Type::text, "/logGroupClass",
     "STANDARD; INFREQUENT_ACCESS and DELIVERY have no metric filters"},
    {"metric_filter_count", Type::integer, "/metricFilterCount", "How many metric filters it has"},
    {"creation_time", Type::integer, "/creationTime", "When it was made, in ms since 1970"},
};

constexpr Column kMetricFilter[] = {
    {"log_group_name", Type::text, "/logGroupName", "The log group that it watches"},
    {"name", Type::text, "/filterName", "Name of the filter, unique in its log group"},
    {"filter_pattern", Type::text, "/filterPattern", "Which events it matches; '' matches all", ""},
    {"metric_transformation_name", Type::text, "/metricTransformations/0/metricName",
     "Metric that a match counts in; CloudWatch allows one per filter"},
    {"metric_transformation_namespace", Type::text, "/metricTransformations/0/metricNamespace",
     "Namespace of the metric"},
    {"metric_transformation_value", Type::text, "/metricTransformations/0/metricValue",
     "What a match adds: a number, or $.member of the event"},
    {"default_value", Type::real, "/metricTransformations/0/defaultValue",
     "What is published where nothing matched; NULL: nothing is", kNullIsNone},
    {"dimensions", Type::json, "/metricTransformations/0/dimensions",
     "Dimension to event member: a metric with dimensions is another one for an alarm; '' for none",
     ""},
    {"apply_on_transformed_logs", Type::boolean, "/applyOnTransformedLogs",
     "Whether it matches what a log transformer made of the events", "0"},
    {"field_selection_criteria", Type::text, "/fieldSelectionCriteria",
     "Takes only events of some accounts or regions; '' for all", ""},
    {"creation_time", Type::integer, "/creationTime", "When it was made, in ms since 1970"},
};

constexpr Column kDeliverySource[] = {
    {"name", Type::text, "/name", "Name of the source, unique in its region"},
    {"arn", Type::text, "/arn", "ARN of the source"},
    {"resource_arns", Type::json, "/resourceArns", "What sends the logs; one so far"},
    {"service", Type::text, "/service", "The service of it, such as cloudfront"},
    {"log_type", Type::text, "/logType", "Which of its logs, such as ACCESS_LOGS"},
    {"status", Type::text, "/status", "ACTIVE or INACTIVE; '' where the log type has no status", ""},
    {"delivery_source_configuration", Type::json, "/deliverySourceConfiguration",
     "Settings of the source, such as samplingRate; '' for none", ""},
};

constexpr Column kDelivery[] = {
    {"id", Type::text, "/id", "Id of the delivery"},
    {"arn", Type::text, "/arn", "ARN of the delivery"},
    {"delivery_source_name", Type::text, "/deliverySourceName", "What it takes the logs from"},
    {"delivery_destination_arn", Type::text, "/deliveryDestinationArn", "What it hands them to"},
    {"delivery_destination_type", Type::text, "/deliveryDestinationType", "S3, CWL, FH or XRAY"},
};

constexpr std::string_view kFilterName[] = {"name"};

constexpr TableSpec kTables[] = {
    {.name = "aws_cloudwatch_log_group",
     .doc = "Log groups of CloudWatch Logs",
     .service = "logs",
     .operation = "DescribeLogGroups",
     .permission = "logs:DescribeLogGroups",
     .scope = Scope::region,
     .items = "/logGroups",
     .key = "name",
     .columns = kLogGroup},
    {.name = "aws_cloudwatch_log_metric_filter",
     .doc = "Metric filters of all log groups of a region",
     .service = "logs",
     .operation = "DescribeMetricFilters",
     .permission = "logs:DescribeMetricFilters",
     .scope = Scope::region,
     .items = "/metricFilters",
     .key = "log_group_name",
     .also_key = kFilterName,
     .columns = kMetricFilter},
    {.name = "aws_cloudwatch_log_delivery_source",
     .doc = "Resources whose logs CloudWatch Logs delivers",
     .service = "logs",
     .operation = "DescribeDeliverySources",
     .permission = "logs:DescribeDeliverySources",
     .scope = Scope::region,
     .items = "/deliverySources",
     .key = "name",
     .columns = kDeliverySource},
    {.name = "aws_cloudwatch_log_delivery",
     .doc = "Which delivery source's logs go where",
     .service = "logs",
     .operation = "DescribeDeliveries",
     .permission = "logs:DescribeDeliveries",
     .scope = Scope::region,
     .items = "/deliveries",
     .key = "id",
     .columns = kDelivery},
};

}  // namespace

std::span<const TableSpec> logs_tables() { return kTables; }

}  // namespace ciswatch
